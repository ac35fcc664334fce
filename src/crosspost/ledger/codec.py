"""Articles as JSON, for the ledger's `body` column. The feed is left out: it can be renamed, so a column has it. And
uploads, for `upload`."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from crosspost.article import Article, Picture
from crosspost.post import Upload

_FIELDS = tuple(field.name for field in fields(Article) if field.name != "feed")


def dump(article: Article) -> str:
    """The article as JSON; what is empty is left out."""
    known = {name: getattr(article, name) for name in _FIELDS}
    known["pictures"] = [_picture(picture) for picture in article.pictures]
    known["page_picture"] = _picture(article.page_picture) if article.page_picture else None
    if article.published is not None:
        known["published"] = article.published.isoformat()
    return json.dumps({name: value for name, value in known.items() if value}, ensure_ascii=False)


def load(body: str, feed: str) -> Article:
    """The article of `feed` that `dump` wrote."""
    known: dict[str, Any] = json.loads(body)
    known["pictures"] = tuple(Picture(**picture) for picture in known.get("pictures", ()))
    if "page_picture" in known:
        known["page_picture"] = Picture(**known["page_picture"])
    known["categories"] = tuple(known.get("categories", ()))
    if "published" in known:
        known["published"] = datetime.fromisoformat(known["published"])
    return Article(**{"title": "", "link": "", **known, "feed": feed})


def dump_upload(upload: Upload) -> str:
    """The upload as JSON, without what the platform has to be asked for anew."""
    return json.dumps({"address": upload.address, "mark": upload.mark, "size": upload.size})


def load_upload(kept: str) -> Upload:
    """The upload that `dump_upload` wrote."""
    return Upload(**json.loads(kept))


def _picture(picture: Picture) -> dict[str, Any]:
    return {"url": picture.url, "alt": picture.alt, "width": picture.width, "height": picture.height}
