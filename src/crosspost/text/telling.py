"""What a story tells, sentence by sentence, from where it begins to tell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from crosspost.text import leaning
from crosspost.text.quotations import CREDIT, quotations
from crosspost.text.repeating import retells, short_stems
from crosspost.text.voices import voices

_CONSIDERED = 16  # sentences
_DECK = 2  # sentences
_RETOLD = 3  # sentences, in which a whole deck may be told again
_ALL = 0.75  # of its words, then; and of the words of the first of those sentences so many are the deck's:
_BEGINS = 0.4
_SOON = 8  # sentences, among which one may tell a deck again: so much of it
_SAME = 0.85
_LONG = 5  # times as many words; a sentence of so many has the words of any

Telling = Sequence[tuple[int, list[str]]]  # the number of a paragraph, and the sentences of a quotation or one alone


def told(story: str, language: str, *, with_deck: bool = False) -> Telling:
    """The first sentences of `story`, an empty place where something is missing on which the next leans; credits only
    where the story goes on about them; a first paragraph that only sums up what the second begins to tell, where it is
    asked for."""
    return _said(story, language)[0 if with_deck else deck(story, language) :]


@lru_cache(maxsize=8)
def deck(story: str, language: str) -> int:
    """How many sentences a first paragraph of `story` has that only sums up what the second begins to tell; 0 where
    there is none."""
    said = [(paragraph, " ".join(quotation)) for paragraph, quotation in _said(story, language)]
    above = [sentence for paragraph, sentence in said[: _DECK + 1] if paragraph == said[0][0]]
    follows = said[len(above) :][:_SOON]
    begins = [sentence for paragraph, sentence in follows[:_DECK] if paragraph == follows[0][0]]
    if len(above) > _DECK or not begins or not begins[0]:
        return 0
    first = begins[0]
    weak = (
        leaning.opening(first)
        or leaning.is_late(first)
        or leaning.continues(first)
        or voices(first, lead=True).is_aside
    )
    return 0 if weak or not _is_told_again(above, [sentence for _, sentence in follows], len(begins)) else len(above)


@lru_cache(maxsize=8)
def _said(story: str, language: str) -> Telling:
    said = [*islice(quotations(story, language), _CONSIDERED)]
    following = [*(quotation for _, quotation in said[1:]), []]
    return [
        (paragraph, [sentence.removeprefix(CREDIT) for sentence in quotation])
        for (paragraph, quotation), then in zip(said, following, strict=False)
        if not (quotation and quotation[0].startswith(CREDIT)) or leaning.is_of_a_source(" ".join(then))
    ]


def _is_told_again(above: Sequence[str], follows: Sequence[str], begin: int) -> bool:
    """Whether a first paragraph is told again by what follows, of which so many sentences `begin` the second."""
    decks, stems = [*map(short_stems, above)], [*map(short_stems, follows)]
    whole = frozenset[str]().union(*decks)
    return (
        (retells(frozenset().union(*stems[:_RETOLD]), whole, _ALL) and retells(whole, stems[0], _BEGINS))
        or any(retells(one, whole, _SAME) for one in stems)
        or all(any(retells(one, deck, _SAME) for one in stems) for deck in decks)
        or any(retells(one, deck) for one in stems[:begin] for deck in decks if len(one) < _LONG * len(deck))
    )
