"""Sites that live: their stories appear, move, change their marks, vanish and come back; and a web that fails."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha1
from html import escape
from typing import Literal

from crosspost.article import Article
from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetched
from crosspost.feeds.identity import Mark, canonical
from crosspost.ledger import Ledger
from tests.simulation.boundary import Boundary

SITE = "https://site.example"
BODY = "The probe sent its first picture at dawn. It shows a lake of methane under an orange sky, and no wave on it. "
Kind = Literal["plain", "no guids", "one link", "one guid", "one canonical"]
KINDS: tuple[Kind, ...] = ("plain", "plain", "no guids", "one link", "one guid", "one canonical")


@dataclass
class Story:
    """An article as its author knows it: one story, whatever becomes of its marks."""

    number: int
    feeds: tuple[str, ...]
    title: str
    path: str
    guid: str
    published: datetime | None
    body: str
    listed: bool = True
    forbidden: bool = False  # no platform takes it

    @property
    def link(self) -> str:
        return f"{SITE}/{self.path}"

    def rename(self, edition: int) -> None:
        self.title = f"Story {self.number} of the {'forbidden ' * self.forbidden}probe" + f", edition {edition}" * bool(
            edition
        )


@dataclass
class Web:
    """The sites behind every address, through which the watcher looks. It has the fetcher's one verb.

    `kinds` are the feeds and how each of them is made. `trouble` is the share of fetches that fail.
    """

    boundary: Boundary
    chance: random.Random
    now: Callable[[], datetime]
    here: Callable[[], datetime]  # our own clock, by which the fetcher reckons
    kinds: dict[str, Kind]
    trouble: float = 0.0
    stories: list[Story] = field(default_factory=list)

    def publish(self, *feeds: str) -> Story:
        """A new story, in these feeds; or in one, or in all plain ones, as chance will have it."""
        number = len(self.stories) + 1
        dates = [self.now(), self.now(), None, self.now() - timedelta(days=400), self.now() + timedelta(days=40)]
        self.stories.append(
            Story(
                number,
                feeds=feeds or self._some_feeds(),
                title="",
                path=f"news/{number}",
                guid=f"guid-{number}",
                published=self.chance.choice(dates),
                body=f"{BODY * self.chance.choice([1, 4])}It was picture {number}.",
                forbidden=self.chance.random() < 0.05,
            )
        )
        self.stories[-1].rename(0)
        return self.stories[-1]

    def _some_feeds(self) -> tuple[str, ...]:
        name = self.chance.choice(list(self.kinds))
        plain = tuple(name for name, kind in self.kinds.items() if kind == "plain")
        return plain if name in plain and self.chance.random() < 0.3 else (name,)

    def change(self, ledger: Ledger) -> None:
        """Let a story that the ledger knows as it stands lose one of its marks, its wording, or its place."""
        known = [story for story in self.stories if self._is_known(ledger, story)]
        if not known:
            return
        story, kinds = self.chance.choice(known), set()
        for name in story.feeds:
            kinds.add(self.kinds[name])
        match self.chance.choice(["title", "body", "guid", "address", "date", "out", "in"]):
            case "title" if kinds.isdisjoint({"one link"}):
                story.rename(self.chance.randrange(1, 1000))
            case "body":
                story.body += "It was corrected."
            case "guid" if kinds.isdisjoint({"one link", "no guids"}):
                story.guid = f"guid-{story.number}-{self.chance.randrange(1000)}"
            case "address" if kinds == {"plain"} or kinds == {"one canonical"}:
                story.path = f"news/{story.number}/{self.chance.randrange(1000)}"
            case "date":
                story.published = self.now()
            case "out" if sum(set(one.feeds) == set(story.feeds) and one.listed for one in self.stories) > 2:
                story.listed = False
            case "in":
                story.listed = True

    def _is_known(self, ledger: Ledger, story: Story) -> bool:
        """Whether every mark of the story as it now stands leads the ledger to it, so that one may go."""
        for name in story.feeds:
            article = self._article(story, name)
            wanted = {Mark(name, "guid", article.guid), Mark("", "link", canonical(article.link))}
            with ledger.intake() as intake:
                wanted -= intake.void([name])[name]
                found = intake.known(mark for mark in wanted if mark.value)
            if any(mark.value and mark not in found for mark in wanted):
                return False
            if any(owner.title != story.title for owner in found.values()):
                return False
        return True

    # What the watcher sees

    async def get(self, url: str, *, etag: str = "", modified: str = "", proxy: str | None = None) -> Fetched:
        """An answer, or a `FeedError`."""
        self.boundary.cross(f"before the fetch of {url}")
        try:
            return self._answer(url, etag)
        finally:
            self.boundary.cross(f"after the fetch of {url}")

    def _answer(self, url: str, etag: str) -> Fetched:
        if no_tls(self.now(), self.here()):
            raise FeedError(f"{url} has a certificate that is not valid yet, or no longer.")
        name = url.removeprefix(f"{SITE}/").removesuffix(".xml")
        body = self._feed(name) if name in self.kinds else self._page(url)
        tag, moved, content_type = f'"{sha1(body).hexdigest()}"', "", "text/xml" if name in self.kinds else "text/html"
        if self.chance.random() < self.trouble:
            match self.chance.choice(["down", "pause", "cut", "empty", "login", "moved"]):
                case "down":
                    raise FeedError(f"{url} answered 500.")
                case "pause":
                    raise FeedError(f"{url} answered 503.", retry_at=self.here() + timedelta(hours=1))
                case "cut":
                    body = body[: self.chance.randrange(len(body))]
                case "empty":
                    body = b""
                case "login":
                    body, content_type = b"<!doctype html><title>Sign in</title><form></form>", "text/html"
                case "moved":
                    moved = f"{SITE}/moved/{name}.xml"
        unchanged = bool(etag) and etag == tag
        return Fetched(
            status=304 if unchanged else 200,
            url=moved or url,
            body=b"" if unchanged else body,
            content_type=content_type,
            etag=tag,
            modified="",
            unchanged=unchanged,
            retry_at=None,
            moved_to=moved,
        )

    def _page(self, url: str) -> bytes:
        path = url.removeprefix(f"{SITE}/").partition("?")[0].strip("/")
        story = next((story for story in self.stories if story.path == path), None)
        if story is None:
            raise FeedError(f"{url} answered 404.")
        home = any(self.kinds[name] == "one canonical" for name in story.feeds)
        link = SITE if home else story.link
        head = f'<head><title>{escape(story.title)}</title><link rel="canonical" href="{link}"></head>'
        return f"<html>{head}<body><article><p>{story.body}</p></article></body></html>".encode()

    def _feed(self, name: str) -> bytes:
        listed = [story for story in self.stories if name in story.feeds and story.listed]
        if self.chance.random() < 0.2:
            self.chance.shuffle(listed)
        items = "".join(self._item(story, name) for story in reversed(listed))
        return f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'.encode()

    def _item(self, story: Story, name: str) -> str:
        article = self._article(story, name)
        guid = f'<guid isPermaLink="false">{article.guid}</guid>' if article.guid else ""
        date = f"<pubDate>{format_datetime(story.published)}</pubDate>" if story.published else ""
        link = self._written(article.link) if self.kinds[name] != "one link" else article.link
        body = f"<description>{story.body}</description>"
        return f"<item><title>{escape(story.title)}</title><link>{escape(link)}</link>{guid}{date}{body}</item>"

    def _article(self, story: Story, name: str) -> Article:
        kind = self.kinds[name]
        link = f"{SITE}/{name}" if kind == "one link" else story.link
        guid = {"no guids": "", "one guid": "the-guid"}.get(kind, f"{name}-{story.guid}")
        return Article(name, story.title, link, guid)

    def _written(self, link: str) -> str:
        """One of the ways to write an address that lead to one page."""
        if self.chance.random() < 0.9:
            return link
        http = link.replace("https://", "http://")
        return self.chance.choice([http, link.replace("//", "//www."), f"{link}/", f"{link}?utm_source=rss"])


def no_tls(now: datetime, here: datetime) -> bool:
    """Whether our clock is so wrong that no certificate is valid by it: then nobody is reached."""
    return abs(here - now) > timedelta(days=30)
