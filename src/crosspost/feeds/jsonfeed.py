"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org), whose letter is short enough to be read here."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crosspost.feeds.reading import Entry, Reading, storable


def read_json(body: bytes) -> Reading | None:
    """The entries of a JSON feed; `None` when it is none. Numbers and nulls may stand where the letter wants text."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    items = [item for item in feed["items"] if isinstance(item, dict)]
    return Reading(_text(feed.get("title")), _text(feed.get("language")), tuple(map(_entry, items)))


def _entry(item: Mapping[str, Any]) -> Entry:
    content, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    return Entry(
        title=_text(item.get("title")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        guid=_text(item.get("id")),
        description=html.escape(_text(item.get("summary")), quote=False),
        content=content or html.escape(plain, quote=False),
        author=_author(item),
        categories=tuple(dict.fromkeys(filter(None, map(_text, _list(item.get("tags")))))),
        published=_time(item.get("date_published")) or _time(item.get("date_modified")),
        raw={
            "image": _text(item.get("image")) or _text(item.get("banner_image")),
            "enclosures": [
                {"url": _text(one.get("url")), "type": _text(one.get("mime_type"))}
                for one in _list(item.get("attachments"))
                if isinstance(one, dict)
            ],
        },
        language=_text(item.get("language")),
    )


def _author(item: Mapping[str, Any]) -> str:
    """The first author's name; version 1.0 had one `author`, 1.1 has `authors`."""
    for one in (*_list(item.get("authors")), item.get("author")):
        if isinstance(one, dict) and _text(one.get("name")):
            return _text(one["name"])
    return ""


def _time(value: Any) -> datetime | None:
    try:
        when = datetime.fromisoformat(_text(value))
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return storable(value.strip()) if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
