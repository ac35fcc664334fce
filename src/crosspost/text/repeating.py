"""What was said already: words that tell something, compared by what the forms of a word have in common."""

from __future__ import annotations

import re

_KNOWN = 0.8  # a sentence so much of which was said before tells nothing
_QUOTED = 0.5  # a quotation so much of which was said before is what the story had from it
_CONTAINED = 0.65  # a sentence so much of which is in another is told by that one
_RETELLS = 0.55  # a sentence above the story so much of which its beginning has is none of it
_STEM = 6  # letters by which forms of one word are taken for the same
_SHORT_STEM = 5  # letters by which a sentence and the headline are taken to speak of the same
_ADDS = 3  # words; a lead with fewer new ones repeats the headline
_HEADLINE = 5  # words; a sentence that begins with so many in the headline's order repeats it
_TITLE = 3  # words; a headline of fewer tells too little to be told again
_BESIDE = 6  # words; what has no more than these beside the headline's echoes it

_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"(?<=[^.!?…\s] )[\"'‘“«(]?[A-ZА-ЯЁ]\w+")
_NUMBER = re.compile(r"\d[\d.,:]*")


def words(text: str) -> frozenset[str]:
    """The words of `text` that tell something, cut to what their forms have in common."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()) if len(word) > 3 or word.isdigit())


def concrete(text: str) -> list[str]:
    """The names and the numbers in `text`."""
    return _NAME.findall(text) + _NUMBER.findall(text)


def short_stems(text: str) -> frozenset[str]:
    """The words of `text`, cut shorter still: for whether two texts speak of the same."""
    return frozenset(word[:_SHORT_STEM] for word in words(text))


def says_no_more(said: frozenset[str], known: frozenset[str]) -> bool:
    return bool(said) and len(said & known) >= _KNOWN * len(said)


def says_again(said: frozenset[str], known: frozenset[str]) -> bool:
    """Whether somebody who is quoted says again what was told in other words before."""
    return len(said) >= _HEADLINE and len(said & known) >= _QUOTED * len(said)


def tells(said: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what was `said` holds what the `other` sentence tells, and more: both would say it twice."""
    return len(other) >= _HEADLINE and len(said & other) >= _CONTAINED * len(other)


def retells(said: frozenset[str], deck: frozenset[str], share: float = _RETELLS) -> bool:
    """Whether what was `said` in a story tells again what the `deck` above it has told: so much of it as `share`. Both
    in short stems."""
    return len(deck) >= _HEADLINE and len(deck & said) >= share * len(deck)


def repeats(text: str, said: frozenset[str], title: str) -> bool:
    """Whether `text`, which tells what was `said`, has nothing or little but what the title has, or the same words
    again."""
    spoken, headline = _spoken(text), _spoken(title)
    known = words(title)
    adds = len(said - known)
    if len(headline) >= _HEADLINE and spoken[:_HEADLINE] == headline[:_HEADLINE]:
        return not (adds and _names_more(text, title))
    return (says_no_more(said, known) and adds < _ADDS) or (
        len(known) >= _HEADLINE and known <= said and 2 * adds < len(known)
    )


def echoes(said: frozenset[str], headline: frozenset[str]) -> bool:
    """Whether what was `said` is the `headline` once more, in other words and with few beside them."""
    return len(headline) >= _TITLE and 2 * len(said & headline) >= len(headline) and len(said - headline) <= _BESIDE


def only_rewords(text: str, said: frozenset[str], other: str, known: frozenset[str]) -> bool:
    """Whether `text`, which tells what was `said`, tells what is `known` of the `other` in other words, and nothing
    that has a name or a number."""
    adds = len(said - known)
    return adds <= _ADDS and len(said & known) > adds and not _names_more(text, other)


def _names_more(text: str, title: str) -> bool:
    """Whether a figure, a date, a name or a place is in `text` that `title` does not have."""
    there = {word[:_STEM] for word in _spoken(title)}
    here = (word[:_STEM] for found in concrete(text) for word in _spoken(found))
    return any(word not in there for word in here)


def _spoken(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
