"""Who is called by the surname alone, as one who was introduced before.

"Anna Ivanova told reporters. Ivanova said …": without the first sentence nobody knows who speaks in the second. Names
are seen by their capital letters and compared by their first letters, since Russian ones have cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Introduction = tuple[str, str]  # a first name or an office, and a surname

_COMPARED = 5  # letters
_SHORTEST = 4  # letters; a shorter name may be any word

_NAME = r"[A-ZА-ЯЁ][a-zа-яё]+[\w-]*"
_NAMES = re.compile(rf"(?:(?:{_NAME}|[A-ZА-ЯЁ]\.) )*{_NAME}")
# Behind these a name is a place's: nobody who has to be introduced.
_PLACED = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Вв]о?|[Ии]з|[Пп]од|имени"
    r"|(?:канал|улиц|площад|проспект|город|област|район|станци|остров|посёл|деревн)[а-яё]*) $"
)
_LONGEST = 12  # letters of such a word, and the blank
_WORD = re.compile(r"\b[a-zа-яё]+")
_HONORIFIC = re.compile(r"(?:Dr|Mr|Mrs|Ms|Prof|Sir|Lord|Lady|Mister|Господин|Госпожа|Доктор|Профессор)\.?$")
_ENDING = "аеёиоуыэюяйь"


def common_words(story: str) -> frozenset[str]:
    """The words that `story` has in small letters too, so that their capital letter only begins a sentence."""
    return frozenset(_WORD.findall(story))


def named(text: str) -> frozenset[str]:
    """All that `text` names, in full or not; for a headline, whose words may all have capitals."""
    return frozenset(_key(word) for names in _NAMES.findall(text) for word in names.split())


def introductions(text: str, common: frozenset[str]) -> frozenset[Introduction]:
    """The surnames that `text` has with a first name or an office before them, each behind the word before it."""
    return frozenset(_introduction(words) for words in _people(text, common) if len(words) > 1)


def bare(text: str, common: frozenset[str], before: frozenset[Introduction] = frozenset()) -> frozenset[str]:
    """The names that stand alone in the sentence `text`, but for those that it has in full too, and for those of
    places. A word with a capital that begins it is taken for no first name where the surname had another `before`."""
    people = [*_people(text, common)]
    if (
        people
        and len(people[0]) > 1
        and text.startswith(people[0][0])
        and _is_another(_introduction(people[0]), before)
    ):
        people[0] = people[0][-1:]
    in_full = {_key(words[-1]) for words in people if len(words) > 1}
    alone = {_key(words[0]) for words in people if len(words) == 1}
    return frozenset(key for key in alone - in_full if len(key) >= _SHORTEST)


def _introduction(words: Sequence[str]) -> Introduction:
    return _key(words[-2]), _key(words[-1])


def _is_another(introduction: Introduction, before: frozenset[Introduction]) -> bool:
    return introduction not in before and any(introduction[1] == surname for _, surname in before)


def _people(text: str, common: frozenset[str]) -> Iterator[list[str]]:
    for found in _NAMES.finditer(text):
        words = found[0].split()
        while len(words) > 1 and (words[0].casefold() in common or _HONORIFIC.match(words[0])):
            del words[0]
        if words[0].casefold() not in common and not (len(words) == 1 and _is_place(text, found.start())):
            yield words


def _is_place(text: str, at: int) -> bool:
    return at > 0 and _PLACED.search(text, max(0, at - _LONGEST), at) is not None


def _key(name: str) -> str:
    return name.casefold().rstrip(_ENDING)[:_COMPARED]
