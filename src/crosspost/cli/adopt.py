"""adopt: makes the ledger from what is out already; for a move from another tool, and for a ledger that was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from crosspost.cli.frame import (
    ByOption,
    ChannelOption,
    ConfigOption,
    JsonOption,
    channel_of,
    decider,
    flag,
    ledger,
    settings,
)
from crosspost.errors import CrosspostError

if TYPE_CHECKING:
    from crosspost.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Work")(adopt)


def adopt(
    memory: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="What feed2toot, feed2exec, feed2fedi or feediverse remembers."),
    ] = None,
    channel: ChannelOption = None,
    dry_run: Annotated[bool, flag("--dry-run", "Show what would be taken over; record nothing.")] = False,
    json: JsonOption = False,
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Take over what is out already, so that it is never sent again: for a move from another tool, or a lost ledger.

    Sends nothing. Reads every feed, and looks at what every channel shows:
    an article that is found there counts as sent, one that another tool
    remembers (--from, once for each file) is left out, and for the rest
    first_run decides. With --channel, all that concerns one channel alone.

    Ends with 1 when a channel or a feed could not be read.

    Examples: [bold]crosspost adopt --dry-run[/bold], [bold]crosspost adopt --from ~/.feed2toot.db --channel x_en[/bold]
    """
    import asyncio

    from crosspost import daemon, predecessors
    from crosspost.cli.taken import Report

    found = settings(config, quiet=True)
    memories = {file: predecessors.read(file) for file in memory or ()}
    names = _channels(found, channel)
    with _rehearsed(found) if dry_run else nullcontext(found) as used, ledger(used) as book:
        with book.own("adopt") as owner:
            taken = asyncio.run(daemon.adopt(used, book, owner, names, list(memories.values()), decider(by)))
        report = Report(used, book, taken, memories, recorded=not dry_run)
        if json:
            report.print_json()
        else:
            report.print()
        troubles = report.troubles()
    for trouble in troubles:
        typer.echo(trouble, err=True)
    raise typer.Exit(1 if troubles else 0)


def _channels(found: Settings, only: str | None) -> list[str]:
    """The channels that are meant. Raises `CrosspostError` when they are none."""
    names = [name for name, channel in found.channels.items() if channel.enabled]
    if only is None and not names:
        raise CrosspostError(
            "The config has no channel that is on, so there is nothing to look at; see crosspost check."
        )
    if only is not None and channel_of(found, only).name not in names:
        raise CrosspostError(f"Channel {only} is off (enabled = false in the config); turn it on first.")
    return names if only is None else [only]


@contextmanager
def _rehearsed(found: Settings) -> Iterator[Settings]:
    """The settings with a copy of the ledger in its place, so that all is done as in earnest, and then forgotten.
    Raises `AlreadyOwned`: what a daemon sends meanwhile would be missing in it."""
    from crosspost.ledger import copies, owner
    from crosspost.ledger.database import file_of

    with TemporaryDirectory(prefix="crosspost-") as folder:
        copy = Path(folder) / "ledger.db"
        there = file_of(found.database)
        if there is None or there.exists():
            with ledger(found) as book:
                owner.see_free(book.engine)
                copies.backup(book.engine, copy)
        yield found.model_copy(update={"database": f"sqlite:///{copy}"})
