"""why: the account of an article, channel by channel, or of where it may be when no feed has brought it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from crosspost import assemble
from crosspost.cli import seek, show
from crosspost.cli.explain import explain
from crosspost.cli.outlook import Outlook
from crosspost.cli.pick import is_number
from crosspost.cli.wording import STYLES, clock
from crosspost.errors import Refused
from crosspost.ledger import Ledger, views
from crosspost.ledger.moves import SELF
from crosspost.ledger.rows import Entry, Event
from crosspost.post import State
from crosspost.settings import Channel, Settings


def tell(entries: Sequence[Entry], outlook: Outlook, book: Ledger) -> None:
    """What became of an article's posts, each with its log."""
    article = entries[0].article
    logs = views.log_of(book, [entry.id for entry in entries])
    show.console.print(f"{article.title}\n{article.link}", style="bold", markup=False)
    for entry in entries:
        log = logs[entry.id]
        show.console.print(f"\n{entry.channel}: {entry.state} (post {entry.id})", style=STYLES.get(entry.state))
        show.say(explain(entry, log[-1], outlook.scene(entry)))
        if entry.address:
            show.say(entry.address)
        if entry.made_with_ai:
            show.say("A language model wrote its summary.")
        _tell_text(entry, outlook)
        for event in log:
            show.say(_line(event, outlook), style="dim", indent=2)


def tell_missing(entries: Sequence[Entry], found: Settings) -> None:
    """Why the other channels have no post of the article whose posts are all in `entries`."""
    there, feed = {entry.channel for entry in entries}, entries[0].article.feed
    for channel in found.channels.values():
        if channel.name not in there:
            show.say(f"\n{channel.name}: nothing, since {_why_nothing(channel, feed)}.")


def _tell_text(entry: Entry, outlook: Outlook) -> None:
    """The text of a post on which somebody decides, with its length; what was sent can be seen where it stands."""
    channel = outlook.found.channels.get(entry.channel)
    if channel is None or entry.state not in (State.WAITING, State.HELD, State.PLANNED, State.DUE, State.REFUSED):
        return
    head = f"{entry.channel} ({entry.platform})"
    if entry.text is not None:
        show.print_text(f"{head} ── approved or edited, as it will go out", entry.text)
        return
    try:
        draft = assemble.draft(channel, entry.article, outlook.editor(asks=True))
    except Refused as error:
        show.say(f"It cannot be written up: {error}", style="bold red")
        return
    show.print_text(f"{head} ── {draft.length} of {draft.limit} ── as it would go out now", draft.text)
    for warning in draft.warnings:
        show.say(f"[warning] {warning}")


def _line(event: Event, outlook: Outlook) -> str:
    when = clock(event.at, outlook.found.timezone, outlook.now)
    by = "" if event.by == SELF else f" (by {event.by})"
    return f"{when}  {event.what}: {event.why}{by}"


def _why_nothing(channel: Channel, feed: str) -> str:
    if feed not in channel.feed_names:
        return f"it does not read feed {feed}"
    if not channel.enabled:
        return "it is off (enabled = false in the config)"
    return f"the article had left feed {feed} when this channel began to read it"


def unseen(wanted: str, found: Settings, book: Ledger) -> list[str]:
    """Where an article may be that no feed has brought: what is nearest in the ledger, and in the feeds now."""
    if is_number(wanted):
        return [f"There is no post {wanted}; crosspost queue and crosspost history list what there is."]
    known = views.nearest(book, wanted)
    lines = [f"No feed has brought {wanted} so far." if "://" in wanted else f"No article has the address “{wanted}”."]
    lines += ["Nearest in the ledger:"] if known else []
    lines += [f"  {one.link}  {one.title}" for one in known]
    lines += asyncio.run(seek.seek(wanted, known, found, book))
    return lines
