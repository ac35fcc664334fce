"""status, queue, history, why: the subcommands that look at the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from crosspost.cli.frame import ConfigOption, JsonOption, flag, ledger, settings
from crosspost.post import State

if TYPE_CHECKING:
    from crosspost.cli.outlook import Outlook
    from crosspost.ledger import Ledger
    from crosspost.ledger.rows import Entry
    from crosspost.settings import Settings

_HEARTBEAT = timedelta(minutes=2)  # a living daemon gives a sign several times in it

LastOption = Annotated[int | None, typer.Option("--last", metavar="N", min=1, help="Only the N newest.")]


def add_to(app: typer.Typer) -> None:
    for command in (status, queue, history, why):
        app.command(rich_help_panel="Look")(command)


def status(
    posts: Annotated[bool, flag("--posts", "Every post there is, with its state.")] = False,
    health: Annotated[bool, flag("--health", "Say nothing; end with 0 if the daemon lives.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What is going on: the daemon, each channel, each feed, and what needs a hand.

    Ends with 1 when a post is refused or needs a person, a channel is blocked, or a feed failed.

    Example: [bold]crosspost status[/bold]
    """
    from crosspost.cli import overview
    from crosspost.cli.hands import hands
    from crosspost.clock import now
    from crosspost.ledger import views

    found = settings(config, quiet=True)
    with ledger(found) as book:
        if health:
            raise typer.Exit(0 if _lives(book) else 1)
        needed = hands(found, book, now())
        if posts:
            _show(views.everything(book), _outlook(found, book), json=json)
        else:
            overview.show_all(found, book, needed, json=json)
    raise typer.Exit(1 if any(hand.trouble for hand in needed) else 0)


def queue(json: JsonOption = False, config: ConfigOption = None) -> None:
    """What is to come: what needs a person first, then what is due or planned, each at its likely time.

    Example: [bold]crosspost queue[/bold]
    """
    from crosspost.ledger import views

    found = settings(config, quiet=True)
    with ledger(found) as book:
        outlook = _outlook(found, book)
        order = {state: place for place, state in enumerate(views.TO_COME)}
        entries = views.to_come(book)
        entries.sort(key=lambda entry: (order[entry.state], outlook.at(entry), entry.id))
        _show(entries, outlook, json=json, empty="Nothing is waiting to be sent.")
        if not json and any(entry.state is State.WAITING for entry in entries):
            typer.echo("crosspost why POST shows a text; crosspost approve POST freezes it and lets it go.")


def history(last: LastOption = None, json: JsonOption = False, config: ConfigOption = None) -> None:
    """What was done: sent, refused, skipped and withdrawn posts, the newest at the end.

    Examples: [bold]crosspost history --last 20[/bold], [bold]crosspost history --json | jq .address[/bold]
    """
    from crosspost.ledger import views

    found = settings(config, quiet=True)
    with ledger(found) as book:
        outlook, entries = _outlook(found, book), views.done(book, last)
        if json:
            _show(entries, outlook, json=True)
            return
        told = [entry for entry in entries if not entry.reason.startswith("baseline")]
        _show(told, outlook, json=False, empty="Nothing has been sent yet.")
        if silent := len(entries) - len(told):
            typer.echo(f"{silent} more stood in the feeds when crosspost first read them, and were not sent.")


def why(
    article: Annotated[str, typer.Argument(metavar="URL", help="The article's address, or a post's number.")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What happened to an article on each channel, or why nothing did, and what can be done.

    For an article that no feed has brought, the feeds are asked at once for what is nearest.

    Example: [bold]crosspost why https://site.example/en/moon[/bold]
    """
    from crosspost.cli import account, show
    from crosspost.cli.pick import find, is_number

    found = settings(config, quiet=True)
    with ledger(found) as book:
        entries = find(book, article)
        outlook = _outlook(found, book)
        if not entries:
            lines = account.unseen(article, found, book)
            if json:
                show.print_json([show.unseen_as_json(article, " ".join(map(str.strip, lines)))])
            else:
                show.say("\n".join(lines))
        elif json:
            _show(entries, outlook, json=True)
        else:
            account.tell(entries, outlook, book)
            if not is_number(article):
                account.tell_missing(entries, found)


def _lives(book: Ledger) -> bool:
    from crosspost.clock import now
    from crosspost.ledger import owner, views

    last = views.last_owner(book)
    return last is not None and owner.is_owned(book.engine) and now() - last.beat_at < _HEARTBEAT


def _outlook(found: Settings, book: Ledger) -> Outlook:
    from crosspost.cli.outlook import Outlook
    from crosspost.clock import now

    return Outlook(found, book, now())


def _show(entries: list[Entry], outlook: Outlook, *, json: bool, empty: str = "There is no post yet.") -> None:
    from crosspost.cli import show

    zone = outlook.found.timezone
    if json:
        show.print_json(show.as_json(entry, outlook.at(entry), outlook.text(entry), zone) for entry in entries)
    elif entries:
        lines = [show.Line(entry, outlook.at(entry), outlook.note(entry)) for entry in entries]
        show.print_posts(lines, zone, outlook.now)
    else:
        typer.echo(empty)
