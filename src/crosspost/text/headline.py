"""A headline without what its feed puts around it: a section, the site's name, an agency's tag.

A name goes only where something else says that it is one: the link, the feed's name, a category. Behind a bar or an
arrow, which no sentence has, a short one goes in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from crosspost.text.repeating import short_stems

_BEFORE = re.compile(r"[^\s›»|][^›»|\n]{1,30} [›»|] (?=\w)")  # National › Publisher ordered to pay
_BEHIND = re.compile(r" (?P<sign>[|·•‹«—–-]+|::) (?P<name>[^|·•—–\n]{2,40})$")
_BARS = frozenset("|·•")
_FEW_WORDS = 3  # of a name behind a bar
_LEFT = 3  # words; a headline has so many without the name
_DASH = re.compile(r" [—–|-] ")
_SENTENCE = re.compile(r" +[«“\"]?[A-ZА-ЯЁ]\w* [^\n]*?[.!?…]")
_SHARED = 2  # words of a headline, that its story has too
_TAG = re.compile(
    r"(?:(?:UPDATE|WRAPUP|RPT|REFILE|CORRECTED)(?: \d+)?-)+(?=[A-Z])"
    r"|(?P<kind>Analysis|Exclusive|Factbox|Explainer|Insight|Focus|Timeline|Profile)-(?=[A-Z‘“\"'])"
)
# Papers that a feed of many sites names behind a dash.
_PAPER = re.compile(
    r"(?:[A-Z]{2,5}|Fox|Sky|Yahoo) News"
    r"|(?:The )?(?:New York|Los Angeles|Washington|Financial|Irish|Moscow) (?:Times|Post)"
    r"|The (?:\w+ ){1,2}(?:Times|Post|Herald|Tribune|Journal|Gazette|Telegraph|Independent|Mail|Chronicle|Star)"
    r"|The (?:Guardian|Independent|Telegraph|Economist|Atlantic|Verge|Times)|USA TODAY|Al Jazeera|Ars Technica"
    r"|[\w-]+\.(?:com|org|net|info|news|ru|by|ua|co\.uk)"
)
_KNOWN = frozenset(
    [
        "cnn",
        "bbc",
        "bbcnews",
        "reuters",
        "ap",
        "apnews",
        "afp",
        "upi",
        "bloomberg",
        "тасс",
        "риановости",
        "рбк",
        "белта",
    ]
)


def headline(title: str, link: str = "", names: Iterable[str] = ()) -> str:
    """`title` as a post shows it. `link` is the article's address; `names` may name the site or a section of it."""
    known = _KNOWN | {_letters(name) for name in names} | _names_of_site(link)
    shown = (
        _TAG.sub(lambda tag: f"{tag['kind']}: " if tag["kind"] else "", title, count=1) if _TAG.match(title) else title
    )
    if (before := _BEFORE.match(shown)) and len(before[0].split()) <= _FEW_WORDS + 1:
        shown = _enough(shown[before.end() :], shown)
    behind = _BEHIND.search(shown)
    if behind and (
        _letters(behind["name"]) in known or _PAPER.fullmatch(behind["name"]) or _stands_behind_a_bar(behind)
    ):
        shown = _enough(shown[: behind.start()].rstrip(), shown)
    return shown


def without_headline(text: str, title: str) -> str:
    """`text` without the headline, or what stands behind a dash in it, where that stands in front of the first sentence
    on the same line: excerpts are made so from pages. The sentence has to go on about it: a name may go on too."""
    for said in (title, *_DASH.split(title)[1:]):
        behind = text[len(said) :]
        if len(said.split()) > _LEFT and text.startswith(said) and _SENTENCE.match(behind):
            first = behind.lstrip().split("\n", 1)[0]
            if len(short_stems(first) & short_stems(said)) >= _SHARED:
                return behind.lstrip()
    return text


def _stands_behind_a_bar(behind: re.Match[str]) -> bool:
    return behind["sign"] in _BARS and len(behind["name"].split()) <= _FEW_WORDS


def _enough(shorter: str, whole: str) -> str:
    return shorter if len(shorter.split()) >= _LEFT else whole


def _names_of_site(link: str) -> frozenset[str]:
    """What the site may be called: thedailyexample.com is "The Daily Example" or "Daily Example"."""
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return frozenset()
    labels = host.removeprefix("www.").split(".")
    names = {_letters(label) for label in labels[:-1]} | {_letters(host.removeprefix("www."))}
    return frozenset(names | {name.removeprefix("the") for name in names} | {f"the{name}" for name in names})


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
