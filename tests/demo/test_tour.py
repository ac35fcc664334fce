"""The demo as a newcomer runs it, in one pass: every story reaches every channel, and a second demo sends nothing."""

from __future__ import annotations

from crosspost.demo.site import EDITIONS
from crosspost.sandbox import Sandbox
from tests.world import NewsSite, World

PLATFORMS = ("x", "vk", "facebook", "youtube")


def test_a_second_demo_sends_nothing_even_from_another_port(tmp_path):
    place = World("", NewsSite(), Sandbox(), tmp_path)
    first = place.run("demo", "--once", "--port", "0", "--folder", "demo")
    assert all(story.title[:40] in first for edition in EDITIONS.values() for story in edition.stories)
    assert "x_en: 6 posted" in first and "youtube_en: 6 for you to post" in first
    shown = {platform: len(posts(tmp_path, platform)) for platform in PLATFORMS}
    assert shown == {"x": 12, "vk": 6, "facebook": 6, "youtube": 6}

    second = place.run("demo", "--once", "--port", "0", "--folder", "demo")
    assert second.count("nothing new, so nothing was sent") == 6
    assert {platform: len(posts(tmp_path, platform)) for platform in PLATFORMS} == shown


def posts(folder, platform):
    kept = Sandbox(folder / "demo" / "sandbox.db")
    try:
        return kept.posts(platform)
    finally:
        kept.close()
