"""Which of the known articles somebody may mean by an address that is a little wrong, or by words of a title. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import unquote

from crosspost.text import links

_LIKE = 0.75  # of the address alike, or of the words found in the title
_ELSEWHERE = 0.15  # what the same path on another host is worth less
_WORD = re.compile(r"\w{2,}")


class Named(NamedTuple):
    """An article as people know it."""

    link: str
    title: str


def nearest(wanted: str, known: Iterable[Named], count: int = 3) -> list[Named]:
    """The articles that `wanted` may mean, the likeliest first, one for each address; none when nothing is like it."""
    host, path = _parts(wanted)
    words = _words(path.rpartition("/")[2] if host else wanted)
    best: dict[str, tuple[float, Named]] = {}
    for one in known:
        likeness = max(_address_likeness(host, path, one.link), _title_likeness(words, one.title))
        address = links.canonical(one.link)
        if likeness >= _LIKE and likeness > best.get(address, (0.0,))[0]:
            best[address] = (likeness, one)
    order = sorted(best.values(), key=lambda found: -found[0])
    return [one for _, one in order[:count]]


def _address_likeness(host: str, path: str, link: str) -> float:
    """How much of two addresses' paths is alike: hosts are long, and would make all of a site's articles alike."""
    other_host, other_path = _parts(link)
    if not host or not path or not other_path:
        return 0.0
    matcher = SequenceMatcher(None, path, other_path)
    if matcher.real_quick_ratio() < _LIKE or matcher.quick_ratio() < _LIKE:
        return 0.0
    return matcher.ratio() - (0.0 if host == other_host else _ELSEWHERE)


def _title_likeness(words: frozenset[str], title: str) -> float:
    return len(words & _words(title)) / len(words) if len(words) > 1 else 0.0


def _parts(address: str) -> tuple[str, str]:
    """Host and the rest of an address, both "" for what is none."""
    scheme, separator, rest = links.canonical(address).partition("://")
    host, _, path = rest.partition("/")
    return (host, path) if separator and scheme == "https" else ("", "")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unquote(text).casefold().replace("_", " ")))
