"""sandbox and demo: the subcommands that need no accounts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from crosspost.cli.frame import flag

PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port on this machine; 0 takes a free one.")
]


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Try")(demo)
    app.command(rich_help_panel="Try")(sandbox)


def demo(
    port: PortOption = 8470,
    folder: Annotated[Path, typer.Option("--folder", help="Where the demo keeps all it has.")] = Path("demo-data"),
    once: Annotated[bool, flag("--once", "One pass, then end; so does DEMO_ONCE=1.")] = False,
) -> None:
    """The whole job with no accounts: a sample site, pretend platforms, and the daemon between them.

    Ctrl-C ends it; the next demo goes on where this one stopped, and sends nothing twice.

    Example: [bold]crosspost demo[/bold]
    """
    import asyncio

    from crosspost import logs
    from crosspost.demo import tour

    only_once = once or os.environ.get("DEMO_ONCE", "") not in ("", "0")
    logs.configure(quiet=True)
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(tour.run(folder, port, only_once=only_once))


def sandbox(
    port: PortOption = 8460,
    store: Annotated[
        Path | None, typer.Option("--store", help="A file that keeps the posts; else they are forgotten.")
    ] = None,
    faults: Annotated[
        list[str] | None, typer.Option("--faults", metavar="FAULT", help="What is to go wrong; may be repeated.")
    ] = None,
) -> None:
    """Pretend X, VK, Facebook and YouTube on this machine, with a page that shows what was posted.

    A fault is platform:fault[:times], such as x:429:3, vk:captcha, facebook:500-after or *:random:0.2.

    Example: [bold]crosspost sandbox --faults x:429 --faults vk:500-after:2[/bold]
    """
    from crosspost.sandbox import Sandbox, app, describe
    from crosspost.serving import listen, serve

    pretend = Sandbox(store, [fault for given in faults or [] for fault in given.split(",")])
    with listen(port) as place:
        typer.echo(f"The sandbox is at {place.address}/ (Ctrl-C ends it). To use it:\n")
        typer.echo(describe(place.address))
        serve(app(pretend), place)
