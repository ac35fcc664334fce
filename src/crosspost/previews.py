"""Previews: the posts as they would go out, without secrets, without a ledger, sending nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from crosspost import assemble
from crosspost.article import Article
from crosspost.compose import Draft, needs_page_text
from crosspost.errors import FeedError, Refused
from crosspost.feeds.apart import Parser
from crosspost.feeds.fetch import Fetcher
from crosspost.feeds.page import article_of, read_page
from crosspost.pictures import UnusablePicture, fit
from crosspost.platforms import LIMITS, PictureLimits
from crosspost.post import Image
from crosspost.settings import Channel, Feed, Settings
from crosspost.watcher import with_page


@dataclass(frozen=True, slots=True)
class Preview:
    """One post as it would go out, or `refused`: the sentence that says why it would not. `card` is the picture on the
    preview that the platform makes of the linked page, where it was asked for and there is one."""

    channel: str
    platform: str
    article: Article
    draft: Draft | None
    images: tuple[Image, ...] = ()
    card: Image | None = None
    refused: str = ""


async def of_feeds(config: Settings, names: Sequence[str], last: int, *, cards: bool) -> AsyncIterator[Preview]:
    """Previews of the newest `last` articles of each feed, for every channel that reads it; with the link `cards`, if
    they are wanted. Raises `FeedError`."""
    async with assemble.fetcher(config) as fetcher:
        for name in names:
            feed = config.feeds[name]
            articles = await articles_of(fetcher, feed)
            channels = [channel for channel in config.channels.values() if name in channel.feed_names]
            async for preview in _written(config, fetcher, articles[:last], channels, feed.proxy, cards=cards):
                yield preview


async def of_address(config: Settings, url: str, last: int, *, cards: bool) -> AsyncIterator[Preview]:
    """Previews of any feed's newest articles, or of one article's page, for every channel; with the link `cards`, if
    they are wanted. Raises `FeedError`."""
    async with assemble.fetcher(config) as fetcher:
        fetched = await fetcher.get(url)
        try:
            document = await Parser().parse(
                fetched.body, feed="preview", url=fetched.url, content_type=fetched.content_type
            )
            articles: Sequence[Article] = document.articles[:last]
        except FeedError:  # no feed, so it is a page
            page = await asyncio.to_thread(read_page, fetched.body, fetched.url, want_text=True)
            articles = (article_of(page, fetched.url),)
        async for preview in _written(config, fetcher, articles, list(config.channels.values()), None, cards=cards):
            yield preview


async def articles_of(fetcher: Fetcher, feed: Feed) -> Sequence[Article]:
    """What a feed lists at this moment, as it orders it. Raises `FeedError`."""
    fetched = await fetcher.get(feed.url, proxy=feed.proxy)
    document = await Parser().parse(
        fetched.body,
        feed=feed.name,
        url=fetched.url,
        content_type=fetched.content_type,
        language=feed.language or "",
    )
    return document.articles


async def _written(
    config: Settings,
    fetcher: Fetcher,
    articles: Sequence[Article],
    channels: Sequence[Channel],
    proxy: str | None,
    *,
    cards: bool,
) -> AsyncIterator[Preview]:
    for article in articles:
        wants_page = cards or needs_page_text(article) or any(channel.pictures == "auto" for channel in channels)
        if article.link and wants_page and not article.page_text:
            article = await with_page(fetcher, article, proxy)
        for channel in channels:
            yield await asyncio.to_thread(
                _preview, config, fetcher, asyncio.get_running_loop(), channel, article, cards
            )


def _preview(
    config: Settings,
    fetcher: Fetcher,
    loop: asyncio.AbstractEventLoop,
    channel: Channel,
    article: Article,
    cards: bool,
) -> Preview:
    fetch = partial(assemble.fetch_from_thread, fetcher, loop, channel.proxy)
    try:
        post, draft = assemble.writer(channel, config, fetch).write(article)
    except Refused as error:
        return Preview(channel.name, channel.platform, article, None, refused=str(error))
    limits = LIMITS[channel.platform]
    wanted = cards and draft.link and not post.images and limits.previews
    card = _card_picture(fetch, article, limits.pictures) if wanted else None
    return Preview(channel.name, channel.platform, article, draft, post.images, card)


def _card_picture(fetch: Callable[[str], bytes], article: Article, limits: PictureLimits) -> Image | None:
    if not article.page_preview or not article.pictures:
        return None
    try:
        return fit(fetch(article.pictures[0].url), limits)
    except (FeedError, UnusablePicture):
        return None  # the platform will make of it what it can
