"""From settings to a wired system: the only place that knows how the parts fit together.

What a channel needs only when it has something to send, to write it up and to reach its platform, is wired when it
is first asked for: templates, pictures and HTTP take longer to import than a whole pass with nothing new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crosspost import platforms, settings
from crosspost.clock import now
from crosspost.filters import Match
from crosspost.gate import Feed, Subscriber
from crosspost.ledger import Ledger
from crosspost.ledger.database import sqlite_path
from crosspost.ledger.owner import Owner
from crosspost.platforms import Limits, Platform
from crosspost.settings import Settings
from crosspost.timing.pace import Pace
from crosspost.timing.retry import Policy

if TYPE_CHECKING:
    from crosspost.article import Article
    from crosspost.compose import Draft, Voice
    from crosspost.editor import Editor
    from crosspost.feeds.fetch import Fetcher
    from crosspost.lettering import Style
    from crosspost.llm import Model
    from crosspost.post import Post, Video, Words
    from crosspost.publisher import Publisher
    from crosspost.watcher import Watcher
    from crosspost.writer import Writer

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class System:
    """Everything that works: who reads which feeds, and who sends on which channel."""

    watcher: Watcher
    feeds: tuple[Feed, ...]
    publishers: Mapping[str, Publisher]


def system(config: Settings, ledger: Ledger, owner: Owner, fetcher: Fetcher, clock: Clock = now) -> System:
    """Wire a system on the running event loop. Channels without their secrets are left out of `publishers`."""
    from crosspost.publisher import Channel, Publisher
    from crosspost.watcher import Watcher

    loop = asyncio.get_running_loop()
    edited = editor(config, ledger, clock)
    publishers = {
        channel.name: Publisher(
            Channel(
                channel.name,
                partial(write_up, channel, config, edited, partial(fetch_from_thread, fetcher, loop, channel.proxy)),
                partial(lay_out, handed_folder(ledger)),
                partial(adapter, channel, config),
                getattr(channel, "resend_with_guid", False),
                pace(channel, config),
            ),
            ledger,
            owner,
            policy(config),
            clock,
        )
        for channel in config.channels.values()
        if channel.enabled and not channel.missing_secrets
    }
    return System(Watcher(ledger, fetcher, clock), feeds(config), publishers)


def fetcher(config: Settings, clock: Clock = now) -> Fetcher:
    """What fetches feeds, pages and pictures; an async context manager."""
    from crosspost.feeds.fetch import Fetcher  # brings aiohttp, which people's commands have no use for

    return Fetcher(allow_private=config.network.allow_private, clock=clock)


def feeds(config: Settings) -> tuple[Feed, ...]:
    """The feeds that some enabled channel reads."""
    return tuple(
        Feed(
            name=feed.name,
            url=feed.url,
            language=feed.language or "",
            proxy=feed.proxy,
            first_run=feed.first_run,
            burst=feed.burst,
            subscribers=subscribers,
            every=feed.every,
        )
        for feed in config.feeds.values()
        if (subscribers := _subscribers(config, feed.name))
    )


def _subscribers(config: Settings, feed: str) -> tuple[Subscriber, ...]:
    return tuple(
        Subscriber(
            channel=channel.name,
            platform=channel.platform,
            approve=channel.approve,
            settle=config.delivery.settle,
            expires=channel.pace.expires,
            wants_page=channel.pictures in ("auto", "picture"),
            paced=pace(channel, config) is not None,
            only=_match(channel.only),
            except_=_match(channel.except_),
            urgent=_match(channel.urgent),
        )
        for channel in config.channels.values()
        if channel.enabled and feed in channel.feed_names
    )


def _match(given: settings.Match | None) -> Match | None:
    return Match(**given.model_dump()) if given else None


def pace(channel: settings.Channel, config: Settings) -> Pace | None:
    """How a channel spreads its posts; None when they go out at once."""
    given = channel.pace
    if not (given.gap or given.at_most or given.quiet or given.slots):
        return None
    at_most = (given.at_most.count, given.at_most.per) if given.at_most else None
    return Pace(zone=config.timezone, gap=given.gap, at_most=at_most, quiet=given.quiet, slots=given.slots)


def policy(config: Settings) -> Policy:
    """How patient the channels are."""
    delivery = config.delivery
    return Policy(delivery.retry, delivery.confirm_after, delivery.breaker, delivery.timeout)


def voice(channel: settings.Channel) -> Voice:
    """How a channel writes."""
    from crosspost.compose import Voice

    return Voice(
        platform=channel.platform,
        template=channel.template,
        summary=channel.summary,
        hashtags=channel.hashtags,
        hashtags_from_categories=channel.hashtags_from_categories,
        hashtag_map=channel.hashtag_map,
        hashtags_at=channel.hashtags_at,
        most_hashtags=channel.most_hashtags,
        utm={str(name): value for name, value in channel.utm.items()},
        pictures=channel.pictures,
        length=channel.length,
        instructions=channel.instructions,
    )


def limits(channel: settings.Channel) -> Limits:
    """What a channel's platform takes, in the channel's mode."""
    return platforms.limits(channel.platform, getattr(channel, "mode", ""))


def cards(config: Settings) -> Style:
    """How the site's cards look."""
    from crosspost.lettering import Style

    given = config.card
    return Style(given.background, given.text, given.accent, given.site, config.timezone)


def editor(config: Settings, ledger: Ledger | None, clock: Clock = now, *, asks: bool = True) -> Editor | None:
    """Who has summaries written by a language model, where the config wants that and has the key. Without a `ledger`
    it forgets them; unless it `asks`, it only knows those that were written before."""
    given = config.summary
    if given.writer != "llm" or given.missing_secrets:
        return None
    from crosspost.editor import Budget, Editor, Notebook
    from crosspost.ledger.summaries import Summaries

    budget = Budget(
        given.daily_budget, given.input_price or 0, given.output_price or 0, given.output_tokens, config.timezone
    )
    memory = Summaries(ledger.engine, clock) if ledger else Notebook()
    return Editor(model(config), memory, budget, given.timeout.total_seconds(), clock, asks=asks)


def model(config: Settings) -> Model:
    """The language model that the config names."""
    from crosspost import llm

    given = config.summary
    key = given.secrets.get("api_key")
    access = llm.Access(
        given.provider,
        given.address or llm.ADDRESSES[given.provider],
        given.model or "",
        key.get_secret_value() if key else "",
        given.output_tokens,
        given.timeout.total_seconds(),
    )
    return llm.connect(access)


def writer(
    channel: settings.Channel, config: Settings, fetch: Callable[[str], bytes], edited: Editor | None = None
) -> Writer:
    """What writes articles up for a channel."""
    from crosspost.writer import Writer

    return Writer(voice(channel), limits(channel), cards(config), fetch, edited)


def write_up(
    channel: settings.Channel,
    config: Settings,
    edited: Editor | None,
    fetch: Callable[[str], bytes],
    article: Article,
    key: str,
    frozen: Words | None,
) -> Post:
    """The post for `article` on a channel, with the words that are `frozen`, if they are. Raises `Refused` when
    nothing fits."""
    return writer(channel, config, fetch, edited).post(article, key, frozen)


def test_film(text: str, language: str, config: Settings) -> Video | None:
    """A film that says `text`, for a try of a channel of videos."""
    from crosspost import film
    from crosspost.article import Article

    return film.render(Article("", text, ""), language, (), None, cards(config))


def lay_out(folder: Path, number: int, post: Post) -> Path:
    """Put a post's text and pictures where a person finds them, and say where."""
    from crosspost.writer import lay_out

    return lay_out(folder, number, post)


def draft(channel: settings.Channel, article: Article, edited: Editor | None) -> Draft:
    """An article's text on a channel as its template says now, without a picture fetched. Raises `Refused`."""
    from crosspost.writer import draft, edited_by

    wanted, taken = voice(channel), limits(channel)
    return draft(article, wanted, taken, edited_by(edited, article, wanted, taken))


def adapter(channel: settings.Channel, config: Settings) -> Platform:
    """The platform behind a channel whose secrets are there."""
    from crosspost.platforms.line import Line

    secrets = {name: secret.get_secret_value() for name, secret in channel.secrets.items()}
    line = Line(config.delivery.timeout.total_seconds(), channel.endpoint, channel.proxy)
    return platforms.connect(channel.platform, channel.options(), secrets, line)


def fetch_from_thread(fetcher: Fetcher, loop: asyncio.AbstractEventLoop, proxy: str | None, url: str) -> bytes:
    """The bytes behind `url`, for code in a worker thread; the fetch itself runs on the loop."""
    return asyncio.run_coroutine_threadsafe(fetcher.get(url, proxy=proxy), loop).result().body


def handed_folder(ledger: Ledger) -> Path:
    """Where posts lie ready for a person: beside the ledger's file, else in data/."""
    path = sqlite_path(ledger.engine)
    return (path.parent if path else Path("data")) / "handed"
