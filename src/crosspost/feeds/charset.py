"""Which letters a document's bytes are. We decide, and hand every parser UTF-8 that says so.

The order: a byte order mark; UTF-8, where all but a scrap of the bytes fit (no other text does by chance); what the
document declares, then what the server said; for a document that declares nothing true, the likeliest of the two
Cyrillic encodings, and Windows' Latin as the last resort.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from itertools import islice

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does, so it is looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ANY_BOM = tuple(mark for mark, _ in _BOMS)
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?([A-Za-z0-9._-]+)", re.IGNORECASE)
_META_DECLARATION = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]+)", re.IGNORECASE)
_STANDING_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,500}\?>", re.IGNORECASE)
# Latin-1 means Windows' Latin on the web (WHATWG, Encoding Standard), and so does "ascii" with bytes above it.
_SAME_ON_THE_WEB = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# Python's own, in which "<" may be written otherwise: what counts a document's tags would see none.
_NOT_ON_THE_WEB = {"utf-7", "unicode-escape", "raw-unicode-escape"}
_MARKUP = "<?xml >&"
_HEAD = 2048  # bytes within which a document declares itself
_MOSTLY = 0.02  # bytes in a hundred that may be broken before a text is no UTF-8 at all
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 50  # runs looked at before the whole document is changed
_NEARLY_ALL = 0.95  # of them
# What is left of "é", a no-break space, Cyrillic letters and quotation marks when they are encoded twice.
_DOUBLED_SIGN = re.compile(rb"\xc3(?:[\x82\x83\x90]\xc2|\x91\xe2|\xa2\xe2\x82\xac)")
_ASCII = bytes(range(0x80))
_VOWELS = frozenset("аеиоуыэюяё")


def text_of(body: bytes, content_type: str = "") -> str:
    """`body` as text. Never fails: what fits nowhere becomes U+FFFD."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    if b"\x00" in body[:4]:
        return body.decode("utf-16-le" if body[1:2] == b"\x00" else "utf-16-be", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body, _declared(body), _named(_HEADER.search(content_type)))


def as_utf8(body: bytes, content_type: str = "") -> bytes:
    """`body` in UTF-8, its XML declaration in agreement. UTF-8 that declares nothing else comes back as it is."""
    if body.startswith(codecs.BOM_UTF8):
        body = body[len(codecs.BOM_UTF8) :]
    if not _is_plain_utf8(body):
        text = text_of(body, content_type)
        declared = _STANDING_DECLARATION.sub('<?xml version="1.0" encoding="utf-8"?>', text, count=1)
        body = declared.encode("utf-8", "replace")
    return body if body.isascii() or not _DOUBLED_SIGN.search(body) else _undoubled(body)


def _is_plain_utf8(body: bytes) -> bool:
    if body.startswith(_ANY_BOM) or b"\x00" in body[:4] or _declared(body) not in ("", "utf-8"):
        return False
    try:
        return body.isascii() or bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _undoubled(body: bytes) -> bytes:
    """UTF-8 with a doubled encoding undone: it was once read as Windows' Latin and saved as UTF-8 again.

    Only where nearly all of the document shows it. In a text of letters as they should be, "é" stands alone somewhere.
    """
    runs = [run[0] for run in islice(_HIGH_RUN.finditer(body), _SAMPLE)]
    if len(runs) < 2 or sum(map(bool, map(_once, runs))) < _NEARLY_ALL * len(runs):
        return body
    # From run to run as the codec finds them, which is many times quicker than a pattern.
    return body.decode("ascii", _RUN_BY_RUN).encode()


@lru_cache(maxsize=1024)  # few runs make a text
def _once(run: bytes) -> str:
    """What was encoded twice, decoded twice; "" where it was not."""
    try:
        return run.decode("utf-8").encode("cp1252", _WINDOWS_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _decoded_run(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    run = _HIGH_RUN.match(error.object, error.start)
    assert run is not None  # what ASCII does not decode is such a run
    return _once(run[0]) or run[0].decode("utf-8", "replace"), run.end()


def _bytes_of(error: UnicodeError) -> tuple[bytes, int]:
    """What Windows' Latin has no byte for: the five it left out are themselves, and no other letter was doubled."""
    assert isinstance(error, UnicodeEncodeError)
    strange = error.object[error.start : error.end]
    return b"".join(one.encode("latin-1" if one < "\xa0" else "utf-8", "replace") for one in strange), error.end


_WINDOWS_BYTES = "crosspost.windows_bytes"
_RUN_BY_RUN = "crosspost.run_by_run"
codecs.register_error(_WINDOWS_BYTES, _bytes_of)
codecs.register_error(_RUN_BY_RUN, _decoded_run)


def _declared(body: bytes) -> str:
    head = body[:_HEAD]
    match = _XML_DECLARATION.match(head)
    if match is None and b"charset" in head.lower():
        match = _META_DECLARATION.search(head)
    return _codec(match[1].decode("ascii")) if match else ""


def _named(match: re.Match[str] | None) -> str:
    return _codec(match[1]) if match else ""


@lru_cache(maxsize=64)
def _codec(name: str) -> str:
    """Python's name of an encoding whose markup is ASCII, as all of the web's are but UTF-16; "" for any other."""
    try:
        found = codecs.lookup(name)
        if found.name in _NOT_ON_THE_WEB or _MARKUP.encode(found.name) != _MARKUP.encode():
            return ""
    except (LookupError, UnicodeError):
        return ""
    return _SAME_ON_THE_WEB.get(found.name, found.name)


def _not_utf8(body: bytes, declared: str, header: str) -> str:
    told = declared if declared not in ("", "utf-8") else header
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") <= _MOSTLY * len(body.translate(None, _ASCII)):
        # UTF-8 with a scrap of something else, most often of what the document claims to be.
        return body.decode("utf-8", _SCRAPS) if told == "cp1252" else text
    return body.decode(told, "replace") if told not in ("", "utf-8") else _likeliest(body)


def _scrap(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_SCRAPS = "crosspost.scraps"
codecs.register_error(_SCRAPS, _scrap)


def _likeliest(body: bytes) -> str:
    """Windows-1251 or KOI8-R, by which of them gives Russian; else Windows' Latin."""
    high = bytes(byte for byte in body[:200_000] if byte >= 0x80 or byte in b" \n")
    words = {name: _russian(high.decode(name, "replace")) for name in ("cp1251", "koi8-r")}
    best = max(words, key=lambda name: words[name])
    return body.decode(best if words[best] > 0.5 else "cp1252", "replace")


def _russian(letters: str) -> float:
    """How much of `letters`, between 0 and 1, stands in runs as Russian words do: lower case, with vowels.

    Either Cyrillic encoding read as the other gives letters of the wrong case, and Latin text single letters.
    """
    runs = letters.split()
    total = sum(map(len, runs))
    good = sum(len(run) for run in runs if len(run) > 2 and run[1:].islower() and _VOWELS.intersection(run.lower()))
    return good / total if total else 0.0
