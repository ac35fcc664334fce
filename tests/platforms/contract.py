"""What every platform's adapter does alike, against the sandbox. A platform's tests inherit `PlatformContract`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, ClassVar

import pytest
from PIL import Image as Drawing

from crosspost.errors import Blocked, CrosspostError, PlatformError, Throttled, Unreachable, Unsure
from crosspost.platforms import Platform, connect, find
from crosspost.platforms.line import Line, NoSuchRoute
from crosspost.post import Image, Post
from crosspost.sandbox import Sandbox
from tests.platforms.rawserver import closed_port

LINK = "https://site.example/en/moon,1?utm_source=test"


def post(text: str = "Water was found on the Moon", link: str = LINK, **more: Any) -> Post:
    """A post as the composer writes it, with the link in the text; a platform that attaches it has it twice."""
    return Post(f"{text}\n\n{link}".strip(), link, title="Water on the Moon", key=f"key of {text} {link}", **more)


def picture(colour: str = "navy") -> Image:
    drawn = BytesIO()
    Drawing.new("RGB", (640, 360), colour).save(drawn, "JPEG")
    return Image(drawn.getvalue(), "image/jpeg", 640, 360, alt=f"A {colour} sky")


def everything_said(error: BaseException) -> str:
    """All that a person or a log may be shown of an error: its text, its repr, and those of what it was raised from."""
    said = []
    current: BaseException | None = error
    while current is not None:
        said += [str(current), repr(current)]
        hidden = current.__suppress_context__ or current.__cause__ is not None
        current = current.__cause__ if hidden else current.__context__
    return "\n".join(said)


class PlatformContract:
    name: ClassVar[str]
    options: ClassVar[Mapping[str, Any]] = {}
    account: ClassVar[str]
    # A secret that the platform looks at, and the (method, path's end) of the one request that publishes.
    token: ClassVar[str]
    publishing: ClassVar[tuple[str, str]]
    throttle_names_a_time: ClassVar[bool] = True
    begins_with: ClassVar[str] = "publish"  # the kind of the first call for a post

    @pytest.fixture
    def build(self, sandbox: Sandbox, endpoint: str) -> Callable[..., Platform]:
        def build(endpoint: str = f"{endpoint}/{self.name}", **secrets: str) -> Platform:
            given = sandbox.secrets(self.name, self.account) | secrets
            return connect(self.name, self.options, given, Line(2, endpoint=endpoint))

        return build

    @pytest.fixture
    def platform(self, build: Callable[..., Platform]) -> Platform:
        return build()

    @pytest.fixture
    def long_ago(self) -> datetime:
        return datetime.now(UTC) - timedelta(minutes=5)

    def times_published(self, sandbox: Sandbox) -> int:
        method, end = self.publishing
        return sum(m == method and path.endswith(end) for m, path in sandbox.requests(self.name))

    # "<" and "&" are what a platform that speaks HTML spoils.
    words: ClassVar[str] = "Q&A: is 2 < 3?\nAlways, «they» say"

    def prepare(self, platform: Platform, post: Post) -> Any:
        return platform.prepare(post)

    def publish(self, platform: Platform, post: Post) -> Any:
        return platform.publish(self.prepare(platform, post))

    # What goes well.

    def test_a_post_is_published_and_found_by_its_link(self, platform, sandbox, long_ago):
        receipt = self.publish(platform, post())
        assert [kept.id for kept in sandbox.posts(self.name)] == [receipt.remote_id]
        assert find(platform, post("Some other text"), long_ago) == receipt

    def test_a_post_without_a_link_is_found_by_its_exact_text(self, platform, long_ago):
        receipt = self.publish(platform, post(self.words, link=""))
        assert find(platform, post(self.words, link=""), long_ago) == receipt
        assert find(platform, post(self.words.splitlines()[0], link=""), long_ago) is None

    def test_the_signs_of_typography_do_not_hide_a_post(self, platform, long_ago):
        words = "Дом №\u00a05 в\u00a0Минске\u00a0— «„да“»…\n\nIt’s “so” – ‘e\u0301’"
        receipt = self.publish(platform, post(words, link=""))
        assert find(platform, post(words, link=""), long_ago) == receipt
        assert find(platform, post(words.replace("\u00a0", " "), link=""), long_ago) == receipt
        assert find(platform, post(words.replace("5", "6"), link=""), long_ago) is None

    def test_what_was_never_posted_is_not_found(self, platform, long_ago):
        self.publish(platform, post())
        assert find(platform, post(link="https://site.example/en/mars"), long_ago) is None

    def test_posts_are_shown_newest_first_with_aware_times(self, platform, long_ago):
        published = [self.publish(platform, post(link=f"https://site.example/{number}")) for number in range(3)]
        shown = list(platform.shown(long_ago))
        assert [one.receipt for one in shown] == published[::-1]
        assert all(one.at >= long_ago for one in shown)

    def test_a_receipt_has_the_platforms_id_and_an_address_with_it(self, platform, sandbox):
        receipt = self.publish(platform, post())
        (kept,) = sandbox.posts(self.name)
        assert receipt.remote_id == kept.id
        assert receipt.address.startswith("https://")
        assert receipt.remote_id.rpartition("_")[2] in receipt.address

    def test_pictures_are_uploaded_and_posted_in_order(self, platform, sandbox):
        pictures = (picture("navy"), picture("red"))
        self.publish(platform, post(images=pictures))
        (kept,) = sandbox.posts(self.name)
        assert kept.pictures == tuple(image.data for image in pictures)

    def test_preparing_again_shows_readers_nothing(self, platform, sandbox):
        with_picture = post(images=(picture(),))
        first, second = self.prepare(platform, with_picture), self.prepare(platform, with_picture)
        assert sandbox.posts(self.name) == []
        platform.publish(first)
        assert len(first.media) == len(second.media)
        assert len(sandbox.posts(self.name)) == 1

    def test_withdrawing_deletes_and_withdrawing_again_is_fine(self, platform, sandbox, long_ago):
        receipt = self.publish(platform, post())
        platform.withdraw(receipt)
        assert [kept.deleted for kept in sandbox.posts(self.name)] == [True]
        assert find(platform, post(), long_ago) is None
        platform.withdraw(receipt)

    def test_verifying_names_the_account_and_posts_nothing(self, platform, sandbox):
        account = platform.verify()
        assert self.account in account.name
        assert account.address.startswith("https://")
        assert sandbox.posts(self.name) == []

    def test_nothing_sent_would_surprise_a_strict_reader_of_the_documents(self, platform, sandbox, long_ago):
        receipt = self.publish(platform, post(images=(picture(),)))
        list(platform.shown(long_ago))
        platform.verify()
        platform.withdraw(receipt)
        assert sandbox.problems == []

    # What does not.

    def test_a_wrong_token_blocks(self, build, sandbox):
        platform = build(**{self.token: "no-such-token"})
        with pytest.raises(Blocked):
            self.publish(platform, post())
        assert sandbox.posts(self.name) == []

    @pytest.mark.parametrize("fault", ["token-expired", "token-revoked", "captcha"])
    def test_what_a_person_must_mend_blocks(self, platform, sandbox, fault):
        sandbox.fail(self.name, fault, on=self.begins_with)
        with pytest.raises(Blocked):
            self.publish(platform, post())

    def test_a_throttle_carries_its_time_where_the_platform_names_one(self, platform, sandbox):
        sandbox.fail(self.name, "429")
        with pytest.raises(Throttled) as caught:
            self.publish(platform, post())
        named = caught.value.until is not None or caught.value.wait is not None
        assert named == self.throttle_names_a_time
        assert caught.value.until is None or caught.value.until.tzinfo is not None
        assert sandbox.posts(self.name) == []

    @pytest.mark.parametrize("fault", ["500-after", "502-html-after", "truncated", "reset-after"])
    def test_a_broken_answer_leaves_a_doubt_that_a_look_settles(self, platform, sandbox, long_ago, fault):
        sandbox.fail(self.name, fault)
        with pytest.raises(Unsure):
            self.publish(platform, post())
        assert self.times_published(sandbox) == 1
        found = find(platform, post(), long_ago)
        assert found is not None
        assert [kept.id for kept in sandbox.posts(self.name)] == [found.remote_id]

    @pytest.mark.parametrize("fault", ["500-before", "502-html", "reset-before", "200-error"])
    def test_a_doubt_about_what_never_came_to_be_is_settled_too(self, platform, sandbox, long_ago, fault):
        sandbox.fail(self.name, fault)
        with pytest.raises(Unsure):
            self.publish(platform, post())
        assert self.times_published(sandbox) == 1
        assert find(platform, post(), long_ago) is None

    @pytest.mark.parametrize("fault", ["500-before", "502-html", "reset-before", "truncated"])
    def test_a_broken_upload_leaves_no_doubt(self, platform, sandbox, fault):
        sandbox.fail(self.name, fault, on="upload")
        with pytest.raises(Unreachable):
            self.prepare(platform, post(images=(picture(),)))
        assert sandbox.posts(self.name) == []

    @pytest.mark.parametrize("fault", ["500-before", "502-html", "reset-before", "truncated"])
    def test_a_look_that_fails_proves_nothing(self, platform, sandbox, long_ago, fault):
        self.publish(platform, post())
        sandbox.fail(self.name, fault, on="read")
        with pytest.raises(Unreachable):
            find(platform, post(), long_ago)

    def test_nobody_listening_is_unreachable(self, build):
        with pytest.raises(Unreachable):
            self.publish(build(endpoint=closed_port()), post())

    def test_an_address_that_the_endpoint_does_not_cover_is_never_called(self, build, sandbox, monkeypatch):
        session = Line.session
        monkeypatch.setattr(Line, "session", lambda line, *bases: session(line))
        platform = build()
        with pytest.raises(NoSuchRoute):
            self.publish(platform, post())
        assert sandbox.requests(self.name) == []

    @pytest.mark.parametrize("fault", ["token-revoked", "captcha", "429", "500-before", "reset-before", "200-error"])
    def test_no_secret_is_told(self, platform, sandbox, fault):
        sandbox.fail(self.name, fault, on="publish")
        with pytest.raises(PlatformError) as caught:
            self.publish(platform, post())
        self.assert_discreet(caught.value, sandbox)

    def test_no_secret_is_told_of_an_unreachable_platform(self, build, sandbox, long_ago):
        platform = build(endpoint=closed_port())
        for act in (lambda: self.publish(platform, post()), lambda: list(platform.shown(long_ago)), platform.verify):
            with pytest.raises(CrosspostError) as caught:
                act()
            self.assert_discreet(caught.value, sandbox)

    def assert_discreet(self, error: BaseException, sandbox: Sandbox) -> None:
        said = everything_said(error)
        for name, value in sandbox.secrets(self.name, self.account).items():
            assert value not in said, f"{name} is told"
