"""What an article says, in its own best sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crosspost.article import Article
from crosspost.text import leaning
from crosspost.text.boilerplate import without_boilerplate, without_ending
from crosspost.text.choice import Want, choose
from crosspost.text.fit import Measure
from crosspost.text.headline import without_headline
from crosspost.text.pieces import Piece, pieces
from crosspost.text.plain import plain
from crosspost.text.quotations import ENDED
from crosspost.text.repeating import short_stems
from crosspost.text.sentences import sentences
from crosspost.text.telling import deck

_TEASER = 80  # characters; a description below that only lures to the page
_SLIGHT = 60  # characters; one sentence of fewer says too little alone
_LONG = 600  # characters; a paragraph beyond that is hard to read
_OWN = 300  # characters; a description that only sums the story up has no more
_BEGINNING = 40  # letters; a description that begins so far as the story is its beginning
_FEW_WORDS = 5  # a description of no more, without a full stop, is a heading
_FULL_STOP = 3  # characters at the end, a quotation mark among them
_ENDING = 600  # characters; a cut is looked for in so much of a text

# Lines without a full stop, each an item: a list of links to other articles, or of contents.
_ONLY_ITEMS = re.compile(r"(?:• [^\n]*[^\s.!?…]\n+)+• [^\n]*")
_WORD = re.compile(r"\w[\w’'-]*[»”\"')]*")
_CUT = re.compile(r"(?:…|\.\.\.)[\])\s]*$")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a summary looks: at most `length` by the platform's measure and so many `sentences`, `None` for no bound; in
    at most so many `paragraphs`; with `hook`, a question or a fact with a figure comes first where there is one. Where
    no sentence is as short as `length`, one of up to `longest` will do, if that is given."""

    length: int | None = None
    longest: int | None = None
    sentences: int | None = None
    paragraphs: int = 1
    hook: bool = False


def has_story(article: Article) -> bool:
    """Whether the feed or the page tells more than a teaser."""
    return any(_is_story(text, article.title) for text in _texts(article))


def can_begin(article: Article, language: str) -> bool:
    """Whether a sentence of the story could begin a summary: its first, which is soon seen, or another."""
    told = story(article)
    return not leaning.opening(told) or any(piece.opens for piece in pieces(told, article.title, language))


def story(article: Article, wanted: int = 0) -> str:
    """The text to summarise: the description, else the content, else the page's text, whichever is first more than a
    teaser and at least `wanted` characters long; where none is so long, the longest story; failing that the longest
    teaser, without its unfinished sentence where others are there. Above it the site's own summary, if it has one."""
    return "\n\n".join(filter(None, _parts(article, wanted)))


@lru_cache(maxsize=64)  # an article is written up for several channels, one after the other
def _parts(article: Article, wanted: int) -> tuple[str, str]:
    """What the site says of the story in few words, "" where it does not, and the story."""
    texts = [*_texts(article)]
    stories = [_told(text, article.title) for text in texts if _is_story(text, article.title)]
    if stories:
        told = next((text for text in stories if len(text) >= wanted), max(stories, key=len))
        return _own(texts[0], told, article.title), told
    teasers = [_told(without_ending(text, "read more"), article.title) for text in texts]
    return "", _finished(max(teasers, key=len), article.language)


def _own(description: str, told: str, title: str) -> str:
    """A description that is a sentence or two and not the beginning of the story that is `told`."""
    ends = _CUT.search(description) or without_ending(description, "read more") != description
    if ends or not _SLIGHT <= len(description) <= _OWN:
        return ""
    text = _told(description, title)
    if not text or "\n" in text or _letters(text) == _letters(title) or _letters(text)[:_BEGINNING] in _letters(told):
        return ""
    if ENDED.search(text[-_FULL_STOP:]):
        return text
    *before, last = text.split()
    return f"{text}." if len(before) >= _FEW_WORDS and _WORD.fullmatch(last) else ""


def summary(article: Article, language: str, manner: Manner, room: int, measure: Measure) -> str:
    """The best whole sentences of the article's story that fit into `room` by `measure`, in their order, the first one
    strong; nothing that its title says already. "" where there is none."""
    whole_room, room = room, room if manner.length is None else min(room, manner.length)
    room -= manner.paragraphs - 1
    if room <= 0:
        return ""
    # A text three times as long as the summary leaves a choice.
    wanted_length = 3 * min(room, manner.length or 0)
    own, rest = _parts(article, wanted_length)
    told = story(article, wanted_length)
    wanted = Want(manner.sentences, manner.hook, whole=manner.paragraphs > 1)
    alone, above = wanted.sentences == 1, 1 if own else deck(told, language)
    with_deck = alone and above == 1  # a sentence that stands alone above the story was written for that
    begun = rest if own and not alone and _tells_the_news(rest, own, article.title) else told
    found = pieces(begun, article.title, language, with_deck=with_deck)
    chosen = choose(found, article.title, wanted, room, measure)
    begins = chosen and chosen[0].place == 0 and not (alone and chosen[0].echoes)
    if above and not (with_deck or begins):
        # The story's own beginning is too long, or the headline once more. What sums it up is no mid-story.
        found = pieces(told, article.title, language, with_deck=True)
        chosen = choose(found, article.title, wanted, room, measure)
    if alone and chosen and len(chosen[0].text) < _SLIGHT:
        chosen = choose(found, article.title, Want(2, wanted.hook), room, measure) or chosen
    if manner.longest is not None and (not chosen or _has_passed_the_lead(chosen, found, room, measure)):
        chosen = choose(found, article.title, Want(1), min(whole_room, manner.longest), measure) or chosen
    return _laid_out(chosen, manner.paragraphs)


def _has_passed_the_lead(chosen: Sequence[Piece], found: Sequence[Piece], room: int, measure: Measure) -> bool:
    lead = found[0]
    return lead.place == 0 and lead.opens and chosen[0].place > 0 and measure(lead.text) > room


def _laid_out(chosen: Sequence[Piece], paragraphs: int) -> str:
    """The sentences in so many paragraphs at most, each beginning where one of the story's began. A story that is all
    in one is broken too, where it is long."""
    text = " ".join(piece.text for piece in chosen)
    breaks = [index for index in range(1, len(chosen)) if chosen[index].paragraph != chosen[index - 1].paragraph]
    if not breaks and len(text) > _LONG:
        breaks = [index for index in range(1, len(chosen)) if not chosen[index].leans]
    lengths = [len(piece.text) for piece in chosen]
    breaks.sort(key=lambda index: abs(sum(lengths[:index]) - sum(lengths[index:])))  # the most even ones first
    kept = set(breaks[: paragraphs - 1])
    parts = (("\n\n" if index in kept else " " if index else "") + piece.text for index, piece in enumerate(chosen))
    return "".join(parts)


def _texts(article: Article) -> Iterator[str]:
    for text in (article.description, article.content):
        yield without_ending(plain(text), "footer of blog software")
    yield article.page_text


def _told(text: str, title: str) -> str:
    return without_headline(without_boilerplate(text), title)


def _is_story(text: str, title: str) -> bool:
    if (
        len(text) < _TEASER
        or _CUT.search(text[-_ENDING:])
        or _ONLY_ITEMS.fullmatch(text)
        or without_ending(text, "read more") != text.rstrip()
    ):
        return False
    return len(text) > 2 * len(title) or _letters(text) != _letters(title)


def _tells_the_news(story: str, own: str, title: str) -> bool:
    """Whether a story begins with most of what the headline says, and with more than the site's `own` summary has."""
    headline = short_stems(title)
    told = len(headline & short_stems(story[: len(own)]))
    return 2 * told > len(headline) and told > len(headline & short_stems(own))


def _finished(text: str, language: str) -> str:
    """`text` without a last sentence that is cut off, unless there is no other."""
    if not _CUT.search(text):
        return text
    *before, last = text.split("\n\n")
    whole = " ".join(sentences(last, language)[:-1])
    return "\n\n".join([*before, whole] if whole else before) or text


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
