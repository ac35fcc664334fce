"""A small world on loopback: a news site, the sandbox's platforms, and the installed command between them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from crosspost import sandbox
from crosspost.cli import main
from crosspost.sandbox import Sandbox
from tests.loopback import serve

# name, platform, account in the sandbox, what the config says beside that
CHANNELS: dict[str, tuple[str, str, str]] = {
    "x_en": ("x", "1001", ""),
    "vk_ru": ("vk", "777", "community = 777"),
    "facebook": ("facebook", "1010", 'page = "1010"'),
    "youtube": ("youtube", "UC0000000000000000000000", 'mode = "api"\nchannel = "UC0000000000000000000000"'),
}
STORY = "The probe sent its first picture at dawn. It shows a lake of methane under an orange sky."


@dataclass
class NewsSite:
    """A site whose feed holds `items`, newest first; a page for each; `broken` replaces the feed's answer. An item is
    dated where `dates` has it, says what `story` says, and has the `picture`, a PNG, where there is one."""

    address: str = ""
    story: str = STORY
    picture: bytes = b""
    items: list[str] = field(default_factory=list)
    broken: Response | None = None
    dates: dict[str, datetime] = field(default_factory=dict)

    def publish(self, *titles: str) -> None:
        """Let articles appear, the last one newest."""
        for title in titles:
            self.items.insert(0, title)

    def link(self, title: str) -> str:
        return f"{self.address}/news/{title.lower().replace(' ', '-')}"

    def feed(self, request: Request) -> Response:
        if self.broken is not None:
            return self.broken
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{self.link(title)}</link><guid>{escape(title)}</guid>"
            f"<description>{escape(self.story)}</description>{self._date(title)}{self._enclosure}</item>"
            for title in self.items
        )
        document = f'<rss version="2.0"><channel><title>News</title><language>en</language>{items}</channel></rss>'
        etag = f'"{blake2b(document.encode(), digest_size=8).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(document, media_type="application/rss+xml", headers={"ETag": etag})

    def _date(self, title: str) -> str:
        return f"<pubDate>{format_datetime(self.dates[title])}</pubDate>" if title in self.dates else ""

    @property
    def _enclosure(self) -> str:
        if not self.picture:
            return ""
        return f'<enclosure url="{self.address}/picture.png" type="image/png" length="{len(self.picture)}"/>'

    def pictured(self, request: Request) -> Response:
        return Response(self.picture, media_type="image/png")

    def page(self, request: Request) -> Response:
        return Response(
            f"<title>{escape(request.path_params['slug'])}</title><p>{escape(self.story)}</p>", media_type="text/html"
        )

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/feed.xml", self.feed),
                Route("/picture.png", self.pictured),
                Route("/news/{slug}", self.page),
            ]
        )


@dataclass
class World:
    """The site, the platforms, and a folder in which the command runs."""

    address: str
    site: NewsSite
    platforms: Sandbox
    folder: Path

    def configure(self, *channels: str, first_run: str = '"all"', feed: str = "", more: str = "", **own: str) -> None:
        """Write a config for these channels (all of them without names); `own` adds lines to a channel's table. No card
        is drawn where `own` does not speak of pictures: most tests are about the one call that publishes."""
        names = channels or tuple(CHANNELS)
        tables = [f'[feeds.news]\nurl = "{self.site.address}/feed.xml"\nfirst_run = {first_run}\nevery = "1s"\n{feed}']
        for name in names:
            platform, _, lines = CHANNELS[name]
            endpoint = f'endpoint = "{self.address}/{platform}"'
            more_lines = own.get(name, "")
            pictures = "" if "pictures" in more_lines else 'pictures = "none"'
            tables.append(f'[channels.{name}]\nplatform = "{platform}"\n{endpoint}\n{lines}\n{pictures}\n{more_lines}')
        tables.append(f"[network]\nallow_private = true\n{more}")
        (self.folder / "config").mkdir(exist_ok=True)
        (self.folder / "config" / "crosspost.toml").write_text("\n\n".join(tables), encoding="utf-8")
        self.secrets(*names)

    def secrets(self, *channels: str) -> None:
        """Write secrets that the sandbox accepts, for these channels."""
        path = self.folder / "config" / "secrets.toml"
        tables = []
        for name in channels:
            platform, account, _ = CHANNELS[name]
            lines = [f'{key} = "{value}"' for key, value in self.platforms.secrets(platform, account).items()]
            tables.append("\n".join([f"[channels.{name}]", *lines]))
        path.write_text("\n\n".join(tables), encoding="utf-8")
        path.chmod(0o600)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command, started; the caller waits for it."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CROSSPOST_")}
        return subprocess.Popen(
            [sys.executable, "-m", "crosspost", *arguments],
            cwd=self.folder,
            env=environment | {"COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, ends_with: int = 0) -> str:
        """What the command prints, on both streams; it must end as told."""
        code, out, err = self._in_process(*arguments)
        assert code == ends_with, f"ended with {code}\n{out}\n{err}"
        return out + err

    def json(self, *arguments: str, ends_with: int = 0) -> list[dict[str, Any]]:
        """The objects that the command prints."""
        code, out, err = self._in_process(*arguments, "--json")
        assert code == ends_with, f"ended with {code}\n{out}\n{err}"
        return [json.loads(line) for line in out.splitlines()]

    def _in_process(self, *arguments: str) -> tuple[int, str, str]:
        """The command without the price of a new interpreter; what only a process can show goes by `start`."""
        out, err = StringIO(), StringIO()
        argv, sys.argv = sys.argv, ["crosspost", *arguments]
        try:
            with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
                main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            sys.argv = argv
        return code, out.getvalue(), err.getvalue()

    def states(self) -> dict[tuple[str, str], str]:
        """The state of every post, by title and channel."""
        code, out, _ = self._in_process("status", "--posts", "--json")
        assert code in (0, 1)
        posts = [json.loads(line) for line in out.splitlines()]
        return {(post["title"], post["channel"]): post["state"] for post in posts}

    def texts(self, platform: str) -> list[str]:
        """The first line of each post that readers see, in order."""
        return [post.text.splitlines()[0] for post in self.platforms.posts(platform) if not post.deleted]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A world with an empty site."""
    site, platforms = NewsSite(), Sandbox()
    routes = [Mount("/site", site.app), Mount("/", sandbox.app(platforms))]
    with serve(Starlette(routes=routes)) as address:
        site.address = f"{address}/site"
        yield World(address, site, platforms, folder)


def stop(process: subprocess.Popen[str]) -> tuple[str, str]:
    """End a daemon as an operator would, and what it printed."""
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out, err


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for another process to have done something, as long as a slow machine may need."""
    deadline = time.monotonic() + 40
    while not true():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)
