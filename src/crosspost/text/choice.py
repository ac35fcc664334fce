"""The best sentences of a story: whole, in their order, the first one strong.

A sentence is worth more the earlier it stands and the more names and figures it holds; less when it repeats what the
headline or a sentence taken before has said, when it asks, quotes, or speaks to the reader. One that leans on the
sentence before it ("However", "He said", «При этом») is taken only behind that one, so none begins a summary. A
quotation is taken whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from crosspost.text.boilerplate import is_boilerplate
from crosspost.text.fit import Measure
from crosspost.text.sentences import sentences

# What a sentence is worth, in places by which it might stand earlier. Found on English news (benchmarks/summaries.py)
# in wide steps: the figures around these do as well.
_PLACE = 0.5
_CONCRETE = 0.3  # for each name and number
_CONCRETE_AT_MOST = 3
_LEANS = 1.0
_REFERS = 1.0  # at the beginning of a summary
_QUOTES = 1.5
_ASKS = 1.5
_ADDRESSES = 1.0  # "you", "we"
_REPEATS = 2.0  # if all of it is known
_BRIEF = 1.0  # fewer words than
_FEW_WORDS = 5
_HOOKS = 1.5  # a question or a figure, where one shall come first

_KNOWN = 0.8  # a sentence so much of which was said before tells nothing
_CONSIDERED = 20  # sentences
_QUOTATION = 5  # sentences; longer ones are no summary
_STEM = 6  # letters by which forms of one word are taken for the same

_END = re.compile(r"[.!?…][\"'»”’“)\]]*$")
_ENDED = re.compile(r"[.!?…][\"'»”’“)\]]*(?:\s|$)")
_QUESTION = re.compile(r"\?[\"'»”’“)\]]*$")
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"(?<=[^.!?…\s] )[\"'‘“«(]?[A-ZА-ЯЁ]\w+")
_NUMBER = re.compile(r"\d[\d.,:]*")
_QUOTED = re.compile(r"[«“„\"‘].*?[»”\"’]")

# A single quotation mark may be an apostrophe: behind an s, nobody can tell which.
_SINGLE_OPENS = re.compile(r"(?<![\w.,!?])['‘](?=[\w\[(£$€—–-])(?!\d\ds\b)")
_SINGLE_CLOSES = re.compile(r"(?<=[^\sSs])['’](?!\w)")
_POSSESSIVE = re.compile(r"[sS]['’](?!\w)")

_LEANING = re.compile(
    r"[\"'‘“«(—–-]*\s*(?:"
    # English
    r"(?:but|and|or|nor|so|yet|however|also|then|still|meanwhile|instead|moreover|furthermore|besides|therefore|thus"
    r"|hence|nevertheless|nonetheless|otherwise|similarly|likewise|consequently|additionally|afterwards|indeed"
    r"|he|she|it|they|him|them|his|her|its|their|this(?! (?:week|month|year|morning|evening|season|spring|summer|autumn"
    r"|fall|winter|weekend|sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b)|that|these|those|both|such"
    r"|in addition|for (?:example|instance)|as a result|on the (?:other hand|contrary)|in contrast|at the same time"
    r"|the (?:former|latter|same)|according to (?:him|her|them)|by contrast|of (?:them|these|those)|not only that"
    r"|(?:here|there)(?=,)|(?:[\w’'-]+ ){1,4}also)"
    r"(?:['’](?:s|d|ll|ve|re))?"
    # Russian
    r"|но|а|и|или|да|однако|зато|впрочем|тем не менее|при этом|вместе с тем|в то же время|между тем|тем временем|также"
    r"|кроме того|кроме этого|помимо (?:этого|того)|более того|к тому же|причём|причем|поэтому|потому|следовательно"
    r"|таким образом|итак|так|например|в частности|напротив|наоборот|наконец|затем|потом|тогда|там|туда|оттуда|здесь"
    r"|он|она|оно|они|его|её|ее|их|ему|ей|им|ним|нём|этот|эта|это|эти|этого|этой|этих|этому|этим|тот|та|ту|те|такой|такая"
    r"|такое|такие|обе|оба|об этом|о нём|о ней|о них|у него|у неё|у нее|у них|для этого|из них|среди них|после этого"
    r"|до этого|по (?:его|её|ее|их) (?:словам|мнению|данным)|с его слов|напомним|отметим|добавим|ранее|в свою очередь"
    r"|кстати"
    r"|дело в том|речь идёт|речь идет|последний|последняя|последние"
    r"|(?:[\w-]+ ){1,3}(?:также|тоже)"
    r")(?![\w.-])",
    re.IGNORECASE,
)
_REFERRING = re.compile(r"The\b")
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
    refers: bool  # perhaps to what stands before it: "The pair", behind the first sentence
    hook: float  # how much more it is worth as an opening that catches: a question, a figure
    worth: float
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Want:
    """How much is wanted: so many `sentences` at most, `None` for no bound; with `hook`, a question or a sentence with
    a figure comes first, where there is one."""

    sentences: int | None = None
    hook: bool = False


@lru_cache(maxsize=64)  # an article is written up for several channels, and each asks more than once
def pieces(story: str, title: str, language: str) -> tuple[Piece, ...]:
    """What a summary of `story` may be made of, in order: no headings, captions or halves of quotations, and nothing
    that the title alone says already."""
    title_words, found = words(title), []
    for place, (paragraph, quotation) in enumerate(islice(_quotations(story, language), _CONSIDERED)):
        text = " ".join(quotation)
        if not _says_no_more(words(text), title_words):
            found.append(_piece(text, place, paragraph, len(quotation)))
    return tuple(found)


def choose(given: Sequence[Piece], title: str, want: Want, room: int, measure: Measure) -> list[Piece]:
    """The best pieces that fit into `room` together, by `measure` with a space between; in their order."""
    taken: list[Piece] = []
    known = words(title)
    while best := _next_best(given, taken, known, want, room, measure):
        taken = sorted([*taken, best], key=lambda piece: piece.place)
        known |= best.words
    return taken


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
    if want.hook and taken and piece.place < taken[0].place:
        return False
    return not piece.leans or _follows(piece, taken)


def _follows(piece: Piece, taken: Iterable[Piece]) -> bool:
    return any(one.place == piece.place - 1 for one in taken)


def _worth(piece: Piece, taken: Sequence[Piece], known: frozenset[str], want: Want) -> float:
    worth = piece.worth - _REPEATS * len(piece.words & known) / max(1, len(piece.words))
    if piece.leans and taken:
        worth += _LEANS / 2  # beside what it leans on
    if piece.refers and all(one.place > piece.place for one in taken):
        worth -= _REFERS
    return worth + piece.hook if want.hook and not taken else worth


def _piece(text: str, place: int, paragraph: int, count: int) -> Piece:
    concrete = len(_NAME.findall(text)) + len(_NUMBER.findall(text))
    leans, asks = _LEANING.match(text) is not None, _QUESTION.search(text) is not None
    worth = _CONCRETE * min(concrete, _CONCRETE_AT_MOST) - _PLACE * place
    worth -= _LEANS * leans + _ASKS * asks + _QUOTES * (text[0] in "\"'«“„‘—–")
    worth -= _BRIEF * (len(text.split()) < _FEW_WORDS)
    worth -= _ADDRESSES * (_ADDRESSING.search(_QUOTED.sub("", text)) is not None)
    refers = place > 0 and _REFERRING.match(text) is not None
    hook = _HOOKS + _ASKS if asks else _HOOKS * (_NUMBER.search(text) is not None and not refers)
    return Piece(text, place, paragraph, count, leans, refers, hook, worth, words(text))


def words(text: str) -> frozenset[str]:
    """The words of `text` that tell something, cut to what their forms have in common."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()) if len(word) > 3 or word.isdigit())


def _says_no_more(said: frozenset[str], known: frozenset[str]) -> bool:
    return bool(said) and len(said & known) >= _KNOWN * len(said)


def _quotations(story: str, language: str) -> Iterator[tuple[int, list[str]]]:
    """The sentences of each paragraph, those of one quotation together, without halves of one."""
    for number, paragraph in enumerate(story.split("\n\n")):
        quotation: list[str] = []
        for sentence in _proper(paragraph, language, _ENDED.search(story) is not None):
            quotation.append(sentence)
            if _balanced(" ".join(quotation)):
                yield number, quotation
                quotation = []
            elif len(quotation) == _QUOTATION:
                quotation = []


def _proper(paragraph: str, language: str, ended: bool) -> Iterator[str]:
    """The sentences of the story. Where any are `ended`, the others are headings, captions and items of a list."""
    for sentence in sentences(paragraph, language):
        bare = sentence.removeprefix("• ")
        if not is_boilerplate(bare) and (_END.search(bare) or not ended):
            yield bare


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
