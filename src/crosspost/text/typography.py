"""Text as a careful editor sets it: quotation marks, dashes, spaces that hold; links, hashtags and names left alone.

Russian, Belarusian and Ukrainian get «ёлочки» with „лапки“ inside, a dash behind a non-breaking space, №, and
non-breaking spaces where no line may end. English gets “curly” quotes, apostrophes and dashes. Other languages keep
their own signs. In all of them what nobody sees goes (soft hyphens, zero-width spaces, overrides of direction), and
spaces are made sane. To set a text twice changes nothing more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

NBSP = "\u00a0"

# One character for each thing that stays as it is, while the rest is set. No text has these.
_LINK, _NAME = "\ue000", "\ue001"
_STAND_IN = re.compile(f"[{_LINK}{_NAME}]")
# Controls, soft hyphens, zero-width spaces, overrides of direction, halves of characters.
_HIDDEN = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u200b\\u2060\\ufeff\\u202a-\\u202e\\u2066-\\u2069"
    f"\\ud800-\\udfff{_LINK}{_NAME}"
)
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_ADDRESS = rf"(?:[a-z][a-z0-9+.-]{{0,20}}+://|(?<![\w{_HIDDEN}])www\.(?=\w))[^\s\"«»“”„<>]+"
_ADDRESSES = re.compile(_ADDRESS, re.IGNORECASE)
# Addresses, mail addresses, hashtags and names, and words with a dot or a slash inside: site.example/a, км/ч.
_KEPT = re.compile(
    rf"{_ADDRESS}|(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+|(?<![\w&])[#@$][^\s#@$.,;:!?…\"'«»“”„‘’()\[\]{{}}<>/\\|]+"
    r"|(?<![\w-])\w[\w-]*+(?:[./]\w[\w-]*+)++",
    re.IGNORECASE,
)

# The joiners mean something in Persian, in Indian scripts and among emoji; beside letters of ours they do not.
_LOST_JOINERS = re.compile(r"(?<=[A-Za-zА-Яа-яЁё])[\u200c\u200d]+|[\u200c\u200d]+(?=[A-Za-zА-Яа-яЁё])")

# What one rule has set may let another see more; real texts are done after one pass, and the second changes nothing.
_PASSES = 5

_SLAVIC = frozenset({"ru", "be", "uk"})

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def typeset(text: str, language: str, *, link: str = "", glue: bool = True) -> str:
    """`text` as `language` (a two-letter code) sets it; `link` stays however odd it is. With `glue`, non-breaking
    spaces hold short words, initials and units to what they belong to; it is for the caller to say whether they cost
    length."""
    addresses = _patterns(link)[0]
    text = _cleaned(text, addresses)
    for _ in range(_PASSES):
        before, text = text, _set(text, link, _rules(language, glue))
        if text == before:
            break
    return text


def _set(text: str, link: str, rules: Iterable[Rule]) -> str:
    addresses, untouched = _patterns(link)
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return _LINK if addresses.match(found[0]) else _NAME

    text = untouched.sub(keep, text)
    for pattern, instead in rules:
        text = pattern.sub(instead, text)
    given_back = iter(kept)
    return _STAND_IN.sub(lambda _: next(given_back), text.strip(f" \n{NBSP}"))


@lru_cache(maxsize=64)
def _patterns(link: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Addresses, and all that stays as it is, with a link that does not look like one."""
    if not link or _ADDRESSES.fullmatch(link):
        return _ADDRESSES, _KEPT
    addresses, untouched = (f"{re.escape(link)}|{known.pattern}" for known in (_ADDRESSES, _KEPT))
    return re.compile(addresses, re.IGNORECASE), re.compile(untouched, re.IGNORECASE)


def _cleaned(text: str, addresses: re.Pattern[str]) -> str:
    """`text` without what nobody sees, in Unicode's normal form C; addresses untouched."""
    parts, position = [], 0
    for address in addresses.finditer(text):
        parts += [_visible(text[position : address.start()]), address[0]]
        position = address.end()
    return "".join([*parts, _visible(text[position:])])


def _visible(text: str) -> str:
    return unicodedata.normalize("NFC", _LOST_JOINERS.sub("", _INVISIBLE.sub("", text)))


def _rules(language: str, glue: bool) -> tuple[Rule, ...]:
    if language in _SLAVIC:
        return (*_RUSSIAN_MARKS, *_ALL, *_BOTH, *_RUSSIAN, *_YEARS, *(_GLUE if glue else ()))
    return (*_ENGLISH_MARKS, *_ALL, *_BOTH, *_ENGLISH, *_YEARS) if language == "en" else _ALL


# Quotation marks.


def _in_pairs(outer: str, inner: str) -> Callable[[re.Match[str]], str]:
    """What sets the quotation marks of a line; where they do not come in pairs, the line stays as it is."""

    def set_line(line: re.Match[str]) -> str:
        text, signs = line[0], list[str]()
        open_marks: list[str] = []
        for sign in _MARK.finditer(text):
            if _opens(text, sign.start(), open_marks):
                open_marks.append(sign[0])
                signs.append((outer, inner)[len(open_marks) > 1][0])
            elif open_marks:
                open_marks.pop()
                signs.append((outer, inner)[len(open_marks) > 0][1])
            else:
                return text
        given = iter(signs)
        return text if open_marks else _MARK.sub(lambda _: next(given), text)

    return set_line


_MARK = re.compile('["“”„«»]')
_OPENS_AFTER = f" {NBSP}([{{«“„‘—–-/"


def _opens(text: str, at: int, open_marks: list[str]) -> bool:
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign in "„«":
        return True
    if sign in "”»" or (sign == "“" and "„" in open_marks[-1:]):
        return False
    return (not before or before in _OPENS_AFTER or (before == '"' and bool(open_marks))) and after not in f" {NBSP}"


_LINES_WITH_MARKS = re.compile('^[^\n]*["“”„«»][^\n]*$', re.MULTILINE)


def _empty_line(found: re.Match[str]) -> str:
    """What is left of lines that are taken away: the gap between those around them."""
    return "\n\n" if "\n" in found[0] else ""


# The rules, in the order in which they are applied.

_S = f"[ {NBSP}]"
_RUSSIAN_MARKS: tuple[Rule, ...] = ((_LINES_WITH_MARKS, _in_pairs("«»", "„“")),)
_ENGLISH_MARKS: tuple[Rule, ...] = ((_LINES_WITH_MARKS, _in_pairs("“”", "“”")),)
_ALL: tuple[Rule, ...] = (
    # A comma that leads nowhere, since a link comes next; a dash only where the link has a line of its own.
    (re.compile(rf"(?<![,;\s])[,;\s]*[,;](?=\s+{_LINK})"), _empty_line),
    (re.compile(rf"(?<![–—\s-])[–—\s-]*[–—-](?=[^\S\n]*\n\s*{_LINK})"), _empty_line),
    (re.compile(f"{_S}*{NBSP}{_S}*"), NBSP),
    (re.compile(r" {2,}"), " "),
    (re.compile(f"{_S}*\n{_S}*"), "\n"),
    (re.compile(r"\n{3,}"), "\n\n"),
)
_BOTH: tuple[Rule, ...] = (
    (re.compile(r"\.{3,}"), "…"),
    # "end , and" but not a smile
    (
        re.compile(rf"(?<=[\w%»”)\]]){_S}+(?=[,;!?…](?![)(])|[.:](?=\s|$))|(?<=\.){_S}+(?=[,;](?![)(]))"),
        "",
    ),
)
_YEARS: tuple[Rule, ...] = ((re.compile(r"(?<![\d-])([12]\d{3})-(?=[12]\d{3}(?![\d-]))"), r"\1–"),)
_ABBREVIATED = "".join(rf"(?<!\b{word})" for word in ("тыс", "руб", "коп", "млн", "млрд", "чел", "стр", "обл", "мин"))
_SAID = (
    "сказал|сообщил|заявил|рассказал|отметил|пояснил|добавил|подчеркнул|уточнил|объяснил|написал|признался|считает"
    "|говорит|рассказывает|говорится|поясняет|отмечает"
)
_RUSSIAN: tuple[Rule, ...] = (
    (re.compile(r"«„([^«»„“”\n]+)“»"), r"«\1»"),  # marked twice
    (re.compile(rf"(?<=«){_S}(?![{_LINK}{_NAME}])|(?<![{_LINK}{_NAME}]){_S}(?=»)"), ""),
    (re.compile(r"(?<!\w)'(?=«)|(?<=»)'(?!\w)"), ""),
    # The full stop stands behind the quotation mark, unless it belongs to an abbreviation; a comma before who said it.
    (re.compile(rf"(?<=[а-яё]{{3}}){_ABBREVIATED}\.»(?=\s|$)", re.MULTILINE), "»."),
    (re.compile(rf"(?<=\w)»({_S})[—–-] (?=(?:{_SAID})(?:а|и|о|ось)?\b)"), r"»,\1— "),
    (re.compile(r"(?<=\w)--(?=\w)"), " — "),
    (re.compile(r"^(?:--?|–) (?=\S)", re.MULTILINE), "— "),
    (re.compile(rf"(?<=[{_LINK}{_NAME}]){_S}(?:--?|[–—])(?= )"), " —"),
    (re.compile(rf"(?<=[^\s\d{_LINK}{_NAME}]){_S}(?:--?|[–—])(?={_S})|(?<=\d){_S}(?:--?|[–—])(?={_S}\D)"), f"{NBSP}—"),
    (re.compile(rf"(?<![\w№])(?:№{_S}?|No\.?{_S}?|N{_S})(?=\d)"), f"№{NBSP}"),
)
_SHORT = "а|в|во|до|за|и|из|к|ко|на|не|ни|но|о|об|от|по|с|со|у|без|для|или|над|под|при|про"
_UNITS = "тыс|млн|млрд|трлн|руб|коп|км|кг|см|мм|мл|кв|га|г|гг|м|т|л|ч|мин|сек|Вт|кВт|МВт|ГБ"
_GLUE: tuple[Rule, ...] = (
    (re.compile(rf"(?<![\w-])({_SHORT}) (?=[^\s{_LINK}{_NAME}—–-])", re.IGNORECASE), rf"\1{NBSP}"),
    (re.compile(r"(?<!\w)([А-ЯЁ]\.) (?=[А-ЯЁ])"), rf"\1{NBSP}"),
    (re.compile(rf"(?<=\d) (?=(?:{_UNITS})\b|[%°₽€$])"), NBSP),
)
_ENGLISH: tuple[Rule, ...] = (
    # Apostrophes before single quotes: don't, '90s, then 'quoted', then the sisters'.
    (re.compile(r"(?<=[^\W_])'(?=[^\W\d_])"), "’"),
    (re.compile(r"(?<=\w )'n'(?= \w)", re.IGNORECASE), "’n’"),  # rock 'n' roll
    (re.compile(r"(?<![\w'])'(?=\d0s\b|tis\b|twas\b|em\b)", re.IGNORECASE), "’"),
    (re.compile(r"(?<![\w.,!?'’”)])'(?=[^\s'])([^'\n]*[^\s'])'(?!\w)"), r"‘\1’"),
    (re.compile(r"(?<=[^\W\d_])'(?!\w)"), "’"),
    (re.compile(r"(?<=\w)--(?=\w)"), "—"),
    (re.compile(rf"(?<=[^\s\d]) --?(?={_S})|(?<=\d) --?(?={_S}\D)"), " –"),
)
