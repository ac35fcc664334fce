"""A closer look at the entries of an odd document, for what the quick parser leaves out or makes up.

It costs one more parse, so entries.py asks for it only where the document shows a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from crosspost.feeds.address import absolute

_XML = "{http://www.w3.org/XML/1998/namespace}"
_DC_LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ENTRIES = ("item", "entry")


class Look(NamedTuple):
    """An entry as it stands in the document.

    `base` is what its relative links go by; `language` is its own as written, "" without; `guid` and `title` are its
    own, the title with what its markup holds; `summary` is one that is written in markup, "" otherwise. `has_link` is whether an element names one, `is_permalink` whether the
    guid may stand for it.
    """

    base: str
    language: str
    guid: str
    title: str
    summary: str
    has_link: bool
    is_permalink: bool


def looks(body: bytes, url: str) -> list[Look] | None:
    """A look at each entry of the feed in document order; `None` where entries stand directly in one another, or the
    document cannot be read. An entry inside another's extension, such as a conflict's loser, is none of the feed's.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(body, parser, base_url=url)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    found = []
    for entry in root.iter("{*}item", "{*}entry"):
        if _local(entry.getparent()) in _ENTRIES:
            return None
        if not any(_local(above) in _ENTRIES for above in entry.iterancestors()):
            found.append(_look(entry, url))
    return found


def _look(entry: etree._Element, url: str) -> Look:
    link, title, guid = entry.find("{*}link"), entry.find("{*}title"), entry.find("{*}guid")
    language = entry.findtext(_DC_LANGUAGE) or entry.get(f"{_XML}lang")
    if not language and title is not None:
        language = title.get(f"{_XML}lang")
    base = (entry if link is None else link).base or ""
    return Look(
        base=absolute(base, url) or url,
        language=language or "",
        guid=next(_guids(entry), ""),
        title="" if title is None else "".join(title.itertext()),
        summary=_markup(entry.find("{*}summary")),
        has_link=link is not None,
        is_permalink=guid is None or guid.get("isPermaLink", "true").lower() != "false",
    )


def _guids(entry: etree._Element) -> Iterator[str]:
    for tag in ("{*}guid", "{*}id"):
        for element in entry.iterfind(tag):
            if element.text and element.text.strip():
                yield element.text.strip()
    if entry.get(_ABOUT):
        yield entry.get(_ABOUT).strip()


def _markup(element: etree._Element | None) -> str:
    """What stands in `element`, if that is markup."""
    if element is None or len(element) == 0:
        return ""
    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)


def _local(element: etree._Element | None) -> str:
    return etree.QName(element).localname if element is not None and isinstance(element.tag, str) else ""
