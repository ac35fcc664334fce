"""What a summary may be made of: the sentences of a story, each with its worth and with what it needs before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from crosspost.text import leaning, telling
from crosspost.text.clauses import is_fragment
from crosspost.text.quotations import ENDED
from crosspost.text.repeating import (
    concrete,
    echoes,
    only_rewords,
    repeats,
    says_again,
    says_no_more,
    short_stems,
    tells,
    words,
)
from crosspost.text.surnames import Introduction, bare, common_words, introductions, named
from crosspost.text.voices import Voices, voices

# What a sentence is worth, in places by which it might stand earlier. Found on English news (benchmarks/summaries.py)
# in wide steps: the figures around these do as well.
_PLACE = 0.5
_CONCRETE = 0.3  # for each name and number
_CONCRETE_AT_MOST = 3
_LEADS = 1.0  # the lead, at the beginning, though the headline has said much of it
_LEANS = 1.0
_QUOTES = 1.5
_ASKS = 1.5
_ADDRESSES = 1.0  # "you", "we"
_BRIEF = 1.0  # fewer words than
_FEW_WORDS = 5
_HOOKS = 2.5  # a question or a figure, where one shall come first

_SOON = 5  # places, within which the news begins where the lead is none
_SHARED = 3  # words with the headline, by which a sentence tells its news
_BEHIND = 1  # place; a lead that stands further back goes on about what the headline says
_NEAR = 3  # places; a summary that begins further back begins in mid-story
_PARAGRAPH = 3  # sentences; the first of so many opens what it does not end
_UNIT = 4  # sentences; a paragraph of no more is one thought
_RECOGNISED = 40  # letters by which a sentence is found in its story

_MONTH = (
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\w*\.?"
)
# Numbers that catch nobody: days, years, clocks, scores, ages.
_DATE = re.compile(
    rf"\b\d{{1,2}} {_MONTH}|\b{_MONTH} \d{{1,2}}\b|\b(?:19|20)\d\d\b|\d+[:/]\d+|\d+-(?:летн|year-old)\w*|, \d\d,",
    re.IGNORECASE,
)
_FIGURE = re.compile(r".{0,80}?(?<![\w.,-])\d[\d.,]*(?!\w)")  # near the beginning


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a quotation of several, at its `place` among those of the story."""

    text: str
    place: int
    paragraph: int
    sentences: int
    leans: bool  # on what stands before it
    refers: bool  # perhaps to what stands before it ("The pair", behind the first sentence) or comes later
    voice: Voices
    weak: bool  # no opening if there is another
    concludes: bool  # from what stands before it, or says that it is otherwise
    hook: float  # how much more it is worth as an opening that catches: a question, a figure
    worth: float
    words: frozenset[str]
    opens: bool = False  # may begin a summary
    unfinished: bool = False  # the first sentence of a paragraph that goes on
    goes_on: bool = False  # what stands behind it leans on it, or belongs to its paragraph, which is short
    alone: bool = False  # a paragraph of its own
    premise: bool = False  # what stands behind it draws the conclusion, says that it is otherwise, or answers
    echoes: bool = False  # the lead, where it is the headline once more
    follows_echo: bool = False  # follows such a lead, and so may follow the headline itself
    news: bool = False  # the first that tells what the headline says, where the lead tells nothing of it
    elsewhere: bool = False  # recalls another story, of which the headline has no word
    needs: tuple[frozenset[int], ...] = ()  # places; a sentence of each set has to be there before it


@lru_cache(maxsize=64)  # an article is written up for several channels, and each asks more than once
def pieces(story: str, title: str, language: str, *, with_deck: bool = False) -> tuple[Piece, ...]:
    """What a summary of `story` may be made of, in order: no headings, captions or halves of quotations, and nothing
    that the title alone says already; what stands above it and sums it up only `with_deck`."""
    told = [
        _piece(" ".join(quotation), place, paragraph, len(quotation))
        for place, (paragraph, quotation) in enumerate(telling.told(story, language, with_deck=with_deck))
        if quotation
    ]
    if len(told) > 1 and is_fragment(told[0].text):
        told[0] = replace(told[0], leans=True)
    kept, common = _kept(told, title), common_words(f"{title}\n{story}")
    news = _news(kept, title)
    opening, needs = _openings(kept, title, told[0].place if told else 0), _needs(told, story, title, common)
    # A figure in the second sentence catches where the first does not tell the news.
    headline = short_stems(title)
    newsless = not (told and headline & short_stems(told[0].text))
    echo = bool(told) and _echoes(told[0], title, common)
    after = {piece.place: then for piece, then in zip_longest(told, told[1:])}
    in_paragraph = Counter(piece.paragraph for piece in told)
    first = {piece.paragraph: piece.place for piece in reversed(told)}
    return tuple(
        replace(
            piece,
            opens=piece.place in opening,
            hook=piece.hook * (piece.voice.asks or piece.place == 0 or newsless),
            worth=piece.worth + (_LEADS if title and not (piece.weak or piece.leans) and piece.place == 0 else 0),
            unfinished=piece.place == first[piece.paragraph] and in_paragraph[piece.paragraph] >= _PARAGRAPH,
            goes_on=_goes_on(piece, after[piece.place], in_paragraph),
            alone=in_paragraph[piece.paragraph] == 1,
            premise=_is_premise(piece, after[piece.place]),
            echoes=echo and piece.place == 0,
            news=piece.place in news,
            elsewhere=leaning.is_earlier(piece.text) and not headline & short_stems(piece.text),
            follows_echo=echo and piece.place == 1 and not (piece.weak or piece.refers),
            needs=needs[piece.place],
        )
        for piece in kept
    )


def is_told(piece: Piece, taken: Sequence[Piece], known: frozenset[str]) -> bool:
    """Whether those that are `taken`, or what is `known`, have told what a piece tells. What begins with "But" or draws
    a conclusion says something else in the same words."""
    if piece.concludes:
        return False
    if piece.voice.quotes and (says_again(piece.words, known) or any(_quotes(piece, one) for one in taken)):
        return True
    return says_no_more(piece.words, known) or any(
        only_rewords(piece.text, piece.words, one.text, one.words) for one in taken
    )


def _quotes(piece: Piece, told: Piece) -> bool:
    """Whether a quotation says, or begins with, what was told of it in other words."""
    beginning = words(piece.text[: len(told.text)])
    return tells(piece.words, told.words) or says_again(beginning, told.words)


def _piece(text: str, place: int, paragraph: int, count: int) -> Piece:
    opening = leaning.opening(text)
    leans = bool(opening) or leaning.goes_on(text) or (leaning.leans_within(text) if place else leaning.is_of_him(text))
    voice, brief = voices(text, lead=place == 0), len(text.split()) < _FEW_WORDS
    worth = _CONCRETE * min(len(concrete(text)), _CONCRETE_AT_MOST) - _PLACE * place
    worth -= _LEANS * leans + _ASKS * voice.asks + _QUOTES * voice.quotes
    worth -= _BRIEF * brief + _ADDRESSES * voice.addresses
    late = leaning.is_late(text)
    refers = late or (place > 0 and leaning.refers(text))
    weak = late or brief or voice.is_aside
    figure = place <= 1 and not (refers or voice.addresses) and _FIGURE.match(_DATE.sub("", text)) is not None
    hook = _HOOKS + _ASKS if voice.asks else (_HOOKS - _PLACE * place) * figure
    return Piece(
        text,
        place,
        paragraph,
        count,
        leans,
        refers,
        voice,
        weak,
        leaning.concludes(text),
        hook,
        worth,
        words(text[len(opening) :]),
    )


def _kept(told: Sequence[Piece], title: str) -> list[Piece]:
    """The pieces that say more than the headline; the lead too, where the rest could only begin in mid-story."""
    kept = [piece for piece in told if not repeats(piece.text, piece.words, title)]
    lead = next((piece for piece in told if not piece.leans), None)
    after = next((piece for piece in kept if not piece.leans), None)
    if lead and lead not in kept and after and after.refers and lead.words - words(title):
        return [lead, *kept]
    return kept


def _openings(kept: Sequence[Piece], title: str, begins: int) -> frozenset[int]:
    """The places of what may begin a summary of a story that `begins` at a place. Without a headline it may begin with
    whatever does not lean."""
    standing = [piece for piece in kept if not (piece.leans or (piece.place and leaning.continues(piece.text)))]
    near = [piece for piece in standing if piece.place <= _NEAR]
    if not (title and kept):
        return frozenset(piece.place for piece in standing)
    strong = [
        piece for piece in near if not (piece.weak or piece.refers or (piece.place and leaning.has_pronoun(piece.text)))
    ]
    headline = short_stems(title)
    leads = [*standing[:1], *strong[:1]] if standing and standing[0].weak else standing[:1]
    late = kept[0].place == begins and leads and leads[0].place > _BEHIND
    if late and not headline & short_stems(leads[0].text):
        leads = []  # what comes behind a beginning that leans is background
    going_on = [piece for piece in strong if headline & short_stems(piece.text) and not leaning.has_pronoun(piece.text)]
    asking = [piece for piece in near if piece.voice.asks and not piece.refers]
    return frozenset(piece.place for piece in (*leads, *going_on, *asking))


def _news(kept: Sequence[Piece], title: str) -> frozenset[int]:
    """The place of the first piece that tells what the headline says, where the lead tells nothing of it."""
    headline = short_stems(title)
    if not kept or headline & short_stems(kept[0].text):
        return frozenset()
    for piece in kept:
        weak = piece.leans or piece.weak or piece.refers or leaning.continues(piece.text)
        if piece.place > _SOON:
            break
        if not (weak or leaning.has_pronoun(piece.text)) and len(headline & short_stems(piece.text)) >= _SHARED:
            return frozenset([piece.place])
    return frozenset()


def _needs(
    told: Sequence[Piece], story: str, title: str, common: frozenset[str]
) -> dict[int, tuple[frozenset[int], ...]]:
    """For each piece, where those are introduced whom it calls by the surname alone. A caption introduces nobody."""
    known, before = named(title), frozenset[Introduction]()
    position = story.find(told[0].text[:_RECOGNISED]) if told else 0
    full: dict[int, frozenset[str]] = {}
    found = {}
    for piece in told:
        here = max(position, story.find(piece.text[:_RECOGNISED], position))
        passed = "\n".join(line for line in story[position:here].split("\n") if ENDED.search(line))
        before |= introductions(passed, common)
        position = here + len(piece.text)
        surnames = frozenset(surname for _, surname in before)
        strangers = sorted(bare(piece.text, common, before) & surnames - known)
        found[piece.place] = tuple(frozenset(at for at, names in full.items() if name in names) for name in strangers)
        introduced = introductions(piece.text, common)
        full[piece.place] = frozenset(surname for _, surname in introduced)
        before |= introduced
    return found


def _echoes(lead: Piece, title: str, common: frozenset[str]) -> bool:
    """Whether a lead is the headline once more, and introduces nobody whom the headline does not name."""
    if not echoes(lead.words, words(title)):
        return False
    return {surname for _, surname in introductions(lead.text, common)} <= named(title)


def _is_premise(piece: Piece, after: Piece | None) -> bool:
    if piece.text.endswith("…") or piece.voice.asks or leaning.is_first_of_several(piece.text):
        return True
    return after is not None and after.place == piece.place + 1 and after.concludes


def _goes_on(piece: Piece, after: Piece | None, in_paragraph: Mapping[int, int]) -> bool:
    """Whether the story goes on with what a piece says."""
    if after is None:
        return False
    together = after.paragraph == piece.paragraph and in_paragraph[piece.paragraph] <= _UNIT
    return after.leans or together or piece.text.endswith(":")
