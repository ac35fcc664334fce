"""Whether a text holds a word in any of its forms: «спутник» finds «спутника», "city" finds "cities".

Not the text is reduced but the word that is looked for unfolded, once, into all its forms; so nothing is found that
merely begins alike («кот» in «который»), and a look into a text costs no more than looks into a table. Russian forms
are OpenCorpora's (pymorphy3, which also bends words it does not know), English ones simplemma's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

# C++ and C#, a word with its apostrophes, or a mark that ends a phrase.
_TOKEN = re.compile(r"[A-Za-z](?:\+\+|#)|[^\W_]+(?:'[^\W_]+)*|[,;:!?…()\[\]\n|•]")
_INITIALS = re.compile(r"\b[A-ZА-ЯЁ](?:\.[A-ZА-ЯЁ])+\b")  # U.S.
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
_HYPHENS = re.compile(r"[-\u2010\u2011]")
_APOSTROPHES = re.compile(r"[’‘ʼ`´′]")
# Stress marks and other accents without a letter of their own, soft hyphens, zero-width characters.
_INSIDE = re.compile(r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_ACCENTS = re.compile(r"(?<!и)[\u0300-\u036f]")  # й is a letter, not an accented и

# What in small letters is no word to look for. Written so, they stand for something else, and are found only so.
_ABBREVIATIONS = frozenset(
    "IT US WHO IS AM ME IN ON AT AS OR OF AN BE BY DO GO HE IF MY NO SO TO UP WE".split()
    + "ПО ОН ОНО МЫ ВЫ ТО ИХ НА НИ НЕ НО ДО ЗА ИЗ КО ОТ СО ОБ ЧТО КАК ТАК".split()
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text taken apart. `spelled` and `folded` are its words in order, as written and as compared; among them
    stand marks that end a phrase. `known` leads from each word, and each compound without its hyphens, to how the
    text spells it."""

    spelled: tuple[str, ...]
    folded: tuple[str, ...]
    known: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """`word` of those that were looked for, and how the text spells it."""

    word: str
    spelled: str


def fold(text: str) -> str:
    """`text` as it is compared: case, accents and ё do not matter."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold())))


def read(text: str) -> Text:
    """Take `text`, which is plain, apart into words."""
    clean = _clean(text)
    spelled = _TOKEN.findall(clean)
    known = dict(zip(folded := _folded(spelled), spelled, strict=True))
    for compound in _COMPOUND.findall(clean):
        known.setdefault(fold(_HYPHENS.sub("", compound)), compound)
    return Text(tuple(spelled), tuple(folded), known)


class Wanted:
    """Words and phrases to look for, made ready once. `forms` gives the forms of one word, itself among them.

    The words of a phrase must follow each other, with nothing but blanks, hyphens, quotation marks or a full stop
    between them. A text without a letter or digit is never found.
    """

    def __init__(self, words: Iterable[str], forms: Callable[[str], Iterable[str]] | None = None) -> None:
        self._words: dict[str, str] = {}  # each form -> the word it belongs to
        self._phrases: list[tuple[str, tuple[frozenset[str], ...]]] = []
        for word in words:
            self._add(word, forms or all_forms)

    def _add(self, word: str, forms: Callable[[str], Iterable[str]]) -> None:
        clean = _clean(word)
        parts = tuple(_TOKEN.findall(clean))
        if _COMPOUND.fullmatch(clean.strip()):
            self._know(word, forms(_HYPHENS.sub("", clean.strip())))
        if len(parts) == 1:
            self._know(word, forms(parts[0]))
        elif parts:
            self._phrases.append((word, tuple(frozenset(forms(part)) for part in parts)))

    def _know(self, word: str, forms: Iterable[str]) -> None:
        for form in forms:
            self._words.setdefault(form, word)

    def find(self, text: Text) -> Found | None:
        """The first of these words in `text`, or the first phrase."""
        if hits := self._words.keys() & text.known.keys():
            first = next(word for word in text.known if word in hits)
            return Found(self._words[first], text.known[first])
        return next(self._found_phrases(text), None)

    def _found_phrases(self, text: Text) -> Iterator[Found]:
        for word, forms in self._phrases:
            if not text.known.keys().isdisjoint(forms[0]):
                for start in range(len(text.folded) - len(forms) + 1):
                    if all(text.folded[start + step] in allowed for step, allowed in enumerate(forms)):
                        yield Found(word, " ".join(text.spelled[start : start + len(forms)]))


def as_written(word: str) -> frozenset[str]:
    """No form but `word` itself: for names."""
    return frozenset(_folded([word]))


@lru_cache(maxsize=4096)
def all_forms(word: str) -> frozenset[str]:
    """Every form of `word`, Russian or English by its letters, as `fold` leaves them."""
    if word in _ABBREVIATIONS:
        return frozenset([word])
    word = word.removesuffix("'s").replace("'", "")
    bend = _russian if _RUSSIAN.fullmatch(word) else _english
    return frozenset([fold(word), *map(fold, bend(word)), *({word.upper()} & _ABBREVIATIONS)])


def _clean(text: str) -> str:
    text = _APOSTROPHES.sub("'", _INSIDE.sub("", unicodedata.normalize("NFC", text)))
    return _INITIALS.sub(lambda initials: initials[0].replace(".", ""), text)


def _folded(words: list[str]) -> list[str]:
    """`words` as they are compared, without a possessive 's. All at once, which is far faster than one by one."""
    joined = fold("\0".join([*words, ""])).replace("'s\0", "\0").replace("'", "")
    folded = joined.split("\0")[:-1]
    if _ABBREVIATIONS.isdisjoint(words):
        return folded
    return [word if word in _ABBREVIATIONS else same for word, same in zip(words, folded, strict=True)]


# Russian

_RUSSIAN = re.compile("[а-яё]+", re.IGNORECASE)


def _russian(word: str) -> Iterator[str]:
    """Of words spelled like `word` those that have it as their dictionary form; where none has, all of them."""
    known = _morphology().parse(word)
    wanted = fold(word)
    for parse in [one for one in known if fold(one.normal_form) == wanted] or known:
        for form in parse.lexeme:
            yield form.word


@cache
def _morphology() -> Any:
    # Imported when a Russian word is first looked for: import and dictionary take 0.2 s and 26 MB.
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


# English

# What simplemma's dictionary, which knows one lemma for each form, gives to another word or to none.
_MORE_FAMILIES = """
bend bent|break broke|drink drunk|feel felt|go gone|leave left|rise rose|shake shook|shoot shot|swear swore|think thought
win won|wind wound|prefer preferred preferring|program programmed programming|panic panicked panicking
traffic trafficked trafficking|bad worse|big bigger|hot hotter|far further|person people|datum data|life lives|wife wives
leaf leaves|half halves|thief thieves|shelf shelves|loaf loaves|calf calves|basis bases|diagnosis diagnoses|axis axes
"""


def _english(word: str) -> Iterable[str]:
    """The families of `word`, looked for as it is spelled (Mars is no form of "mar") and in small letters; else
    what regular endings make of it."""
    spellings = (word, fold(word))
    lines = _lines("\n", spellings) or _lines(" ", spellings)
    if not lines:
        return _regular(fold(word))
    doubled = [f"{word}led", f"{word}ling"] if re.search("..[ae]l$", word) else []
    return [*chain.from_iterable(map(str.split, lines)), *doubled]


def _regular(word: str) -> tuple[str, ...]:
    """How a word bends that the dictionary does not know. What is no English word does no harm: no text has it."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return ()
    if re.search("[^aeiou]y$", word):
        return (f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing")
    stem = word.removesuffix("e")
    return (f"{word}es" if re.search("(?:[sxz]|[cs]h)$", word) else f"{word}s", f"{stem}ed", f"{stem}ing")


def _lines(before: str, words: Iterable[str]) -> list[str]:
    """The lines of `_families` that have one of `words` behind `before`."""
    text = _families()
    lines = []
    for word in words:
        at = text.find(f"{before}{word} ")
        while at >= 0:
            end = text.index("\n", at + 1)
            lines.append(text[text.rfind("\n", 0, at + 1) : end])
            at = text.find(f"{before}{word} ", end)
    return lines


@cache
def _families() -> str:
    """Each English lemma on a line with its forms, a blank after each: 1.6 MB, a tenth of what a dict takes."""
    # Imported when an English word is first looked for: import, reading and turning about take 0.4 s.
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory

    families: dict[str, list[str]] = {}
    for form, lemma in DefaultDictionaryFactory().get_dictionary("en").items():
        if form != lemma and form.isascii() and form.isalpha():
            families.setdefault(lemma, []).append(form)
    for lemma, *forms in map(str.split, re.split("[|\n]", _MORE_FAMILIES.strip())):
        families.setdefault(lemma, []).extend(forms)
    return "".join(f"\n{lemma} {' '.join(forms)} " for lemma, forms in families.items()) + "\n"
