"""The best sentences of a story: whole, in their order, the first one strong.

A sentence is worth more the earlier it stands and the more names and figures it holds; less when it repeats what the
headline or a sentence taken before has said, when it asks, quotes, or speaks to the reader. One that leans on the
sentence before it ("However", "He said", «При этом») is taken only behind that one, so none begins a summary; one that
calls somebody by the surname alone only behind the one that introduces that person. A quotation is taken whole or not
at all.

A summary begins with the story's lead, or with a sentence near it that goes on about what the headline names; rather
not at all than in mid-story. Only where the lead tells nothing of the headline's news, one of a sentence or two begins
with the sentence that does. In a short one nothing is passed over but questions, quotations and words to readers. It
does not end with the first sentence of a paragraph that goes on, nor with what the next one takes back ("But …").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from crosspost.text.fit import Measure
from crosspost.text.paragraphs import first_paragraphs
from crosspost.text.pieces import Piece, is_told
from crosspost.text.repeating import tells, words

# In the same measure as the pieces' own worth.
_BESIDE = 0.5  # behind what it leans on
_NEWS = 5.0  # before all that leads up to it
_REFERS = 1.0  # at the beginning of a summary
_ECHOES = 2.0  # the headline once more, where one sentence is all
_REPEATS = 2.0  # if all of it is known
_PASSED = 1  # sentence; one from further back is in mid-story
_BRIEF = 2  # sentences
_FEW = 3  # sentences; in a summary of no more than these
_ENOUGH = 2  # sentences; a summary of more may lose its last


@dataclass(frozen=True, slots=True)
class Want:
    """How much is wanted: so many `sentences` at most, `None` for no bound; with `hook`, a question or a sentence with
    a figure comes first, where there is one; `whole`, the story's first paragraphs rather than the best sentences."""

    sentences: int | None = None
    hook: bool = False
    whole: bool = False


def choose(given: Sequence[Piece], title: str, want: Want, room: int, measure: Measure) -> list[Piece]:
    """The best pieces that fit into `room` together, by `measure` with a space between; in their order."""
    if want.whole and (paragraphs := first_paragraphs(given, want.sentences, room, measure)):
        return paragraphs
    taken: list[Piece] = []
    known = words(title)
    best = _next_best(given, taken, known, want, room, measure) or _lead(given, want, room, measure)
    while best:
        taken = sorted([*taken, best], key=lambda piece: piece.place)
        known |= best.words
        best = _next_best(given, taken, known, want, room, measure)
    while len(taken) > _ENOUGH and (taken[-1].unfinished or (want.whole and taken[-1].goes_on)):
        del taken[-1]
    if len(taken) > 1 and taken[-1].premise:
        del taken[-1]
    return taken


def _lead(given: Sequence[Piece], want: Want, room: int, measure: Measure) -> Piece | None:
    """The first opening, though it repeats much of the headline: better than to begin in mid-story."""
    opening = (
        piece
        for piece in given
        if piece.opens and not piece.needs and _is_few(piece, (), want) and not _is_far(piece, given, want)
    )
    return next((piece for piece in opening if measure(piece.text) <= room), None)


def _next_best(
    given: Sequence[Piece], taken: Sequence[Piece], known: frozenset[str], want: Want, room: int, measure: Measure
) -> Piece | None:
    new = [piece for piece in given if piece not in taken and not _tells_twice(piece, taken, known)]
    joining = (piece for piece in new if _may_join(piece, taken, new, want))
    worth = {piece: _worth(piece, taken, known, want) for piece in joining}
    for piece in sorted(worth, key=lambda piece: (-worth[piece], piece.place)):
        together = sorted([*taken, piece], key=lambda one: one.place)
        if measure(" ".join(one.text for one in together)) <= room:
            return piece
    return None


def _tells_twice(piece: Piece, taken: Sequence[Piece], known: frozenset[str]) -> bool:
    return is_told(piece, taken, known) or any(tells(piece.words, one.words) for one in taken)


def _is_few(piece: Piece, taken: Sequence[Piece], want: Want) -> bool:
    """Whether a piece and those that are `taken` are no more sentences than are wanted."""
    return want.sentences is None or sum(one.sentences for one in (*taken, piece)) <= want.sentences


def _is_short(want: Want) -> bool:
    return want.sentences is not None and want.sentences <= _FEW


def _is_the_news(piece: Piece, want: Want) -> bool:
    """Whether a summary of a sentence or two begins with a piece wherever it stands: there is no room for what leads up
    to it."""
    return piece.news and want.sentences is not None and want.sentences <= _BRIEF


def _may_join(piece: Piece, taken: Sequence[Piece], new: Sequence[Piece], want: Want) -> bool:
    if not _is_few(piece, taken, want):
        return False
    if piece.voice.says_i and taken and piece.place > taken[0].place and not taken[0].voice.says_i:
        return False  # somebody is quoted without the marks
    if _is_short(want) and _missed(piece, taken, new):
        return False
    if _is_first(piece, taken) and not _may_begin(piece, new, want):
        return False
    if taken and piece.place < taken[0].place and (want.hook or _is_the_news(taken[0], want)):
        return False
    there = frozenset(one.place for one in taken)
    return (not piece.leans or piece.place - 1 in there) and all(places & there for places in piece.needs)


def _is_first(piece: Piece, taken: Sequence[Piece]) -> bool:
    return all(one.place > piece.place for one in taken)


def _may_begin(piece: Piece, among: Sequence[Piece], want: Want) -> bool:
    opens = piece.opens or (want.sentences == 1 and piece.follows_echo) or _is_the_news(piece, want)
    return opens and not _is_far(piece, among, want)


def _is_far(piece: Piece, among: Sequence[Piece], want: Want) -> bool:
    """Whether a short summary would begin in mid-story with it: too far behind the first that could begin one."""
    story = dropwhile(lambda one: one.leans, among)
    passed = (one for one in story if one.place < piece.place and not one.voice.is_aside)
    return _is_short(want) and not _is_the_news(piece, want) and sum(1 for _ in passed) > _PASSED


def _missed(piece: Piece, taken: Sequence[Piece], new: Sequence[Piece]) -> bool:
    """Whether something `new` is missing between a piece and those before it: all but an aside."""
    before = max((one.place for one in taken if one.place < piece.place), default=piece.place)
    return any(before < one.place < piece.place and not one.voice.is_aside for one in new)


def _worth(piece: Piece, taken: Sequence[Piece], known: frozenset[str], want: Want) -> float:
    worth = piece.worth - _REPEATS * len(piece.words & known) / max(1, len(piece.words))
    if piece.leans and taken:
        worth += _BESIDE
    if want.sentences == 1 and piece.echoes:
        worth -= _ECHOES
    if piece.refers and _is_first(piece, taken):
        worth -= _REFERS
    if _is_the_news(piece, want) and not taken:
        worth += _NEWS
    return worth + piece.hook if want.hook and not taken else worth
