"""HTML as it comes -> plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text.plain import one_line, plain


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Just text", "Just text"),
        # what only looks like markup
        ("a < b", "a < b"),
        ("a<b and c>d", "a<b and c>d"),
        ("if x <y then z> 3", "if x <y then z> 3"),
        ("I <3 you", "I <3 you"),
        ("<p>I <3 you, AT&T</p>", "I <3 you, AT&T"),
        ("AT&T", "AT&T"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("<", "<"),
        ("&", "&"),
        # entities
        ("&laquo;да&raquo; &mdash; нет", "«да» — нет"),
        ("<p>&amp;laquo;да&amp;raquo;</p>", "«да»"),
        ("&#171;да&#xBB; &#150; нет", "«да» – нет"),
        ("AT&amp;T", "AT&T"),
        ("&lt;p&gt;Раз.&lt;/p&gt;&lt;p&gt;Два &amp;amp; три.&lt;/p&gt;", "Раз.\n\nДва & три."),
        ("The &lt;b&gt; tag", "The <b> tag"),
        # blocks
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One</p>\n\n  <p>&nbsp;</p>\n<p>Two</p>", "One\n\nTwo"),
        ("<div><div>One</div></div><div>Two</div>", "One\n\nTwo"),
        ("One<br>Two<br/><br />Three", "One\nTwo\n\nThree"),
        ("<p>Wrapped\nin the source</p>", "Wrapped in the source"),
        ("<h2>Head</h2>Text", "Head\n\nText"),
        ("One\n\nTwo\nstill two", "One\n\nTwo still two"),
        ("<b>bold</b>, <i>it</i>alic <a href='/x'>link</a>.", "bold, italic link."),
        ("<ul><li>One</li><li><p>Two</p></li><li></li></ul>After", "• One\n• Two\n\nAfter"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        # what is not text
        ("<script>if (a<b) {}</script>Text<style>p{}</style>", "Text"),
        ("<!-- no --><p>Text", "Text"),
        ("<html><head><title>No</title></head><body>Text</body></html>", "Text"),
        ("<div class='wp-caption'><img src='x'><p class='wp-caption-text'>Someone</p></div>Text", "Text"),
        ("<p>Text<span class='imageCaption'>Someone</span> goes on", "Text goes on"),
        (f"<div class='captions'>{'Text ' * 101}</div>", ("Text " * 101).strip()),
        ("<figure><img src='x'><figcaption>Photo: someone</figcaption></figure><p>Text", "Text"),
        ("<![CDATA[<p>Text</p>]]>", "Text"),
        ("Text <img class='emoji' alt='🙂'>", "Text 🙂"),
        ("<o:p>Text</o:p>", "Text"),
        ('<content type="xhtml">Text</content>', "Text"),
        # characters nobody sees
        ("па\xadром <p>бе\u200bлый</p>", "паром\n\nбелый"),
        ("ко&shy;нец", "конец"),
        ("5&nbsp;км", "5 км"),
        ("a\x00b\ud800c", "abc"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_plain(source, text):
    assert plain(source) == text


@pytest.mark.parametrize(
    "number", ["1", "11", "x0b", "x1F", "xFFFE", "xFFFF", "0", "xD800", "173", "99999999", "x110000"]
)
def test_a_character_that_means_nothing_is_dropped_when_its_number_stands_for_it(number):
    assert plain(f"<p>One&#{number}; two</p>").replace("\ufffd", "") == "One two"


@given(st.text(alphabet="aя <b>&;]]\xa0\u200b\n\x1f", max_size=20) | st.text(max_size=20))
def test_the_short_way_to_one_line_says_the_same_as_the_long_one(text):
    assert one_line(text) == " ".join(plain(text).split())


def test_a_title_is_one_line():
    assert one_line(" One <b>two</b><br>three\n four ") == "One two three four"


@given(st.text(st.sampled_from("<>&;/!-pbrli \n\xa0#x") | st.characters(), max_size=60))
def test_any_text_becomes_clean_text(source):
    text = plain(source)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not set(text) & set("\x00\r\xad\u200b\ufeff")


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1, max_size=8))
def test_words_survive_markup(words):
    assert plain("<p>" + " <b>x</b> ".join(words)).split(" x ") == words


@pytest.mark.parametrize("hostile", ["<div>", "<p><a ", "<ul><li>", "<", "&", " \n", "<!--", "<b>x"])
def test_hostile_markup_ends(hostile):
    assert isinstance(plain(hostile * 5_000), str)


@pytest.mark.parametrize("blank", ["&#11;", "&#x0c;", "\v", "\f", "&#10;"])
def test_a_vertical_blank_is_a_blank(blank):
    assert plain(f"<p>One{blank}two</p>") == "One two"
