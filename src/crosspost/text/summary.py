"""What an article says, in its own first sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from crosspost.article import Article
from crosspost.text.fit import Measure, whole_sentences
from crosspost.text.plain import plain
from crosspost.text.sentences import sentences

_TEASER = 80  # characters; a description below that only lures to the page
_ENDING = 600  # characters; endings are looked for in so much of a text
_HEADING = 100  # characters; a line below that which ends like no sentence is a heading, a caption or a list item

_CUT = re.compile(r"(?:…|\.\.\.)[\])\s]*$")
_MORE = re.compile(
    r"[\s(\[]*\b(?:read more|continue reading|read on|read the (?:full|whole|rest)\b.{0,40}|full story"
    r"|читать (?:далее|дальше|полностью|целиком|больше|ещ[её])|подробнее|далее)[\s.…»>→)\]]*$",
    re.IGNORECASE,
)
# What blog software puts below each item of its feeds.
_FOOTER = re.compile(
    r"\s*(?:the post .{1,300} (?:appeared first on|first appeared on) .{1,200}"
    r"|(?:сообщение|запись) .{1,300} (?:впервые появил[аои]с[ья]|появил[аои]с[ья] сначала) на .{1,200})$",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a summary looks: at most `length` by the platform's measure and so many `sentences`, `None` for no bound;
    its paragraphs apart, or all of it in one."""

    length: int | None = None
    sentences: int | None = None
    paragraphs: bool = False


def has_story(article: Article) -> bool:
    """Whether the feed or the page tells more than a teaser."""
    return any(_is_story(text, article.title) for text in _texts(article))


@lru_cache(maxsize=64)  # an article is written up for several channels, one after the other
def story(article: Article) -> str:
    """The text to summarise: the description, else the content, else the page's text, whichever is first more than a
    teaser; failing that the longest teaser, without its unfinished sentence where others are there."""
    teasers = []
    for text in _texts(article):
        if _is_story(text, article.title):
            return text
        teasers.append(_without_ending(text, _MORE))
    return _finished(max(teasers, key=len), article.language)


def summary(article: Article, language: str, manner: Manner, room: int, measure: Measure) -> str:
    """As many whole first sentences of the article's story as fit into `room` by `measure`; never its title again."""
    room = room if manner.length is None else min(room, manner.length)
    if room <= 0:
        return ""
    paragraphs = _paragraphs(story(article), article.title, language, reach=max(2000, 4 * room))
    if manner.paragraphs:
        return _whole_paragraphs(paragraphs, room, measure)
    told = (sentence.removeprefix("• ") for sentence in chain.from_iterable(paragraphs))
    return whole_sentences(islice(told, manner.sentences), room, measure)


def _texts(article: Article) -> Iterator[str]:
    for text in (article.description, article.content):
        yield _without_ending(plain(text), _FOOTER)
    yield article.page_text


def _is_story(text: str, title: str) -> bool:
    if len(text) < _TEASER or _CUT.search(text[-_ENDING:]) or _MORE.search(text[-_ENDING:]):
        return False
    return len(text) > 2 * len(title) or _letters(text) != _letters(title)


def _without_ending(text: str, ending: re.Pattern[str]) -> str:
    found = ending.search(text, max(0, len(text) - _ENDING))
    return text[: found.start()] if found else text


def _finished(text: str, language: str) -> str:
    """`text` without a last sentence that is cut off, unless there is no other."""
    if not _CUT.search(text):
        return text
    *before, last = text.split("\n\n")
    whole = " ".join(sentences(last, language)[:-1])
    return "\n\n".join([*before, whole] if whole else before) or text


def _paragraphs(text: str, title: str, language: str, reach: int) -> Iterator[list[str]]:
    """The sentences of each paragraph in turn, without headings and the title.

    Only the first `reach` characters of a paragraph are looked at, far more than can fit: splitting takes its time.
    """
    paragraphs = text.split("\n\n")
    told = [line for paragraph in paragraphs if (line := _without_headings(paragraph))]
    for index, paragraph in enumerate(told or paragraphs):
        found = sentences(paragraph[:reach], language)
        if len(paragraph) > reach:
            found.pop()
        if index == 0:
            found = _without_title(found, title)
        if found:
            yield found


def _without_headings(paragraph: str) -> str:
    kept = [line for line in paragraph.split("\n") if len(line) >= _HEADING or _SENTENCE_END.search(line)]
    return "\n".join(kept)


def _without_title(found: list[str], title: str) -> list[str]:
    """The sentences after those that say what the title says; all of them where the first ones say something else."""
    wanted, said = _letters(title), ""
    for index, sentence in enumerate(found):
        said += _letters(sentence)
        if said == wanted:
            return found[index + 1 :]
        if not wanted.startswith(said):
            break
    return found


def _whole_paragraphs(paragraphs: Iterable[list[str]], room: int, measure: Measure) -> str:
    taken = ""
    for found in paragraphs:
        before = f"{taken}\n\n" if taken else ""
        some = whole_sentences(found, room - measure(before), measure)
        taken = before + some if some else taken
        if some != " ".join(found):
            break
    return taken


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
