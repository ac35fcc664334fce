"""A test text on a channel: what it says, and what the log keeps of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crosspost.deadline import Caller
from crosspost.errors import Blocked, PlatformError, Unreachable, Unsure
from crosspost.platforms import LIMITS, find
from crosspost.post import Post
from crosspost.trial import Trial, words
from tests.fakes import NOON, Clock, FakePlatform, Processed


@pytest.fixture
def platform():
    return FakePlatform(Clock())


@pytest.fixture
def log():
    return []


@pytest.fixture
def trial(platform, log):
    caller = Caller("x_en")
    yield Trial("A test", platform, caller, timedelta(seconds=5), lambda what, why: log.append((what, why)))
    caller.close()


@pytest.mark.parametrize("platform", LIMITS)
@pytest.mark.parametrize("language", ["en", "ru", "be", ""])
def test_the_text_fits_everywhere_and_is_another_one_a_second_later(platform, language):
    text = words(language, NOON)
    assert LIMITS[platform].measure(text) <= LIMITS[platform].length
    assert words(language, NOON + timedelta(seconds=1)) != text


@pytest.mark.parametrize("article", [Post("News", "https://site.example/1"), Post("News", "")], ids=["link", "no link"])
def test_a_test_is_not_taken_for_an_articles_post(platform, article):
    platform.show(words("en", NOON))
    assert find(platform, article, NOON - timedelta(hours=1)) is None


def test_the_log_has_the_text_before_the_call_and_the_address_after_it(platform, trial, log):
    platform.watch = lambda prepared: log.append(("call", prepared.post.text))
    receipt = trial.post()
    trial.delete(receipt)
    assert log == [
        ("test begun", "A test"),
        ("call", "A test"),
        ("test posted", receipt.address),
        ("test deleted", receipt.address),
    ]
    assert platform.posts == []


def test_a_test_whose_answer_was_lost_is_found_by_its_text(platform, trial, log):
    platform.publishing = [Processed(Unsure("no answer"))]
    with pytest.raises(Unsure):
        trial.post()
    receipt = trial.find(NOON)
    assert receipt == platform.posts[0].receipt
    assert log[1:] == [("test failed", "no answer"), ("test posted", receipt.address)]


@pytest.mark.parametrize(
    ("outcomes", "deleted"),
    [
        ([None], True),
        ([Unreachable("no route"), None], True),
        ([Unsure("no answer"), Unsure("no answer")], False),
        ([Blocked("the token died"), None], False),
    ],
    ids=["at once", "at the second try", "never", "not with this token"],
)
def test_a_deletion_without_a_clear_answer_is_made_once_more(platform, trial, log, outcomes, deleted):
    receipt, withdraw = trial.post(), platform.withdraw

    def outcome(receipt):
        if error := outcomes.pop(0):
            raise error
        withdraw(receipt)

    platform.withdraw = outcome
    if deleted:
        trial.delete(receipt)
    else:
        with pytest.raises(PlatformError):
            trial.delete(receipt)
        assert log[-1][0] == "test not deleted" and receipt.address in log[-1][1]
    assert (platform.posts == []) == deleted
