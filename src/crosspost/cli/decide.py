"""approve, hold, now, retry, skip, mark: a person's decisions. They act through the ledger, beside a running daemon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosspost.cli.frame import ByOption, ChannelOption, ConfigOption, PostsArgument, decider, flag, ledger, settings
from crosspost.errors import CrosspostError
from crosspost.post import State

if TYPE_CHECKING:
    from crosspost.editor import Editor
    from crosspost.ledger import Ledger
    from crosspost.ledger.rows import Entry
    from crosspost.settings import Settings

PostArgument = Annotated[str, typer.Argument(metavar="POST-or-URL", help="A post's number, or an article's address.")]

_OPEN = (State.PLANNED, State.WAITING, State.HELD, State.DUE)


def add_to(app: typer.Typer) -> None:
    for command in (approve, hold, now, retry, skip, mark):
        app.command(rich_help_panel="Decide")(command)


def approve(
    posts: PostsArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None
) -> None:
    """Let a post go that waits for approval or is held: in its turn, with the text as it is now.

    The text is printed, and nothing changes it any more: neither the template nor the feed.

    Examples: [bold]crosspost why 17[/bold] shows the text, [bold]crosspost approve 17 18 --by olga[/bold]
    """
    _decide(_APPROVE, posts, channel, by, config)


def hold(posts: PostsArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Stop a post before it is sent; [bold]approve[/bold] or [bold]now[/bold] let it go again.

    Example: [bold]crosspost hold https://site.example/en/moon --channel x_en[/bold]
    """
    _decide(_HOLD, posts, channel, by, config)


def now(posts: PostsArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Send a post at once that is planned, waiting, held, or due later, whatever the channel's pace says.

    Example: [bold]crosspost now 17[/bold]
    """
    _decide(_NOW, posts, channel, by, config)


def retry(
    posts: PostsArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None
) -> None:
    """Try again what was refused, skipped or withdrawn, written up anew.

    Example: [bold]crosspost retry 17[/bold]
    """
    _decide(_RETRY, posts, channel, by, config)


def skip(posts: PostsArgument, channel: ChannelOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Never send a post.

    Example: [bold]crosspost skip 17 --by olga[/bold]
    """
    _decide(_SKIP, posts, channel, by, config)


def mark(
    post: PostArgument,
    sent: Annotated[str | None, typer.Option("--sent", metavar="ADDRESS", help="It is there, at this address.")] = None,
    not_sent: Annotated[bool, flag("--not-sent", "It is not there.")] = False,
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
            done = book.decide(entry, State.SKIPPED, sources=(State.HANDED,), why="not posted", by=who)
            told = "skipped"
        else:
            why = "a person looked and it is not there"
            done = book.decide(
                entry, State.DUE, sources=(State.ASKING,), why=why, by=who, **_let_go(_Desk(found, book), entry)
            )
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


# What a decision sets beside the state


class _Desk:
    """What decisions are made with; one `editor` for all of them, so that what it learns of one post holds for the
    next."""

    def __init__(self, found: Settings, book: Ledger) -> None:
        self.found = found
        self.book = book

    @cached_property
    def editor(self) -> Editor | None:
        from crosspost.assemble import editor

        return editor(self.found, self.book)


def _nothing(_desk: _Desk, _entry: Entry) -> dict[str, Any]:
    return {}


def _let_go(desk: _Desk, entry: Entry) -> dict[str, Any]:
    """From now on, with patience as for a new post: what waited for a person has not yet been tried in vain."""
    from crosspost.clock import now as clock
    from crosspost.settings import Pace

    channel = desk.found.channels.get(entry.channel)
    patience = (channel.pace if channel else Pace()).expires
    return {"at": clock(), "failures": 0, "expires_at": max(entry.expires_at, clock() + patience)}


def _anew(desk: _Desk, entry: Entry) -> dict[str, Any]:
    """Written up anew; but what is due still, and may have been frozen or sent in doubt, keeps its text."""
    if entry.state is State.DUE:
        return _let_go(desk, entry)
    return {
        **_let_go(desk, entry),
        "text": None,
        "link": None,
        "made_with_ai": False,
        "remote_id": None,
        "address": None,
    }


def _frozen(desk: _Desk, entry: Entry) -> dict[str, Any]:
    """With the text as the template gives it now, unless a text is frozen already. Raises `CrosspostError`."""
    from crosspost.assemble import draft

    if entry.text is not None:
        return _let_go(desk, entry)
    channel = desk.found.channels.get(entry.channel)
    if channel is None:
        raise CrosspostError("its channel is not in the config any more, so nothing can be written for it.")
    words = draft(channel, entry.article, desk.editor).words
    columns = {"text": words.text, "link": words.link, "made_with_ai": words.made_with_ai}
    return {**_let_go(desk, entry), **columns}


@dataclass(frozen=True, slots=True)
class _Decision:
    """What a person may decide about a post that is in one of `sources`. `said` goes into the log and the answer."""

    to: State
    sources: tuple[State, ...]
    said: str
    columns: Callable[[_Desk, Entry], dict[str, Any]]


_APPROVE = _Decision(State.PLANNED, (State.WAITING, State.HELD), "approved", _frozen)
_HOLD = _Decision(State.HELD, (State.PLANNED, State.WAITING, State.DUE), "held", _nothing)
_NOW = _Decision(State.DUE, _OPEN, "to be sent now", _let_go)
_RETRY = _Decision(State.DUE, (State.REFUSED, State.SKIPPED, State.WITHDRAWN, State.DUE), "to be tried again", _anew)
_SKIP = _Decision(State.SKIPPED, (*_OPEN, State.ASKING, State.HANDED, State.REFUSED), "skipped", _nothing)


def _decide(decision: _Decision, wanted: list[str], channel: str | None, by: str | None, config: Path | None) -> None:
    """Move every post that is meant and may be moved; say what happened to each. Ends with 2 when none was moved."""
    from crosspost.cli.pick import pick

    found = settings(config, quiet=True)
    with ledger(found) as book:
        meant = {entry.id: entry for one in wanted for entry in pick(book, one, channel)}
        desk = _Desk(found, book)
        done = [_decide_one(decision, entry, decider(by), desk) for entry in meant.values()]
    if not any(done):
        raise typer.Exit(2)


def _decide_one(decision: _Decision, entry: Entry, by: str, desk: _Desk) -> bool:
    """Whether it was moved."""
    from crosspost.cli.explain import instead

    name = f"Post {entry.id} on {entry.channel}"
    try:
        moved = entry.state in decision.sources and _move(decision, entry, by, desk)
    except CrosspostError as error:
        typer.echo(f"{name} is not {decision.said}: {error}", err=True)
        return False
    if not moved:
        typer.echo(f"{name} {instead(desk.book.entry(entry.id))}.", err=True)
        return False
    after = desk.book.entry(entry.id)
    if decision.to is State.SKIPPED and after.state is State.ASKING:
        typer.echo(
            f"{name} may be out already: the answer to an earlier call was lost. Look at the channel; then say "
            f"crosspost mark {entry.id} --sent ADDRESS, or crosspost skip {entry.id} again if it is not there."
        )
        return True
    typer.echo(f"{name} is {decision.said}: {entry.article.title or entry.article.link}")
    _tell_what_follows(after, desk)
    return True


def _move(decision: _Decision, entry: Entry, by: str, desk: _Desk) -> bool:
    columns = decision.columns(desk, entry)
    return desk.book.decide(entry, decision.to, sources=decision.sources, why=decision.said, by=by, **columns)


def _tell_what_follows(entry: Entry, desk: _Desk) -> None:
    """For a post that was let go: the text that a person froze, and when it goes out."""
    from crosspost.cli import explain, show
    from crosspost.cli.outlook import Outlook
    from crosspost.clock import now as clock

    if entry.text is not None and entry.state is State.PLANNED:
        show.print_text(f"{entry.channel} ({entry.platform})", entry.text)
    if entry.state in (State.PLANNED, State.DUE):
        show.say(explain.to_come(entry, Outlook(desk.found, desk.book, clock()).scene(entry)))
