"""SIGKILL under load: whatever the moment, each article is on each channel exactly once in the end."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.torture.killer import MOMENTS, judge, plan
from tests.torture.kills import naive, torture

KILLS = 12  # in each of three worlds; `make torture` does 10,000


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("seed", "readable"), [(1, True), (2, True), (4, False)], ids=lambda value: str(value))
def test_a_killed_crosspost_neither_doubles_nor_loses(tmp_path: Path, seed: int, readable: bool) -> None:
    report = torture(tmp_path, KILLS, seed, readable=readable)
    print(report)
    assert report.kills.total() == KILLS
    assert report.met.total() > 0 and report.orphans > 0, "no kill met a call in flight, so nothing was tried"
    assert (report.doubled, report.lost, report.cries) == ([], [], [])
    # Only what cannot be read back is asked about.
    assert report.asked.keys() <= (set() if readable else {"vk_ru"})


def test_a_sender_that_sends_and_then_records_is_seen_to_double(tmp_path: Path) -> None:
    verdict = naive(tmp_path, "sends-first", kills=16, seed=1)
    assert verdict.doubled and not verdict.clean


def test_a_sender_that_records_and_then_sends_is_seen_to_lose(tmp_path: Path) -> None:
    verdict = naive(tmp_path, "records-first", kills=16, seed=1)
    assert verdict.lost and not verdict.clean


def test_the_judge_counts_each_channel_by_itself() -> None:
    verdict = judge(["One", "Two"], {"x": ["One", "Two"], "vk": ["One", "One"]})
    assert (verdict.doubled, verdict.lost) == (("One on vk",), ("Two on vk",))


def test_a_seed_makes_the_same_plans_again_and_covers_every_moment() -> None:
    plans = [plan(1, life) for life in range(200)]
    assert plans == [plan(1, life) for life in range(200)] != [plan(2, life) for life in range(200)]
    assert Counter(one.moment for one in plans).keys() == MOMENTS.keys()
