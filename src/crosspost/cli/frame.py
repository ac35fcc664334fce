"""What every subcommand shares: where the config is, the settings, the ledger, who decides."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosspost.errors import CrosspostError

if TYPE_CHECKING:
    from crosspost.ledger import Ledger
    from crosspost.settings import Channel, Settings


def flag(name: str, told: str) -> Any:
    """An option that takes no value, and whose help therefore names none."""
    return typer.Option(name, metavar="", help=told)


DEFAULT_CONFIG = Path("config/crosspost.toml")

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="The config; else CROSSPOST_CONFIG, else config/crosspost.toml."),
]
JsonOption = Annotated[bool, flag("--json", "One JSON object a line, for scripts.")]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; else your login name.")]
ChannelOption = Annotated[str | None, typer.Option("--channel", metavar="CHANNEL", help="Only on this channel.")]
PostsArgument = Annotated[
    list[str], typer.Argument(metavar="POST-or-URL...", help="Posts' numbers, or articles' addresses.")
]

_given: list[Path] = []


def remember_config(path: Path | None) -> None:
    """Keep a --config that stood before the subcommand."""
    _given[:] = [path] if path is not None else []


def config_path(after: Path | None) -> Path:
    """The config to use: --config after the subcommand, before it, the environment, the default."""
    if after is not None:
        return after
    if _given:
        return _given[0]
    return Path(os.environ.get("CROSSPOST_CONFIG") or DEFAULT_CONFIG)


def settings(config: Path | None, *, quiet: bool = False) -> Settings:
    """The settings, with the log set up so that none of their secrets can appear in it. Raises `ConfigError`."""
    from crosspost import logs
    from crosspost.settings import load

    found = load(config_path(config))
    logs.configure(found.secrets, quiet=quiet)
    return found


def no_secrets(channel: Channel) -> str:
    """The end of a sentence about a channel that lacks secrets: what it "has"."""
    return f"no {', '.join(channel.missing_secrets)}; crosspost check says where secrets go"


@contextmanager
def ledger(found: Settings) -> Iterator[Ledger]:
    """The ledger of these settings. Raises `LedgerError`."""
    from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError

    from crosspost.clock import now
    from crosspost.ledger import Ledger, database

    opened = Ledger(found.database, now)
    try:
        yield opened
    except (IntegrityError, ProgrammingError):
        raise  # a defect of ours, which nobody else can mend
    except DatabaseError as error:
        raise database.trouble(opened.engine, error) from error
    finally:
        opened.close()


def channel_of(found: Settings, name: str) -> Channel:
    """The channel called so in the config. Raises `CrosspostError` with the name that was probably meant."""
    from crosspost.settings.near import did_you_mean

    if name not in found.channels:
        near = did_you_mean(name, found.channels) or f"It has {', '.join(found.channels) or 'none'}."
        raise CrosspostError(f"The config has no channel {name}. {near}")
    return found.channels[name]


def decider(by: str | None) -> str:
    """Who decides: the name given, else the login name."""
    if by:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return f"user {os.getuid()}"
