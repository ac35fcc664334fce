"""The best sentences of a story: whole, in their order, the first one strong.

A sentence is worth more the earlier it stands and the more names and figures it holds; less when it repeats what the
headline or a sentence taken before has said, when it asks, quotes, or speaks to the reader. One that leans on the
sentence before it ("However", "He said", «При этом») is taken only behind that one, so none begins a summary; one that
calls somebody by the surname alone only behind the one that introduces that person. A quotation is taken whole or not
at all.

A summary begins with the story's lead, or with a sentence near it that goes on about what the headline names; rather
not at all than in mid-story. It does not end with the first sentence of a paragraph that goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import dropwhile, groupby, islice

from crosspost.text import leaning
from crosspost.text.boilerplate import is_boilerplate
from crosspost.text.clauses import is_fragment, is_lead
from crosspost.text.fit import Measure
from crosspost.text.sentences import sentences
from crosspost.text.surnames import bare, common_words, introduced, named

# What a sentence is worth, in places by which it might stand earlier. Found on English news (benchmarks/summaries.py)
# in wide steps: the figures around these do as well.
_PLACE = 0.5
_CONCRETE = 0.3  # for each name and number
_CONCRETE_AT_MOST = 3
_LEADS = 1.0  # the lead, at the beginning, though the headline has said much of it
_LEANS = 1.0
_REFERS = 1.0  # at the beginning of a summary
_QUOTES = 1.5
_ASKS = 1.5
_ADDRESSES = 1.0  # "you", "we"
_REPEATS = 2.0  # if all of it is known
_BRIEF = 1.0  # fewer words than
_FEW_WORDS = 5
_HOOKS = 2.5  # a question or a figure, where one shall come first

_KNOWN = 0.8  # a sentence so much of which was said before tells nothing
_CONSIDERED = 20  # sentences
_QUOTATION = 5  # sentences; longer ones are no summary
_NEVER_ENDING = 15  # sentences; a quotation that has not ended by then has lost its end
_CONTAINED = 0.65  # a sentence so much of which is in another is told by that one
_STEM = 6  # letters by which forms of one word are taken for the same
_SHORT_STEM = 5  # letters by which a sentence and the headline are taken to speak of the same
_NEAR = 3  # places; a summary that begins further back begins in mid-story
_FEW = 3  # sentences; in a summary of no more than these
_FAR = 2  # places; much is missing between two so far apart
_ADDS = 3  # words; a lead with fewer new ones repeats the headline
_HEADLINE = 5  # words; a sentence that begins with so many in the headline's order repeats it
_PARAGRAPH = 3  # sentences; the first of so many opens what it does not end
_READABLE = 250  # characters; a long summary of less is none
_ENOUGH = 2  # sentences; a summary of more may lose its last
_TOP = 3  # paragraphs; where a heading or a caption may have a full stop
_RECOGNISED = 40  # letters by which a sentence is found in its story

_END = re.compile(r"[.!?…][\"'»”’“)\]]*$")
_CUT = re.compile(r"[\[(](?:…|\.\.\.)[\])]$")
_ENDED = re.compile(r"[.!?…][\"'»”’“)\]]*(?:\s|$)")
_QUESTION = re.compile(r"\?[\"'»”’“)\]]*$")
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"(?<=[^.!?…\s] )[\"'‘“«(]?[A-ZА-ЯЁ]\w+")
_NUMBER = re.compile(r"\d[\d.,:]*")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
    r"|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\w*\.?"
)
_DATE = re.compile(rf"\b\d{{1,2}} {_MONTH}|\b{_MONTH} \d{{1,2}}\b|\b(?:19|20)\d\d\b|\d+[:/]\d+", re.IGNORECASE)
_FIGURE = re.compile(r".{0,80}?(?<![\w.,-])\d[\d.,]*(?!\w)")  # near the beginning
_QUOTED = re.compile(r"[«“„\"‘].*?[»”\"’]")

# A single quotation mark may be an apostrophe: behind an s, nobody can tell which.
_SINGLE_OPENS = re.compile(r"(?<![\w.,!?])['‘](?=[\w\[(£$€—–-])(?!\d\ds\b)")
_SINGLE_CLOSES = re.compile(r"(?<=[^\sSs])['’](?!\w)")
_POSSESSIVE = re.compile(r"[sS]['’](?!\w)")

_ADDRESSING = re.compile(
    r"\b(?:you|your|we|our|us|i|my|one can|вы|вас|вам|вами|ваш\w{0,3}|мы|нас|нам|нами|наш\w{0,3}|я|меня|мне)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a quotation of several, at its `place` among those of the story."""

    text: str
    place: int
    paragraph: int
    sentences: int
    leans: bool  # on what stands before it
    refers: bool  # perhaps to what stands before it ("The pair", behind the first sentence) or comes later
    asks: bool
    weak: bool  # no opening if there is another
    hook: float  # how much more it is worth as an opening that catches: a question, a figure
    worth: float
    words: frozenset[str]
    opens: bool = False  # may begin a summary
    unfinished: bool = False  # the first sentence of a paragraph that goes on
    goes_on: bool = False  # what stands behind it leans on it, or belongs to its paragraph
    alone: bool = False  # a paragraph of its own
    needs: tuple[frozenset[int], ...] = ()  # places; a sentence of each set has to be there before it


@dataclass(frozen=True, slots=True)
class Want:
    """How much is wanted: so many `sentences` at most, `None` for no bound; with `hook`, a question or a sentence with
    a figure comes first, where there is one."""

    sentences: int | None = None
    hook: bool = False
    whole: bool = False


@lru_cache(maxsize=64)  # an article is written up for several channels, and each asks more than once
def pieces(story: str, title: str, language: str) -> tuple[Piece, ...]:
    """What a summary of `story` may be made of, in order: no headings, captions or halves of quotations, and nothing
    that the title alone says already."""
    told = [
        _piece(" ".join(quotation), place, paragraph, len(quotation))
        for place, (paragraph, quotation) in enumerate(islice(_quotations(story, language), _CONSIDERED))
        if quotation
    ]
    if len(told) > 1 and is_fragment(told[0].text):
        told[0] = replace(told[0], leans=True)
    kept = _kept(told, title)
    opening, needs = _openings(kept, title), _needs(told, story, title)
    in_paragraph = Counter(piece.paragraph for piece in told)
    first = {piece.paragraph: piece.place for piece in reversed(told)}
    return tuple(
        replace(
            piece,
            opens=piece.place in opening,
            worth=piece.worth + (_LEADS if title and not (piece.weak or piece.leans) and piece.place == 0 else 0),
            unfinished=piece.place == first[piece.paragraph] and in_paragraph[piece.paragraph] >= _PARAGRAPH,
            goes_on=_goes_on(piece, told),
            alone=in_paragraph[piece.paragraph] == 1,
            needs=needs[piece.place],
        )
        for piece in kept
    )


def choose(given: Sequence[Piece], title: str, want: Want, room: int, measure: Measure) -> list[Piece]:
    """The best pieces that fit into `room` together, by `measure` with a space between; in their order."""
    if want.whole and (paragraphs := _paragraphs(given, title, want, room, measure)):
        return paragraphs
    taken: list[Piece] = []
    known = words(title)
    best = _next_best(given, taken, known, want, room, measure) or _lead(given, room, measure)
    while best:
        taken = sorted([*taken, best], key=lambda piece: piece.place)
        known |= best.words
        best = _next_best(given, taken, known, want, room, measure)
    while len(taken) > _ENOUGH and (taken[-1].unfinished or (want.whole and taken[-1].goes_on)):
        del taken[-1]
    return taken


def _paragraphs(given: Sequence[Piece], title: str, want: Want, room: int, measure: Measure) -> list[Piece]:
    """The story's first paragraphs, as many as fit; none where that is too little to read."""
    taken: list[Piece] = []
    for _, group in groupby(given, key=lambda piece: piece.paragraph):
        paragraph = [*group]
        if not taken:
            paragraph = [*dropwhile(lambda piece: not piece.opens or piece.needs, paragraph)]
        more = list(taken)
        for piece in paragraph:
            there = frozenset(one.place for one in more)
            if piece.leans and piece.place - 1 not in there and not _follows(piece, more, given):
                return _ended(taken)
            known = frozenset().union(*(one.words for one in more))
            if not _says_no_more(piece.words, known):
                more = [*_without_told(more, piece), piece]
        if want.sentences is not None and sum(one.sentences for one in more) > want.sentences:
            break
        if measure(" ".join(one.text for one in more)) > room:
            break
        taken = more
    return _ended(taken)


def _without_told(before: Sequence[Piece], piece: Piece) -> Sequence[Piece]:
    """Those `before` a piece without the first, a paragraph of its own, where the piece tells all that it does and the
    rest may begin."""
    rest = [*before[1:], piece]
    if (
        before
        and before[0].alone
        and _tells(piece.words, before[0].words)
        and not (rest[0].leans or rest[0].weak or rest[0].needs)
    ):
        return before[1:]
    return before


def _follows(piece: Piece, before: Sequence[Piece], given: Sequence[Piece]) -> bool:
    """Whether nothing but what was said already lies between a piece and those `before` it."""
    skipped = frozenset(one.place for one in given)
    return bool(before) and all(place in skipped for place in range(before[-1].place + 1, piece.place))


def _ended(taken: Sequence[Piece]) -> list[Piece]:
    """The paragraphs without those at the end that open a thought; nothing where too little is left."""
    ended = list(taken)
    while len(ended) > _ENOUGH and ended[-1].goes_on and ended[-1].alone:
        del ended[-1]
    return ended if len(" ".join(piece.text for piece in ended)) >= _READABLE else []


def _goes_on(piece: Piece, told: Sequence[Piece]) -> bool:
    """Whether the story goes on with what a piece says."""
    after = next((one for one in told if one.place > piece.place), None)
    return after is not None and (after.leans or after.paragraph == piece.paragraph or piece.text.endswith(":"))


def _openings(kept: Sequence[Piece], title: str) -> frozenset[int]:
    """The places of what may begin a summary. Without a headline it may begin with whatever does not lean."""
    standing = [piece for piece in kept if not piece.leans]
    near = [piece for piece in standing if piece.place <= _NEAR]
    if not title:
        return frozenset(piece.place for piece in standing)
    strong = [
        piece for piece in near if not (piece.weak or piece.refers or (piece.place and leaning.has_pronoun(piece.text)))
    ]
    leads = [*standing[:1], *strong[:1]] if standing and standing[0].weak else standing[:1]
    headline = _short_stems(title)
    going_on = [
        piece for piece in strong if headline & _short_stems(piece.text) and not leaning.has_pronoun(piece.text)
    ]
    asking = [piece for piece in near if piece.asks and not piece.refers]
    return frozenset(piece.place for piece in (*leads, *going_on, *asking))


def _needs(told: Sequence[Piece], story: str, title: str) -> dict[int, tuple[frozenset[int], ...]]:
    """For each piece, where those are introduced whom it calls by the surname alone."""
    common, known, before, position = common_words(story), named(title), frozenset[str](), 0
    full = {piece.place: introduced(piece.text, common) for piece in told}
    found = {}
    for piece in told:
        here = max(position, story.find(piece.text[:_RECOGNISED], position))
        before |= introduced(story[position:here], common)
        position = here
        strangers = sorted(bare(piece.text, common) & before - known)
        found[piece.place] = tuple(
            frozenset(at for at, names in full.items() if at < piece.place and name in names) for name in strangers
        )
    return found


def _kept(told: Sequence[Piece], title: str) -> list[Piece]:
    """The pieces that say more than the headline; the lead too, where the rest could only begin in mid-story."""
    kept = [piece for piece in told if not _repeats(piece, title)]
    lead = next((piece for piece in told if not piece.leans), None)
    after = next((piece for piece in kept if not piece.leans), None)
    if lead and lead not in kept and after and after.refers and lead.words - words(title):
        return [lead, *kept]
    return kept


def _repeats(piece: Piece, title: str) -> bool:
    """Whether a piece says nothing or little but what the title says, or says it in the same words again."""
    spoken, headline = _spoken(piece.text), _spoken(title)
    known = words(title)
    adds = len(piece.words - known)
    if len(headline) >= _HEADLINE and spoken[:_HEADLINE] == headline[:_HEADLINE]:
        return not (adds and _names_more(piece.text, title))
    return (_says_no_more(piece.words, known) and adds < _ADDS) or (
        len(known) >= _HEADLINE and known <= piece.words and adds < len(known)
    )


def _names_more(text: str, title: str) -> bool:
    """Whether a figure, a date, a name or a place is in `text` that `title` does not have."""
    there = {word[:_STEM] for word in _spoken(title)}
    here = (word[:_STEM] for found in (*_NAME.findall(text), *_NUMBER.findall(text)) for word in _spoken(found))
    return any(word not in there for word in here)


def _lead(given: Sequence[Piece], room: int, measure: Measure) -> Piece | None:
    """The first opening, though it repeats much of the headline: better than to begin in mid-story."""
    return next((piece for piece in given if piece.opens and not piece.needs and measure(piece.text) <= room), None)


def _next_best(
    given: Sequence[Piece], taken: Sequence[Piece], known: frozenset[str], want: Want, room: int, measure: Measure
) -> Piece | None:
    joining = (piece for piece in given if _may_join(piece, taken, want) and not _says_no_more(piece.words, known))
    worth = {piece: _worth(piece, taken, known, want) for piece in joining}
    for piece in sorted(worth, key=lambda piece: (-worth[piece], piece.place)):
        together = sorted([*taken, piece], key=lambda one: one.place)
        if measure(" ".join(one.text for one in together)) <= room:
            return piece
    return None


def _may_join(piece: Piece, taken: Sequence[Piece], want: Want) -> bool:
    if piece in taken:
        return False
    if want.sentences is not None and sum(one.sentences for one in taken) + piece.sentences > want.sentences:
        return False
    few = want.sentences is not None and want.sentences <= _FEW
    if few and taken and piece.place > taken[-1].place + _FAR:
        return False
    if want.hook and taken and piece.place < taken[0].place:
        return False
    if not (piece.opens or any(one.place < piece.place for one in taken)):
        return False
    if any(_tells(piece.words, one.words) for one in taken):
        return False
    there = frozenset(one.place for one in taken)
    return (not piece.leans or piece.place - 1 in there) and all(places & there for places in piece.needs)


def _worth(piece: Piece, taken: Sequence[Piece], known: frozenset[str], want: Want) -> float:
    worth = piece.worth - _REPEATS * len(piece.words & known) / max(1, len(piece.words))
    if piece.leans and taken:
        worth += _LEANS / 2  # beside what it leans on
    if piece.refers and all(one.place > piece.place for one in taken):
        worth -= _REFERS
    return worth + piece.hook if want.hook and not taken else worth


def _piece(text: str, place: int, paragraph: int, count: int) -> Piece:
    concrete = len(_NAME.findall(text)) + len(_NUMBER.findall(text))
    opening = leaning.opening(text)
    leans = bool(opening) or (place > 0 and leaning.leans_within(text))
    asks, quotes = _QUESTION.search(text) is not None, text[0] in "\"'«“„‘—–"
    brief, addresses = len(text.split()) < _FEW_WORDS, _ADDRESSING.search(_QUOTED.sub("", text)) is not None
    worth = _CONCRETE * min(concrete, _CONCRETE_AT_MOST) - _PLACE * place
    worth -= _LEANS * leans + _ASKS * asks + _QUOTES * quotes + _BRIEF * brief + _ADDRESSES * addresses
    late = leaning.is_late(text)
    refers = late or (place > 0 and leaning.refers(text))
    weak = late or asks or quotes or brief or addresses
    hook = (
        _HOOKS + _ASKS
        if asks
        else _HOOKS * (place <= 1 and _FIGURE.match(_DATE.sub("", text)) is not None and not (refers or addresses))
    )
    return Piece(
        text,
        place,
        paragraph,
        count,
        leans,
        refers,
        asks,
        weak,
        hook,
        worth,
        words(text[len(opening) :]),
    )


def words(text: str) -> frozenset[str]:
    """The words of `text` that tell something, cut to what their forms have in common."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()) if len(word) > 3 or word.isdigit())


def _short_stems(text: str) -> frozenset[str]:
    return frozenset(word[:_SHORT_STEM] for word in words(text))


def _spoken(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _says_no_more(said: frozenset[str], known: frozenset[str]) -> bool:
    return bool(said) and len(said & known) >= _KNOWN * len(said)


def _tells(said: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what was `said` holds what the `other` sentence tells, and more: both would say it twice."""
    return len(other) >= _HEADLINE and len(said & other) >= _CONTAINED * len(other)


def _quotations(story: str, language: str) -> Iterator[tuple[int, list[str]]]:
    """The sentences of each paragraph, those of one quotation together; nothing in the place of half a quotation or a
    very long one."""
    paragraphs = story.split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        said = [*_proper(paragraph, language, _ENDED.search(story) is not None, first=number == 0)]
        if number < _TOP and len(said) == 1 and len(paragraphs) > 1 and is_fragment(said[0]):
            continue  # a heading or a caption, full stop or not
        at = 0
        while at < len(said):
            longest = min(len(said), at + _NEVER_ENDING)
            end = next((end for end in range(at + 1, longest + 1) if _balanced(" ".join(said[at:end]))), 0)
            yield number, said[at:end] if end and end - at <= _QUOTATION else []
            at = end or at + _QUOTATION


def _proper(paragraph: str, language: str, ended: bool, *, first: bool) -> Iterator[str]:
    """The sentences of the story. Where any are `ended`, the others are headings and captions, but for a lead at the
    end of the `first` paragraph; items of a list are no sentences without a full stop."""
    told = sentences(paragraph, language)
    for number, sentence in enumerate(told):
        whole = sentence.removeprefix("• ")
        finished = _END.search(whole) and not _CUT.search(whole)
        lead = first and number == len(told) - 1 and whole == sentence and not finished and is_lead(whole)
        if not is_boilerplate(whole) and (finished or lead or (not ended and whole == sentence)):
            yield f"{whole}." if lead else whole


def _balanced(text: str) -> bool:
    """Whether each quotation that begins in `text` ends there, and none ends that did not begin."""
    if text.count("«") != text.count("»"):
        return False
    opening = "„" if "„" in text else "“"
    closing = "“”" if opening == "„" else "”"
    unequal, straight = abs(text.count(opening) - sum(map(text.count, closing))), text.count('"')
    if unequal > straight or (straight - unequal) % 2:  # some texts mix both kinds
        return False
    if "'" not in text and "‘" not in text and "’" not in text:
        return True
    opened, closed = len(_SINGLE_OPENS.findall(text)), len(_SINGLE_CLOSES.findall(text))
    possessive = len(_POSSESSIVE.findall(text))
    return closed <= opened <= closed + possessive
