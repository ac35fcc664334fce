"""Hashtags: a channel's own, and those made of an article's categories."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

# The words of a hashtag: HighTechPark, high_tech_park, IT, 2026.
_WORDS = re.compile(r"[A-ZА-ЯЁ]*[a-zа-яёўі\d]+|[A-ZА-ЯЁ]+|[^\W_A-Za-zА-Яа-яЁё]+")
_NOT_INSIDE = r"\S*://\S*|[#@]\S+"  # addresses, hashtags, names
_APOSTROPHES = re.compile(r"['’ʼ`]")
# Categories of Unicode: letters, the marks upon them, decimal digits.
_STAYING = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd"])
# What tells where an article stands on its site, or that it was put into no category; nothing for readers elsewhere.
_NO_CATEGORY = frozenset(
    [
        *("#uncategorized", "#uncategorised", "#general", "#homepage", "#mostpopular", "#topstories"),
        *("#topnews", "#other", "#безрубрики", "#безкатегории", "#разное", "#главное", "#главная", "#другое"),
        *("#лентановостей", "#всеновости", "#news", "#newsdesk", "#новости", "#тема", "#paid", "#free", "#sponsored"),
        *("#sponsorshipblock", "#featured", "#articles", "#overnight", "#статьи", "#international", "#world"),
        *("#worldnews", "#local", "#national", "#latest", "#breaking", "#breakingnews", "#updates", "#done"),
        *("#thisweek", "#team", "#inbrief", "#вмире", "#мир", "#кратко", "#видео", "#фото"),
    ]
)
_NAMED_BY = 7  # letters and the #; so many have the forms of a word in common
_READABLE = 30  # letters; nobody reads a longer one
_SECTION = re.compile(r"^(?:раздел|рубрика|категория|section|category)\b[\s:]+(?=\w)", re.IGNORECASE)
_TURNED_ROUND = re.compile(r"(\w[\w'’-]+), (\w[\w.'’ -]*) [A-Z]\.?")  # Doe, John A
_PERHAPS_TURNED_ROUND = re.compile(r"([A-Z][\w'’-]+), ([A-Z][\w'’-]+)")  # Doe, John
_BETWEEN = re.compile(r"[,;/>]\s|(?<=[a-zа-яё]{4})/(?=[A-ZА-ЯЁ][a-zа-яё]{3})")  # not AC/DC
_IN_BRACKETS = re.compile(r"(?<=\w) \([^()]*\)$")  # Minsk (Belarus)


def hashtags(
    listed: Iterable[str],
    categories: Iterable[str] = (),
    known: Mapping[str, str] | None = None,
    *,
    others: bool = True,
) -> tuple[str, ...]:
    """The hashtags of a post: those `listed` first, then one for each category; none twice, whatever its case.

    `known` says which hashtag a category has, "" for none, whatever the case of the category's name; of the `others`
    one is made, several where one category lists several, none where nobody could read it.
    """
    given = {_plain(name): tag for name, tag in (known or {}).items()}
    found: dict[str, str] = {}
    for name in listed:
        found.setdefault(hashtag(name).casefold(), hashtag(name))
    categories = tuple(categories)
    turned = any(_TURNED_ROUND.fullmatch(category.strip()) for category in categories)  # a site that writes names so
    for category in categories:
        if (tag := given.get(_plain(category))) is not None:
            found.setdefault(tag.casefold(), tag)
        elif others:
            made = (given.get(_plain(name), _of_category(name)) for name in _names(category, turned=turned))
            found.update({tag.casefold(): tag for tag in made if tag.casefold() not in found})
    found.pop("", None)
    return tuple(found.values())


def named_first(tags: Sequence[str], title: str) -> tuple[str, ...]:
    """`tags` in their order, but first those that the headline names: the ones to keep where not all can stay."""
    letters = "".join(filter(str.isalnum, title.casefold()))
    return tuple(sorted(tags, key=lambda tag: tag.casefold()[1:_NAMED_BY] not in letters))


def put_inside(text: str, tags: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """`text` with each hashtag at the first place where its words stand, and the hashtags whose words do not.

    A single word keeps the letters it stands with: "in space" becomes "in #space" by #Space. Only the form of the
    hashtag itself is found: «космоса» is not #Космос.
    """
    left = []
    for tag in tags:
        words = "[ \u00a0-]+".join(map(re.escape, _WORDS.findall(tag)))
        place = re.compile(rf"{_NOT_INSIDE}|(?<![\w#@&=-])(?P<words>{words})(?![\w-]|['’]\w|\.\w)", re.IGNORECASE)
        found = next((match for match in place.finditer(text) if match["words"]), None)
        if found:
            said = found["words"]
            text = f"{text[: found.start()]}{tag if ' ' in said or '-' in said else '#' + said}{text[found.end() :]}"
        else:
            left.append(tag)
    return text, tuple(left)


def hashtag(name: str) -> str:
    """`name` as a hashtag, "" where none can be made of it: "High Tech Park" becomes #HighTechPark.

    Only letters with their marks, digits and _ stay, since all four platforms end a hashtag at anything else;
    digits alone are no hashtag anywhere. An address makes none.
    """
    if "://" in name:
        return ""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", name))
    words = ["".join(group) for stays, group in groupby(plain, key=_stays) if stays]
    joined = "".join(words) if len(words) < 2 else "".join(word[0].upper() + word[1:] for word in words)
    return f"#{joined}" if any(map(str.isalpha, joined)) else ""


def _names(category: str, *, turned: bool) -> list[str]:
    """What one category names: "Politics, Uruguay" two things, "Doe, John A" a person, and so does "Doe, John" where
    names are `turned` round."""
    whole, brackets = _IN_BRACKETS.subn("", category.strip())
    turned = turned or brackets > 0  # Doe, John (Judge)
    person = _TURNED_ROUND.fullmatch(whole) or (_PERHAPS_TURNED_ROUND.fullmatch(whole) if turned else None)
    if person:
        return [f"{person[2]} {person[1]}"]
    return [_SECTION.sub("", name.strip()) for name in _BETWEEN.split(f"{whole} ")]


def _of_category(name: str) -> str:
    tag = hashtag(name[:1].upper() + name[1:] if name.islower() and len(name) > len("art") else name)
    plain = tag.casefold()
    of_the_site = plain in _NO_CATEGORY or plain.endswith("featured") or plain.startswith("#internalopenaccess")
    return "" if of_the_site or len(tag) > _READABLE else tag


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _stays(character: str) -> bool:
    # Python's own table alone decides: a newer one knows letters that no platform takes for letters yet.
    return character == "_" or unicodedata.category(character) in _STAYING
