"""status, queue, history, why: the subcommands that look at the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosspost.cli.frame import ConfigOption, JsonOption, ledger, settings

if TYPE_CHECKING:
    from crosspost.ledger import Ledger
    from crosspost.ledger.rows import Entry
    from crosspost.settings import Settings

_HEARTBEAT = timedelta(minutes=2)  # a living daemon gives a sign several times in it

LastOption = Annotated[int | None, typer.Option("--last", metavar="N", min=1, help="Only the N newest.")]


def add_to(app: typer.Typer) -> None:
    for command in (status, queue, history, why):
        app.command(rich_help_panel="Look")(command)


def status(
    posts: Annotated[bool, typer.Option("--posts", help="Every post there is, with its state.")] = False,
    health: Annotated[bool, typer.Option("--health", help="Say nothing; end with 0 if the daemon lives.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What is going on: the daemon, each channel, each feed, and what needs a hand.

    Ends with 1 when a post is refused or needs a person, a channel is blocked, or a feed failed.

    Example: [bold]crosspost status[/bold]
    """
    from crosspost.cli import overview
    from crosspost.cli.work import all_troubles
    from crosspost.ledger import views

    found = settings(config, quiet=True)
    with ledger(found) as book:
        if health:
            raise typer.Exit(0 if _lives(book) else 1)
        if posts:
            _show(views.everything(book), found, json=json)
        else:
            overview.show_all(found, book, json=json)
        troubles = all_troubles(found, book)
    raise typer.Exit(1 if troubles else 0)


def queue(json: JsonOption = False, config: ConfigOption = None) -> None:
    """What is to come: what needs a person first, then what is due or planned.

    Example: [bold]crosspost queue[/bold]
    """
    from crosspost.ledger import views

    found = settings(config, quiet=True)
    with ledger(found) as book:
        _show(views.to_come(book), found, json=json, empty="Nothing is waiting to be sent.")


def history(last: LastOption = None, json: JsonOption = False, config: ConfigOption = None) -> None:
    """What was done: sent, refused, skipped and withdrawn posts, the newest at the end.

    Examples: [bold]crosspost history --last 20[/bold], [bold]crosspost history --json | jq .address[/bold]
    """
    from crosspost.ledger import views

    found = settings(config, quiet=True)
    with ledger(found) as book:
        entries = views.done(book, last)
        if json:
            _show(entries, found, json=True)
            return
        told = [entry for entry in entries if not entry.reason.startswith("baseline")]
        _show(told, found, json=False, empty="Nothing has been sent yet.")
        if silent := len(entries) - len(told):
            typer.echo(f"{silent} more stood in the feeds when crosspost first read them, and were not sent.")


def why(
    article: Annotated[str, typer.Argument(metavar="URL", help="The article's address, or a post's number.")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What happened to an article on each channel, or why nothing did.

    Example: [bold]crosspost why https://site.example/en/moon[/bold]
    """
    from crosspost.cli.pick import find
    from crosspost.ledger import views

    found = settings(config, quiet=True)
    with ledger(found) as book:
        entries = find(book, article)
        if json:
            _show(entries, found, json=True)
        elif entries:
            _tell(entries, found, book)
        else:
            typer.echo(f"No feed has brought {article} so far.")
            for near in views.nearest(book, article):
                typer.echo(f"Did you mean {near} ?")


def _lives(book: Ledger) -> bool:
    from crosspost.clock import now
    from crosspost.ledger import owner, views

    last = views.last_owner(book)
    return last is not None and owner.is_owned(book.engine) and now() - last.beat_at < _HEARTBEAT


def _show(entries: list[Entry], found: Settings, *, json: bool, empty: str = "There is no post yet.") -> None:
    from crosspost.cli import show
    from crosspost.clock import now

    if json:
        show.print_json(show.as_json(entry, found.timezone) for entry in entries)
    elif entries:
        show.print_posts(entries, found.timezone, now())
    else:
        typer.echo(empty)


def _tell(entries: list[Entry], found: Settings, book: Ledger) -> None:
    from crosspost.cli import show
    from crosspost.clock import now
    from crosspost.ledger import views

    zone: Any = found.timezone
    first = entries[0].article
    show.console.print(f"{first.title}\n{first.link}", style="bold", markup=False)
    logs = views.log_of(book, [entry.id for entry in entries])
    for entry in entries:
        show.console.print(f"\n{entry.channel}: {entry.state} (post {entry.id})", style=show.STYLES.get(entry.state))
        if entry.address:
            show.console.print(f"  {entry.address}", markup=False)
        for event in logs[entry.id]:
            by = "" if event.by == "crosspost" else f" (by {event.by})"
            when = show.clock(event.at, zone, now())
            show.console.print(f"  {when}  {event.what}: {event.why}{by}", markup=False)
