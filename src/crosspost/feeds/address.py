"""Addresses as messages may show them: never with a query, a fragment or a password."""

from __future__ import annotations

import re
from urllib.parse import urljoin

_PARTS = re.compile(r"^([a-z][a-z0-9+.-]*://)?(?:[^/?#@]*@)?([^?#]*)", re.IGNORECASE | re.DOTALL)
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff]+")
_BLANKS = re.compile(r"\s+")
_SHOWN = 200  # characters; a longer address tells a person nothing more


def shown(url: str) -> str:
    """`url` for a message: scheme, host and path. Queries carry tokens, and so does what stands before an @."""
    match = _PARTS.match(url.strip())
    assert match is not None  # the pattern matches every string
    plain = _UNPRINTABLE.sub("", (match[1] or "") + match[2])
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"


def absolute(link: str, base: str) -> str:
    """`link` as an absolute http address, resolved against `base`; "" where that is not possible.

    "&amp;" in it is an "&" that was escaped once too often.
    """
    # Most links are whole; a bracket may be the half of an IPv6 address.
    is_whole = link.startswith(("http://", "https://")) and link.isprintable()
    if is_whole and " " not in link and "[" not in link and "&amp;" not in link:
        return link
    link = _BLANKS.sub("%20", link.strip()).replace("&amp;", "&")
    if not link:
        return ""
    if not link.startswith(("http://", "https://")) or "[" in link:
        try:
            link = urljoin(base, link)
        except ValueError:  # such as http://[/
            return ""
    return link if link.lower().startswith(("http://", "https://")) else ""
