"""db backup, check, restore: the ledger in an operator's hands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosspost.cli.frame import ConfigOption, ledger, settings

if TYPE_CHECKING:
    from crosspost.ledger import Ledger

db = typer.Typer(
    no_args_is_help=True,
    help="Back up, check and restore the ledger.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def add_to(app: typer.Typer) -> None:
    app.add_typer(db, name="db", rich_help_panel="Work")


@db.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; else backups/ beside the ledger, by date and time.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write the ledger as it is now to a file, beside a running daemon too.

    Example: [bold]crosspost db backup /mnt/backups/crosspost-monday.db[/bold]
    """
    from crosspost.ledger import copies, soundness

    found = settings(config, quiet=True)
    with ledger(found) as book:
        target = file or _usual_place(book)
        copies.backup(book.engine, target)
        held = soundness.size(book.engine)
    size = target.stat().st_size / 1e6
    typer.echo(f"{target} holds {held.articles} articles and {held.posts} posts ({size:.1f} MB).")
    typer.echo(f"To go back to it: crosspost db restore {target}")


@db.command()
def check(config: ConfigOption = None) -> None:
    """Whether the ledger is whole and contradicts itself nowhere. Changes nothing; ends with 1 when something is wrong.

    Example: [bold]crosspost db check[/bold]
    """
    from crosspost.ledger import soundness

    found = settings(config, quiet=True)
    with ledger(found) as book:
        if wrong := soundness.findings(book.engine):
            for sentence in wrong:
                typer.echo(sentence, err=True)
            typer.echo("Stop crosspost and go back to the last backup: crosspost db restore FILE", err=True)
            raise typer.Exit(1)
        held = soundness.size(book.engine)
    changed = f"; its last change was at {held.last_change.astimezone():%Y-%m-%d %H:%M}" if held.last_change else ""
    typer.echo(f"The ledger is sound: {held.articles} articles, {held.posts} posts, {held.events} events{changed}.")


@db.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup that crosspost db backup wrote.")],
    config: ConfigOption = None,
) -> None:
    """Put a backup in the ledger's place. Stop the daemon first.

    What was sent since the backup is not sent again: each channel is looked at before it gets anything.
    The former ledger is kept beside the new one. On PostgreSQL the database must be empty.

    Example: [bold]crosspost db restore data/backups/crosspost-20270103-040000.db[/bold]
    """
    from crosspost.clock import now
    from crosspost.ledger import copies

    found = settings(config, quiet=True)
    aside = copies.restore(found.database, file, now())
    typer.echo(f"The ledger is now what {file} holds.")
    if aside is not None:
        typer.echo(f"The former one is kept as {aside}; remove it when all is well.")
    typer.echo("Next: crosspost db check, then crosspost once or crosspost run.")


def _usual_place(book: Ledger) -> Path:
    from crosspost.clock import now
    from crosspost.ledger.database import sqlite_path

    beside = sqlite_path(book.engine)
    folder = beside.parent if beside else Path("data")
    return folder / "backups" / f"crosspost-{now():%Y%m%d-%H%M%S}.db"
