"""A story's first paragraphs: what a long summary is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import dropwhile

from crosspost.text.fit import Measure
from crosspost.text.leaning import has_pronoun
from crosspost.text.pieces import Piece, is_told
from crosspost.text.repeating import tells

_READABLE = 250  # characters; a long summary of less is none
_LITTLE = 0.4  # of the room; one of less rather ends within a paragraph
_ENOUGH = 2  # sentences; a summary of more may lose its last


def first_paragraphs(given: Sequence[Piece], most: int | None, room: int, measure: Measure) -> list[Piece]:
    """The story's first paragraphs, as many as fit into `room` with `most` sentences; of a long one its beginning; none
    where that is too little to read."""
    taken: list[Piece] = []
    for piece in dropwhile(lambda piece: not piece.opens or piece.needs, given):
        if not _may_follow(piece, taken, given):
            return _ended(taken, piece.paragraph, room, measure)
        known = frozenset[str]().union(*(one.words for one in taken))
        if is_told(piece, taken, known) and not _is_leaned_on(piece, given):
            continue
        more = [*_without_told(taken, piece), piece]
        many = most is not None and sum(one.sentences for one in more) > most
        if many or measure(_text(more)) > room:
            return _ended(taken, piece.paragraph, room, measure)
        taken = more
    return _ended(taken, None, room, measure)


def _may_follow(piece: Piece, before: Sequence[Piece], given: Sequence[Piece]) -> bool:
    """Whether a piece goes on about those `before` it. Where the story suddenly speaks to readers, or as "we", somebody
    is quoted without the marks."""
    there = frozenset(one.place for one in before)
    if piece.leans and piece.place - 1 not in there and not _follows(piece, before, given):
        return False
    return not (piece.voice.addresses and before) and all(places & there for places in piece.needs)


def _is_leaned_on(piece: Piece, given: Sequence[Piece]) -> bool:
    """Whether the next piece leans on this one; on a quotation only where it calls the speaker by a pronoun."""
    return any(
        one.leans and one.place == piece.place + 1 and (not piece.voice.quotes or has_pronoun(one.text))
        for one in given
    )


def _without_told(before: Sequence[Piece], piece: Piece) -> Sequence[Piece]:
    """Those `before` a piece without the first, a paragraph of its own, where the piece tells all that it does and the
    rest may begin."""
    rest = [*before[1:], piece]
    if (
        before
        and before[0].alone
        and tells(piece.words, before[0].words)
        and not (rest[0].leans or rest[0].weak or rest[0].needs)
    ):
        return before[1:]
    return before


def _follows(piece: Piece, before: Sequence[Piece], given: Sequence[Piece]) -> bool:
    """Whether nothing but what was said already lies between a piece and those `before` it."""
    skipped = frozenset(one.place for one in given)
    return bool(before) and all(place in skipped for place in range(before[-1].place + 1, piece.place))


def _ended(taken: Sequence[Piece], cut: int | None, room: int, measure: Measure) -> list[Piece]:
    """The paragraphs without those at the end that open a thought, and, unless that leaves little, without the
    beginning of the one that was `cut`, if it is a short one; nothing where too little is left."""
    ended = _without_end(taken, lambda piece: _opens_a_thought(piece, cut))
    if measure(_text(ended)) < _LITTLE * room:
        ended = _without_end(taken, lambda piece: piece.premise or piece.elsewhere)
    return ended if len(_text(ended)) >= _READABLE else []


def _without_end(taken: Sequence[Piece], is_none: Callable[[Piece], bool]) -> list[Piece]:
    ended = list(taken)
    while len(ended) > _ENOUGH and is_none(ended[-1]):
        del ended[-1]
    return ended


def _text(pieces: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in pieces)


def _opens_a_thought(piece: Piece, cut: int | None) -> bool:
    return piece.premise or piece.elsewhere or (piece.goes_on and (piece.alone or piece.paragraph == cut))
