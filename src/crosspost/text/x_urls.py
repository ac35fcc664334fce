"""What X takes for a web address in a text.

Every address weighs the same on X, so a post's length hangs on this. The rules are those of twitter-text 3.1, whose
conformance suite judges this module: an address needs a known top-level domain; with http:// its host may hold any
letters, without it only ASCII and accented Latin ones (пример.рф is plain text, http://пример.рф is a link); no
address begins right after a letter, a digit or one of @ # $.

The text is walked once, so that hostile input costs no more than its length.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crosspost.text import tlds

_NEVER = "\ufffe\ufeff\uffff"
_MARKS = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"  # directional
_SPACES = "\t-\r\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# What no host may hold; a host's own . _ - are treated apart.
_OUTSIDE = rf"!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${_SPACES}{_NEVER}{_MARKS}"
_ACCENTED = (
    "\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289"
    "\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)

# All that might be a host: host characters with a dot among them. It is tried only where they begin, so no text makes
# it slow.
_RUN = re.compile(rf"(?<![^{_OUTSIDE}])[^{_OUTSIDE}.]*+\.[^{_OUTSIDE}]++")
_BEFORE = rf"(?<![A-Za-z0-9@＠$#＃{_NEVER}])"
_START = re.compile(rf"{_BEFORE}[^{_OUTSIDE}._-]")
_PROTOCOL = re.compile(rf"{_BEFORE}https?://", re.IGNORECASE)
_LONGEST_PROTOCOL = len("https://")
# Labels, each with its dot. X knows no bound, but no real host comes near this one, and it keeps hostile texts cheap.
_LABELS = re.compile(rf"(?:[^{_OUTSIDE}._-][^{_OUTSIDE}.]*+(?<![_-])\.){{1,32}}+")
_LATIN_LABELS = re.compile(rf"(?:[-a-zA-Z0-9{_ACCENTED}]++\.)++")

_ASCII_NAME = re.compile(r"[A-Za-z0-9]++(?![-+@])")
_PUNYCODE = re.compile(r"xn--[-0-9a-z]+", re.IGNORECASE)
_OTHER_NAMES = frozenset(name for name in tlds.KNOWN if not name.isascii())
_LONGEST_OTHER_NAME = max(map(len, _OTHER_NAMES))
_ENDS_OTHER_NAME = re.compile(r"(?![-+@0-9A-Za-z])")

_IN_PATH = rf"[A-Za-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTED}]"
_PARENTHESES = rf"\((?:{_IN_PATH}++|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+)\)"  # such as Primer_(film)
_PATH_END = rf"(?:[+\-A-Za-z\u0400-\u04ff0-9=_#/{_ACCENTED}]|{_PARENTHESES})"
_PATH = re.compile(rf"/(?:{_IN_PATH}*(?:{_PARENTHESES}{_IN_PATH}*)*{_PATH_END}|@{_IN_PATH}+/)*")
_QUERY = re.compile(r"\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[A-Za-z0-9\-_&=#/]")
_PORT = re.compile(r":[0-9]+")
_TCO = re.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY.pattern})?", re.IGNORECASE)

_LONGEST_URL = 4096
_LONGEST_LABEL = 63
_LONGEST_TCO_SLUG = 40


class _Candidate(NamedTuple):
    """An address as it stands in the text: where it begins, its host, its end."""

    start: int  # of the protocol, where there is one
    host: int
    host_end: int
    has_path: bool
    end: int


def x_urls(text: str) -> list[tuple[int, int]]:
    """Start and end (exclusive, in code points) of every web address that X makes a link, in order.

    Source: twitter-text 3.1, `extractUrlsWithIndices`.
    """
    if "." not in text:
        return []
    found: list[tuple[int, int]] = []
    done = 0  # everything before belongs to an earlier candidate
    for run in _RUN.finditer(text):
        position = max(run.start(), done)
        while position < run.end() and (match := _START.search(text, position, run.end())):
            start = match.start()
            if 0 < done == start:  # the character before an address belongs to no other
                position = start + 1
                continue
            if start == 0 and _START.match(text, 1) and _host_end(text, 1, run.end())[0]:
                start = 1  # X prefers an address with a character before it
            host_end, position = _host_end(text, start, run.end())
            if host_end:
                candidate = _candidate(text, _protocol(text, start, done), start, host_end)
                found += _links(text, candidate)
                done = position = candidate.end
    return found


def _protocol(text: str, host: int, done: int) -> int:
    """Where the http:// or https:// before `host` begins; `host` itself if there is none."""
    if not text.startswith("://", max(host - 3, 0)):
        return host
    found = _PROTOCOL.search(text, max(host - _LONGEST_PROTOCOL, done), host)
    return host if found is None or 0 < done == found.start() else found.start()


def _host_end(text: str, start: int, limit: int) -> tuple[int, int]:
    """The end of the longest host from `start` on, 0 if there is none; and where else to look for one."""
    labels = _LABELS.match(text, start, limit)
    if labels is None:
        dot = text.find(".", start, limit)
        return 0, limit if dot < 0 else dot
    elsewhere = labels.end()
    dot = labels.end() - 1
    while dot > 0:
        label = max(text.rfind(".", start, dot) + 1, start)
        underscore = text.rfind("_", label, dot)
        if underscore >= 0:
            elsewhere = underscore + 1  # allowed in a subdomain only
        elif end := _domain_end(text, dot + 1):
            return end, end
        dot = label - 1 if label > start else 0
    return 0, elsewhere


def _domain_end(text: str, start: int) -> int:
    """The end of the top-level domain that begins at `start`, 0 if none does."""
    name = _ASCII_NAME.match(text, start)
    if name and name[0].lower() in tlds.KNOWN:
        return name.end()
    if punycode := _PUNYCODE.match(text, start):
        return punycode.end()
    longest = text[start : start + _LONGEST_OTHER_NAME].lower()
    for length in range(0 if longest.isascii() else len(longest), 0, -1):
        if longest[:length] in _OTHER_NAMES and _ENDS_OTHER_NAME.match(text, start + length):
            return start + length
    return 0


def _candidate(text: str, start: int, host: int, host_end: int) -> _Candidate:
    port = _PORT.match(text, host_end)
    end = port.end() if port else host_end
    path = _PATH.match(text, end)
    end = path.end() if path else end
    query = _QUERY.match(text, end)
    return _Candidate(start, host, host_end, path is not None, query.end() if query else end)


def _links(text: str, candidate: _Candidate) -> list[tuple[int, int]]:
    """What of a candidate becomes a link: mostly all of it or nothing."""
    start, host, host_end, has_path, end = candidate
    if not _sound(text[host:host_end]) or end - start > _LONGEST_URL:
        return []
    if start < host:
        tco = _TCO.match(text, start, end)
        if tco is None:
            return [(start, end)]
        return [tco.span()] if len(tco[1]) <= _LONGEST_TCO_SLUG else []
    if host > 0 and text[host - 1] in "-_./":
        return []
    links = [(host + first, host + last) for first, last in _latin_hosts(text[host:host_end])]
    if links and has_path:
        links[-1] = (links[-1][0], end)
    return links


def _latin_hosts(host: str) -> list[tuple[int, int]]:
    """The ASCII and accented parts of a host that are hosts themselves, as in "国語t.co"."""
    hosts = []
    position = 0
    while labels := _LATIN_LABELS.search(host, position):
        position = labels.end()
        dot = labels.end() - 1
        while dot >= labels.start():
            if end := _domain_end(host, dot + 1):
                hosts.append((labels.start(), end))
                position = end
                break
            dot = host.rfind(".", labels.start(), dot)
    return hosts


def _sound(host: str) -> bool:
    """Whether every label fits DNS, once encoded."""
    if host.isascii():
        return all(len(label) <= _LONGEST_LABEL for label in host.split("."))
    if host.startswith("xn--") and not _latin_hosts(host):
        return False
    return all(_encoded_length(label) <= _LONGEST_LABEL for label in host.split("."))


def _encoded_length(label: str) -> int:
    # Encoding never shortens, and the codec is slow on long labels.
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return len(label)
    return len("xn--") + len(label.encode("punycode"))
