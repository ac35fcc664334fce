"""Whether a text holds a word in any of its forms: «спутник» finds «спутника», "city" finds "cities".

The text is not reduced to stems; the word that is looked for is unfolded, once, into all its forms. So nothing is
found that merely begins alike («кот» in «который»), and looking costs no more than a look into a table. Russian forms
are those of OpenCorpora, by pymorphy3, which also bends words it does not know; English ones are simplemma's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

_MARKS = ",;:!?…()[]\n|•"  # what ends a phrase
# Initials (U.S), C++ and C#, a word with its apostrophes and hyphens, or a mark.
_TOKEN = re.compile(
    r"[A-ZА-ЯЁ](?:\.[A-ZА-ЯЁ])+\b|[A-Za-z](?:\+\+|#)|[^\W_]++(?:['-][^\W_]++)*" + f"|[{re.escape(_MARKS)}]"
)
_HYPHENS = re.compile(r"[\u2010\u2011]")
_APOSTROPHES = re.compile(r"[’‘ʼ`´′]")
# Stress marks and other accents without a letter of their own, soft hyphens, zero-width characters.
_INSIDE = re.compile(r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_ACCENTS = re.compile(r"(?<!и)[\u0300-\u036f]")  # й is a letter, not an accented и
_MAYBE_ACCENTED = re.compile(r"[^\x00-\x7fа-я]")

# What in small letters is no word to look for. Written so, they stand for something else, and are found only so.
_CAPITALS = (
    "IT US WHO IS AM ME IN ON AT AS OR OF AN BE BY DO GO HE IF MY NO SO TO UP WE "
    "ПО ОН ОНО МЫ ВЫ ТО ИХ НА НИ НЕ НО ДО ЗА ИЗ КО ОТ СО ОБ ЧТО КАК ТАК"
)
_ABBREVIATIONS = frozenset(_CAPITALS.split())


@dataclass(frozen=True, slots=True)
class Text:
    """A text taken apart. `spelled` and `folded` are its words in order, as written and as compared, and among them
    the marks that end a phrase. `known` leads from each word, and each compound without its hyphens, to how the
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
    text = text.casefold().replace("ё", "е")
    if not _MAYBE_ACCENTED.search(text):
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def read(text: str) -> Text:
    """Take `text`, which is plain, apart into words."""
    tokens = _TOKEN.findall(_clean(text))
    joined = [token for token in tokens if "-" in token or "." in token]
    spelled = _parts(tokens) if joined else tokens
    folded = _folded(spelled)
    known = dict(zip(folded, spelled, strict=True))
    for token in joined:
        known.setdefault(fold(_bare(token)), token)
    return Text(tuple(spelled), tuple(folded), known)


class Wanted:
    """Words and phrases to look for, made ready once; `exactly` as they are spelled, else in any form.

    The words of a phrase must follow each other, with nothing but blanks, hyphens, quotation marks or a full stop
    between them. What has no letter and no digit is never found.
    """

    def __init__(self, words: Iterable[str], *, exactly: bool = False) -> None:
        self._words: dict[str, str] = {}  # each form -> the word it belongs to
        self._phrases: list[tuple[str, tuple[frozenset[str], ...]]] = []
        forms = _as_written if exactly else all_forms
        for word in words:
            self._add(word, forms)

    def _add(self, word: str, forms: Callable[[str], frozenset[str]]) -> None:
        tokens = _TOKEN.findall(_clean(word).strip(f"{_MARKS} "))
        if len(tokens) == 1:
            self._know(word, forms(_bare(tokens[0])))
        if len(parts := _parts(tokens)) > 1:
            self._phrases.append((word, tuple(map(forms, parts))))

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


@lru_cache(maxsize=4096)
def all_forms(word: str) -> frozenset[str]:
    """Every form of one `word`, Russian or English by its letters, as `fold` leaves them."""
    if word in _ABBREVIATIONS:
        return frozenset([word])
    bare = _bare(word)
    forms: Iterable[str] = ()
    if _RUSSIAN.fullmatch(bare):
        forms = _russian(bare)
    elif _LATIN.fullmatch(fold(bare)):
        forms = _english(bare)
    return _as_written(word) | frozenset(map(fold, forms))


def _as_written(word: str) -> frozenset[str]:
    return frozenset([fold(_bare(word)), *({word.upper()} & _ABBREVIATIONS)])


def _bare(word: str) -> str:
    """One word as dictionaries have it: without a possessive 's, apostrophes, hyphens and full stops."""
    return word.removesuffix("'s").replace("'", "").replace("-", "").replace(".", "")


def _parts(tokens: list[str]) -> list[str]:
    return " ".join(tokens).replace(".", "").replace("-", " ").split(" ")


def _clean(text: str) -> str:
    text = _INSIDE.sub("", unicodedata.normalize("NFC", text))
    return _HYPHENS.sub("-", _APOSTROPHES.sub("'", text))


def _folded(words: list[str]) -> list[str]:
    """`words` as they are compared, without a possessive 's. All at once, which is far faster than one by one."""
    joined = fold("\0".join([*words, ""])).replace("'s\0", "\0").replace("'", "")
    folded = joined.split("\0")[:-1]
    if _ABBREVIATIONS.isdisjoint(words):
        return folded
    return [word if word in _ABBREVIATIONS else same for word, same in zip(words, folded, strict=True)]


# Russian

_RUSSIAN = re.compile("[а-яё]+", re.IGNORECASE)


_MASCULINE = ("а", "у", "ом", "е", "ы", "и", "ов", "ам", "ами", "ах")


def _russian(word: str) -> Iterable[str]:
    """Of words spelled like `word` those that have it as their dictionary form; where none has, all of them."""
    morphology, wanted = _morphology(), fold(word)
    guesses = morphology.parse(word)
    named = [one for one in guesses if fold(one.normal_form) == wanted]
    forms = [form.word for one in named or guesses for form in one.lexeme]
    if not named and wanted[-1] in "бвгджзклмнпрстфх" and not morphology.word_is_known(word):
        # A new word, such as «биткоин», guessed to be the genitive of another.
        forms += [wanted + ending for ending in _MASCULINE]
    return forms


@cache
def _morphology() -> Any:
    # Imported when a Russian word is first looked for: import and dictionary take 0.2 s and 26 MB.
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


# English

_LATIN = re.compile("[a-z]+")
# What simplemma's dictionary, which knows one lemma for each form, gives to another word or to none.
_MORE_FAMILIES = """
bend bent|break broke|drink drunk|feel felt|go gone|leave left|rise rose|shake shook|shoot shot|swear swore|win won
think thought|wind wound|prefer preferred preferring|program programmed programming|panic panicked panicking
traffic trafficked trafficking|bad worse|big bigger|hot hotter|far further|person people|datum data|life lives
wife wives|leaf leaves|half halves|thief thieves|shelf shelves|loaf loaves|calf calves|basis bases|axis axes
diagnosis diagnoses
"""


def _english(word: str) -> Iterable[str]:
    """The families that `word` names, as it is spelled (Mars is no form of "mar") or in small letters; else the one
    it belongs to, but for participles, which mean something of their own: "sponsored" is not "sponsor"."""
    small = fold(word)
    lines = _lines("\n", (word, small))
    if not lines and not small.endswith(("ed", "ing")):
        lines = _lines(" ", (word, small))
    if not lines:
        return _regular(small)
    doubled = [f"{small}led", f"{small}ling"] if re.search("..[ae]l$", small) else []
    return [*chain.from_iterable(map(str.split, lines)), *doubled]


def _regular(word: str) -> tuple[str, ...]:
    """How a word bends that the dictionary does not know. What is no English word does no harm: no text has it."""
    if len(word) < 3:
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
    # Imported when an English word is first looked for: import, reading and turning about take 0.5 s.
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory

    families: dict[str, list[str]] = {}
    for form, lemma in DefaultDictionaryFactory().get_dictionary("en").items():
        if form != lemma and form.isascii() and form.isalpha():
            families.setdefault(lemma, []).append(form)
    for lemma, *forms in map(str.split, re.split("[|\n]", _MORE_FAMILIES.strip())):
        families.setdefault(lemma, []).extend(forms)
    return "".join(f"\n{lemma} {' '.join(forms)} " for lemma, forms in families.items()) + "\n"
