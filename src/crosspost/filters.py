"""Which articles a channel takes: its `only`, `except` and `urgent`, and the sentence that says why.

Pure, and quick enough to ask for every article and channel: what is looked for is made ready once for each `Match`,
and a text is taken apart once for all channels that are asked about its article in turn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from urllib.parse import unquote

from crosspost.article import Article
from crosspost.text.language import guess
from crosspost.text.words import Text, Wanted, fold, read

_SHOWN = 5  # a sentence names so many values of a list
_ENOUGH = 200  # characters tell a language


@dataclass(frozen=True, slots=True)
class Match:
    """Articles to pick: those that fit one value of any of these lists; with several lists, of one of them.

    `categories` are whole names. `words` are words and phrases in any form, looked for in title, categories,
    description and text. `languages` are two-letter codes. `authors` are whole words of a name, as it is spelled.
    `links` are patterns of the article's address, where `*` stands for anything and `?` for one character: of the
    whole address, of what follows its "https://" and "www.", or of its path alone. No list minds case.
    """

    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a channel takes an article, and whether in a hurry. `rule` says which rules decided and by what of the
    article, such as `except words = ["advertisement"]: the title says "advertisements"`; "" where none did."""

    passes: bool
    rule: str = ""
    urgent: bool = False


def verdict(article: Article, only: Match | None, except_: Match | None, urgent: Match | None) -> Verdict:
    """What a channel with these rules does with `article`. `except_` wins over the others."""
    if except_ and (reason := _matcher(except_).fits(article)):
        return Verdict(False, f"except {reason}")
    chosen = _matcher(only).fits(article) if only else ""
    if only and not chosen:
        return Verdict(False, f"only {_matcher(only).lacks(article)}")
    hurry = _matcher(urgent).fits(article) if urgent else ""
    reasons = [f"{name} {reason}" for name, reason in (("only", chosen), ("urgent", hurry)) if reason]
    return Verdict(True, "; ".join(reasons), urgent=bool(hurry))


class _Matcher:
    """A `Match` made ready for looking. Each look gives the value that fits and what it fits, or `None`."""

    def __init__(self, match: Match) -> None:
        self._match = match
        self._categories = {_same_name(name): name for name in match.categories}
        self._words = Wanted(match.words)
        self._authors = Wanted(match.authors, exactly=True)
        self._links = {pattern: _pattern(pattern) for pattern in match.links}
        self._languages = {code.lower(): code for code in match.languages}
        looks = {  # the cheap ones first
            "categories": self._category,
            "authors": self._author,
            "links": self._link,
            "languages": self._language,
            "words": self._word,
        }
        self._looks = {name: look for name, look in looks.items() if getattr(match, name)}

    def fits(self, article: Article) -> str:
        """What of `article` fits which value; "" where nothing fits."""
        for name, look in self._looks.items():
            if found := look(article):
                value, seen = found
                return f"{name} = [{_quoted(value)}]: {seen}"
        return ""

    def lacks(self, article: Article) -> str:
        """All the values, none of which fits `article`, and what it has instead."""
        lists = [f"{name} = [{_listed(getattr(self._match, name))}]" for name in self._looks]
        return f"{', '.join(lists)}: {', '.join(_INSTEAD[name](article) for name in self._looks)}"

    def _category(self, article: Article) -> tuple[str, str] | None:
        for name in article.categories:
            if value := self._categories.get(_same_name(name)):
                return value, f"its category is {_quoted(name)}"
        return None

    def _author(self, article: Article) -> tuple[str, str] | None:
        found = self._authors.find(_read(article.author))
        return (found.word, f"its author is {_quoted(article.author)}") if found else None

    def _link(self, article: Article) -> tuple[str, str] | None:
        views = _views(article.link)
        for value, pattern in self._links.items():
            if any(pattern.match(view) for view in views):
                return value, "its address fits"
        return None

    def _language(self, article: Article) -> tuple[str, str] | None:
        value = self._languages.get(_language(article))
        return (value, _language_said(article)) if value else None

    def _word(self, article: Article) -> tuple[str, str] | None:
        for place, text in _places(article):
            if found := self._words.find(text):
                return found.word, f"{place} says {_quoted(found.spelled)}"
        return None


@lru_cache(maxsize=256)
def _matcher(match: Match) -> _Matcher:
    return _Matcher(match)


# What an article has


def _places(article: Article) -> Iterator[tuple[str, Text]]:
    """Where words are looked for, each place read only when those before it had none."""
    yield "the title", _read(article.title)
    for name in article.categories:
        yield "a category", _read(name)
    yield "the description", _read_html(article.description)
    if article.content != article.description:
        yield "the text", _read_html(article.content)


# The channels are asked about an article one after the other; more articles than a few need not be remembered.
@lru_cache(maxsize=64)
def _read(text: str) -> Text:
    return read(text)


@lru_cache(maxsize=16)
def _read_html(source: str) -> Text:
    return read(_plain(source))


@lru_cache(maxsize=16)
def _plain(source: str) -> str:
    from crosspost.text.plain import plain  # brings lxml, which rules without an article have no need of

    return plain(source)


def _language(article: Article) -> str:
    """What the feed says, else what the words look like, as when the post is written."""
    return article.language.lower() or _guessed(article.title, article.description or article.content)


@lru_cache(maxsize=16)
def _guessed(title: str, source: str) -> str:
    return guess(f"{title} {_plain(source)[:_ENOUGH]}")


def _language_said(article: Article) -> str:
    code = _language(article)
    if not code:
        return "its language is not known"
    return f"its language {'is' if article.language else 'looks like'} {_quoted(code)}"


def _categories_said(article: Article) -> str:
    if not article.categories:
        return "it has no category"
    return f"its {'category is' if len(article.categories) == 1 else 'categories are'} {_listed(article.categories)}"


def _author_said(article: Article) -> str:
    return f"its author is {_quoted(article.author)}" if article.author else "it names no author"


_INSTEAD: Mapping[str, Callable[[Article], str]] = {
    "categories": _categories_said,
    "authors": _author_said,
    "links": lambda _: "its address does not fit",
    "languages": _language_said,
    "words": lambda _: "it says no such word",
}


def _same_name(name: str) -> str:
    return " ".join(fold(name).split())


def _pattern(pattern: str) -> re.Pattern[str]:
    bare = unquote(pattern).casefold()
    return re.compile(translate(bare.removeprefix("www.")))


def _views(link: str) -> tuple[str, str, str]:
    """An address whole, without scheme and www., and its path: what a pattern may be of."""
    whole = unquote(link).casefold()
    bare = whole.partition("://")[2].removeprefix("www.")
    return whole, bare, f"/{bare.partition('/')[2]}"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _listed(values: Iterable[str]) -> str:
    shown = [_quoted(value) for value in values]
    more = [f"and {len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
    return ", ".join(shown[:_SHOWN] + more)
