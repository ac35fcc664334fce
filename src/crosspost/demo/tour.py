"""The demo's course: a sample site, the sandbox, and the real daemon between them, told in plain words."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from shutil import which

from rich.console import Console
from starlette.applications import Starlette
from starlette.routing import Mount

from crosspost import daemon, sandbox
from crosspost.clock import now
from crosspost.demo.site import Site
from crosspost.demo.site import app as site_app
from crosspost.ledger import Ledger, views
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import Entry
from crosspost.post import State
from crosspost.sandbox import Sandbox
from crosspost.serving import Place, listen, served
from crosspost.settings import Settings, load

_FIRST_NEWS = 12.0  # seconds until a new article appears on the site
_NEXT_NEWS = 25.0
_LOOK = 0.5
_YOUTUBE = "UC0000000000000000000000"

# name in the config, platform, account in the sandbox, what the config says beside that, feeds
_CHANNELS = (
    ("x_en", "x", "1001", (), ("news_en",)),
    ("x_ru", "x", "1002", (), ("news_ru",)),
    ("vk_ru", "vk", "777", ("community = 777",), ("news_ru",)),
    ("facebook_en", "facebook", "1010", ('page = "1010"',), ("news_en",)),
    ("youtube_ru", "youtube", _YOUTUBE, ('mode = "api"', f'channel = "{_YOUTUBE}"'), ("news_ru",)),
    ("youtube_en", "youtube", _YOUTUBE, ('mode = "assisted"', f'channel = "{_YOUTUBE}"'), ("news_en",)),
)
_VERBS = {
    State.SENT: "posted",
    State.HANDED: "for you to post",
    State.REFUSED: "refused",
    State.UNSURE: "unsure, will look",
    State.ASKING: "needs your answer",
}

console = Console(highlight=False)


async def run(folder: Path, port: int, *, only_once: bool) -> None:
    """Run the demo in `folder`, which must be there, until Ctrl-C or for one pass.

    Raises `CrosspostError` when the port is taken.
    """
    with listen(port) as place:
        site = Site(folder / "site.json", f"{place.address}/site")
        pretend = Sandbox(folder / "sandbox.db")
        routes = [Mount("/site", site_app(site)), Mount("/", sandbox.app(pretend))]
        with served(Starlette(routes=routes), place):
            config = _write_config(folder, place)
            _greet(place, folder, only_once=only_once)
            found = load(config)
            ledger = Ledger(found.database, now)
            try:
                with ledger.own("demo") as owner:
                    if only_once:
                        await _once(found, ledger, owner)
                    else:
                        await _watch(found, ledger, owner, site, config)
            finally:
                ledger.close()


async def _once(found: Settings, ledger: Ledger, owner: Owner) -> None:
    before = _ids(views.everything(ledger))
    await daemon.once(found, ledger, owner)
    entries = views.everything(ledger)
    _tell_all(found, [entry for entry in entries if entry.id not in before])


async def _watch(found: Settings, ledger: Ledger, owner: Owner, site: Site, config: Path) -> None:
    worker = daemon.Daemon(found, lambda: load(config), ledger, owner)
    narrator = asyncio.create_task(_narrate(found, ledger, site))
    try:
        await worker.run()
    finally:
        narrator.cancel()
        with suppress(asyncio.CancelledError):
            await narrator
    console.print("\nThe demo has ended. The next one goes on from here and sends nothing twice.")


async def _narrate(found: Settings, ledger: Ledger, site: Site) -> None:
    """Tell what the ledger says, and let a new article appear now and then."""
    told = {entry.id: entry.state for entry in views.everything(ledger)}
    if told:
        console.print("What stood on the site is posted already; a new article will appear in a moment.")
    explained = False
    loop = asyncio.get_running_loop()
    news_at, quiet = loop.time() + _FIRST_NEWS, False
    while True:
        await asyncio.sleep(_LOOK)
        entries = await asyncio.to_thread(views.everything, ledger)
        fresh = [entry for entry in entries if told.get(entry.id) != entry.state and entry.state in _VERBS]
        told |= {entry.id: entry.state for entry in fresh}
        _tell(fresh)
        if not explained and entries and all(entry.state in _VERBS for entry in entries):
            _explain(found)
            explained = True
        if loop.time() >= news_at and not quiet:
            titles = await asyncio.to_thread(site.publish_next)
            quiet = not titles
            if titles:
                console.print("\nThe site has published something new:", style="bold")
                for title in titles:
                    console.print(f"  {title}", markup=False)
            else:
                console.print("\nThe site has no more news. Ctrl-C ends the demo.")
            news_at = loop.time() + _NEXT_NEWS


def _greet(place: Place, folder: Path, *, only_once: bool) -> None:
    console.print(
        f"A sample news site is at   {place.address}/site/en/ and {place.address}/site/ru/\n"
        f"What is posted, to look at {place.address}/\n"
        f"The config of this demo    {folder / 'crosspost.toml'} (delete {folder}/ to start anew)\n"
        + ("" if only_once else "Ctrl-C ends the demo.\n"),
        markup=False,
        soft_wrap=True,
    )


def _tell_all(found: Settings, entries: list[Entry]) -> None:
    """One pass, channel by channel."""
    for name in found.channels:
        here = [entry for entry in entries if entry.channel == name]
        console.print(f"{name}: {_counted(here) or 'nothing new, so nothing was sent'}", style="bold", markup=False)
        _tell(here)
    _explain(found)


def _command() -> str:
    """How the reader can call the command: by its name where a shell finds it, else by its path."""
    return "crosspost" if which("crosspost") else sys.argv[0]


def _counted(entries: Iterable[Entry]) -> str:
    states = [entry.state for entry in entries]
    return ", ".join(f"{states.count(state)} {verb}" for state, verb in _VERBS.items() if state in states)


def _tell(entries: Iterable[Entry]) -> None:
    for entry in entries:
        line = f"  {entry.channel:<12} {_VERBS.get(entry.state, entry.state):<16} {entry.article.title}"
        console.print(line, markup=False, no_wrap=True, overflow="ellipsis")


def _explain(found: Settings) -> None:
    """What a newcomer may wonder about now."""
    folder = found.database.removeprefix("sqlite:///").rpartition("/")[0]
    console.print(
        f"\nOn youtube_en a person posts: text and picture of each post lie ready in {folder}/handed/.\n"
        f"What the ledger knows: {_command()} --config {folder}/crosspost.toml status (or queue, history, why URL)",
        markup=False,
        soft_wrap=True,
    )


def _ids(entries: Iterable[Entry]) -> frozenset[int]:
    return frozenset(entry.id for entry in entries)


def _write_config(folder: Path, place: Place) -> Path:
    """Write the demo's config and secrets, as a manager would; anew each time, since the port may have changed."""
    config, secrets = folder / "crosspost.toml", folder / "secrets.toml"
    config.write_text("\n".join(_config_lines(folder, place)) + "\n", encoding="utf-8")
    secrets.touch(mode=0o600)
    secrets.write_text("\n".join(_secret_lines()) + "\n", encoding="utf-8")
    return config


def _config_lines(folder: Path, place: Place) -> Iterator[str]:
    yield "# Written by crosspost demo at each start."
    yield f'database = "sqlite:///{folder / "crosspost.db"}"'
    for language in ("en", "ru"):
        yield f"\n[feeds.news_{language}]"
        yield f'url = "{place.address}/site/{language}/rss.xml"'
        yield f'language = "{language}"\nevery = "2s"\nfirst_run = "all"'
    for name, platform, _, lines, feeds in _CHANNELS:
        yield f"\n[channels.{name}]"
        yield f'platform = "{platform}"'
        yield f"feeds = {json.dumps(feeds)}"
        yield from lines
        yield "hashtags_from_categories = true"
        yield f'utm = {{ source = "{platform}", medium = "social" }}'
        yield f'endpoint = "{place.address}/{platform}"'
    yield "\n[network]\nallow_private = true"


def _secret_lines() -> Iterator[str]:
    for name, platform, account, _, _ in _CHANNELS:
        yield f"[channels.{name}]"
        for secret, value in Sandbox().secrets(platform, account).items():
            yield f'{secret} = "{value}"'
