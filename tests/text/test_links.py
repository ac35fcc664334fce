"""When two addresses are the same article."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.text import links
from crosspost.text.links import canonical, is_front_page, with_utm

SAME = [
    ("http://site.example/a", "https://site.example/a"),
    ("https://WWW.Site.Example/a", "https://site.example/a"),
    ("https://site.example:443/a", "http://site.example:80/a"),
    ("https://site.example./a", "https://site.example/a"),
    ("https://site.example/a/", "https://site.example/a"),
    ("https://site.example/", "https://site.example"),
    ("https://site.example/?p=1", "https://site.example?p=1"),
    ("https://site.example/a#comments", "https://site.example/a"),
    ("https://site.example/a?", "https://site.example/a"),
    ("https://site.example/a?b=2&a=1", "https://site.example/a?a=1&b=2"),
    ("https://site.example/a?q=a+b", "https://site.example/a?q=a%20b"),
    ("https://site.example/a?q=%d1%8f", "https://site.example/a?q=я"),
    ("https://site.example/%7euser/%D1%8f", "https://site.example/~user/я"),
    ("https://site.example/a%2Cb", "https://site.example/a,b"),
    ("https://site.example/a b", "https://site.example/a%20b"),
    ("https://пример.рф/а", "https://xn--e1afmkfd.xn--p1ai/%D0%B0"),
    ("https://ПРИМЕР.рф/а", "https://пример.рф/а"),
    ("//site.example/a", "https://site.example/a"),
    (" \nhttps://site.example/a\t", "https://site.example/a"),
    ("https://site.example/a?utm_source=rss&UTM_Medium=x", "https://site.example/a"),
    ("https://site.example/a?fbclid=1&gclid=2&yclid=3&_openstat=4&ysclid=5", "https://site.example/a"),
]

DIFFERENT = [
    ("https://site.example/a", "https://site.example/A"),
    ("https://site.example/a", "https://m.site.example/a"),
    ("https://site.example/a", "https://site.example:8080/a"),
    ("https://site.example/?p=1", "https://site.example/?p=2"),
    ("https://site.example/a%2Fb", "https://site.example/a/b"),
    ("https://site.example/a?x=1%262", "https://site.example/a?x=1&2"),
    ("https://site.example/a?x=1%2B2", "https://site.example/a?x=1+2"),
    ("https://site.example/a?id=1", "https://site.example/a"),
    ("https://www.com/a", "https://com/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_these_are_one_article(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_are_two(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", ["https://site.example", "http://www.site.example/#/a", "//site.example/?utm_source=x"])
def test_these_are_a_sites_front_page(url):
    assert is_front_page(canonical(url))


@pytest.mark.parametrize(
    "url", ["https://site.example/a", "https://site.example/?p=1", "urn:a", "mailto:a@b.c", "", "a"]
)
def test_these_are_not(url):
    assert not is_front_page(canonical(url))


@pytest.mark.parametrize(
    "text", ["", "urn:uuid:1-2", "tag:site.example,2026:1", "guid 17", "mailto:a@site.example", "http://"]
)
def test_what_is_no_web_address_stays(text):
    assert canonical(f" {text}\n") == text


ADDRESS_LIKE = st.text(st.sampled_from("htps:/?#&=%+@[].wWxn-aя\u0130ß0489 ") | st.characters(), max_size=40)


@given(ADDRESS_LIKE | ADDRESS_LIKE.map("http://{}".format))
@example("http://[")
@example("https://\u2105.example/%zz%%34%31")
@example("http://xn--xn--a-:٣/")
@example("http://a:b@www.www.site.example:0443")
@example("https://\ud800/\udfff?\ud800")
def test_any_text_has_a_canonical_form_and_it_is_final(text):
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://site.example/a", "https://site.example/a?utm_source=x&utm_medium=social"),
        ("https://site.example/a?b=1#c", "https://site.example/a?b=1&utm_source=x&utm_medium=social#c"),
        ("https://site.example/a?utm_source=rss&b=1", "https://site.example/a?b=1&utm_source=x&utm_medium=social"),
        ("https://site.example/a?x=%D1%8F&&y", "https://site.example/a?x=%D1%8F&y&utm_source=x&utm_medium=social"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("", ""),
    ],
)
def test_utm_parameters_are_added(address, expected):
    params = {"source": "x", "utm_medium": "social"}
    assert with_utm(address, params) == expected
    assert with_utm(expected, params) == expected


def test_utm_values_are_encoded():
    assert with_utm("https://site.example/", {"campaign": "весна & лето"}).endswith(
        "=%D0%B2%D0%B5%D1%81%D0%BD%D0%B0+%26+%D0%BB%D0%B5%D1%82%D0%BE"
    )


def test_without_parameters_an_address_stays_as_it_is():
    assert with_utm("https://site.example/a?&b=1", {}) == "https://site.example/a?&b=1"


def test_utm_parameters_do_not_make_another_article():
    address = "https://site.example/a?id=1#top"
    assert canonical(with_utm(address, {"source": "x"})) == canonical(address)


PIECES = [*"aZ9.-/?&=#+;~:@ я", "%2F", "%41", "%3d", "www.", "utm_source=x", "fbclid=1", "a.example", ":443"]


@given(
    st.sampled_from(["", "http://", "https://", "https://www.", "https://a.example/"]),
    st.lists(st.sampled_from(PIECES), max_size=9),
)
@example("https://www.", ["www.", "a.example"])
@example("https://www.", ["a", "/"])
def test_the_short_way_for_usual_addresses_says_the_same_as_the_long_one(start, pieces):
    address = start + "".join(pieces)
    assert canonical(address) == links._canonical(address)
