"""What a film says and when: a page for the title, and one or more for each sentence. Pure.

    sentences -> what can be drawn -> pages of lines -> calm times -> those that fit into 30 seconds, at least 15

Decisions:
- A sentence is never cut: one too long for a page goes on over the next, parted at a clause, else between words.
- There is no hurry: sentences that would take the film past its longest are left out from there on, whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, pairwise
from typing import Final

from crosspost.film.reel import RATE
from crosspost.lettering import Block, balanced, broken, drawable, font, laid_out, pieces, together, width_in

SHORTEST: Final = 15  # seconds
LONGEST: Final = 30  # seconds
_WORDS_A_SECOND = 2.5  # calm, for a reader who also looks at the picture
_TITLE_PAUSE, _PAUSE = 1.4, 0.9  # seconds: to arrive, and for the fades
_SHORTEST_PAGE = 2.0  # seconds

_WIDTH = 864  # pixels that lines may be long
_CLAUSE_ENDS = (",", ";", ":", "—", "–", ")", ",»", ",”")


class Room(Enum):
    """Where the words stand: beside a picture, or with the whole height for themselves."""

    BESIDE = "beside"
    WHOLE = "whole"


_TITLES = {
    Room.BESIDE: Block(_WIDTH, 512, (104, 96, 88, 80, 74, 68, 62, 56, 50, 44), large=88, weight=750, leading=1.14),
    Room.WHOLE: Block(_WIDTH, 960, (124, 114, 104, 96, 88, 80, 74, 68, 62, 56, 50), large=96, weight=750, leading=1.14),
}
_SENTENCES = {
    Room.BESIDE: Block(_WIDTH, 512, (66,), large=66, weight=560, leading=1.28),
    Room.WHOLE: Block(_WIDTH, 960, (84,), large=84, weight=560, leading=1.28),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Lines shown together, in letters of one size and weight, from frame `start` until before frame `end`."""

    lines: Sequence[str]
    size: int
    weight: int
    step: int  # pixels from line to line
    start: int
    end: int


def written(title: str, sentences: Sequence[str], room: Room) -> Sequence[Page]:
    """The pages of a film in their order; none when the title says nothing that can be drawn."""
    shown = drawable(title)
    if shown is None:
        return ()
    large, block = _TITLES[room], _SENTENCES[room]
    size, lines = laid_out(shown, large)
    told = [(lines, size, large)]
    seconds = [_calm(lines, _TITLE_PAUSE)]
    for sentence in filter(None, map(drawable, sentences)):
        more = list(_paged(sentence, block))
        longer = [_calm(page, _PAUSE) for page in more]
        if sum(seconds) + sum(longer) > LONGEST:
            break
        told += [(page, block.sizes[0], block) for page in more]
        seconds += longer
    ends = _frames(seconds)
    return [
        Page(lines, size, block.weight, block.step(size), start, end)
        for (lines, size, block), (start, end) in zip(told, pairwise([0, *ends]), strict=True)
    ]


def _calm(lines: Sequence[str], pause: float) -> float:
    """The seconds that a page wants."""
    words = sum(any(map(str.isalnum, word)) for line in lines for word in line.split())
    return max(_SHORTEST_PAGE, words / _WORDS_A_SECOND + pause)


def _frames(seconds: Sequence[float]) -> list[int]:
    """The frames at which pages end that last so long, stretched or pressed to what a film may last."""
    total = sum(seconds)
    share = min(max(total, SHORTEST), LONGEST) / total
    return [round(end * share * RATE) for end in accumulate(seconds)]


def _paged(sentence: str, block: Block) -> Iterator[Sequence[str]]:
    """A drawable sentence as pages of lines, of much the same length."""
    size = block.sizes[0]
    width, most = width_in(font(size, block.weight)), block.most(size)
    units = [piece for unit in together(sentence.split(" ")) for piece in pieces(unit, block.width, width)]
    while units:
        lines = broken(units, block.width, width)
        count = len(units)
        if len(lines) > most:
            count = _parting(units[: _fitting(lines[:most], units)], count / -(-len(lines) // most))
        page, units = units[:count], units[count:]
        yield balanced(page, len(broken(page, block.width, width)), block.width, width)


def _fitting(lines: Sequence[str], units: Sequence[str]) -> int:
    """How many units these lines hold."""
    left, count = sum(map(len, lines)) + len(lines), 0
    while count < len(units) and (left := left - len(units[count]) - 1) >= 0:
        count += 1
    return count


def _parting(units: Sequence[str], even: float) -> int:
    """After how many of these units a page ends best: after a clause not far from an even share, else at that share."""
    clauses = [count for count, unit in enumerate(units, start=1) if unit.endswith(_CLAUSE_ENDS) and count * 2 >= even]
    return min(clauses, key=lambda count: abs(count - even)) if clauses else min(max(1, round(even)), len(units))
