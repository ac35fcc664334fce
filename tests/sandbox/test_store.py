from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib

import pytest

from crosspost.sandbox import Sandbox, app, describe
from tests.sandbox import clients


def test_what_was_posted_survives_a_restart(stage, clock, tmp_path):
    first = Sandbox(tmp_path / "sandbox.db", clock=clock)
    stage.app = app(first)
    vk = clients.vk(first, stage.address)
    photo = clients.vk_photo(vk)
    posted = {"owner_id": -777, "message": "Привет", "guid": "a", "attachments": f"photo-777_{photo['id']}"}
    vk.method("wall.post", posted)
    deleted = clients.x(first, stage.address).create_tweet(text="Gone").data["id"]
    clients.x(first, stage.address).delete_tweet(deleted)
    before = [first.posts(platform) for platform in ("x", "vk")]
    first.close()

    second = Sandbox(tmp_path / "sandbox.db", clock=clock)
    stage.app = app(second)
    assert [second.posts(platform) for platform in ("x", "vk")] == before
    assert clients.vk(second, stage.address).method("wall.post", posted) == {"post_id": 1}
    assert clients.vk(second, stage.address).method("wall.post", posted | {"guid": "b"}) == {"post_id": 2}
    second.close()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from crosspost.sandbox import Sandbox
sandbox = Sandbox(Path(sys.argv[1]))
sandbox.store.add("vk", "777", "1", text="Kept", at=datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_answered_post_is_there_after_a_kill(tmp_path):
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "sandbox.db"], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [post.text for post in Sandbox(tmp_path / "sandbox.db").posts("vk")] == ["Kept"]


@pytest.mark.parametrize("platform", ["x", "vk", "facebook", "youtube"])
def test_secrets_depend_on_the_account_alone(platform):
    assert Sandbox().secrets(platform, "5") == Sandbox().secrets(platform, "5")
    assert Sandbox().secrets(platform, "5") != Sandbox().secrets(platform, "6")


def test_an_x_token_begins_with_the_user_s_id():
    assert Sandbox().secrets("x", "1001")["access_token"].startswith("1001-")


def test_the_description_is_a_config_and_its_secrets(sandbox):
    config, secrets = (
        tomllib.loads(part) for part in describe("http://127.0.0.1:9000").split("# config/secrets.toml (chmod 600)")
    )
    channels = config["channels"]
    assert channels["vk_ru"] == {"platform": "vk", "community": 777, "endpoint": "http://127.0.0.1:9000/vk"}
    assert secrets["channels"].keys() == channels.keys()
    assert secrets["channels"]["x_en"] == sandbox.secrets("x", "1001")


def test_requests_are_told_without_their_query(sandbox, address):
    clients.x(sandbox, address).get_users_tweets("1001", max_results=5, user_auth=True)
    assert sandbox.requests("x") == [("GET", "/2/users/1001/tweets")]
    assert sandbox.requests("vk") == []
