"""run and once: the subcommands that send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from crosspost.cli.frame import ConfigOption, config_path, ledger, no_secrets, settings
from crosspost.post import ChannelState, State

if TYPE_CHECKING:
    from crosspost.ledger import Ledger
    from crosspost.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Work")(run)
    app.command(rich_help_panel="Work")(once)


def run(config: ConfigOption = None) -> None:
    """The daemon, in the foreground: watches the feeds and publishes until it is stopped.

    Ctrl-C or SIGTERM finish the post in hand; SIGHUP reads the config anew. The log goes to stderr.

    Example: [bold]crosspost run --config config/crosspost.toml[/bold]
    """
    import asyncio

    from crosspost.daemon import Daemon
    from crosspost.settings import load

    found = settings(config)
    with ledger(found) as book, book.own("run") as owner:
        tell_unready(found, book)

        async def work() -> None:
            await Daemon(found, lambda: load(config_path(config)), book, owner).run()

        asyncio.run(work())


def once(config: ConfigOption = None) -> None:
    """One pass: reads every feed, settles what is unsure, publishes what is due, and ends.

    For cron, or to see what happens. Ends with 1 when a post is refused or needs a person, a channel is blocked,
    or a feed failed.

    Example: [bold]crosspost once && crosspost history --last 10[/bold]
    """
    import asyncio

    from crosspost import daemon
    from crosspost.cli.hands import hands
    from crosspost.clock import now
    from crosspost.ledger import views

    found = settings(config)
    with ledger(found) as book, book.own("once") as owner:
        tell_unready(found, book)
        began = now()
        asyncio.run(daemon.once(found, book, owner))
        typer.echo(_summary(views.total(book, State, since=began), views.recognised(book, began)))
        troubles = [hand.words for hand in hands(found, book, now()) if hand.trouble]
    for trouble in troubles:
        typer.echo(trouble, err=True)
    raise typer.Exit(1 if troubles else 0)


def tell_unready(found: Settings, book: Ledger) -> None:
    """Mark the channels that lack secrets as blocked, in the ledger and in the log; the others work. Without its key a
    language model writes nothing, and that stops nobody."""
    from crosspost.ledger.rows import ChannelRow
    from crosspost.logs import Log

    log = Log()
    for channel in found.channels.values():
        row = book.channel(channel.name)
        if channel.enabled and channel.missing_secrets:
            why = f"it has {no_secrets(channel)}"
            log.error("channel.blocked", channel=channel.name, why=why)
            if (row.state, row.reason) != (ChannelState.BLOCKED, why):
                book.set_channel(ChannelRow(channel.name, ChannelState.BLOCKED, why))
    if found.summary.missing_secrets:
        why = "the articles' own sentences are used; crosspost check says where the key goes"
        log.warning("summary.no_key", why=why)


def _summary(touched: Mapping[State, int], recognised: int) -> str:
    """What became of the posts that a pass has touched; so many of those that are `sent` now were `recognised`."""
    words = {
        State.SENT: "sent",
        State.HANDED: "ready for a person to post",
        State.WAITING: "waiting for approval",
        State.HELD: "held",
        State.PLANNED: "planned",
        State.DUE: "still due",
        State.UNSURE: "unsure",
        State.ASKING: "asking for your answer",
        State.REFUSED: "refused",
        State.SKIPPED: "skipped",
    }
    numbers = {**touched, State.SENT: touched.get(State.SENT, 0) - recognised}
    parts = [f"{numbers[state]} {text}" for state, text in words.items() if numbers.get(state)]
    parts += [f"{recognised} on the channel already"] if recognised else []
    return f"This pass: {', '.join(parts)}." if parts else "This pass: nothing new."
