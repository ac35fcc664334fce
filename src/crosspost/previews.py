"""Previews: the posts as they would go out, without secrets, without a ledger, sending nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from crosspost import assemble
from crosspost.article import Article
from crosspost.compose import Draft
from crosspost.editor import Editor
from crosspost.errors import Blocked, FeedError, Refused
from crosspost.feeds.apart import Parser
from crosspost.feeds.fetch import Fetcher
from crosspost.feeds.page import article_of, read_page
from crosspost.manners import WORDS
from crosspost.pictures import UnusablePicture, fit
from crosspost.platforms import LIMITS, PictureLimits
from crosspost.post import Image
from crosspost.settings import Channel, Feed, Settings
from crosspost.watcher import with_page


@dataclass(frozen=True, slots=True)
class Preview:
    """One post as it would go out, or `refused`: the sentence that says why it would not. `card` is the picture on the
    preview that the platform makes of the linked page, where it was asked for and there is one. A post with `seconds`
    is a film that takes so long, and the first of `images` its first still."""

    channel: str
    platform: str
    article: Article
    draft: Draft | None
    images: tuple[Image, ...] = ()
    seconds: float = 0
    card: Image | None = None
    refused: str = ""

    @property
    def link_preview(self) -> str:
        """The address of the picture that readers see in the platform's preview of the link; "" without one."""
        picture = self.article.page_picture
        linked = self.draft is not None and bool(self.draft.link) and not self.images
        return picture.url if linked and picture and _previews(self.platform, self.article) else ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What previews are made with: the config, the writer of better summaries, if there is one, and whether the link
    `cards` are wanted too."""

    config: Settings
    editor: Editor | None = None
    cards: bool = False


async def of_feeds(desk: Desk, names: Sequence[str], last: int) -> AsyncIterator[Preview]:
    """Previews of the newest `last` articles of each feed, for every channel that reads it. Raises `FeedError`."""
    config = desk.config
    async with assemble.fetcher(config) as fetcher:
        for name in names:
            feed = config.feeds[name]
            articles = await articles_of(fetcher, feed)
            channels = [channel for channel in config.channels.values() if name in channel.feed_names]
            async for preview in _written(desk, fetcher, articles[:last], channels, feed.proxy):
                yield preview


async def of_address(desk: Desk, url: str, last: int) -> AsyncIterator[Preview]:
    """Previews of any feed's newest articles, or of one article's page, for every channel. Raises `FeedError`."""
    config = desk.config
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
        async for preview in _written(desk, fetcher, articles, list(config.channels.values()), None):
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
    desk: Desk, fetcher: Fetcher, articles: Sequence[Article], channels: Sequence[Channel], proxy: str | None
) -> AsyncIterator[Preview]:
    for article in articles:
        if article.link and not article.page_preview:
            article = await with_page(fetcher, article, proxy)
        for channel in channels:
            yield await asyncio.to_thread(_preview, desk, fetcher, asyncio.get_running_loop(), channel, article)


def _preview(
    desk: Desk, fetcher: Fetcher, loop: asyncio.AbstractEventLoop, channel: Channel, article: Article
) -> Preview:
    fetch = partial(assemble.fetch_from_thread, fetcher, loop, channel.proxy)
    try:
        draft, images, seconds = assemble.writer(channel, desk.config, fetch, desk.editor).preview(article)
    except (Refused, Blocked) as error:  # blocked: no film can be made on this machine
        return Preview(channel.name, channel.platform, article, None, refused=str(error))
    warnings = (*draft.warnings, *_about_the_link(channel, article, draft, images))
    preview = Preview(channel.name, channel.platform, article, replace(draft, warnings=warnings), images, seconds)
    if not desk.cards or not preview.link_preview:
        return preview
    return replace(preview, card=_card_picture(fetch, preview.link_preview, LIMITS[channel.platform].pictures))


def _card_picture(fetch: Callable[[str], bytes], url: str, limits: PictureLimits) -> Image | None:
    try:
        return fit(fetch(url), limits)
    except (FeedError, UnusablePicture):
        return None  # the platform will make of it what it can


def _previews(platform: str, article: Article) -> bool:
    return LIMITS[platform].previews and article.page_preview


def _about_the_link(channel: Channel, article: Article, draft: Draft, images: Sequence[Image]) -> Iterator[str]:
    """What readers would miss below a post that has a link and no picture of its own."""
    if draft.link and not images and LIMITS[channel.platform].previews and not article.page_preview:
        yield (
            f"{WORDS['en'][channel.platform]} would show no preview of the link: the article's page cannot be read, "
            "or names no title or no picture (og:title, og:image)."
        )
