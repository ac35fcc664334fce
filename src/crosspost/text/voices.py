"""Whose voice a sentence is in: the story's own, somebody's who is quoted, or one that speaks to readers."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUESTION = re.compile(r"\?[\"'»”’“)\]]*$")
_QUOTED = re.compile(r"[«“„\"‘].*?[»”\"’]|(?<!\w)'.*?'(?!\w)")

# A name in quotation marks is no quotation: «Единая Россия» решила.
_QUOTATION = re.compile(r"[—–]|[\"'«“„‘](?!(?:[^\s\"»“”’]+ ){0,3}[^\s\"»“”’,.!?]+[\"»“”’] )")
_CASES = r"(?:а|е|и|его|ей|ему|им|ем|их|ими|у)?"
# A Russian paper does not say "we" of itself; a blog in English does. "Our country" is no speaker's.
_SAYS_I = re.compile(
    rf"\b(?:мы|нас|нам|нами|наш{_CASES}(?! (?:стран|республик|планет))|i|my|я|меня|мне|мо(?:й|я|ё|и|его|ей|их|ю))\b",
    re.IGNORECASE,
)
_ENGLISH_WE = re.compile(r"\b(?:we|our|(?-i:us))\b", re.IGNORECASE)
_ADDRESSING = re.compile(
    rf"\b(?:you|your|one can|вы|вас|вам|вами|ваш{_CASES})\b"
    r"|^(?:take a look|check out|imagine|consider|note that|let[’']s)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Voices:
    """`says_i`: in a quotation without the marks, if the story does not speak so from its lead on."""

    asks: bool
    quotes: bool
    addresses: bool
    says_i: bool

    @property
    def is_aside(self) -> bool:
        """Whether the story goes on without it: a question, a quotation, a word to readers."""
        return self.asks or self.quotes or self.addresses


def voices(sentence: str, *, lead: bool) -> Voices:
    """The voices of `sentence`. A `lead` may say "we": the site speaks of itself then."""
    own = _QUOTED.sub("", sentence)
    says_i = _SAYS_I.search(own) is not None
    return Voices(
        asks=_QUESTION.search(sentence) is not None,
        quotes=_QUOTATION.match(sentence) is not None,
        addresses=bool(_ADDRESSING.search(own) or (not lead and (says_i or _ENGLISH_WE.search(own)))),
        says_i=says_i,
    )
