"""Whether words about an article say only what stands in it.

For words that somebody else wrote, such as a language model: nobody reads them before they are published. So what can
be checked is checked, and what cannot be told for certain counts as wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crosspost.text.language import guess
from crosspost.text.numbers import numbers, unstated
from crosspost.text.words import fold

_SHARED = 0.6  # of the longer words of a summary, so many stand in the article too
_LONGER = 4  # letters
_STEM = 5  # letters by which such words are taken for the same
_BLANKS = (" ", "\u00a0")
_NEAR = 4  # words; names that stand together stand no further apart in the article
_QUOTED_WORDS = 3  # shorter quotations are terms

_WORD = re.compile(r"[^\W_]+(?:[.'’&][^\W_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]|\n)[\s\"'«»„“”‘’(—–-]*$")
_ADDRESS = re.compile(
    r"\b(?:https?|ftp)://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w+|\b\w[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}\b(?:/\S*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w&/])[@#＠＃][^\W_][\w.]*")
_QUOTATION = re.compile(r"«([^»]*)»|“([^”]*)”|„([^“”]*)[“”]|\"([^\"]*)\"")
_MARKUP = re.compile(
    r"\*\*|__|`|~~~|^\s*(?:[#>*•-]|\d+[.)])\s|\]\(|</?[a-z!][^>]*>|&\w+;|\{\{|\}\}|\{%", re.MULTILINE | re.IGNORECASE
)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})

# With what a sentence may begin though no article says it: none of it is a name.
_NO_NAMES = """
a an the this these that those it its he his she her they their there here one some many most more several few both
all each every another other no not only even just about around over under up as at by for from in into of off on
out per since than through till to toward towards until upon via with within without after before during between
among against across along despite amid and but or nor so yet if when while where because although though once
unlike like now today then still already later earlier next last first second third according thanks due what which
who whose how why scientists researchers experts officials authorities police engineers doctors residents people
astronomers archaeologists biologists physicists former early late new old local young more officers investigators
prosecutors lawyers critics fans students teachers pupils parents families workers staff rescuers firefighters visitors
passengers drivers children women men teenagers campaigners protesters voters analysts economists historians farmers
customers shoppers players victims relatives neighbours supporters organisers owners founded built dubbed known
в во на с со к ко о об обо от до из за по под при про над без для через между после перед около среди из-за из-под
ради вместо кроме благодаря согласно несмотря и а но или либо что чтобы как когда если хотя пока где куда откуда
это этот эта эти эту этого он она оно они его ее их там тут здесь теперь сейчас уже еще всего всё все весь вся лишь
только даже не ни тоже также сегодня вчера завтра раньше позже потом затем один одна одно одни другой другая другие
каждый каждая многие несколько более менее около почти примерно первый первая первые второй вторая последний
ученые исследователи специалисты эксперты власти инженеры врачи жители люди астрономы археологи биологи физики
бывший бывшая бывшие новый новая новое новые старый молодой местный местные полицейские следователи спасатели пожарные
студенты ученики родители дети женщины мужчины водители пассажиры посетители рабочие фермеры экономисты историки
аналитики критики покупатели пострадавшие родственники соседи болельщики организаторы
"""
_OPENERS = frozenset(_NO_NAMES.split())
# What a Russian name may end with in any of its cases. Not with -ов: Иван and Иванов are two.
_CASES = """
а я у ю е ы и о й ь ом ем ой ей ою ею ым им ую юю ая яя ое ее ые ие ого его ому ему ых их ыми ими ам ям ами ями ах ях ью
ию ии ия ией ием иям иях ий ый
"""
_RUSSIAN_ENDINGS = tuple(_CASES.split())
_ENGLISH_ENDINGS = ("'s", "s", "es")


@dataclass(frozen=True, slots=True)
class Want:
    """What words about an article must be like: at most `length` by `measure`, in `language` ("" for any)."""

    length: int
    measure: Callable[[str], int]
    language: str


def objection(words: str, source: str, want: Want) -> str:
    """Why `words` cannot stand for the article whose title and text are `source`, as the end of "it …"; "" where
    nothing speaks against them."""
    return next(_objections(words, source, want), "")


def _objections(words: str, source: str, want: Want) -> Iterator[str]:
    if not any(map(str.isalpha, words)):
        yield "says nothing"
        return
    length = want.measure(words)
    if length > want.length:
        yield f"is {length} long where {want.length} are allowed"
    if _MARKUP.search(words) or any(unicodedata.category(one) in _UNSEEN for one in words if one != "\n"):
        yield "holds markup or characters that nobody sees"
    if (language := guess(words)) and want.language and language != want.language:
        yield f"is in another language ({language}) than the article ({want.language})"
    if strange := next(_strange_addresses(words, source), ""):
        yield f"names {strange}, which is not in the article"
    if number := unstated(words, _numbers(source)):
        yield f"states {number}, a number that is not in the article"
    if name := next(_strange_names(words, source), ""):
        yield f"names {name}, which is not so in the article"
    if quotation := next(_invented_quotations(words, source), ""):
        yield f"quotes “{quotation}”, which is not in the article"
    if _shared(words, source) < _SHARED:
        yield "speaks of other things than the article"


_numbers = lru_cache(maxsize=16)(numbers)


def _strange_addresses(words: str, source: str) -> Iterator[str]:
    known = source.casefold()
    for address in [*_ADDRESS.findall(words), *_HANDLE.findall(words)]:
        bare = address.rstrip(".,;:!?…»”)")
        if not re.search(rf"(?<![\w.]){re.escape(bare.casefold())}(?![\w/-])", known):
            yield bare


# Names


@dataclass(frozen=True, slots=True)
class _Source:
    """The words of an article in order, each in all the stems it may have; and where each stem stands."""

    stems: tuple[frozenset[str], ...]
    places: dict[str, tuple[int, ...]]


@lru_cache(maxsize=16)
def _read(source: str) -> _Source:
    stems = tuple(_stems(match[0]) for match in _WORD.finditer(source))
    places: dict[str, list[int]] = {}
    for place, ones in enumerate(stems):
        for one in ones:
            places.setdefault(one, []).append(place)
    return _Source(stems, {one: tuple(found) for one, found in places.items()})


def _strange_names(words: str, source: str) -> Iterator[str]:
    """Words with a capital letter that the article does not have; and names side by side that it never has so."""
    article = _read(source)
    before: re.Match[str] | None = None
    for match in _WORD.finditer(words):
        word = match[0]
        if before is not None and words[before.end() : match.start()] not in _BLANKS:
            before = None
        if not any(map(str.isupper, word)):
            before = None
            continue
        starts = _SENTENCE_START.search(words[: match.start()]) is not None
        places = _places(article, word)
        if not places and not (starts and _is_opener(word)):
            yield word
        elif before is not None and not _side_by_side(_places(article, before[0]), places):
            yield f"{before[0]} {word}"
        # What begins a sentence is written large whatever it is.
        before = None if starts and _is_opener(word) else match


def _is_opener(word: str) -> bool:
    return fold(word) in _OPENERS and word[1:] == word[1:].lower()


def _places(article: _Source, word: str) -> list[int]:
    return sorted({place for stem in _stems(word) for place in article.places.get(stem, ())})


def _side_by_side(first: Sequence[int], second: Sequence[int]) -> bool:
    wanted = set(second)
    return any(place + step in wanted for place in first for step in range(1, _NEAR + 1))


@lru_cache(maxsize=4096)
def _stems(word: str) -> frozenset[str]:
    """What `word` may be without its ending. Two words that share one of these are forms of the same."""
    bare = fold(word).replace("’", "'").replace(".", "")
    endings = _RUSSIAN_ENDINGS if re.search("[а-яё]", bare) else _ENGLISH_ENDINGS
    return frozenset([bare, *(bare.removesuffix(one) for one in endings if bare.endswith(one) and len(bare) > 2)])


# Quotations and the rest


def _invented_quotations(words: str, source: str) -> Iterator[str]:
    known = _spoken(source)
    for match in _QUOTATION.finditer(words):
        said = next(part for part in match.groups() if part is not None)
        if len(said.split()) >= _QUOTED_WORDS and _spoken(said) not in known:
            yield said


@lru_cache(maxsize=32)
def _spoken(text: str) -> str:
    """`text` by its words alone, a blank around each."""
    return f" {' '.join(fold(match[0]) for match in _WORD.finditer(text))} "


def _shared(words: str, source: str) -> float:
    article = _read(source)
    beginnings = {fold(match[0])[:_STEM] for match in _WORD.finditer(source)}
    longer = [match[0] for match in _WORD.finditer(words) if len(match[0]) >= _LONGER]
    known = sum(fold(one)[:_STEM] in beginnings or bool(_places(article, one)) for one in longer)
    return known / len(longer) if longer else 0.0
