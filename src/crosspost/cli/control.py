"""pause, resume, rename: the subcommands for channels and names as such. They act beside a running daemon."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from crosspost.cli.frame import ByOption, ConfigOption, channel_of, decider, ledger, settings
from crosspost.errors import CrosspostError
from crosspost.post import ChannelState

if TYPE_CHECKING:
    from crosspost.ledger import Ledger
    from crosspost.ledger.rename import Renamed
    from crosspost.ledger.rows import ChannelRow
    from crosspost.settings import Channel, Settings

ChannelArgument = Annotated[str | None, typer.Argument(metavar="[CHANNEL]", help="A channel; all of them without.")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for whoever looks at the status.")]


class Kind(StrEnum):
    """What has a name."""

    FEED = "feed"
    CHANNEL = "channel"


def add_to(app: typer.Typer) -> None:
    for command in (pause, resume, rename):
        app.command(rich_help_panel="Control")(command)


def pause(
    channel: ChannelArgument = None, why: WhyOption = "", by: ByOption = None, config: ConfigOption = None
) -> None:
    """Send nothing on a channel, or on any, until [bold]crosspost resume[/bold]; a restart does not change that.

    Feeds are read on, and new posts wait. A call that is under way is finished.

    Examples: [bold]crosspost pause[/bold], [bold]crosspost pause x_en --why "a day of mourning" --by olga[/bold]
    """
    found = settings(config, quiet=True)
    chosen = _chosen(found, channel)
    with ledger(found) as book:
        for one in chosen:
            if book.pause(one.name, why, by=decider(by)):
                typer.echo(f"{one.name} is paused: its posts wait until crosspost resume {one.name}.")
            else:
                typer.echo(f"{one.name} is paused already ({book.channel(one.name).reason}).")


def resume(channel: ChannelArgument = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Let a channel, or all of them, go on: one that is paused, and one that is blocked or rests and has been mended.

    What waited goes out by the channel's pace; without a pace at once, oldest first. [bold]crosspost queue[/bold] shows
    it before.

    Example: [bold]crosspost resume x_en --by olga[/bold]
    """
    found = settings(config, quiet=True)
    chosen = _chosen(found, channel)
    with ledger(found) as book:
        for one in chosen:
            before, after = book.resume(one.name, by=decider(by))
            typer.echo(f"{one.name} {_resumed(one, found, book, before, after)}")


def _chosen(found: Settings, name: str | None) -> list[Channel]:
    return [channel_of(found, name)] if name is not None else list(found.channels.values())


def _resumed(channel: Channel, found: Settings, book: Ledger, before: ChannelRow, after: ChannelRow) -> str:
    if before.state is ChannelState.ACTIVE:
        return "is active already."
    if after.until is not None:
        from crosspost.cli.wording import when
        from crosspost.clock import now

        until = when(after.until, found.timezone, now()).removeprefix("at ")
        return (
            f"is no longer paused, and rests until {until}, as it was to before. "
            f"To let it go on at once, say crosspost resume {channel.name} again."
        )
    return f"goes on; it was {before.state}. {_what_follows(channel, found, book)}"


def _what_follows(channel: Channel, found: Settings, book: Ledger) -> str:
    """What a person should expect of a channel that has just been resumed."""
    from crosspost.assemble import pace
    from crosspost.clock import now
    from crosspost.ledger import views

    if not channel.enabled:
        return "It is off in the config all the same: enabled = false."
    alive, expired = views.waiting(book, channel.name, now())
    how = "at once, oldest first" if pace(channel, found) is None else "by its pace, as crosspost queue shows"
    waits = "1 post waits there and goes out" if alive == 1 else f"{alive} posts wait there and go out"
    told = f"{waits} {how}." if alive else "Nothing waits there."
    if expired:
        told += f" {expired} expired meanwhile and will be skipped; crosspost retry sends one of them."
    return told


def rename(
    kind: Annotated[Kind, typer.Argument(help="What has a new name.", metavar="feed|channel", show_choices=False)],
    old: Annotated[str, typer.Argument(metavar="OLD", help="Its former name.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its name in the config.")],
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Tell the ledger that a feed or a channel has a new name in the config: its history goes on, nothing reposts.

    Rename it in the config, then here, then let a running crosspost read the config anew (SIGHUP).

    Example: [bold]crosspost rename channel x_en x_world[/bold]
    """
    found = settings(config, quiet=True)
    _see_names(found, kind, old, new)
    with ledger(found) as book:
        if kind is Kind.FEED:
            done = book.rename_feed(old, new, by=decider(by))
        else:
            done = book.rename_channel(old, new, found.channels[new].platform, by=decider(by))
        typer.echo(f"{kind.capitalize()} {old} is {new} now, with all its history.")
        _tell_fresh_start(new, done)
        _tell_daemon(book)


def _see_names(found: Settings, kind: Kind, old: str, new: str) -> None:
    """Raises `CrosspostError` unless the config has the new name and no longer the former one."""
    from crosspost.settings.near import did_you_mean

    names = list(found.feeds if kind is Kind.FEED else found.channels)
    if new not in names:
        near = did_you_mean(new, [name for name in names if name != old])
        raise CrosspostError(
            f"The config has no {kind} {new}; it has {', '.join(names) or 'none'}. {near} "
            f"Rename the {kind} in the config first.".replace("  ", " ")
        )
    if old in names:
        raise CrosspostError(f"The config still has a {kind} {old}; rename it there first, then say this again.")


def _tell_fresh_start(new: str, done: Renamed) -> None:
    from crosspost.cli.wording import counted

    if done.made_room:
        typer.echo(
            f"{new} had begun anew: {counted(done.made_room, 'post')} of it made room for what was there before."
        )
    if done.offered_again:
        typer.echo(f"The next reading brings what came since then: {counted(done.offered_again, 'post')}.")


def _tell_daemon(book: Ledger) -> None:
    from crosspost.ledger import owner, views

    if owner.is_owned(book.engine) and (running := views.last_owner(book)) is not None:
        typer.echo(
            f"crosspost {running.command} is at work; as long as it goes by the former config, it reads nothing that "
            f"was renamed: kill -HUP {running.pid} on {running.host} lets it read the config anew."
        )
