"""A closer look at the entries of an odd document, for what the quick parser leaves out, mistakes or makes up.

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
_WEB = ("http://", "https://")
_RELATED = ("related", "via", "self")  # what may stand for an article's address when nothing else does


class Look(NamedTuple):
    """An entry as it stands in the document, each of its texts "" where it has none of its own.

    `base` is what its relative links go by; `language` is as written; `title` has what its markup holds; `link` is the
    guid where that is a permalink and no element names one; `summary` is one that is written in markup, or that stands
    behind another vocabulary's.
    """

    base: str
    language: str
    title: str
    link: str
    guid: str
    summary: str


def looks(body: bytes, url: str) -> list[Look] | None:
    """A look at each entry of the feed in document order; `None` where entries stand directly in one another, or the
    document cannot be read. An entry inside another's extension, such as a conflict's loser, is none of the feed's.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False)
    try:
        root = etree.fromstring(body, parser, base_url=url)
        return None if root is None else _found(root, url)
    except (etree.XMLSyntaxError, ValueError):  # the latter for text that a damaged document makes no letters of
        return None


def _found(root: etree._Element, url: str) -> list[Look] | None:
    found = []
    within: dict[etree._Element, bool] = {}
    for entry in root.iter("{*}item", "{*}entry"):
        parent = entry.getparent()
        if _local(parent) in _ENTRIES:
            return None
        if not _is_within(parent, within):
            found.append(_look(entry, url))
    return found


def _is_within(element: etree._Element | None, known: dict[etree._Element, bool]) -> bool:
    """Whether an entry is `element` or stands above it; `known` keeps the answers, as most entries share a parent."""
    path = []
    while element is not None and element not in known and _local(element) not in _ENTRIES:
        path.append(element)
        element = element.getparent()
    answer = element is not None and known.get(element, True)
    known.update(dict.fromkeys(path, answer))
    return answer


def _look(entry: etree._Element, url: str) -> Look:
    title, link = _own(entry, "title"), entry.find("{*}link")
    language = entry.findtext(_DC_LANGUAGE) or entry.get(f"{_XML}lang")
    if not language and title is not None:
        language = title.get(f"{_XML}lang")
    guid = _guid(entry)
    return Look(
        base=absolute((entry if link is None else link).base or "", url) or url,
        language=language or "",
        title="" if title is None else "".join(title.itertext()).strip(),
        link=next(_links(entry, guid), ""),
        guid=guid,
        summary=_markup(entry.find("{*}summary")) or _behind_another(entry),
    )


def _own(entry: etree._Element, name: str) -> etree._Element | None:
    """The entry's child of that name in its own vocabulary, else in any: media:title is the picture's first."""
    vocabulary, bracket, _ = entry.tag.rpartition("}")
    own = entry.find(f"{vocabulary}{bracket}{name}")
    return entry.find(f"{{*}}{name}") if own is None else own


def _guid(entry: etree._Element) -> str:
    for name in ("guid", "id"):
        element = _own(entry, name)
        if element is not None and element.text and element.text.strip():
            return str(element.text.strip())
    return (entry.get(_ABOUT) or "").strip()


def _links(entry: etree._Element, guid: str) -> Iterator[str]:
    """What may be the entry's address, best first."""
    own = _own(entry, "link")
    if own is not None and own.text and own.text.strip():
        yield own.text.strip()
    named = [link for link in entry.iterfind("{*}link") if link.get("href", "").strip()]
    # RFC 4287, 4.2.7.2: a link that names no relation is the alternate.
    alternate = [link for link in named if link.get("rel", "alternate") == "alternate"]
    yield from (link.get("href") for link in alternate if "html" in link.get("type", "html"))
    yield from (link.get("href") for link in alternate)
    element = _own(entry, "guid")
    if guid.startswith(_WEB) and (element is None or element.get("isPermaLink", "true").lower() != "false"):
        yield guid
    yield from (link.get("href") for relation in _RELATED for link in named if link.get("rel") == relation)


def _behind_another(entry: etree._Element) -> str:
    """The entry's own description, if media:description, which a picture has, stands before it."""
    first, own = entry.find("{*}description"), _own(entry, "description")
    return "" if own is None or own is first else "".join(own.itertext())


def _markup(element: etree._Element | None) -> str:
    """What stands in `element`, if that is markup."""
    if element is None or len(element) == 0:
        return ""
    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)


def _local(element: etree._Element | None) -> str:
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""
