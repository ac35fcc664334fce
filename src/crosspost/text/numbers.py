"""The numbers that a text states, in figures and in words: "2.5 million", «два с половиной миллиона», "twenty-five"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

_FIGURES = re.compile(r"\d+(?:[.,’'\u00a0\u202f ]\d+)*")
_GROUPS = re.compile(r"\d{1,3}(?P<mark>[.,’'\u00a0\u202f ])\d{3}(?:(?P=mark)\d{3})*(?:[.,]\d+)?")
_TOKEN = re.compile(rf"{_FIGURES.pattern}|[^\W\d_]+\.?|[^\w\s]")

_ENGLISH = """
two 2|three 3|four 4|five 5|six 6|seven 7|eight 8|nine 9|ten 10|eleven 11|twelve 12|thirteen 13|fourteen 14
fifteen 15|sixteen 16|seventeen 17|eighteen 18|nineteen 19|twenty 20|thirty 30|forty 40|fifty 50|sixty 60|seventy 70
eighty 80|ninety 90|dozen 12|dozens 12
"""
_RUSSIAN = """
дв(?:а|е|ух|ум|умя|ое|оих) 2|тр(?:и|ех|ем|емя|ое|оих) 3|четыр(?:е|ех|ем|ьмя) 4|четверо 4|пят(?:ь|и|ью|еро) 5
шест(?:ь|и|ью|еро) 6|сем(?:ь|и|ью|еро) 7|вос(?:емь|ьми|емью) 8|девят(?:ь|и|ью) 9|десят(?:ь|и|ью) 10
одиннадцат(?:ь|и|ью) 11|двенадцат(?:ь|и|ью) 12|тринадцат(?:ь|и|ью) 13|четырнадцат(?:ь|и|ью) 14|пятнадцат(?:ь|и|ью) 15
шестнадцат(?:ь|и|ью) 16|семнадцат(?:ь|и|ью) 17|восемнадцат(?:ь|и|ью) 18|девятнадцат(?:ь|и|ью) 19|двадцат(?:ь|и|ью) 20
тридцат(?:ь|и|ью) 30|сорока? 40|пят(?:ьдесят|идесяти|ьюдесятью) 50|шест(?:ьдесят|идесяти|ьюдесятью) 60
сем(?:ьдесят|идесяти|ьюдесятью) 70|восем(?:ьдесят|идесяти|ьюдесятью)|восьмидесяти 80|девяност(?:о|а) 90|ст(?:о|а) 100
двести|двухсот 200|триста|трехсот 300|четыреста|четырехсот 400|пятьсот|пятисот 500|шестьсот|шестисот 600
семьсот|семисот 700|восемьсот|восьмисот 800
девятьсот|девятисот 900|дюжин(?:а|ы|у|ой) 12
"""
_SCALES = """
hundreds? 100|thousands?|тысяч(?:а|и|у|е|ей|ам|ами|ах)?|тыс 1000
millions?|mln|mn|миллион(?:а|у|ом|е|ы|ов|ам|ами|ах)?|млн 1000000
billions?|bln|bn|миллиард(?:а|у|ом|е|ы|ов|ам|ами|ах)?|млрд 1000000000
trillions?|trn|триллион(?:а|у|ом|е|ы|ов|ам|ами|ах)?|трлн 1000000000000
"""


def _table(text: str) -> Mapping[re.Pattern[str], int]:
    """A line has alternatives, and those before a figure all mean it."""
    found = {}
    for words, value in re.findall(r"([^\d\s|\n][^\d\n]*?) (\d+)", text.replace("\n", "|")):
        found[re.compile(words.lstrip("|"))] = int(value)
    return MappingProxyType(found)


_WORDS = MappingProxyType({**_table(_ENGLISH), **_table(_RUSSIAN)})
_LARGE = _table(_SCALES)


def numbers(text: str) -> frozenset[Decimal]:
    """Every number that `text` states; of figures that can be read in two ways ("1.234"), both. "One" is none: it is
    said of too much."""
    return frozenset[Decimal]().union(*_stated(text))


def unstated(text: str, known: frozenset[Decimal]) -> str:
    """A number of `text` that is not among the `known` ones, in figures; "" where all of them are."""
    return next((f"{max(readings).normalize():f}" for readings in _stated(text) if readings.isdisjoint(known)), "")


Readings = frozenset[Decimal]  # the ways in which one number can be read


def _stated(text: str) -> Iterator[Readings]:
    """The numbers of `text` in order."""
    figures: list[Readings] = []  # the last ones, while a scale may follow: 2.5 million
    words: list[Decimal] = []  # the words of one number so far: three hundred
    for token in _TOKEN.findall(text):
        word = token.casefold().replace("ё", "е").rstrip(".")
        scale, value = _meaning(_LARGE, word), _meaning(_WORDS, word)
        if scale and figures:
            figures[-1] = frozenset(one * scale for one in figures[-1])
        elif scale or value:
            yield from figures
            figures = []
            words.append(scale or value)
        elif token != "-":
            yield from _ended(figures, words)
            figures, words = _read(token) if token[0].isdigit() else [], []
    yield from _ended(figures, words)


def _ended(figures: Sequence[Readings], words: Sequence[Decimal]) -> Iterator[Readings]:
    yield from figures
    if words:
        yield frozenset([_together(words)])


def _meaning(table: Mapping[re.Pattern[str], int], word: str) -> Decimal:
    return Decimal(next((value for pattern, value in table.items() if pattern.fullmatch(word)), 0))


def _together(words: Sequence[Decimal]) -> Decimal:
    """What the words of one number mean: three hundred twenty-five thousand."""
    whole, part = Decimal(0), Decimal(0)
    for word in words:
        if word >= 1000:
            whole += (part or 1) * word
            part = Decimal(0)
        elif word == 100 and part:
            part *= word
        else:
            part += word
    return whole + part


def _read(figures: str) -> list[Readings]:
    """Figures with marks among them: thousands, a decimal, or several numbers ("10.05.2026", "in 2025 300")."""
    found = set()
    if match := _GROUPS.fullmatch(figures):
        found.add(Decimal(figures.replace(match["mark"], "").replace(",", ".")))
    if re.fullmatch(r"\d+[.,]\d+", figures):
        found.add(Decimal(figures.replace(",", ".")))
    return [frozenset(found)] if found else [frozenset([Decimal(part)]) for part in re.findall(r"\d+", figures)]
