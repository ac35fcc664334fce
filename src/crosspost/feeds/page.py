"""An article's page: what its head says of itself and, where it is wanted, the story's text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crosspost.article import Article, Picture
from crosspost.errors import FeedError
from crosspost.feeds import charset
from crosspost.feeds.address import absolute, shown
from crosspost.feeds.cost import refuse_floods
from crosspost.text.plain import one_line

_HEAD_LIMIT = 512 * 1024  # bytes within which a head ends, or is cut off
# What is larger is no article's page, and its text is not looked for: that takes time with the square of the tags.
_TEXT_BYTES = 3_000_000
_TEXT_TAGS = 20_000
_HEAD_END = re.compile(rb"</head\s*>|<body[\s>]", re.IGNORECASE)
_TITLES = ("og:title", "twitter:title")
_PICTURES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_LANGUAGES = ("og:locale", "content-language")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read. `text` is plain, paragraphs apart by an empty line, "" when not wanted or not found.

    `canonical` is its own rel=canonical, absolute, "" without one. `preview` says that a platform can make a link
    preview of it: it names a title and a picture. `language` is two letters or "".
    """

    text: str
    canonical: str
    preview: bool
    picture: Picture | None
    language: str
    title: str


def read_page(html: bytes, url: str, *, want_text: bool) -> Page:
    """Read a page fetched from `url`. What is not found is empty, and so is the text of a page too large to be an
    article's. Raises `FeedError` for a tag with more attributes than any page has, and where the text is wanted and
    the markup is so damaged that nothing can be extracted."""
    source = charset.as_utf8(html)
    refuse_floods(source, url)
    head = _head(source)
    said = dict(_metadata(head))
    base = absolute(_attribute(head, "base", "href"), url) or url
    title = one_line(_first(said, _TITLES) or (head.findtext(".//title") or ""))
    picture = _picture(said, base)
    return Page(
        text=_text(source, url, title) if want_text and _may_be_an_article(source) else "",
        canonical=_canonical(head, base),
        preview=bool(title and picture),
        picture=picture,
        language=_language(head.get("lang") or _first(said, _LANGUAGES)),
        title=title,
    )


def article_of(page: Page, url: str, *, feed: str = "", language: str = "") -> Article:
    """An article made of its page alone, for `preview --url`; `language` is used where the page says none."""
    return Article(
        feed=feed,
        title=page.title,
        link=page.canonical or url,
        language=page.language or language,
        page_text=page.text,
        page_canonical=page.canonical,
        page_preview=page.preview,
        page_picture=page.picture,
    )


def _head(source: bytes) -> etree._Element:
    end = _HEAD_END.search(source, 0, _HEAD_LIMIT)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    # Without anything to parse, lxml raises; a page always has this much.
    root = etree.fromstring(source[: end.start() if end else _HEAD_LIMIT] + b"<body>", parser)
    return root if root is not None else etree.Element("html")


def _metadata(head: etree._Element) -> Iterator[tuple[str, str]]:
    """Names and values of <meta>, the first of each name last, so that a dict of them keeps it."""
    for meta in reversed(head.findall(".//meta")):
        name = meta.get("property") or meta.get("name") or meta.get("http-equiv") or ""
        value = (meta.get("content") or "").strip()
        if name and value:
            yield name.strip().lower(), value


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if name in said), "")


def _attribute(head: etree._Element, tag: str, name: str) -> str:
    element = head.find(f".//{tag}[@{name}]")
    return "" if element is None else element.get(name, "")


def _canonical(head: etree._Element, base: str) -> str:
    for link in head.findall(".//link[@href]"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return absolute(link.get("href", ""), base)
    return ""


def _picture(said: dict[str, str], base: str) -> Picture | None:
    address = absolute(_first(said, _PICTURES), base)
    if not address:
        return None
    alt = one_line(_first(said, ("og:image:alt", "twitter:image:alt")))
    return Picture(address, alt, _pixels(said.get("og:image:width")), _pixels(said.get("og:image:height")))


def _pixels(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else None


def _language(value: str) -> str:
    code = re.split(r"[-_,;\s]", value.strip().lower(), maxsplit=1)[0]
    return code if re.fullmatch("[a-z]{2}", code) else ""


def _may_be_an_article(source: bytes) -> bool:
    return len(source) <= _TEXT_BYTES and source.count(b"<") <= _TEXT_TAGS


def _text(source: bytes, url: str, title: str) -> str:
    import trafilatura  # 190 ms, and only pages that are summarised need it

    markup = source.decode("utf-8", "replace")
    try:
        found = trafilatura.extract(markup, include_comments=False, include_tables=False, output_format="txt") or ""
    except Exception as error:  # whatever it throws on damaged markup
        raise FeedError(f"The text of {shown(url)} cannot be read ({type(error).__name__}).") from error
    paragraphs = [line.strip() for line in found.splitlines() if line.strip()]
    if paragraphs and paragraphs[0].casefold() == title.casefold():
        del paragraphs[0]  # the headline, which is told apart
    return "\n\n".join(paragraphs)
