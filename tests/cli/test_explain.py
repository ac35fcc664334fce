"""What people are told of a post, sentence by sentence."""

from __future__ import annotations

import pytest

from crosspost.cli.explain import explain, instead, obstacle
from crosspost.post import ChannelState, State
from tests.cli.posts import HOUR, channel, entry, event, row, scene
from tests.fakes import NOON

S = State
SOON, LATER = NOON + HOUR, NOON + 26 * HOUR


@pytest.mark.parametrize(
    ("post", "by", "around", "told"),
    [
        (entry(S.SENT, attempts=1), "crosspost", {}, "It was sent at 12:00:00."),
        (entry(S.SENT, attempts=3), "crosspost", {}, "It was sent at 12:00:00, at attempt 3."),
        (
            entry(S.SENT, "confirmed by a person"),
            "olga",
            {"now": LATER},
            "It was sent on 4 May at 12:00 (confirmed by olga).",
        ),
        (entry(S.WITHDRAWN, "withdrawn"), "olga", {"now": SOON}, "It was taken back at 12:00 by olga: withdrawn."),
        (
            entry(S.REFUSED, "the text is too long."),
            "crosspost",
            {},
            (
                "It was refused at 12:00:00: the text is too long. "
                "Mend that, then crosspost retry 17; or crosspost skip 17."
            ),
        ),
        (
            entry(S.SKIPPED, "baseline: it stood in the feed when crosspost first read it"),
            "crosspost",
            {},
            (
                "It was not sent, since it stood in the feed when crosspost first read it; "
                "crosspost retry 17 sends it all the same."
            ),
        ),
        (
            entry(S.SKIPPED, 'filtered by except words = ["ad"]: the title says "ad"'),
            "crosspost",
            {},
            (
                'It was not sent: filtered by except words = ["ad"]: the title says "ad"; '
                "crosspost retry 17 sends it all the same."
            ),
        ),
        (
            entry(S.SKIPPED, "expired before it could be sent"),
            "crosspost",
            {},
            "It expired before it could be sent; crosspost retry 17 sends it all the same.",
        ),
        (entry(S.SKIPPED, "skipped"), "olga", {}, "It was skipped by olga; crosspost retry 17 sends it all the same."),
        (
            entry(S.ASKING, "the wall cannot be read; look at the channel and use crosspost mark"),
            "crosspost",
            {},
            (
                "It may or may not have been posted: the wall cannot be read. "
                "Look at the channel, then crosspost mark 17 --sent ADDRESS, or --not-sent."
            ),
        ),
        (
            entry(S.HANDED, "text and pictures are ready in handed/17; post them at P, then use crosspost mark"),
            "crosspost",
            {},
            (
                "It is for you to post: text and pictures are ready in handed/17; "
                "post them at P, then use crosspost mark 17 --sent ADDRESS."
            ),
        ),
        (
            entry(S.WAITING, "waits for approval"),
            "crosspost",
            {},
            "It waits for approval; crosspost approve 17 freezes its text and lets it go in its turn.",
        ),
        (
            entry(S.HELD, "held"),
            "olga",
            {},
            "It was held by olga at 12:00:00; crosspost approve 17 lets it go in its turn, crosspost now 17 at once.",
        ),
        (
            entry(S.HELD, "the feed brought 25 articles at once and none that is known"),
            "crosspost",
            {},
            (
                "It is held, since the feed brought 25 articles at once and none that is known; "
                "crosspost approve 17 lets it go in its turn, crosspost now 17 at once."
            ),
        ),
        (entry(S.SENDING), "crosspost", {}, "It is being sent at this moment."),
        (
            entry(S.SENDING),
            "crosspost",
            {"running": False},
            (
                "crosspost was stopped in the middle of the call, and will look whether the post is there. "
                "Nothing runs at present: crosspost run starts the daemon."
            ),
        ),
        (
            entry(S.UNSURE, "no answer within 20 s", at=SOON),
            "crosspost",
            {},
            "It may or may not have been posted (no answer within 20 s); crosspost looks on the platform at 13:00.",
        ),
        (
            entry(S.DUE, "X is down", at=SOON),
            "crosspost",
            {},
            "It could not be sent (X is down) and is tried again at 13:00.",
        ),
        (entry(S.DUE), "crosspost", {}, "It is about to be sent."),
        (
            entry(S.DUE),
            "crosspost",
            {"running": False},
            "It is about to be sent. Nothing runs at present: crosspost run starts the daemon.",
        ),
        (
            entry(S.PLANNED, at=SOON),
            "crosspost",
            {"turn": SOON},
            "It settles until 13:00.",
        ),
        (
            entry(S.PLANNED, at=SOON),
            "crosspost",
            {"turn": LATER},
            "It settles until 13:00, and goes out on 5 May at 14:00.",
        ),
        (
            entry(S.PLANNED),
            "crosspost",
            {"turn": SOON},
            "It waits for its turn, which the channel's pace gives it at 13:00.",
        ),
        (entry(S.PLANNED), "crosspost", {}, "It is about to be sent."),
        (
            entry(S.PLANNED, expires_at=SOON),
            "crosspost",
            {"turn": None},
            "Its turn would come after it expires at 13:00, so it will be dropped; crosspost now 17 sends it at once.",
        ),
        (
            entry(S.PLANNED),
            "crosspost",
            {"row": row(ChannelState.PAUSED), "turn": SOON},
            "It waits, since channel x_en is paused; crosspost resume x_en lets it go on.",
        ),
        (
            entry(S.DUE, "a captcha"),
            "crosspost",
            {"row": row(ChannelState.BLOCKED, "a captcha", SOON)},
            "It waits, since channel x_en is blocked (a captcha); mend that and it goes on; the next try is at 13:00.",
        ),
    ],
)
def test_each_post_is_explained(post, by, around, told):
    assert explain(post, event(by), scene(**around)) == told


@pytest.mark.parametrize(
    ("around", "told"),
    [
        ({}, ""),
        ({"channel": None}, "channel x_en is not in the config any more"),
        ({"channel": channel(enabled=False)}, "channel x_en is off (enabled = false in the config)"),
        (
            {"channel": channel(secrets={})},
            (
                "channel x_en has no api_key, api_secret, access_token, access_token_secret "
                "(crosspost check says where they go)"
            ),
        ),
        (
            {"row": row(ChannelState.PAUSED, "summer break.")},
            "channel x_en is paused (summer break); crosspost resume x_en lets it go on",
        ),
        (
            {"row": row(ChannelState.RESTING, "X wants a pause", SOON)},
            "channel x_en rests until 13:00 (X wants a pause)",
        ),
        ({"row": row(ChannelState.RESTING, "X wants a pause", NOON)}, ""),
    ],
)
def test_what_stands_in_a_channels_way_is_told_with_the_next_step(around, told):
    assert obstacle(scene(**around)) == told


@pytest.mark.parametrize("state", State)
def test_whoever_cannot_have_what_he_wanted_is_told_what_can_be_done(state):
    told = instead(entry(state, "its reason", address="https://social.example/1"))
    assert "crosspost" in told and "17" in told
    assert told.startswith(("is ", "waits ", "was ", "may ", "lies "))
