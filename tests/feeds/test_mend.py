"""Ampersands, entities and document types, as feeds have them and as parsers take them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crosspost.feeds.mend import mended


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"Tom & Jerry", b"Tom &amp; Jerry"),
        (b"AT&T &amp; Co &lt;", b"AT&amp;T &amp; Co &lt;"),
        (b"caf&eacute; &nbsp;", b"caf&#233; &#160;"),
        (b"?a=1&copy=2&b", b"?a=1&amp;copy=2&amp;b"),
        (b"&bogus; &;", b"&amp;bogus; &amp;;"),
        (b"It&#146;s &#x96; &#8217 x", b"It&#8217;s &#8211; &#8217; x"),
        (b"a&#0;b&#xD800;c&#11;d&#x110000;", b"abcd"),
        (b"&#128512; &#x1F600; &#9;", b"&#128512; &#x1F600; &#9;"),
        (b"<![CDATA[a & b &nbsp;]]> & <!-- & -->", b"<![CDATA[a & b &nbsp;]]> &amp; <!-- & -->"),
        (b"<![CDATA[&nbsp;]]>", b"<![CDATA[&nbsp;]]>"),
        (b"<![CDATA[a & b", b"<![CDATA[a & b"),
    ],
)
def test_an_ampersand_means_what_a_reader_takes_it_for(written, meant):
    assert mended(b"<rss>" + written) == b"<rss>" + meant


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE rss>",
        b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss-0.91.dtd">',
        b'<!doctype rss [\n<!ENTITY % x PUBLIC "-//W3C//ENTITIES" "http://dtd.example/a.ent">%x;]>',
    ],
)
def test_a_document_type_goes(doctype):
    assert (
        mended(b'<?xml version="1.0"?>' + doctype + b"<rss>&eacute;</rss>") == b'<?xml version="1.0"?><rss>&#233;</rss>'
    )


def test_names_that_it_declares_are_put_in_and_those_that_refer_to_others_are_not():
    doctype = b'<!DOCTYPE rss [<!ENTITY who \'Tom\'><!ENTITY nb "&#160;"><!ENTITY all "&who;&who;">]>'
    assert mended(doctype + b"<rss>&who;&nb;&all;</rss>") == b"<rss>Tom&#160;&amp;all;</rss>"


def test_a_document_type_that_an_article_quotes_stays():
    body = b"<rss><![CDATA[<!DOCTYPE html>]]></rss>"
    assert mended(body) is body


@given(st.text(alphabet="a&;#x18<>![]CDAT-\"' eé", max_size=60))
def test_whatever_stands_there_no_parser_finds_an_entity_in_it(text):
    done = mended(b"<rss>" + text.encode() + b"</rss>")
    root = etree.fromstring(done, etree.XMLParser(recover=True, resolve_entities=False))
    assert root is None or not list(root.iter(etree.Entity))
