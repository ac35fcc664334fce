"""Which of an article's texts is its story, and what the site says above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crosspost.article import Article
from crosspost.text.boilerplate import without_boilerplate, without_ending
from crosspost.text.headline import without_headline
from crosspost.text.plain import plain
from crosspost.text.quotations import ENDED
from crosspost.text.repeating import short_stems
from crosspost.text.sentences import sentences

_TEASER = 80  # characters; a description below that only lures to the page
_TOLD = 1000  # characters; a text of so many tells the story, though it be cut behind them, or end in "…"
_ABOVE = range(60, 301)  # characters; a description of so many may sum the story up
_BEGINNING = 40  # letters; a description that begins so far as the story is its beginning
_FEW_WORDS = 5  # a description of no more, without a full stop, is a heading
_FULL_STOP = 3  # characters at the end, a quotation mark among them
_ENDING = 600  # characters; a cut is looked for in so much of a text

# Lines without a full stop, each an item: a list of links to other articles, or of contents.
_ONLY_ITEMS = re.compile(r"(?:• [^\n]*[^\s.!?…]\n+)+• [^\n]*")
_WORD = re.compile(r"[«“\"'(]*\w[\w’'-]*[»”\"')]*")
_CUT = re.compile(r"(?:…|\.\.\.)[\])\s]*$")


@dataclass(frozen=True, slots=True)
class Story:
    """A story's `text`; `above` it the site's own summary, a sentence or two, "" where the feed has none."""

    text: str
    above: str = ""

    @property
    def whole(self) -> str:
        return f"{self.above}\n\n{self.text}" if self.above else self.text

    def tells_the_news(self, title: str) -> bool:
        """Whether the text begins with most of what the headline says, and with more than what stands above has."""
        headline = short_stems(title)
        told = len(headline & short_stems(self.text[: len(self.above)]))
        return 2 * told > len(headline) and told > len(headline & short_stems(self.above))


def has_story(article: Article) -> bool:
    """Whether the feed or the page tells more than a teaser."""
    return any(_is_story(text, article.title) for text in _texts(article))


@lru_cache(maxsize=64)  # an article is written up for several channels, one after the other
def story(article: Article, wanted: int = 0) -> Story:
    """What is to be summarised: the description, else the content, else the page's text, whichever is first more than a
    teaser and at least `wanted` characters long; where none is so long, the longest story; failing that the longest
    teaser, without its unfinished sentence where others are there."""
    texts = [*_texts(article)]
    stories = [_clean(text, article.title) for text in texts if _is_story(text, article.title)]
    if stories:
        text = next((text for text in stories if len(text) >= wanted), max(stories, key=len))
        return Story(text, _above(text, texts[0], article.title))
    teasers = [_clean(without_ending(text, "read more"), article.title) for text in texts]
    return Story(_finished(max(teasers, key=len), article.language))


def _texts(article: Article) -> Iterator[str]:
    for text in (article.description, article.content):
        yield without_ending(plain(text), "footer of blog software")
    yield article.page_text


def _clean(text: str, title: str) -> str:
    return without_headline(without_boilerplate(text), title)


def _is_cut(text: str) -> bool:
    return _CUT.search(text[-_ENDING:]) is not None or without_ending(text, "read more") != text.rstrip()


def _is_story(text: str, title: str) -> bool:
    if len(text) < _TEASER or _ONLY_ITEMS.fullmatch(text) or (len(text) < _TOLD and _is_cut(text)):
        return False
    return len(text) > 2 * len(title) or _letters(text) != _letters(title)


def _above(story: str, description: str, title: str) -> str:
    """The description, where it is no more than a sentence or two, and neither the headline nor the beginning of the
    story."""
    if len(description) not in _ABOVE or _is_cut(description):
        return ""
    text = _clean(description, title)
    if not text or "\n" in text or _letters(text).startswith(_letters(title) or " "):
        return ""
    begins = _letters(text)[:_BEGINNING] in _letters(story[: 2 * len(text)])
    if ENDED.search(text[-_FULL_STOP:]):  # it may be the beginning made shorter
        return "" if begins and text in story else text
    *before, last = text.split()
    return f"{text}." if not begins and len(before) >= _FEW_WORDS and _WORD.fullmatch(last) else ""


def _finished(text: str, language: str) -> str:
    """`text` without a last sentence that is cut off, unless there is no other."""
    if not _CUT.search(text):
        return text
    *before, last = text.split("\n\n")
    whole = " ".join(sentences(last, language)[:-1])
    return "\n\n".join([*before, whole] if whole else before) or text


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
