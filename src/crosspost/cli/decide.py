"""approve, hold, now, retry, skip, mark: a person's decisions. They act through the ledger, beside a running daemon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosspost.cli.frame import ByOption, ChannelOption, ConfigOption, decider, ledger, settings
from crosspost.errors import CrosspostError
from crosspost.post import State

if TYPE_CHECKING:
    from crosspost.ledger import Ledger
    from crosspost.ledger.rows import Entry
    from crosspost.settings import Settings

PostArgument = Annotated[str, typer.Argument(metavar="POST-or-URL", help="A post's number, or an article's address.")]

_OPEN = (State.PLANNED, State.WAITING, State.HELD, State.DUE)


def add_to(app: typer.Typer) -> None:
    for command in (approve, hold, now, retry, skip, mark):
        app.command(rich_help_panel="Decide")(command)


def approve(
    post: PostArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None
) -> None:
    """Let a post go that waits for approval.

    Example: [bold]crosspost approve 17 --by olga[/bold]
    """
    _decide(post, channel, by, config, State.PLANNED, (State.WAITING,), "approved", _at_once)


def hold(post: PostArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Stop a post before it is sent; [bold]now[/bold] lets it go again.

    Example: [bold]crosspost hold https://site.example/en/moon --channel x_en[/bold]
    """
    _decide(post, channel, by, config, State.HELD, (State.PLANNED, State.WAITING, State.DUE), "held", _nothing)


def now(post: PostArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Send a post at once that is planned, waiting, held, or due later.

    Example: [bold]crosspost now 17[/bold]
    """
    _decide(post, channel, by, config, State.DUE, _OPEN, "to be sent now", _at_once)


def retry(post: PostArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Try again what was refused, skipped or withdrawn, written up anew.

    Example: [bold]crosspost retry 17[/bold]
    """
    ended = (State.REFUSED, State.SKIPPED, State.WITHDRAWN, State.DUE)
    _decide(post, channel, by, config, State.DUE, ended, "to be tried again", _anew)


def skip(post: PostArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Never send a post.

    Example: [bold]crosspost skip 17 --by olga[/bold]
    """
    sources = (*_OPEN, State.ASKING, State.HANDED, State.REFUSED)
    _decide(post, channel, by, config, State.SKIPPED, sources, "skipped", _nothing)


def mark(
    post: PostArgument,
    sent: Annotated[str | None, typer.Option("--sent", metavar="ADDRESS", help="It is there, at this address.")] = None,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="It is not there.")] = False,
    channel: ChannelOption = None,
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Tell what became of a post that only a person can know: one that is asking, or was handed to you.

    With --not-sent, an asking post is sent again, and a handed one is skipped.

    Example: [bold]crosspost mark 17 --sent https://www.youtube.com/post/UgkxSample[/bold]
    """
    from crosspost.platforms import receipt_at

    if (sent is None) == (not not_sent):
        raise CrosspostError("Say one of the two: --sent ADDRESS, or --not-sent.")
    if sent is not None and not sent.startswith(("http://", "https://")):
        raise CrosspostError(f"{sent} is not the address of a post; copy it from the browser, with its https://.")
    found = settings(config, quiet=True)
    with ledger(found) as book:
        # Whoever has found a post need not wait for crosspost to find it too.
        states = (State.ASKING, State.HANDED) if sent is None else (State.ASKING, State.HANDED, State.UNSURE)
        entry = _one_to_mark(book, post, channel, states)
        who = decider(by)
        if sent is not None:
            done = book.sent(entry, receipt_at(entry.platform, sent), "confirmed by a person", by=who)
            told = f"sent, at {sent}"
        elif entry.state is State.HANDED:
            done = _move(book, entry, State.SKIPPED, (State.HANDED,), "not posted", who, {})
            told = "skipped"
        else:
            why = "a person looked and it is not there"
            done = _move(book, entry, State.DUE, (State.ASKING,), why, who, _at_once(found))
            told = "due again"
        if not done:
            raise CrosspostError(f"Post {entry.id} has changed meanwhile; see crosspost why {entry.id}.")
    typer.echo(f"Post {entry.id} on {entry.channel} is {told}.")


def _one_to_mark(book: Ledger, post: str, channel: str | None, wanted: tuple[State, ...]) -> Entry:
    from crosspost.cli.pick import pick

    found = pick(book, post, channel)
    open_ones = [entry for entry in found if entry.state in wanted]
    if len(open_ones) == 1:
        return open_ones[0]
    if open_ones:
        numbers = ", ".join(f"{entry.id} ({entry.channel})" for entry in open_ones)
        raise CrosspostError(f"{post} means several posts: {numbers}; name one by its number.")
    states = ", ".join(f"{entry.state} on {entry.channel}" for entry in found)
    raise CrosspostError(f"Nothing to mark: {post} is {states}; only asking and handed posts need it.")


Change = Callable[["Settings"], dict[str, Any]]


def _nothing(_found: Settings) -> dict[str, Any]:
    return {}


def _at_once(_found: Settings) -> dict[str, Any]:
    from crosspost.clock import now as clock

    return {"at": clock(), "failures": 0}


def _anew(found: Settings) -> dict[str, Any]:
    """Written up anew, with patience as for a new post."""
    longest = max((channel.pace.expires for channel in found.channels.values()), default=None)
    at_once = _at_once(found)
    return {**at_once, "text": None, "link": None, **({"expires_at": at_once["at"] + longest} if longest else {})}


def _decide(
    post: str,
    channel: str | None,
    by: str | None,
    config: Path | None,
    to: State,
    sources: tuple[State, ...],
    done: str,
    change: Change,
) -> None:
    """Move every post that is meant and may be moved; say what happened to each."""
    from crosspost.cli.pick import pick

    found = settings(config, quiet=True)
    with ledger(found) as book:
        who = decider(by)
        moved = 0
        for entry in pick(book, post, channel):
            if _move(book, entry, to, sources, done, who, change(found)):
                moved += 1
                typer.echo(f"Post {entry.id} on {entry.channel} is {done}: {entry.article.title}")
            else:
                state = book.entry(entry.id).state
                allowed = ", ".join(sources)
                typer.echo(
                    f"Post {entry.id} on {entry.channel} is {state}; this needs one that is {allowed}.", err=True
                )
    if not moved:
        raise typer.Exit(2)


def _move(
    book: Ledger, entry: Entry, to: State, sources: tuple[State, ...], why: str, by: str, columns: dict[str, Any]
) -> bool:
    return book.decide(entry, to, sources=sources, why=why, by=by, **columns)
