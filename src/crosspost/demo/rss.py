"""The sample site's feeds: RSS 2.0 with pictures as enclosure and as media:content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as xml

from crosspost.demo import drawing
from crosspost.demo.stories import Edition, Story

_MEDIA = "http://search.yahoo.com/mrss/"
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
for _prefix, _namespace in (("media", _MEDIA), ("atom", _ATOM), ("dc", _DC)):
    xml.register_namespace(_prefix, _namespace)


def document(edition: Edition, entries: Iterable[tuple[Story, datetime]], root: str) -> bytes:
    """The edition's feed; `entries` come newest first."""
    home = f"{root}/{edition.language}/"
    feed = xml.Element("rss", version="2.0")
    channel = xml.SubElement(feed, "channel")
    _add(channel, "title", edition.name)
    _add(channel, "link", home)
    _add(channel, "description", edition.motto)
    _add(channel, "language", edition.language)
    _add(channel, f"{{{_ATOM}}}link", href=f"{home}rss.xml", rel="self", type="application/rss+xml")
    for story, at in entries:
        _item(channel, story, at, root)
    xml.indent(feed)
    return bytes(xml.tostring(feed, "utf-8", xml_declaration=True))


def _item(channel: xml.Element, story: Story, at: datetime, root: str) -> None:
    link = f"{root}/{story.language}/{story.slug}"
    picture = f"{root}/pictures/{story.slug}.jpg"
    item = xml.SubElement(channel, "item")
    _add(item, "title", story.title)
    _add(item, "link", link)
    _add(item, "guid", f"perigee:{story.language}:{story.slug}", isPermaLink="false")
    _add(item, "pubDate", format_datetime(at))
    _add(item, f"{{{_DC}}}creator", story.author)
    for category in story.categories:
        _add(item, "category", category)
    _add(item, "description", story.lead)
    # Length 0 is "not known" (RSS Best Practices Profile): a picture is drawn only when somebody asks for it.
    _add(item, "enclosure", url=picture, length="0", type="image/jpeg")
    shown = {"url": picture, "medium": "image", "type": "image/jpeg"}
    width, height = map(str, drawing.SIZE)
    media = _add(item, f"{{{_MEDIA}}}content", **shown, width=width, height=height)
    _add(media, f"{{{_MEDIA}}}description", story.picture)


def _add(parent: xml.Element, name: str, text: str | None = None, /, **attributes: str) -> xml.Element:
    child = xml.SubElement(parent, name, attributes)
    child.text = text
    return child
