"""X's length and addresses, judged by twitter-text's own conformance suite."""

from __future__ import annotations

from functools import cache

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import tlds
from crosspost.text.measure import x_length
from crosspost.text.x_urls import x_urls
from tests.reference import reference

COUNTED_ONCE_MORE = "WeightedTweetsCounterTest"  # an older config, in which an emoji weighs as its code points
COUNTED = ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"]


@cache
def parsed(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]


def suite(file, section):
    cases = parsed(reference(f"specs/twitter-text/{file}.yml"))[section]
    assert cases
    return cases


def addresses(text):
    return [text[start:end] for start, end in x_urls(text)]


@pytest.mark.parametrize("section", COUNTED)
def test_a_post_weighs_what_x_says(section):
    for case in suite("validate", section):
        assert x_length(case["text"]) == case["expected"]["weightedLength"], case["description"]


def test_the_older_suite_holds_wherever_the_newer_does_not_overrule_it():
    overruled = {case["description"] for case in suite("validate", COUNTED[0])}
    cases = [case for case in suite("validate", COUNTED_ONCE_MORE) if case["description"] not in overruled]
    assert cases
    for case in cases:
        assert x_length(case["text"]) == case["expected"]["weightedLength"], case["description"]


def test_the_oldest_suite_holds_when_no_character_weighs_double():
    for case in suite("validate", "tweets"):
        double = sum(x_length(character) == 2 for character in case["text"])
        assert (0 < x_length(case["text"]) - double <= 140) is case["expected"], case["description"]


@pytest.mark.parametrize("section", ["urls", "tco_urls_with_params"])
def test_x_makes_links_of_these(section):
    for case in suite("extract", section):
        assert addresses(case["text"]) == case["expected"], case["description"]


@pytest.mark.parametrize("section", ["urls_with_indices", "urls_with_directional_markers"])
def test_links_stand_where_x_says(section):
    for case in suite("extract", section):
        expected = [(entity["url"], *entity["indices"]) for entity in case["expected"]]
        assert [(case["text"][a:b], a, b) for a, b in x_urls(case["text"])] == expected, case["description"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Привет, мир", 11),
        ("«Кавычки» — тире", 16),
        ("№…€", 6),
        ("👨‍👩‍👧‍👦", 2),
        ("🇧🇾", 2),
        ("©", 1),
        ("©️", 2),
        ("1️⃣", 2),
        ("https://site.example.com/" + "a" * 100, 23),
        ("https://пример.рф/статья", 23),
        ("пример.рф", 9),  # without a protocol X takes ASCII hosts only
        ("http://127.0.0.1:45123/en/12", 28),  # an address of digits is plain text
        ("http://site.example/en/12", 25),  # so is one under a domain that is not delegated
        ("http://a.com http://b.com", 47),
    ],
)
def test_length(text, length):
    assert x_length(text) == length


@pytest.mark.parametrize("hostile", ["a.", "あ.", "a_b.com.", "http://", "a.com/(a", "x.-", "👨‍👩‍👧‍👦", "a.com?,"])
def test_hostile_text_is_measured_all_the_same(hostile):
    assert x_length(hostile * 2000) > 0


@given(st.text(st.sampled_from("abя.:/-_@#é中 \n😀\u200d(?=") | st.characters(), max_size=60))
def test_links_are_in_order_and_apart(text):
    edges = [edge for link in x_urls(text) for edge in link]
    assert edges == sorted(edges)
    assert all(start < end <= len(text) for start, end in x_urls(text))


def test_domains_are_written_as_they_are_compared():
    assert {"com", "рф", "by", "みんな"} <= tlds.KNOWN
    assert all(name == name.lower() and "." not in name for name in tlds.KNOWN)
