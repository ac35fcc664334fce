"""What somebody may mean by an address that is a little wrong."""

from __future__ import annotations

import pytest

from crosspost.text.near import Named, nearest

MOON = Named("https://site.example/en/moon-landing", "A lander has come down on the Moon")
LAKE = Named("https://site.example/en/lake-of-methane", "The probe shows a lake of methane")
SPUTNIK = Named("https://site.example/ru/2026/17", "Спутник передал первый снимок")
KNOWN = [MOON, LAKE, SPUTNIK]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("https://site.example/en/moonlanding", MOON),
        ("http://www.site.example/en/moon-landing/?utm_source=x", MOON),
        ("site.example/en/moon-landing", None),  # no address, and its words stand in no title
        ("https://site.example/ru/moon-landing", MOON),
        ("https://m.site.example/en/moon-landing", MOON),
        ("https://site.example/en/probe-lake-of-methane", LAKE),
        ("https://other.example/shows-a-lake-of-methane.html", LAKE),
        ("lake of methane", LAKE),
        ("Первый снимок", SPUTNIK),
        (
            "https://site.example/ru/2026/%D1%81%D0%BF%D1%83%D1%82%D0%BD%D0%B8%D0%BA-%D0%BF%D0%B5%D1%80%D0%B5%D0%B4%D0%B0%D0%BB",
            SPUTNIK,
        ),
        ("https://site.example/en/something-else-altogether", None),
        ("https://site.example/", None),
        ("moon", None),  # one word is no hint
        ("", None),
    ],
)
def test_what_is_near(wanted, expected):
    assert nearest(wanted, KNOWN)[:1] == ([expected] if expected else [])


def test_the_likeliest_come_first_and_each_address_once():
    known = [Named(f"https://site.example/news/{slug}", slug) for slug in ("a-storm-in-maine", "a-storm-in-spain")]
    found = nearest("https://site.example/news/a-storm-in-spai", [*known, *known])
    assert found == [known[1], known[0]]
