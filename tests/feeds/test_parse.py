"""Bytes -> articles: made-up feeds for each rule. The real ones are in test_real_feeds.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crosspost.article import Picture
from crosspost.errors import FeedError
from crosspost.feeds.media import pictures
from crosspost.feeds.parse import parse

URL = "https://site.example/en/feed.xml"
ITEM = "<item><title>One</title><link>https://site.example/1</link><guid>g1</guid></item>"


def rss(items: str, channel: str = "", attributes: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:content="http://purl.org/rss/1.0/modules/content/"{attributes}>'
        f"<channel><title>The Site</title>{channel}{items}</channel></rss>"
    ).encode()


def atom(entries: str, attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"{attributes}>'
        f"<title>The Site</title>{entries}</feed>"
    ).encode()


def read(body: bytes, **options):
    return parse(body, feed="news", url=URL, **options)


def first(body: bytes, **options):
    return read(body, **options).articles[0]


def failure(body: bytes, **options) -> str:
    with pytest.raises(FeedError) as caught:
        read(body, **options)
    return str(caught.value)


# ---- what an entry tells


def test_an_rss_item_becomes_an_article():
    article = first(
        rss(
            "<item><title>A &amp;lt;b&amp;gt;new&amp;lt;/b&amp;gt;  satellite</title><link>https://site.example/1?a=1&amp;b=2</link>"
            '<guid isPermaLink="false"> g-1 </guid><description>&lt;p&gt;Short.&lt;/p&gt;</description>'
            "<content:encoded><![CDATA[<p>Long & full.</p>]]></content:encoded><dc:creator>A. Author</dc:creator>"
            "<category>Science</category><category>Space</category><category>Science</category>"
            "<pubDate>Tue, 24 Nov 2026 12:00:00 +0300</pubDate></item>"
        )
    )
    assert article.feed == "news"
    assert article.title == "A new satellite"
    assert article.link == "https://site.example/1?a=1&b=2"
    assert article.guid == "g-1"
    assert article.description == "<p>Short.</p>"
    assert article.content == "<p>Long & full.</p>"
    assert article.author == "A. Author"
    assert article.categories == ("Science", "Space")
    assert article.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_an_atom_entry_becomes_an_article():
    article = first(
        atom(
            '<entry><id>urn:1</id><title type="html">A &lt;i&gt;new&lt;/i&gt; satellite</title>'
            '<link rel="self" href="https://site.example/self"/><link rel="alternate" href="https://site.example/1"/>'
            '<summary>Short.</summary><content type="html">&lt;p&gt;Long.&lt;/p&gt;</content>'
            '<author><name>A. Author</name></author><category term="science" label="Science"/>'
            "<updated>2026-11-24T12:00:00Z</updated></entry>"
        )
    )
    assert (article.title, article.guid, article.link) == ("A new satellite", "urn:1", "https://site.example/1")
    assert (article.description, article.content) == ("Short.", "<p>Long.</p>")
    assert (article.author, article.categories) == ("A. Author", ("Science",))
    assert article.published == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_what_a_picture_shows_is_not_what_an_article_says():
    caption = "<media:description>The president waves.</media:description>"
    own, whole = (
        "<description>A law passed.</description>",
        "<content:encoded>&lt;p&gt;Long.&lt;/p&gt;</content:encoded>",
    )
    with_whole = first(rss(f"<item>{IN_ONE}{caption}{own}{whole}</item>"))
    assert (with_whole.description, with_whole.content) == ("A law passed.", "<p>Long.</p>")
    document = read(rss(f"<item>{IN_ONE}{own}</item><item>{IN_ONE}{caption}{own}</item><item>{IN_ONE}{caption}</item>"))
    assert [(article.description, article.content) for article in document.articles] == [
        ("A law passed.", ""),
        ("A law passed.", ""),
        ("The president waves.", ""),
    ]


def test_titles_and_texts_in_xhtml_are_read():
    xhtml = '<div xmlns="http://www.w3.org/1999/xhtml">A <b>new</b> satellite</div>'
    article = first(
        atom(f'<entry><id>1</id><title type="xhtml">{xhtml}</title><content type="xhtml">{xhtml}</content></entry>')
    )
    assert article.title == "A new satellite"
    assert "<b>new</b>" in article.content


@pytest.mark.parametrize(
    "namespace",
    [
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
    ],
)
def test_rdf_feeds_are_read(namespace):
    body = (
        f'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}">'
        "<channel><title>The Site</title></channel>"
        "<item><title>One</title><link>https://site.example/1</link></item>"
        "<item><title>Two</title><link>https://site.example/2</link></item></rdf:RDF>"
    )
    assert [article.title for article in read(body.encode()).articles] == ["One", "Two"]


def json_feed(*items: object, **more: object) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "The Site", **more, "items": items}
    ).encode()


def test_a_json_feed_is_read():
    item = {
        "id": 7,
        "url": "/1",
        "title": "One",
        "content_html": "<p>Text</p>",
        "summary": "1 < 2",
        "image": "/1.jpg",
        "tags": ["Science", "Science"],
        "authors": [{"url": "https://a.example"}, {"name": "A. Author"}],
        "date_published": "2026-11-24T12:00:00+03:00",
        "attachments": [{"url": "/2.png", "mime_type": "image/png"}, {"url": "/a.mp3", "mime_type": "audio/mpeg"}],
    }
    article = first(json_feed(item, language="ru-RU"))
    assert (article.guid, article.link, article.title) == ("7", "https://site.example/1", "One")
    assert (article.description, article.content) == ("1 &lt; 2", "<p>Text</p>")
    assert (article.language, article.categories, article.author) == ("ru", ("Science",), "A. Author")
    assert article.published == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert [picture.url for picture in article.pictures] == ["https://site.example/2.png", "https://site.example/1.jpg"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"id": "8", "url": None, "external_url": "https://other.example/8", "title": None, "content_text": "1 < 2"},
         ("", "https://other.example/8", "8", "1 &lt; 2", "")),
        ({"url": "https://site.example/9", "title": "Nine", "author": {"name": "B"}},
         ("Nine", "https://site.example/9", "", "", "B")),
        ({"id": 1.5, "title": "T", "tags": None, "attachments": {}, "authors": "C", "date_published": "soon"},
         ("T", "", "1.5", "", "")),
    ],
)  # fmt: skip
def test_a_json_item_may_lack_most_things(item, expected):
    article = first(json_feed(item))
    assert (article.title, article.link, article.guid, article.content, article.author) == expected


def test_a_json_item_has_its_own_language():
    assert first(json_feed({"id": "1", "language": "be"}, language="ru")).language == "be"


@pytest.mark.parametrize("items", [[], [None, 1, "a"]])
def test_a_json_feed_without_items_has_no_articles(items):
    assert read(json_feed(*items)).articles == ()


def test_an_entry_without_guid_link_or_date_has_none():
    article = first(rss("<item><title>One</title><description>Text</description></item>"))
    assert (article.guid, article.link, article.published) == ("", "", None)


def test_a_missing_guid_is_not_made_of_the_link_nor_a_date_of_a_guid():
    without = first(rss("<item><title>One</title><link>https://site.example/1</link></item>"))
    assert (without.link, without.guid) == ("https://site.example/1", "")
    assert first(rss("<item><title>One</title><guid>20240105</guid></item>")).published is None


def test_a_guid_that_is_an_address_stands_in_for_a_missing_link():
    assert first(rss("<item><guid>https://site.example/1</guid></item>")).link == "https://site.example/1"


def test_a_missing_description_is_not_made_of_the_content():
    text = "<p>" + "A long story goes on. " * 60 + "</p>"
    article = first(
        rss(f"<item><title>One</title><guid>1</guid><content:encoded><![CDATA[{text}]]></content:encoded></item>")
    )
    assert (article.description, article.content) == ("", text)


def test_items_without_a_word_are_no_articles():
    assert [article.title for article in read(rss(f"<item></item>{ITEM}<item/>")).articles] == ["One"]


def test_an_item_inside_another_is_not_lost():
    nested = f"<item><title>Outer</title><guid>o</guid>{ITEM}</item>"
    assert {article.title for article in read(rss(nested)).articles} >= {"One"}


# ---- what is written oddly

ATOM = ' xmlns:atom="http://www.w3.org/2005/Atom"'
IN_ONE = "<title>One</title><link>https://site.example/1</link>"


def told(body: bytes) -> list[tuple[str, str, str]]:
    return [(article.title, article.link, article.guid) for article in read(body).articles]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (f'<atom:link rel="self" href="https://site.example/s"/>{IN_ONE}', ("One", "https://site.example/1", "")),
        (f'<atom:link rel="replies" href="https://site.example/c"/>{IN_ONE}', ("One", "https://site.example/1", "")),
        ('<title>One</title><atom:link href="https://site.example/1"/>', ("One", "https://site.example/1", "")),
        ('<title>One</title><link href="https://site.example/1"/>', ("One", "https://site.example/1", "")),
        (f"<media:title>Picture</media:title>{IN_ONE}", ("One", "https://site.example/1", "")),
        (f"<media:group><media:title>P</media:title></media:group>{IN_ONE}", ("One", "https://site.example/1", "")),
        ("<media:title>Picture</media:title>", ("Picture", "", "")),
        (f"<atom:title>O</atom:title><atom:id>a</atom:id>{IN_ONE}<guid>g</guid>",
         ("One", "https://site.example/1", "g")),
        ("<title>One <i>or</i> two</title>", ("One or two", "", "")),
        ("<title>Tom & Jerry &nbsp;&eacute;</title>", ("Tom & Jerry é", "", "")),
        ("<title>It&#146;s</title>", ("It’s", "", "")),
        ("<link>https://site.example/?a=1&b=2&copy=3</link>", ("", "https://site.example/?a=1&b=2&copy=3", "")),
        ("<link>https://site.example/?a=1&amp;amp;b=2</link>", ("", "https://site.example/?a=1&b=2", "")),
        ("<link><![CDATA[ https://site.example/?a=1&b=2 ]]></link>", ("", "https://site.example/?a=1&b=2", "")),
        ("<link>\n https://site.example/1\n</link><guid>\n g 1\n</guid>", ("", "https://site.example/1", "g 1")),
        ('<guid isPermaLink="false">https://site.example/1</guid>', ("", "", "https://site.example/1")),
        ('<guid isPermaLink="true">https://site.example/1</guid>', ("", "https://site.example/1", "https://site.example/1")),
        (f'{IN_ONE}<guid isPermaLink="false"></guid>', ("One", "https://site.example/1", "")),
        ("<Title>One</Title><GUID>g</GUID>", ("One", "", "g")),
    ],
)  # fmt: skip
def test_an_rss_item_is_read_by_its_own_elements(item, expected):
    assert told(rss(f"<item>{item}</item>", attributes=ATOM))[0] == expected


@pytest.mark.parametrize(
    ("links", "link"),
    [
        ('<link rel="edit" href="/edit"/><link href="/1"/>', "https://site.example/1"),
        ('<link rel="self" href="/self"/><link rel="alternate" href="/1"/>', "https://site.example/1"),
        ('<link rel="alternate" type="application/json" href="/j"/><link type="text/html" href="/1"/>',
         "https://site.example/1"),
        ('<link rel="enclosure" href="/a.mp3"/>', ""),
        ('<link rel="self" href="/self"/>', "https://site.example/self"),
    ],
)  # fmt: skip
def test_an_atom_entry_leads_to_its_alternate(links, link):
    assert first(atom(f"<entry><id>urn:1</id><title>One</title>{links}</entry>")).link == link


def test_an_atom_entry_without_a_link_is_where_its_id_leads():
    assert first(atom("<entry><id>https://site.example/1</id></entry>")).link == "https://site.example/1"


def test_plain_text_is_told_as_html():
    entry = '<entry><id>1</id><content type="text/plain">1 &lt; 2 &amp;amp; 3</content></entry>'
    assert first(atom(entry)).content == "1 &lt; 2 &amp;amp; 3"


def test_entries_without_an_id_have_none_whatever_the_feed_has():
    entry = '<entry><title>One</title><link href="https://site.example/1"/></entry>'
    assert first(atom(f"<id>urn:feed</id>{entry}")).guid == ""


def test_an_rdf_item_is_known_by_what_it_is_about():
    about = [' rdf:about="urn:1"', ' rdf:about="https://site.example/1"', ""]
    items = "".join(f"<item{attribute}>{IN_ONE}</item>" for attribute in about)
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f"<channel/>{items}</rdf:RDF>"
    )
    assert [guid for _, _, guid in told(body.encode())] == ["urn:1", "https://site.example/1", ""]


@pytest.mark.parametrize(
    "body",
    [
        f'<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><item>{IN_ONE}</item></channel></rss>',
        ('<r:rss xmlns:r="http://backend.userland.com/rss2"><r:channel><r:item><r:title>One</r:title>'
         "<r:link>https://site.example/1</r:link></r:item></r:channel></r:rss>"),
        ('<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>One</a:title>'
         '<a:link href="https://site.example/1"/></a:entry></a:feed>'),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">One</title>'
         '<link rel="alternate" type="text/html" href="https://site.example/1"/></entry></feed>'),
        '<feed version="0.3"><entry><title>One</title><link href="https://site.example/1"/></entry></feed>',
        f"<rss><channel><title>News</title></channel><item>{IN_ONE}</item></rss>",
        f"<channel><title>News</title><item>{IN_ONE}</item></channel>",
        ('<CHANNEL HREF="https://site.example/"><ITEM HREF="https://site.example/1"><TITLE>One</TITLE></ITEM></CHANNEL>'),
        f'<!DOCTYPE rss SYSTEM "http://dtd.example/rss-0.91.dtd"><rss><channel><item>{IN_ONE}</item></channel></rss>',
        f"<RSS><CHANNEL><ITEM>{IN_ONE}</ITEM></CHANNEL></RSS>\n<!-- served in 0.1 s --> & more",
    ],
)  # fmt: skip
def test_feeds_of_all_kinds_are_read(body):
    assert [(title, link) for title, link, _ in told(body.encode())] == [("One", "https://site.example/1")]


def test_a_guid_is_the_same_whichever_parser_reads_it():
    entry = '<entry><id>tag-1</id><title>One</title><link href="/1"/></entry>'
    known, unknown = atom(entry), atom(entry).replace(b"2005/Atom", b"2005/atom")
    assert told(known) == told(unknown) == [("One", "https://site.example/1", "tag-1")]


def test_a_version_of_an_item_within_another_is_no_article():
    conflict = "<x:sync><x:conflicts><item><title>Old</title></item></x:conflicts></x:sync>"
    body = rss(
        f"<item>{conflict}<title>New</title></item>", attributes=' xmlns:x="http://www.microsoft.com/schemas/rss/sse"'
    )
    assert [article.title for article in read(body).articles] == ["New"]


def test_a_text_in_xhtml_comes_without_the_element_around_it():
    xhtml = '<div xmlns="http://www.w3.org/1999/xhtml">A <b>new</b> one</div>'
    article = first(
        atom(
            f'<entry><id>1</id><summary type="xhtml">{xhtml}</summary>'
            f'<content type="xhtml">{xhtml.replace("one", "two")}</content></entry>'
        )
    )
    assert article.description.startswith("<div") and "<b>new</b>" in article.description
    assert article.content.startswith("<div") and article.content.endswith("</div>")


# ---- addresses


def test_relative_links_go_by_the_address_of_the_feed():
    assert first(rss("<item><link>news/1</link></item>")).link == "https://site.example/en/news/1"


def test_relative_links_go_by_xml_base_where_there_is_one():
    entries = '<entry xml:base="news/"><id>1</id><link href="1"/></entry><entry><id>2</id><link href="2"/></entry>'
    articles = read(atom(entries, ' xml:base="https://other.example/a/"')).articles
    assert [article.link for article in articles] == ["https://other.example/a/news/1", "https://other.example/a/2"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@site.example", "http://[bad/", "tag:x,2026:1"])
def test_a_link_that_is_no_web_address_is_none(link):
    assert first(rss(f"<item><title>One</title><link>{link}</link></item>")).link == ""


# ---- pictures


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<enclosure url="/a.jpg" type="image/jpeg" length="1"/>', ["https://site.example/a.jpg"]),
        ('<enclosure url="/a.mp3" type="audio/mpeg"/>', []),
        ('<enclosure url="/a.PNG?w=1"/>', ["https://site.example/a.PNG?w=1"]),
        ('<media:content url="/small.jpg" width="300"/><media:content url="/big.jpg" medium="image" width="1200"/>',
         ["https://site.example/big.jpg", "https://site.example/small.jpg"]),
        ('<media:content url="/a.mp4" type="video/mp4"><media:thumbnail url="/t.jpg"/></media:content>',
         ["https://site.example/t.jpg"]),
        ('<media:thumbnail url="/t.jpg" width="75"/><enclosure url="/a.jpg" type="image/jpeg"/>',
         ["https://site.example/a.jpg", "https://site.example/t.jpg"]),
        (("<description>&lt;img width=1 height=1 src=/pixel.gif&gt;&lt;img src='/in.jpg'&gt;&lt;img src='/b.jpg'&gt;"
          "</description>"),
         ["https://site.example/in.jpg"]),
        ("<description>&lt;img data-src='/lazy.jpg' src='data:image/gif;base64,AA'&gt;</description>", []),
        ("<description>No picture.</description>", []),
    ],
)  # fmt: skip
def test_pictures_are_found_best_first_with_absolute_addresses(xml, expected):
    article = first(rss(f"<item><link>https://site.example/news/1</link>{xml}</item>"))
    assert [picture.url for picture in article.pictures] == expected


def test_a_picture_keeps_what_is_said_of_it():
    article = first(
        rss(
            "<item><title>One</title><description>"
            '&lt;img src="/a.jpg" alt="A &amp;amp; B" width="640" height="480px"&gt;</description></item>'
        )
    )
    assert article.pictures == (Picture("https://site.example/a.jpg", "A & B", 640, 480),)


# ---- languages


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (rss(ITEM, "<language>en-us</language>"), "en"),
        (rss(ITEM, "<language> RU </language>"), "ru"),
        (rss(ITEM, "<dc:language>be_BY</dc:language>"), "be"),
        (rss(ITEM, "", ' xml:lang="ru"'), "ru"),
        (rss(ITEM, "<language>nonsense</language>"), ""),
        (rss(ITEM), ""),
        (atom("<entry><id>1</id><title>One</title></entry>", ' xml:lang="ru-RU"'), "ru"),
        (rss(ITEM.replace("</item>", "<dc:language>ru</dc:language></item>"), "<language>en</language>"), "ru"),
        (atom('<entry xml:lang="ru"><id>1</id><title>One</title></entry>', ' xml:lang="en"'), "ru"),
    ],
)
def test_the_language_is_the_items_else_the_feeds_in_two_letters(body, language):
    assert first(body).language == language


def test_a_language_that_a_person_set_goes_before_all():
    assert first(rss(ITEM, "<language>en</language>"), language="ru").language == "ru"


# ---- what the feed says of itself


def test_the_feed_says_when_it_need_not_be_asked():
    document = read(rss(ITEM, "<ttl> 90 </ttl><skipHours><hour>1</hour><hour>24</hour></skipHours>"))
    assert (document.title, document.ttl, document.skip_hours) == ("The Site", 90, frozenset({0, 1}))
    assert (read(rss(ITEM)).ttl, read(rss(ITEM)).skip_hours) == (None, frozenset())


def test_a_feed_without_items_has_no_articles():
    assert read(rss("")).articles == ()


@pytest.mark.parametrize("before", ["\n\n  ", "\ufeff", "Warning: mysql_connect()\n<br />\n", "<!-- cached -->\n"])
def test_what_stands_before_the_feed_does_not_matter(before):
    assert len(read(before.encode() + rss(ITEM)).articles) == 1


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_undeclared_russian_comes_out_as_russian(encoding):
    body = rss(
        "<item><title>Спутник вышел на орбиту</title><description>Учёные сообщили об этом вчера.</description></item>"
    )
    undeclared = body.decode().replace(' encoding="UTF-8"', "").encode(encoding)
    assert first(undeclared).title == "Спутник вышел на орбиту"


# ---- what is no feed


HTML = "<!DOCTYPE html><html><head><title>Home</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "answers an empty document"),
        (b" \n\t ", "answers an empty document"),
        (HTML.format(head="", body="").encode(), "answers a web page, not a feed."),
        (b"<!-- x --><HTML><body>", "answers a web page, not a feed."),
        (HTML.format(head="", body='<form><input name=p type="password"></form>').encode(), "answers a login page"),
        (b'<?xml version="1.0"?><urlset></urlset>', "another kind (<urlset>)"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><opml version="2.0"/>', "another kind (<opml>)"),
        (b"Service unavailable", "something that is not a feed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "something that is not a feed"),
        (b'{"error": "no such feed"}', "answers JSON that is not a JSON feed."),
        (b"{", "answers JSON that is not a JSON feed."),
        (rss(ITEM)[:-30], "ends in the middle"),
        (rss(ITEM)[: len(rss(ITEM)) // 2], "ends in the middle"),
    ],
)
def test_what_is_no_feed_is_told_in_words(body, words):
    message = failure(body)
    assert words in message and message.startswith("https://site.example/en/feed.xml ")


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss?a=b&amp;x=1">', "https://site.example/rss?a=b&x=1"),
        ("<LINK href=atom.xml type='application/atom+xml' rel='home alternate' />", "https://site.example/en/atom.xml"),
        (('<link rel="alternate" hreflang="ru" href="/ru/">'
          "<link rel=alternate type=application/feed+json href=//f.example/j>"),
         "https://f.example/j"),
        ('<base href="/x/"><link rel="alternate" type="application/rss+xml; charset=utf-8" href="rss">',
         "https://site.example/x/rss"),
        (('<!-- <link rel="alternate" type="application/rss+xml" href="/old"> -->'
          '<link rel="alternate" type="application/rss+xml" href="javascript:void(0)">'
          '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
          '<link rel="alternate" type="text/xml" href="/feed">'),
         "https://site.example/feed"),
    ],
)  # fmt: skip
def test_a_page_that_links_a_feed_names_it(link, address):
    assert failure(HTML.format(head=link, body="").encode()).endswith(f"; the page names this feed: {address}.")


def test_a_home_page_with_a_login_in_its_corner_is_no_login_page():
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    page = HTML.format(head=link, body='<form><input type="password"></form>').encode()
    assert failure(page).endswith("; the page names this feed: https://site.example/feed.")


def test_a_feed_that_quotes_a_page_is_a_feed():
    assert (
        len(read(rss("<item><description><![CDATA[<html><body>Quoted</body></html>]]></description></item>")).articles)
        == 1
    )


def test_no_message_holds_the_query():
    with pytest.raises(FeedError) as caught:
        parse(b"", feed="news", url="https://me:pw@site.example/feed?token=secret")
    assert str(caught.value).startswith("https://site.example/feed answers")


def test_what_no_database_keeps_is_left_out_and_the_feed_stays_readable():
    body = rb"""{"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [{"id": "a\u0000b\ud800",
      "url": "https://site.example/1", "title": "One", "content_html": "<p>Dawn\udfff breaks.</p>"}]}"""
    (article,) = parse(body, feed="news", url="https://site.example/feed.json").articles
    assert (article.guid, article.content) == ("ab", "<p>Dawn breaks.</p>")


@pytest.mark.parametrize(
    ("alt", "told"),
    [
        ("A stork on a roof", "A stork on a roof"),
        ("Аист на крыше", "Аист на крыше"),
        ("Team of 1986", "Team of 1986"),
        ("IMG_2034.jpg", ""),
        ("stork (1).png", ""),
        ("аист-на-крыше.webp", ""),
        ("DSC01234", ""),
        ("img-20261124", ""),
    ],
)
def test_the_name_of_a_file_describes_no_picture(alt, told):
    assert pictures({}, f'<img src="https://site.example/a.jpg" alt="{alt}">', "")[0].alt == told
