"""Which articles a channel shows already: posted by another tool, by hand, or by a ledger that was lost. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from crosspost.article import Article
from crosspost.post import Receipt, Shown
from crosspost.text import links

# A title of fewer words comes again on another day: "Weather", "Курс валют".
_TELLING_WORDS = 4
# Nobody announces an article before it is out; the clocks of site and platform may differ.
_CLOCKS_DIFFER = timedelta(hours=1)

# How far back a channel is searched: to its oldest article, within these.
_USUAL_REACH = timedelta(days=30)
_LONGEST_REACH = timedelta(days=365)


def since(articles: Iterable[Article], now: datetime) -> datetime:
    """How far back a channel must be looked through to find these articles (aware, UTC)."""
    times = [article.published or now - _USUAL_REACH for article in articles]
    oldest = min(times, default=now - _USUAL_REACH) - timedelta(days=1)
    return max(oldest, now - _LONGEST_REACH).astimezone(UTC)


def recognise(articles: Mapping[int, Article], shown: Iterable[Shown]) -> dict[int, Receipt]:
    """The receipts of the articles that are among what a channel shows, by the articles' numbers.

    An article is known by its link, and where a post has no link to the article's site (a shortened one, or none), by
    its title. A link or a title that several of the articles carry tells none of them apart. `shown` is read no
    further than until all are found.
    """
    wanted = _Wanted(articles)
    found: dict[int, Receipt] = {}
    for post in shown:
        number = wanted.number_of(post)
        if number is not None:
            found.setdefault(number, post.receipt)
        if len(found) == len(articles):
            break
    return found


@dataclass(frozen=True)
class _Wanted:
    articles: Mapping[int, Article]

    def number_of(self, post: Shown) -> int | None:
        linked = _telling(post.links)
        for link in linked:
            if link in self._by_link:
                return self._by_link[link]
        if self._sites & set(map(_site, linked)):
            return None  # it is about another article of the site
        text = f" {_plain(f'{post.title} {post.text}')} "
        titled = (number for title, number in self._by_title.items() if f" {title} " in text)
        return next((number for number in titled if self._was_out(number, post.at)), None)

    def _was_out(self, number: int, at: datetime) -> bool:
        """A title that comes again each week is told by the date; without one it proves nothing."""
        published = self.articles[number].published
        return published is not None and at >= published - _CLOCKS_DIFFER

    @cached_property
    def _by_link(self) -> dict[str, int]:
        carried = [
            (link, number)
            for number, article in self.articles.items()
            for link in _telling({article.link, article.page_canonical})
        ]
        return _single((link, number) for link, number in dict.fromkeys(carried))

    @cached_property
    def _by_title(self) -> dict[str, int]:
        titles = ((_plain(article.title), number) for number, article in self.articles.items())
        return _single((title, number) for title, number in titles if len(title.split()) >= _TELLING_WORDS)

    @cached_property
    def _sites(self) -> set[str]:
        return {_site(link) for link in self._by_link}


def _telling(found: Iterable[str]) -> list[str]:
    """The addresses, canonical, without front pages: those stand in posts about anything."""
    return [link for link in map(links.canonical, filter(None, found)) if not links.is_front_page(link)]


def _single(carried: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Each mark that is carried once, with who carries it."""
    known = list(carried)
    times = Counter(mark for mark, _ in known)
    return {mark: number for mark, number in known if times[mark] == 1}


def _plain(text: str) -> str:
    """Words alone: letter case, spaces and the shapes of quotation marks differ from tool to tool."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def _site(link: str) -> str:
    return urlsplit(link).netloc
