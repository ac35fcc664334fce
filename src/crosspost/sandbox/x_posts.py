"""A post as X gives it back: addresses shortened to t.co, entities beside the text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from crosspost.sandbox.store import Stored
from crosspost.text.x_urls import x_urls


def tweet(stored: Stored, fields: frozenset[str]) -> dict[str, Any]:
    """The post with the asked `fields` beside those that X always gives."""
    entities = _entities(stored)
    everything = {
        "author_id": stored.account,
        "created_at": stored.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "conversation_id": stored.id,
        "lang": "ru" if re.search("[А-Яа-я]", stored.text) else "en",
        **({"entities": entities} if entities else {}),
        **({"attachments": {"media_keys": [f"3_{id}" for id in stored.media]}} if stored.media else {}),
    }
    wanted = {name: value for name, value in everything.items() if name in fields}
    return {"id": stored.id, "text": shown_text(stored), "edit_history_tweet_ids": [stored.id], **wanted}


def shown_text(stored: Stored) -> str:
    """The text as X gives it back: addresses shortened, an address for the pictures added, & < > as HTML has them."""
    pieces, done = [], 0
    for link in _links(stored):
        pieces += [html.escape(stored.text[done : link.start], quote=False), link.short]
        done = link.end
    text = "".join([*pieces, html.escape(stored.text[done:], quote=False)])
    return f"{text} {_short(stored, 'media')}".strip() if stored.media else text


@dataclass(frozen=True, slots=True)
class _Link:
    """An address in the text as it was sent, and what X writes instead."""

    start: int
    end: int
    address: str
    short: str


def _links(stored: Stored) -> list[_Link]:
    spans = enumerate(x_urls(stored.text))
    return [_Link(start, end, stored.text[start:end], _short(stored, place)) for place, (start, end) in spans]


def _short(stored: Stored, place: int | str) -> str:
    return f"https://t.co/{sha256(f'{stored.number}/{place}'.encode()).hexdigest()[:10]}"


def _entities(stored: Stored) -> dict[str, Any]:
    text = shown_text(stored)
    urls, begin = [], 0
    for link in _links(stored):
        begin = text.index(link.short, begin)
        full = link.address if "://" in link.address else f"http://{link.address}"
        urls.append(_url(link.short, begin, full))
    for id in stored.media:
        short = _short(stored, "media")
        photo = f"https://x.com/sandbox_{stored.account}/status/{stored.id}/photo/1"
        urls.append(_url(short, text.rindex(short), photo) | {"media_key": f"3_{id}"})
    tags = [{"start": one.start(), "end": one.end(), "tag": one[1]} for one in re.finditer(r"(?<!\w)#(\w+)", text)]
    return {name: found for name, found in (("urls", urls), ("hashtags", tags)) if found}


def _url(short: str, begin: int, full: str) -> dict[str, Any]:
    shown = full.partition("://")[2].removeprefix("www.")
    display = shown if len(shown) <= 26 else f"{shown[:26]}…"
    span = {"start": begin, "end": begin + len(short)}
    return {**span, "url": short, "expanded_url": full, "display_url": display}
