"""check and preview: the subcommands for the one who writes the config."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosspost.cli.frame import ConfigOption, JsonOption, flag, ledger, settings
from crosspost.errors import ConfigError, CrosspostError, Problem

if TYPE_CHECKING:
    from crosspost.editor import Editor
    from crosspost.previews import Preview
    from crosspost.settings import Channel, Settings


def add_to(app: typer.Typer) -> None:
    for command in (check, preview):
        app.command(rich_help_panel="Prepare")(command)


def check(
    online: Annotated[
        bool, flag("--online", "Also ask each platform who we are, and a language model a question; posts nothing.")
    ] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Reads the config and names every mistake at once, with its line and what was probably meant.

    Ends with 2 when there is one, missing secrets included.

    Examples: [bold]crosspost check[/bold], [bold]crosspost check --online[/bold]
    """
    from crosspost.settings import advice, missing_secret_problems

    try:
        found = settings(config, quiet=True)
    except ConfigError as error:
        _tell_problems(error.problems, "", json=json)
        raise typer.Exit(2) from None
    problems = missing_secret_problems(found)
    _tell_problems(problems, "", json=json)
    _tell_problems(advice(found), "note: ", json=json)
    if not json:
        _tell_summary(found)
    blocked = online and not _ask_all(found, json=json)
    raise typer.Exit(2 if problems else 1 if blocked else 0)


def preview(
    feed: Annotated[str | None, typer.Option("--feed", metavar="NAME", help="Only this feed of the config.")] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Any feed's or article's address.")] = None,
    last: Annotated[int, typer.Option("--last", metavar="N", min=1, help="How many of the newest articles.")] = 3,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Draw them on one page, as each platform would.")
    ] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """The posts as they would go out, with the length used of the length allowed. Sends and records nothing.

    Needs no secrets.

    Examples: [bold]crosspost preview --feed news_en --last 1[/bold],
    [bold]crosspost preview --url https://site.example/en/moon[/bold],
    [bold]crosspost preview --html posts.html[/bold]
    """
    import asyncio

    from crosspost import previews

    found = settings(config, quiet=True)
    if feed is not None and feed not in found.feeds:
        raise CrosspostError(f"There is no feed {feed} in the config; it has {', '.join(found.feeds) or 'none'}.")
    if html is not None and json:
        raise CrosspostError("Say one of the two: --html FILE, or --json.")
    with _editor(found) as edited:
        desk = previews.Desk(found, edited, cards=html is not None)
        if url is not None:
            wanted = previews.of_address(desk, url, last)
        else:
            wanted = previews.of_feeds(desk, [feed] if feed else list(found.feeds), last)
        if html is not None:
            refused = _draw_previews(asyncio.run(_gathered(wanted)), html, found)
        else:
            refused = asyncio.run(_print_previews(wanted, json=json))
    raise typer.Exit(1 if refused else 0)


@contextmanager
def _editor(found: Settings) -> Iterator[Editor | None]:
    """Who writes the summaries, where a language model does. What it writes and costs is kept in the ledger, if there
    is one: so a summary that was looked at is the one that goes out, and is paid for once."""
    from crosspost import assemble
    from crosspost.ledger.database import file_of

    file = file_of(found.database)
    if found.summary.writer == "extract" or (file is not None and not file.exists()):
        yield assemble.editor(found, None)
        return
    with ledger(found) as book:
        yield assemble.editor(found, book)


async def _gathered(wanted: AsyncIterator[Preview]) -> list[Preview]:
    return [one async for one in wanted]


def _draw_previews(drawn: Sequence[Preview], file: Path, found: Settings) -> int:
    """Write the page; how many posts on it would not go out. Raises `CrosspostError` where it cannot be written."""
    from crosspost import sheet
    from crosspost.clock import now

    try:
        file.write_text(sheet.render(drawn, now().astimezone(found.timezone)), encoding="utf-8")
    except OSError as error:
        raise CrosspostError(f"{file} cannot be written: {error.strerror}.") from error
    number = "1 post is" if len(drawn) == 1 else f"{len(drawn)} posts are"
    typer.echo(f"{number} drawn in {file}; open it in a browser.")
    return sum(bool(one.refused) for one in drawn)


async def _print_previews(wanted: AsyncIterator[Preview], *, json: bool) -> int:
    from crosspost.cli import show

    refused = 0
    async for one in wanted:
        refused += bool(one.refused)
        if json:
            show.print_json([_preview_json(one)])
        else:
            for line in _preview_lines(one):
                show.console.print(line, markup=False)
    return refused


def _preview_json(one: Preview) -> dict[str, Any]:
    draft = one.draft
    return {
        "channel": one.channel,
        "platform": one.platform,
        "article": one.article.link,
        "title": one.article.title,
        "text": draft.text if draft else "",
        "length": draft.length if draft else 0,
        "limit": draft.limit if draft else 0,
        "link": draft.link if draft else "",
        "link_preview": one.link_preview,
        "pictures": [
            {"type": image.media_type, "width": image.width, "height": image.height, "bytes": len(image.data)}
            for image in one.images
        ],
        "video_seconds": round(one.seconds, 1),
        "warnings": list(draft.warnings) if draft else [one.refused],
    }


def _preview_lines(one: Preview) -> Iterator[str]:
    draft = one.draft
    length = f" {draft.length} of {draft.limit} " if draft else " "
    yield f"── {one.channel} ({one.platform}) ──{length}".ljust(72, "─")
    if draft is None:
        yield f"Would not go out: {one.refused}\n"
        return
    yield draft.text
    if draft.link and draft.link not in draft.text:
        yield f"[link] {draft.link}"
    if one.link_preview:
        yield f"[link preview] with the page's own picture, {one.link_preview}"
    if one.seconds:
        yield f"[video] 1080x1920, {one.seconds:.0f} s, titled: {one.article.title}"
    for image in one.images if not one.seconds else ():
        yield f"[picture] {image.width}x{image.height}, {len(image.data) // 1000} kB, {image.alt}"
    for warning in draft.warnings:
        yield f"[warning] {warning}"
    yield ""


def _tell_problems(problems: Any, prefix: str, *, json: bool) -> None:
    told: list[Problem] = list(problems)
    if json:
        from crosspost.cli import show

        kind = "note" if prefix else "problem"
        show.print_json({**asdict(problem), "kind": kind} for problem in told)
        return
    for problem in told:
        print(f"{prefix}{problem}", file=sys.stderr if not prefix else sys.stdout)


def _tell_summary(found: Settings) -> None:
    for channel in found.channels.values():
        state = "off" if not channel.enabled else "ready" if not channel.missing_secrets else "lacks secrets"
        feeds = ", ".join(channel.feed_names) or "no feed"
        typer.echo(f"{channel.name}: {channel.platform}, reads {feeds}, {state}")
    if found.summary.writer == "llm":
        state = "lacks its key" if found.summary.missing_secrets else "ready"
        typer.echo(f"summaries: by {found.summary.model}, {state}")


def _ask_all(found: Settings, *, json: bool) -> bool:
    """Ask each ready channel's platform who we are, and the language model, where one writes; whether all work."""
    from crosspost.cli import show

    answers = [
        _ask(found, channel) for channel in found.channels.values() if channel.enabled and not channel.missing_secrets
    ]
    if found.summary.writer == "llm" and not found.summary.missing_secrets:
        answers.append(_ask_model(found))
    if json:
        show.print_json({"kind": "online", **answer} for answer in answers)
    else:
        for answer in answers:
            told = f"{answer['account']} {answer['address']}" if answer["ok"] else f"does not work: {answer['problem']}"
            typer.echo(f"{answer['channel']}: {told}", err=not answer["ok"])
            for note in answer["notes"]:
                typer.echo(f"  {note}")
    return all(answer["ok"] for answer in answers)


def _ask(found: Settings, channel: Channel) -> dict[str, Any]:
    from crosspost import assemble
    from crosspost.deadline import Caller, DeadlinePassed

    answer = _answer(channel.name, channel.platform)
    # A look takes a few requests, each of which may use the whole time-out.
    seconds = 3 * found.delivery.timeout.total_seconds()
    caller = Caller(channel.name)
    try:
        account = caller.call(assemble.adapter(channel, found).verify, seconds)
    except DeadlinePassed:
        return answer | {"problem": f"{channel.platform} did not answer within {seconds:g} s"}
    except CrosspostError as error:
        return answer | {"problem": str(error)}
    finally:
        caller.close()
    return answer | {"ok": True, "account": account.name, "address": account.address, "notes": list(account.notes)}


def _ask_model(found: Settings) -> dict[str, Any]:
    from crosspost import assemble

    model = assemble.model(found)
    answer = _answer("summaries", found.summary.provider)
    try:
        model.load()
        model.ask("Answer with one word, in English: ready", "Are you there?")
    except CrosspostError as error:
        return answer | {"problem": str(error)}
    return answer | {"ok": True, "account": found.summary.model, "address": found.summary.address or ""}


def _answer(name: str, platform: str) -> dict[str, Any]:
    """What comes of a question while nothing has."""
    return {
        "channel": name,
        "platform": platform,
        "ok": False,
        "account": "",
        "address": "",
        "notes": [],
        "problem": "",
    }
