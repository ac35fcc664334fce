"""withdraw: takes posts back, from the platform where they were sent, from the queue where they were not."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated

import typer

from crosspost.cli.frame import (
    ByOption,
    ChannelOption,
    ConfigOption,
    PostsArgument,
    decider,
    flag,
    ledger,
    no_secrets,
    settings,
)
from crosspost.errors import Blocked, PlatformError, Refused, Throttled
from crosspost.post import Receipt, State

if TYPE_CHECKING:
    from crosspost.ledger import Ledger
    from crosspost.ledger.rows import Entry
    from crosspost.settings import Settings

# Requests that a deletion may take: a token, the deletion itself, and a look whether it was the post that is missing.
_REQUESTS = 3


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Decide")(withdraw)


def withdraw(
    posts: PostsArgument,
    channel: ChannelOption = None,
    gone: Annotated[bool, flag("--gone", "You have deleted it by hand: only record that.")] = False,
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Take a post back: delete it from its platform; one that was not sent yet is skipped.

    It is never sent again, except by [bold]crosspost retry[/bold]. Ends with 1 when a post could not be withdrawn, and
    can be said again as often as you like.

    Examples: [bold]crosspost withdraw https://site.example/en/moon[/bold], [bold]crosspost withdraw 17 --by olga[/bold]
    """
    from crosspost.cli.pick import pick

    found = settings(config, quiet=True)
    with ledger(found) as book:
        meant = {entry.id: entry for one in posts for entry in pick(book, one, channel)}
        done = [_withdraw(entry, found, book, decider(by), gone=gone) for entry in meant.values()]
    raise typer.Exit(0 if all(done) else 1)


def _withdraw(entry: Entry, found: Settings, book: Ledger, by: str, *, gone: bool) -> bool:
    """Withdraw one post and say so; whether it is withdrawn, or was never sent."""
    post = f"Post {entry.id} on {entry.channel}"
    match entry.state:
        case State.SENT if gone:
            return _record(entry, State.WITHDRAWN, "deleted by hand", book, by)
        case State.SENT:
            return _delete(entry, found, book, by)
        case State.WITHDRAWN | State.SKIPPED:
            typer.echo(f"{post} is {entry.state} already: {entry.article.title}")
            return True
        case State.SENDING:
            typer.echo(f"{post} is being sent at this moment; withdraw it in a minute.", err=True)
        case State.UNSURE:
            typer.echo(
                f"{post} may or may not have been posted, and crosspost is looking for it; withdraw it once crosspost "
                f"why {entry.id} says that it is sent.",
                err=True,
            )
        case State.ASKING:
            typer.echo(
                f"{post} may or may not have been posted: look at the channel. If it is there, crosspost mark "
                f"{entry.id} --sent ADDRESS and withdraw it then; if not, crosspost skip {entry.id}.",
                err=True,
            )
        case State.HANDED:
            typer.echo(f"{post} lay ready for you; if you have posted it meanwhile, delete it by hand.")
            return _record(entry, State.SKIPPED, "withdrawn before it was sent", book, by)
        case _:
            return _record(entry, State.SKIPPED, "withdrawn before it was sent", book, by)
    return False


def _record(entry: Entry, to: State, why: str, book: Ledger, by: str) -> bool:
    # VK answers a key that it knows with the post that had it, even when that one is gone: a retry needs a new one.
    columns = {"key": str(uuid.uuid4())} if to is State.WITHDRAWN else {}
    if book.decide(entry, to, sources=(entry.state,), why=why, by=by, **columns):
        typer.echo(f"Post {entry.id} on {entry.channel} is {to}, {why}: {entry.article.title}")
        return True
    state = book.entry(entry.id).state
    typer.echo(f"Post {entry.id} on {entry.channel} has changed meanwhile: it is {state}. Say it again.", err=True)
    return False


def _delete(entry: Entry, found: Settings, book: Ledger, by: str) -> bool:
    """Delete a sent post. A stop before it is recorded does no harm: what is gone already can be deleted again."""
    try:
        _delete_there(entry, found)
    except PlatformError as error:
        book.note("not withdrawn", str(error), by, post_id=entry.id)
        typer.echo(
            f"Post {entry.id} on {entry.channel} is not withdrawn: {error}. {_next_step(entry, error)}", err=True
        )
        return False
    return _record(entry, State.WITHDRAWN, f"deleted from {entry.platform}", book, by)


def _delete_there(entry: Entry, found: Settings) -> None:
    from crosspost import assemble
    from crosspost.calling import call
    from crosspost.deadline import Caller

    channel = found.channels.get(entry.channel)
    if channel is None:
        raise Blocked("the channel is not in the config any more, so there are no keys for it")
    if channel.missing_secrets:
        raise Blocked(f"the channel has {no_secrets(channel)}")
    receipt = Receipt(entry.remote_id or "", entry.address or "")
    caller = Caller(entry.channel)
    try:
        call(caller, lambda: assemble.adapter(channel, found).withdraw(receipt), _REQUESTS * found.delivery.timeout)
    finally:
        caller.close()


def _next_step(entry: Entry, error: PlatformError) -> str:
    if entry.address and entry.address in str(error):
        return f"Then say crosspost withdraw {entry.id} --gone."
    if isinstance(error, Refused | Blocked):
        return f"It stands at {entry.address}; if you delete it by hand, say crosspost withdraw {entry.id} --gone."
    stands = "It still stands" if isinstance(error, Throttled) else "It may still stand"
    return f"{stands} at {entry.address}; withdraw it again later, that does no harm."
