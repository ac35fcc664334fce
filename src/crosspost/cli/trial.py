"""try: posts one test text on a channel, shows its address, and deletes it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from crosspost.cli.frame import ByOption, ConfigOption, channel_of, decider, flag, ledger, no_secrets, settings
from crosspost.errors import CrosspostError, PlatformError, Unsure
from crosspost.post import ChannelState, Receipt

if TYPE_CHECKING:
    from datetime import datetime

    from crosspost.ledger import Ledger
    from crosspost.ledger.rows import ChannelRow
    from crosspost.settings import Channel, Settings
    from crosspost.trial import Trial


_ASSISTED = (
    'a person posts what crosspost lays ready (mode = "assisted"), so there is nothing to try. crosspost preview shows '
    "what it would lay ready, crosspost check --online whose channel it is for."
)


def add_to(app: typer.Typer) -> None:
    app.command("try", rich_help_panel="Prepare")(try_channel)


def try_channel(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel to try.")],
    yes: Annotated[bool, flag("--yes", "Do not ask; for scripts.")] = False,
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Post one test text on a channel, show its address, and delete it. Asks before.

    The text says that it is a test; readers may see it for a moment. On a channel of videos it is a private video,
    which they do not see. Ends with 1 when something did not work.

    Example: [bold]crosspost try x_en[/bold]
    """
    found = settings(config, quiet=True)
    chosen = channel_of(found, channel)
    if chosen.missing_secrets:
        raise CrosspostError(f"{channel} has {no_secrets(chosen)}.")
    with ledger(found) as book:
        worked = _try(chosen, found, book, decider(by), ask=not yes)
    raise typer.Exit(0 if worked else 1)


def _try(channel: Channel, found: Settings, book: Ledger, by: str, *, ask: bool) -> bool:
    """Whether the channel works, as far as that could be tried."""
    from crosspost.clock import now
    from crosspost.trial import words

    if getattr(channel, "mode", "") == "assisted":
        typer.echo(f"On {channel.name} {_ASSISTED}")
        return True
    language = _language(channel, found, book)
    text = words(language, now().astimezone(found.timezone))
    _tell_plan(channel, text)
    if ask and not _agreed():
        typer.echo("Nothing was posted.")
        return True
    worked = _post_and_delete(channel, text, language, found, book, by)
    _tell_state(book.channel(channel.name))
    return worked


def _post_and_delete(channel: Channel, text: str, language: str, found: Settings, book: Ledger, by: str) -> bool:
    from crosspost import assemble
    from crosspost.deadline import Caller
    from crosspost.trial import Trial

    def note(what: str, why: str) -> None:
        book.note(what, why, by, channel=channel.name)

    video = None
    if assemble.limits(channel).video:
        typer.echo("Making a film of it ...")
        video = assemble.test_film(text, language, found)
        channel = channel.model_copy(update={"privacy": "private"})
    caller = Caller(channel.name)
    try:
        trial = Trial(text, assemble.adapter(channel, found), caller, found.delivery.timeout, note, video)
        return (receipt := _post(trial, found)) is not None and _delete(trial, receipt)
    except PlatformError as error:
        typer.echo(f"It was not posted: {error}.", err=True)
        return False
    finally:
        caller.close()


def _language(channel: Channel, found: Settings, book: Ledger) -> str:
    """What the channel's readers read: as the config says of its feeds, else as their newest article says."""
    from crosspost.ledger import views

    given = (found.feeds[name].language for name in channel.feed_names)
    return next(filter(None, given), None) or views.newest_language(book, channel.feed_names)


def _tell_plan(channel: Channel, text: str) -> None:
    video = getattr(channel, "mode", "") == "video"
    who = "as a private video that readers do not see" if video else "readers may see this for a moment"
    typer.echo(f"On {channel.name} ({channel.platform}), {who}:\n\n    {text}\n")
    if channel.platform == "vk" and "user_token" not in channel.secrets:
        typer.echo("VK may not let a community_token delete it; then you have to, by hand.")


def _agreed() -> bool:
    try:
        return typer.confirm("Post it and delete it again?")
    except typer.Abort:
        typer.echo()
        raise CrosspostError("Nobody answered, so nothing was posted; where nobody can, say --yes.") from None


def _post(trial: Trial, found: Settings) -> Receipt | None:
    """Post it and say where it is; None when that is not known."""
    from crosspost.clock import now

    began = now()
    typer.echo("Posting it ...")
    try:
        receipt: Receipt | None = trial.post()
    except Unsure as error:
        receipt = _look(trial, error, began, found)
    if receipt is not None:
        typer.echo(f"It is there: {receipt.address}")
    return receipt


def _look(trial: Trial, lost: Unsure, began: datetime, found: Settings) -> Receipt | None:
    """Look for a test whose answer was lost, when the platform has had the time to show it."""
    wait = found.delivery.confirm_after[0].total_seconds()
    typer.echo(f"Whether it was posted is not clear: {lost}. Looking for it in {wait:g} s ...")
    time.sleep(wait)
    try:
        receipt = trial.find(began)
    except PlatformError as error:
        typer.echo(f"That cannot be told: {error}. Look at the channel; if it is there, delete it by hand.", err=True)
        return None
    if receipt is None:
        typer.echo("It is not there. Look at the channel once more; if it comes, delete it by hand.", err=True)
    return receipt


def _delete(trial: Trial, receipt: Receipt) -> bool:
    typer.echo("Deleting it ...")
    try:
        trial.delete(receipt)
    except PlatformError as error:
        typer.echo(f"It is not deleted: {error}. Delete it by hand: {receipt.address}", err=True)
        return False
    except KeyboardInterrupt:
        typer.echo(f"Stopped; it may still be there. Delete it by hand: {receipt.address}", err=True)
        return False
    typer.echo("It is deleted again; the channel works.")
    return True


def _tell_state(row: ChannelRow) -> None:
    """What else keeps the channel from sending."""
    if row.state is not ChannelState.ACTIVE:
        typer.echo(f"{row.name} is {row.state} ({row.reason}); crosspost resume {row.name} lets its posts go on.")
