"""Values that will not do, in words. The values themselves are never shown: one may be a token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from crosspost.settings import schema
from crosspost.settings.models import CHANNELS
from crosspost.settings.near import did_you_mean
from crosspost.settings.origin import Key, Source, given
from crosspost.settings.unfit import Mistake

_TABLE_HINT = "Write its keys in braces, or under a [header] in single brackets."
# Pydantic's own kinds of error, by how their names begin.
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("bool", "is neither true nor false.", "Write true or false, without quotes."),
    ("int", "is not a whole number.", "Write digits, without quotes."),
    ("string", "is not text.", "Put it in quotes."),
    ("tuple", "is not a list.", 'Write it in brackets: ["one", "two"].'),
    ("model", "is not a table.", _TABLE_HINT),
    ("mapping", "is not a table.", _TABLE_HINT),
    ("dict", "is not a table.", _TABLE_HINT),
)
_ALSO_CALLED = {"twitter": "x", "vkontakte": "vk", "fb": "facebook", "yt": "youtube"}


def in_values(error: ValidationError) -> Iterator[Mistake]:
    """Pydantic's errors, each with its place in the config."""
    for details in error.errors(include_url=False):
        yield _translated(details)


def in_feeds(sources: Sequence[Source], tree: Mapping[str, Any]) -> Iterator[Mistake]:
    """Channels that name no feed, or one that is not there."""
    feeds = tree.get("feeds")
    names = list(feeds) if isinstance(feeds, dict) else []
    for channel in schema.named_tables(tree, "channels"):
        key = ("channels", channel, "feeds")
        wanted = given(sources, key)
        if wanted == []:
            yield key, "names no feed.", "Leave it out for all feeds."
        for index, name in enumerate(wanted if isinstance(wanted, list) else ()):
            if isinstance(name, str) and name not in names:
                hint = did_you_mean(name, names) or _there_are(names)
                yield (*key, index), "there is no feed of this name.", hint


def in_templates(sources: Sequence[Source], tree: Mapping[str, Any]) -> Iterator[Mistake]:
    """Templates that could not be filled in."""
    for channel in schema.named_tables(tree, "channels"):
        key = ("channels", channel, "template")
        template = given(sources, key)
        if isinstance(template, str):
            from crosspost.templates import template_problems  # brings Jinja2, which takes a while to import

            for problem in template_problems(template):
                yield key, problem, ""


def _there_are(names: Iterable[str]) -> str:
    return f"The feeds are: {', '.join(names)}." if names else "No [feeds.NAME] table is there."


def _translated(details: ErrorDetails) -> Mistake:
    key = _key(details["loc"])
    kind = details["type"]
    context = details.get("ctx", {})
    if kind == "crosspost":
        return key, context["problem"], context["hint"]
    if kind == "missing":
        return key, "is required.", f"Add it to [{'.'.join(map(str, key[:-1]))}]."
    if kind == "union_tag_not_found":
        return (*key, "platform"), "is required.", f"Write one of: {', '.join(CHANNELS)}."
    if kind == "union_tag_invalid":
        return (*key, "platform"), "is not a platform that crosspost knows.", _platform_hint(context["tag"])
    if kind == "literal_error":
        return key, "is none of the words that may stand here.", _literal_hint(details["input"], context["expected"])
    if kind in ("greater_than_equal", "less_than_equal"):
        return key, f"is {'under' if 'ge' in context else 'over'} {context.get('ge', context.get('le'))}.", ""
    for beginning, problem, hint in _WORDS:
        if kind.startswith(beginning):
            return key, problem, hint
    return key, "does not fit here.", ""


def _key(location: tuple[str | int, ...]) -> Key:
    """Where an error stands, without what pydantic adds: a channel's platform, a note that the key is meant."""
    if location[:1] == ("channels",):
        location = location[:2] + location[3:]
    return tuple(part for part in location if part != "[key]")


def _platform_hint(platform: str) -> str:
    also = _ALSO_CALLED.get(platform.lower())
    if also:
        return f'Did you mean "{also}"?'
    return did_you_mean(platform, CHANNELS) or f"Write one of: {', '.join(CHANNELS)}."


def _literal_hint(value: object, expected: str) -> str:
    words = re.findall("'([^']+)'", expected)
    return did_you_mean(value, words) or f"Write one of: {', '.join(words)}."
