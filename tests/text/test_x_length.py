"""X's length and addresses, judged by twitter-text's own conformance suite."""

import yaml
import pytest

from crosspost.text.measure import x_length, x_urls
from tests.reference import reference


def suite(name):
    return yaml.safe_load(reference(f"specs/twitter-text/{name}.yml").read_text(encoding="utf-8"))["tests"]


def failures(cases, check):
    return [case["description"] for case in cases if not check(case)]


LENGTHS = ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"]


@pytest.mark.parametrize("section", LENGTHS)
def test_weighs_a_post_as_x_does(section):
    cases = suite("validate")[section]
    assert cases
    for case in cases:
        assert x_length(case["text"]) == case["expected"]["weightedLength"], case["description"]

@pytest.mark.parametrize("section", ["urls", "tco_urls_with_params"])
def test_urls(section):
    for case in suite("extract")[section]:
        assert [case["text"][a:b] for a, b in x_urls(case["text"])] == case["expected"], case["description"]

@pytest.mark.parametrize("section", ["urls_with_indices", "urls_with_directional_markers"])
def test_url_i(section):
    for case in suite("extract")[section]:
        assert [list(x) for x in x_urls(case["text"])] == [c["indices"] for c in case["expected"]], case["description"]
