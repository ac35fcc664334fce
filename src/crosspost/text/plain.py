"""HTML as feeds and pages serve it -> clean plain text, paragraphs apart by an empty line."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree
from lxml.html import defs

_TAGS = defs.tags | {"body", "main", "picture", "data", "template", "dialog", "search", "nobr", "frame", "bdi", "slot"}
# Elements whose content is not the story, or not text.
_DROPPED = (
    *("script", "style", "noscript", "template", "head", "title", "iframe", "object", "applet", "svg", "math"),
    *("audio", "video", "canvas", "button", "select", "textarea", "nav", "figcaption"),
)
_CAPTION = 500  # characters; what is longer is more than a caption
_PARAGRAPHS = (
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "aside", "main", "header"),
    *("footer", "address", "ul", "ol", "dl", "table", "caption", "pre", "figure", "hr", "form", "fieldset", "details"),
    *("center", "summary", "hgroup"),
)
_LINES = ("li", "tr", "dt", "dd")

# In a parsed tree these stand for the edges of blocks; the source's own line ends are blanks by then.
_PARAGRAPH, _LINE, _BR, _ITEM = "\u2029", "\u2028", "\n", "\ue000"
_GAP = re.compile(f" *[{_PARAGRAPH}{_LINE}{_BR}][ {_PARAGRAPH}{_LINE}{_BR}]*")
_ITEM_START = re.compile(f"{_ITEM}[ {_PARAGRAPH}{_LINE}{_BR}]*")

# A "<" opens a tag before a name that HTML knows (or one with - or :, as office programs write) and what may follow
# a name, before any closing name and any name with a quoted attribute; an "&" opens an entity only when a ";" ends
# it. All others are what they look like: "a < b", "AT&T".
_ANGLE = re.compile(
    r"<(?:(!--|!doctype\b|\?xml\b|/[a-z][\w:-]*\s*>|[a-z]\w*\s+[\w:-]+=[\"'])"
    r"|([a-z][a-z0-9]*(?:[-:][\w:-]+)?)(?=\s*/?>|\s+[\w:@.-]+\s*=|\s+[a-z-]+\s*/?>))?",
    re.IGNORECASE,
)
_AND = re.compile(r"&(?!(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_NUMBER = re.compile(r"&#(?:x([0-9a-f]{1,7})|([0-9]{1,8}));?", re.IGNORECASE)
# What only markup holds, not a text that speaks of a tag.
_CERTAIN_MARKUP = re.compile(r"</(?:p|a|div|span|b|strong|i|em|ul|li|h[1-6])>|<br ?/?>|<p>|<(?:img|a) ", re.IGNORECASE)

# Soft hyphens, zero-width spaces, word joiners, controls, lone surrogates. The joiner of emoji (U+200D), that of
# Persian (U+200C) and directional marks mean something and stay.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ue000\ud800-\udfff]")
# All blanks but a single plain space, which is as it should be.
_ODD_BLANKS = r"\t\f\v\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BLANKS = re.compile(rf"(?: [ {_ODD_BLANKS}]|[{_ODD_BLANKS}])[ {_ODD_BLANKS}]*")
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_FEEDS = re.compile(r"[\n\v\f]")  # blanks in markup; the tree takes no vertical ones
_EDGES = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{2,}")
_LONE_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")


def plain(source: str) -> str:
    """The text of `source`: no markup, scripts or styles, entities undone (twice escaped ones too), spaces made sane.

    Paragraphs are apart by an empty line, list items stand on lines of their own behind "• ". Text without markup
    keeps its paragraphs. Non-breaking spaces become plain ones; soft hyphens and zero-width characters go.
    """
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", source)).replace("<![CDATA[", "").replace("]]>", "")
    if any(_opens(angle) for angle in _ANGLE.finditer(text)):
        text = _rendered(text)
    else:
        text = _LONE_LINE_END.sub(" ", _tidy(_unescaped(text)))
        if _CERTAIN_MARKUP.search(text):  # escaped once too often
            text = _rendered(text)
    text = _tidy(_unescaped(text)).replace("''", '"')
    return _INVISIBLE.sub("", text) if "&" in source else text


def one_line(source: str) -> str:
    """The text of `source` on one line, for titles and names."""
    # Most titles are plain already: nothing invisible, no blank but the space, no markup.
    plain_letters = source.isprintable() and "<" not in source and "]]>" not in source
    if plain_letters and ("&" not in source or not _ENTITY.search(source)):
        has_edges = "  " in source or source.startswith(" ") or source.endswith(" ")
        return " ".join(source.split()) if has_edges else source
    return " ".join(plain(source).split())


def _opens(angle: re.Match[str]) -> bool:
    name = angle[2] or ""
    return angle[1] is not None or name.lower() in _TAGS or "-" in name or ":" in name


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def _tidy(text: str) -> str:
    return _EMPTY_LINES.sub("\n\n", _EDGES.sub("\n", _BLANKS.sub(" ", text))).strip()


def _rendered(markup: str) -> str:
    if "&#" in markup:
        markup = _NUMBER.sub(_allowed, markup)
    markup = _AND.sub("&amp;", _FEEDS.sub(" ", markup))
    if not all(_opens(angle) for angle in _ANGLE.finditer(markup)):
        markup = _ANGLE.sub(lambda angle: angle[0] if _opens(angle) else f"&lt;{angle[0][1:]}", markup)
    root = etree.fromstring(f"<body>{markup}", etree.HTMLParser(remove_comments=True, remove_pis=True))
    etree.strip_elements(root, *_DROPPED, with_tail=False)
    if "aption" in markup:
        _empty_captions(root)
    _mark(root)
    text = _BLANKS.sub(" ", root.xpath("string()"))
    return _GAP.sub(_white_space, _ITEM_START.sub("• ", text)).strip()


def _allowed(number: re.Match[str]) -> str:
    """The number of a character, unless the tree would not take it."""
    code = int(number[1], 16) if number[1] else int(number[2])
    if code > 0x10FFFF or _INVISIBLE.match(chr(code)):
        return ""
    return " " if _FEEDS.match(chr(code)) else number[0]


def _empty_captions(root: Any) -> None:
    """Take away what stands under pictures: WordPress, Blogger and others say so by a class alone."""
    for element in root.xpath("//*[contains(@class, 'aption')]"):
        if len(element.xpath("string()")) <= _CAPTION:
            tail = element.tail
            element.clear()
            element.tail = tail


def _mark(root: Any) -> None:
    """Put marks into the text of the tree where a reader sees its blocks begin and end."""
    for element in root.iter(*_PARAGRAPHS):
        parent = element.getparent()
        _surround(element, _LINE if parent is not None and parent.tag == "li" else _PARAGRAPH)
    for element in root.iter(*_LINES):
        if element.tag == "li" and element.xpath("string()").strip():
            element.text = _ITEM + (element.text or "")
        _surround(element, _LINE)
    for element in root.iter("br", "td", "th", "img"):
        after = {"br": _BR, "img": element.get("alt", "") if "emoji" in element.get("class", "") else ""}
        element.tail = after.get(element.tag, " ") + (element.tail or "")


def _surround(element: Any, mark: str) -> None:
    element.text = mark + (element.text or "")
    element.tail = mark + (element.tail or "")


def _white_space(gap: re.Match[str]) -> str:
    if _PARAGRAPH in gap[0] or gap[0].count(_BR) > 1:
        return "\n\n"
    return "\n"
