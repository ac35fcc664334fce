"""What a feed's bytes need before any parser sees them: no document type, and no "&" that is not XML's.

A document type brings two things: names for characters, which are put in their places here, and the means to make
gigabytes of a kilobyte, which nobody needs. After this only XML's own five entities and numbers of characters are
left, so no parser has anything to expand, and none loses text over "Tom & Jerry" or "&nbsp;".
"""

from __future__ import annotations

import re
from html.entities import html5

_HEAD = 65_536  # bytes within which a document type begins and ends
_DOCTYPE = re.compile(rb"<!doctype[^>\[]{0,1000}(?:\[(.*?)\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ELEMENT = re.compile(rb"<[A-Za-z]")
_DECLARED = re.compile(
    rb"<!ENTITY\s+([\w.-]{1,64})\s+(?:\"([^\"<&%]{0,64}|&#\w{1,8};)\"|'([^'<&%]{0,64}|&#\w{1,8};)')\s*>"
)
# Numbers of which none can mean anything else than the character; all others are looked at one by one.
_PLAIN_NUMBER = (
    rb"#(?:0{0,4}(?:9|10|13|3[2-9]|[4-9]\d|1[01]\d|12[0-7]|1[6-9]\d|[2-9]\d\d|[1-9]\d{3}|[1-4]\d{4}|1[0-2]\d{4})"
    rb"|x0{0,4}(?:[9aAdD]|[2-7a-fA-F][0-9a-fA-F]|[1-9a-fA-F][0-9a-fA-F]{2}|[1-9a-cA-C][0-9a-fA-F]{3}|1[0-9a-fA-F]{4}));"
)
_FINE = rb"[lg]t;|amp;|quot;|apos;|" + _PLAIN_NUMBER
_STRANGE = re.compile(rb"&(?!" + _FINE + rb")")
_LETTERS = (range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))  # XML 1.0, 2.2
# A section or a comment, which stays as it is, to its end or the document's; else an "&" that means itself or a letter.
_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|&(?!" + _FINE + rb")"
    rb"(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});?|([A-Za-z][\w.-]{0,63});)?",
    re.DOTALL,
)


def mended(body: bytes) -> bytes:
    """`body`, XML in UTF-8, without its document type and with every "&" made to mean what a reader takes it for."""
    names: dict[bytes, bytes] = {}
    element = _ELEMENT.search(body)
    head = body[: element.start()] if element else b""
    # One that stands behind an element is quoted by an article.
    if b"<!" in head and (found := _DOCTYPE.search(body, 0, _HEAD)) and found.start() < len(head):
        names = {name: one or other for name, one, other in _DECLARED.findall(found[1] or b"")}
        body = body[: found.start()] + body[found.end() :]
    return _AMPERSAND.sub(lambda match: _as_xml(match, names), body) if _has_strange(body) else body


def _has_strange(body: bytes) -> bool:
    """Whether an "&" that stands outside of CDATA is none of XML's. Most feeds have none, and are not rewritten."""
    place = 0
    while found := _STRANGE.search(body, place):
        section = body.rfind(b"<![CDATA[", place, found.start())
        if section < 0 or body.find(b"]]>", section, found.start()) >= 0:
            return True
        place = body.find(b"]]>", found.end())
        if place < 0:
            return False
    return False


def _as_xml(match: re.Match[bytes], names: dict[bytes, bytes]) -> bytes:
    number, name = match[1], match[2]
    if number is not None:
        return _character(int(number[1:], 10) if number[1:].isdigit() else int(number[2:], 16))
    if name is None:
        return b"&amp;" if match[0] == b"&" else match[0]
    if name in names:
        return names[name]
    letters = html5.get(name.decode("ascii") + ";")
    return b"&amp;" + name + b";" if letters is None else "".join(f"&#{ord(letter)};" for letter in letters).encode()


def _character(number: int) -> bytes:
    """A reference to the character, b"" for what XML does not allow: parsers stop at it, or pass on broken text."""
    # Between 128 and 159 the web means Windows' Latin (HTML, 13.2.5.5), where XML has only controls.
    if 128 <= number < 160:
        number = ord(bytes([number]).decode("cp1252", "replace"))
    allowed = (
        number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    )
    return b"&#%d;" % number if allowed else b""
