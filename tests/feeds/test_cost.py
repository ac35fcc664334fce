"""What a document would cost, told from its bytes."""

from __future__ import annotations

import pytest

from crosspost.errors import FeedError
from crosspost.feeds.cost import is_cheap, refuse_floods

ITEM = b"<item><guid>https://site.example/1</guid><pubDate>Tue, 24 Nov 2026 12:00:00 GMT</pubDate></item>"


def rss(inside: bytes, before: bytes = b"") -> bytes:
    return before + b'<rss version="2.0"><channel>' + inside + b"</channel></rss>"


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEM),
        rss(ITEM * 5000),
        rss(b"<item><description>" + b"&lt;p&gt;" * 50_000 + b"</description></item>"),
        rss(ITEM.replace(b"<item>", b'<item xmlns:a="urn:a">') * 2000),
        b'{"items": [' + b'{"id": "1"},' * 2000 + b'{"id": "2"}]}',
    ],
)
def test_what_feeds_hold_is_cheap(body):
    assert is_cheap(body)


@pytest.mark.parametrize(
    "body",
    [
        rss(b"a" * 5_000_000),
        rss(b"<item/>" * 150_000),
        rss(b"&" * 300_000),
        rss(b"<a" + b' xmlns:b="c"' * 30_000 + b">" + b"<z/>" * 50_000),
        rss(b"<item><pubDate>about the 3rd of May</pubDate></item>" * 1500),
        rss(b"<item><guid>a-1</guid></item>" * 1500),
        rss(b'<a xmlns="http://search.yahoo.com/mrss/"/>' + b"<item><content url='a'/>" * 400 + b"</item>" * 400),
        rss(b"<entry><content type='xhtml'>" * 1000 + b" " * 2_000_000),
        rss(ITEM, b'<!DOCTYPE rss [<!ENTITY a "b">]>'),
        rss(ITEM).decode().encode("utf-16"),
        b'{"items": [' + b"1," * 400_000 + b"2]}",
        b'{"items": [' + b"{}" * 150_000 + b"]}",
    ],
)
def test_what_drives_the_time_is_not(body):
    assert not is_cheap(body)


@pytest.mark.parametrize(
    "tag",
    [
        b"<item" + b"".join(b" a%d='b'" % n for n in range(1100)) + b">",
        b"<item" + b"".join(b' a%d = "b>"' % n for n in range(1100)) + b">",
        b"<item" + b"".join(b' xmlns:a%d="b"' % n for n in range(1100)),
    ],
)
def test_a_flood_of_attributes_is_refused(tag):
    with pytest.raises(FeedError, match=r"^https://site.example/feed answers .* more than 1000 attributes"):
        refuse_floods(rss(ITEM + tag), "https://site.example/feed?token=secret")


@pytest.mark.parametrize(
    "inside",
    [
        b"<description>" + b'href="a" ' * 2000 + b"</description>",
        b"<description><![CDATA[" + b'href="a" ' * 2000 + b"]]></description>",
        b"<!--" + b'href="a" ' * 2000 + b"-->",
        b'<a href="' + b"=" * 5000 + b'"/>',
        b"<item" + b"".join(b" a%d='b'" % n for n in range(900)) + b">",
    ],
)
def test_what_only_looks_like_one_is_not(inside):
    refuse_floods(rss(inside), "https://site.example/feed")
