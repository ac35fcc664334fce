"""What a config asks for that comes to nothing: no mistakes, but worth a word in `crosspost check`."""

from __future__ import annotations

from crosspost.errors import Problem
from crosspost.settings.kinds import is_loopback
from crosspost.settings.models import Settings


def advice(settings: Settings) -> list[Problem]:
    """What is in the config or the environment and has no effect: strange variables, feeds that go nowhere."""
    problem = settings.origin.problem
    told = list(settings.origin.strays)
    if not settings.feeds:
        told.append(problem(("feeds",), "there is no feed to watch.", 'Add a table [feeds.NAME] with its url = "...".'))
    if not settings.channels:
        told.append(problem(("channels",), "there is no channel to publish to.", "Add a table [channels.NAME]."))
    wanted = {name for channel in settings.channels.values() for name in channel.feed_names}
    for name in settings.feeds if settings.channels else ():
        if name not in wanted:
            told.append(problem(("feeds", name), "no channel takes this feed.", "Name it in a channel's feeds."))
    for name, feed in settings.feeds.items():
        if is_loopback(feed.url) and not settings.network.allow_private:
            hint = "Set allow_private = true in [network]."
            told.append(
                problem(("feeds", name, "url"), "is on this machine, which is not allowed to be fetched.", hint)
            )
    return told
