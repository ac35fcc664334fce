"""The sentences of a story, a quotation of several as one: no headings, no captions, no halves of quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosspost.text import leaning
from crosspost.text.boilerplate import is_boilerplate
from crosspost.text.clauses import is_caption, is_fragment, is_lead
from crosspost.text.sentences import sentences

CREDIT = "\0"
_QUOTATION = 5  # sentences; longer ones are no summary
_NEVER_ENDING = 15  # sentences; a quotation that has not ended by then has lost its end
_TOP = 3  # paragraphs; where a sentence without a verb is a caption

_END = re.compile(r"[.!?…][\"'»”’“)\]]*$")
_CUT = re.compile(r"[\[(](?:…|\.\.\.)[\])]$")
ENDED = re.compile(r"[.!?…][\"'»”’“)\]]*(?:\s|$)")

# As a speech begins that has its marks.
_MARKED = re.compile(r"[\"'«“„‘]")
_SPOKEN = re.compile(r"[—–-] ?\w")
_ANNOUNCES = re.compile(r"\b(?:following|follows|below|следующ\w+|ниже)\b.*:$", re.IGNORECASE)
# ОАО «Завод «Красный луч»: one mark closes both, where nothing behind it closes the other.
_NAME_IN_NAME = re.compile(r"[^«»]*(?:«[^«»]*»[^«»]*)*(?<=\w )«[А-ЯЁA-Z][^«»]{1,60} «[^«»]+»[^«»]*(?:«[^«»]*»[^«»]*)*")
# A straight mark opens at the beginning of a word, and closes elsewhere.
_DOUBLE = re.compile(r"((?:^|(?<=[\s(\[—–-]))\"(?=\S))|([\"“”])")
_STRAIGHT_OPENS = "<"
# A single quotation mark may be an apostrophe: behind an s, nobody can tell which.
_SINGLE_OPENS = re.compile(r"(?<![\w.,!?])['‘](?=[\w\[(£$€«“„—–-])(?!\d\ds\b)")
_SINGLE_CLOSES = re.compile(r"(?<=[^\sSs])['’](?!\w)")
_POSSESSIVE = re.compile(r"[sS]['’](?!\w)")


def quotations(story: str, language: str) -> Iterator[tuple[int, list[str]]]:
    """The sentences of each paragraph, those of one quotation together; nothing in the place of half a quotation,
    of a very long one and of what a colon or a dash announces without the marks, and behind `CREDIT` what leans on the
    story and is none of it: "This was said by an agency"."""
    paragraphs, ended, begun = story.split("\n\n"), ENDED.search(story) is not None, False
    for number, paragraph in enumerate(paragraphs):
        announced = number and paragraphs[number - 1].endswith(":") and not _MARKED.match(paragraph)
        if announced or (number and _SPOKEN.match(paragraph)):
            # Items of a list, not told one after the other; somebody quoted without the marks, or behind a dash, which
            # opens a paragraph and may not stand within one.
            yield number, []
            continue
        said = [*_proper(paragraph, language, ended, first=not begun)]
        if len(paragraphs) > 1 and len(said) == 1 and (is_fragment(said[0]) or (number < _TOP and is_caption(said[0]))):
            continue
        begun = begun or bool(said)
        if number == 0 and len(said) > 1 and is_caption(said[0], photographed=True):
            del said[0]
        yield from ((number, quotation) for quotation in _together(said))


def _together(said: Sequence[str]) -> Iterator[list[str]]:
    """The sentences of each quotation together, any other alone."""
    at = 0
    while at < len(said):
        marks, end = _Marks(), 0
        for reached, sentence in enumerate(said[at : at + _NEVER_ENDING], start=at + 1):
            marks += _marks(sentence)
            if marks.balanced or marks.closed_once:
                end = reached
                break
        if not end and _NAME_IN_NAME.fullmatch(said[at]):
            yield [said[at]]
            end = at + 1
        else:
            yield [*said[at:end]] if 0 < end - at <= _QUOTATION and marks.balanced else []
        at = end or len(said)


def _proper(paragraph: str, language: str, ended: bool, *, first: bool) -> Iterator[str]:
    """The sentences of the story. Where any are `ended`, the others are headings and captions, but for a lead at the
    end of the `first` paragraph or on its first line; items of a list are no sentences without a full stop."""
    told = sentences(paragraph, language)
    for number, sentence in enumerate(told):
        whole = sentence.removeprefix("• ")
        finished = _END.search(whole) and not _CUT.search(whole)
        alone = number == len(told) - 1 or (number == 0 and paragraph.startswith(f"{sentence}\n"))
        lead = (
            first and alone and whole == sentence and not finished and is_lead(whole) and not _ANNOUNCES.search(whole)
        )
        if is_boilerplate(whole):
            if leaning.opening(whole):
                yield CREDIT + whole
        elif finished or lead or (not ended and whole == sentence):
            yield f"{whole.removesuffix(':')}." if lead else whole


@dataclass(frozen=True, slots=True)
class _Marks:
    """How many quotation marks of each kind stand in a text; of the “double” and the straight ones, in which order."""

    guillemets: int = 0  # those that open, less those that close
    low: int = 0
    double: str = ""  # a straight one that opens is `_STRAIGHT_OPENS`
    single_opens: int = 0
    single_closes: int = 0
    possessives: int = 0

    def __add__(self, other: _Marks) -> _Marks:
        return _Marks(
            self.guillemets + other.guillemets,
            self.low + other.low,
            self.double + other.double,
            self.single_opens + other.single_opens,
            self.single_closes + other.single_closes,
            self.possessives + other.possessives,
        )

    @property
    def balanced(self) -> bool:
        """Whether each quotation that begins ends, and none ends that did not begin."""
        if self.guillemets:
            return False
        left, right = self.double.count("“"), self.double.count("”")
        straight = self.double.replace("“", "").replace("”", "")
        unequal = abs(self.low - left - right if self.low else left - right)
        if unequal:  # some texts mix both kinds
            if unequal > len(straight) or (len(straight) - unequal) % 2:
                return False
        elif len(straight) % 2 or _STRAIGHT_OPENS in straight[1::2]:
            return False
        return self.single_closes <= self.single_opens <= self.single_closes + self.possessives

    @property
    def closed_once(self) -> bool:
        """Whether a quotation opens again with each of its sentences, and closes behind the last."""
        is_open = again = False
        for mark in self.double:
            opens = mark in (_STRAIGHT_OPENS, "“")
            if not (opens or is_open):
                return False
            again, is_open = again or (opens and is_open), opens
        return again and not (is_open or self.guillemets or self.low)


def _marks(text: str) -> _Marks:
    singles = "'" in text or "‘" in text or "’" in text
    return _Marks(
        text.count("«") - text.count("»"),
        text.count("„"),
        "".join(_STRAIGHT_OPENS if opens else other for opens, other in _DOUBLE.findall(text)),
        len(_SINGLE_OPENS.findall(text)) if singles else 0,
        len(_SINGLE_CLOSES.findall(text)) if singles else 0,
        len(_POSSESSIVE.findall(text)) if singles else 0,
    )
