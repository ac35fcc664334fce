"""The kinds of value a config holds, each with its own sentence for a value that will not do.

No sentence repeats the value it speaks of: under a mistyped key it may be a token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from ipaddress import ip_address
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import tzlocal
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_core import PydanticCustomError

from crosspost.settings.near import did_you_mean

_UNITS: Mapping[str, str] = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_PERIODS: Mapping[str, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_LONGEST = timedelta(days=3650)
_SITE_HINT = 'Write one name, "Site News", or one for each language: { en = "Site News", ru = "Новости сайта" }.'
_DURATION_HINT = 'Write a whole number and a unit: "10s", "5m", "2h" or "7d".'


class Wrong(PydanticCustomError):
    """A value that will not do: `problem` completes "the key ...", `hint` is a sentence with the next step."""

    def __new__(cls, problem: str, hint: str = "") -> Wrong:
        return super().__new__(cls, "crosspost", "{problem}", {"problem": problem, "hint": hint})


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `count` posts within any `per`."""

    count: int
    per: timedelta


class Quiet(NamedTuple):
    """Wall-clock hours without posts, in the settings' time zone; over midnight where `end` is before `start`."""

    start: time
    end: time


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"([0-9]{1,9}) *([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise Wrong("is not a duration.", _DURATION_HINT)
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > _LONGEST:
        raise Wrong("is longer than ten years.", _DURATION_HINT)
    return length


def at_least(lowest: timedelta, words: str) -> AfterValidator:
    """Refuses a shorter duration than `lowest`; `words` is how people write it."""

    def check(length: timedelta) -> timedelta:
        if length < lowest:
            raise Wrong(f"is shorter than {words}.", f'Write "{words}" or more.')
        return length

    return AfterValidator(check)


def _zone(value: Any) -> Any:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return _system_zone() if value == "system" else ZoneInfo(value)
    except (ValueError, TypeError, OSError, KeyError):  # what ZoneInfo raises for names that are no zones
        hint = did_you_mean(value, available_timezones())
        raise Wrong("is not a time zone.", hint or 'Write a name such as "Europe/Minsk" or "UTC".') from None


def _system_zone() -> ZoneInfo:
    try:
        return tzlocal.get_localzone()
    except (ValueError, OSError, KeyError):
        raise Wrong(
            "is not given, and this system does not say which zone it is in.", 'Write timezone = "UTC".'
        ) from None


def clock(value: Any) -> time:
    """A time of day, "09:00"; TOML's own 09:00:00 without quotes will do too. Raises `Wrong`."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise Wrong("is not a time of day.", 'Write hours and minutes, from "00:00" to "23:59".')
    return time(int(match[1]), int(match[2]))


def _quiet(value: Any) -> Any:
    if isinstance(value, Quiet):
        return value
    start, _, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        quiet = Quiet(clock(start), clock(end))
    except PydanticCustomError:
        raise Wrong("is not a range of hours.", 'Write it as "23:00-07:00".') from None
    if quiet.start == quiet.end:
        raise Wrong("begins and ends at the same time.", 'Write two different times, such as "23:00-07:00".')
    return quiet


def _quota(value: Any) -> Any:
    if isinstance(value, Quota):
        return value
    match = re.fullmatch(r"([1-9][0-9]{0,5}) */ *(hour|day)", value) if isinstance(value, str) else None
    if match is None:
        raise Wrong("is not a number of posts in a time.", 'Write it as "40/day" or "3/hour".')
    return Quota(int(match[1]), _PERIODS[match[2]])


def is_loopback(address: str) -> bool:
    """Whether the host of a URL is this machine, by its name alone."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _split(value: Any, example: str) -> SplitResult:
    hint = f'Write the whole address, such as "{example}".'
    if not isinstance(value, str) or not value.isprintable() or re.search(r'[\s\\<>"]', value):
        raise Wrong("is not a web address.", hint)
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        usable = False
    if not usable:
        raise Wrong("is not a web address.", hint)
    return parts


def _address(value: Any) -> str:
    parts = _split(value, "https://site.example/rss.xml")
    if parts.username is not None or parts.password is not None:
        raise Wrong("holds a user name or password, and logs show this address.", "Write it without them.")
    return str(value)


def _proxy(value: Any) -> str:
    parts = _split(value, "http://proxy.example:3128")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise Wrong("is more than a proxy's address.", 'Write scheme, host and port: "http://proxy.example:3128".')
    return str(value)


def _endpoint(value: Any) -> str:
    address = _address(value)
    if "?" in address or "#" in address:
        raise Wrong("is an address with ? or #.", 'Write only what the paths are put after: "http://127.0.0.1:9000/x".')
    return address.rstrip("/")


def _database(value: Any) -> str:
    if not isinstance(value, str) or not re.match(r"(sqlite|postgresql\+psycopg)://", value):
        hint = 'Write "sqlite:///data/crosspost.db" or "postgresql+psycopg://user@host/name".'
        raise Wrong("is not a database address.", hint)
    if value.startswith("sqlite") and not re.match(r"sqlite:///[^:?]", value):
        raise Wrong("names no file for SQLite.", 'Write three slashes and a file: "sqlite:///data/crosspost.db".')
    return value


def matching(pattern: str, problem: str, hint: str) -> BeforeValidator:
    """Text that matches `pattern` as a whole."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise Wrong(problem, hint)
        return value

    return BeforeValidator(check)


def _site_name(value: Any) -> Any:
    names = {"": value} if isinstance(value, str) else value
    if not isinstance(names, Mapping) or not all(isinstance(name, str) and name.strip() for name in names.values()):
        raise Wrong("is not a name.", _SITE_HINT)
    if any(language and not re.fullmatch("[a-z]{2}", language) for language in names):
        raise Wrong("has a name under what is not a language code.", _SITE_HINT)
    return {language: name.strip() for language, name in names.items()}


def _number_or_word(value: Any) -> Any:
    """From the environment all is text, figures too."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _first_run(value: Any) -> Any:
    value = _number_or_word(value)
    if value in ("skip", "all") or (type(value) is int and value > 0):
        return value
    raise Wrong("is not a way to begin.", 'Write "skip", "all", or how many of the newest articles to post.')


def _summary_size(value: Any) -> Any:
    value = _number_or_word(value)
    if value in ("short", "medium", "long") or (type(value) is int and value >= 0):
        return value
    raise Wrong(
        "is not a size of a summary.", 'Write "short", "medium", "long", or a number of characters; 0 for none.'
    )


def _secret(value: Any) -> Any:
    if not isinstance(value, str):
        raise Wrong("is not text.", "Put it in quotes.")
    value = value.strip()
    if re.search(r"[^\x21-\x7e]", value):
        raise Wrong("has a space, a line break or a foreign letter in it.", "Copy it again, alone.")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, bool | float):  # Python takes true for 1
        raise Wrong("is not a whole number.", "Write digits, without quotes.")
    return value


def _money(value: Any) -> Any:
    """Digits, with a point where cents are meant; from the environment all is text."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        value = float(value)
    if type(value) not in (int, float) or not 0 <= value < 1e9:  # nan and inf are floats too
        raise Wrong("is not an amount of money.", "Write digits, with a point for cents: 2.50")
    return value


T = TypeVar("T")
K = TypeVar("K")

Table = Annotated[Mapping[K, T], AfterValidator(MappingProxyType)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Clock = Annotated[time, BeforeValidator(clock)]
QuietHours = Annotated[Quiet, BeforeValidator(_quiet)]
Rate = Annotated[Quota, BeforeValidator(_quota)]
Address = Annotated[str, BeforeValidator(_address)]
Proxy = Annotated[str, BeforeValidator(_proxy)]
Endpoint = Annotated[str, BeforeValidator(_endpoint)]
Database = Annotated[str, BeforeValidator(_database)]
Language = Annotated[
    str, matching("[a-z]{2}", "is not a language code.", 'Write two small letters, such as "en", "ru" or "be".')
]
Hashtag = Annotated[str, matching(r"#\w+", "has what is not a hashtag.", 'Write a # and one word: "#Belarus".')]
HashtagOrNone = Annotated[
    str, matching(r"(#\w+)?", "has what is not a hashtag.", 'Write a # and one word, "#Belarus", or "" for no hashtag.')
]
PageId = Annotated[str, matching("[A-Za-z0-9.]+", "is not a Page's id.", 'Write it in quotes, such as "1010".')]
GraphVersion = Annotated[str, matching(r"v\d+\.\d+", "is not a version of the Graph API.", 'Write it as "v25.0".')]
ChannelId = Annotated[
    str,
    matching("UC[A-Za-z0-9_-]+", "is not a channel's id.", "Write the id that begins with UC, not the name with @."),
]
Secret = Annotated[SecretStr, BeforeValidator(_secret)]
Money = Annotated[float, BeforeValidator(_money)]
Whole = Annotated[int, BeforeValidator(_whole)]
SummarySize = Annotated[Literal["short", "medium", "long"] | int, BeforeValidator(_summary_size)]
SiteName = Annotated[Mapping[str, str], BeforeValidator(_site_name), AfterValidator(MappingProxyType)]
FirstRun = Annotated[Literal["skip", "all"] | int, BeforeValidator(_first_run)]

ModelName = Annotated[
    str, matching(r"[\x21-\x7e]+", "is not the name of a model.", "Write it as its provider does, in one word.")
]
Word = Annotated[str, matching(r"(?s).*[^\W_].*", "holds no word.", "Write letters or digits.")]
LinkPattern = Annotated[
    str,
    matching(r"\S*\*\S*|https?://\S+", "is not a pattern of addresses.", 'Put a * for what may differ: "*/sport/*".'),
]
