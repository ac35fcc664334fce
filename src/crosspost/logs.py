"""The log: one line an event on stderr, with a stable name and key=value pairs, and never a secret in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

_HIDDEN = "[secret]"
_SHORTEST = 6  # a shorter value would hide half of every line


def configure(secrets: Iterable[str] = (), *, quiet: bool = False) -> None:
    """Set up the log for this process. The values of `secrets` are replaced wherever they turn up; `quiet`: warnings
    and worse only. At DEBUG the platforms' own libraries print keys and tokens, so they stay at WARNING."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True
    )
    # A poll that outlasts its interval is no news: the next one is simply later.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    shown = logging.WARNING if quiet else logging.INFO
    hide = _hider(secrets)
    for handler in logging.getLogger().handlers:
        handler.addFilter(lambda record: _filtered(record, hide))
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if sys.stderr.isatty() else [structlog.processors.format_exc_info]),
            _plain_values,
            lambda _logger, _name, event: {key: hide(value) for key, value in event.items()},
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(shown),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _plain_values(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave empty values out, and show times without fractions."""
    return {
        key: value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else value
        for key, value in event.items()
        if value not in (None, "")
    }


def _hider(secrets: Iterable[str]) -> Any:
    values = sorted({secret for secret in secrets if len(secret) >= _SHORTEST}, key=len, reverse=True)

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            for secret in values:
                value = value.replace(secret, _HIDDEN)
        return value

    return hide


def _filtered(record: logging.LogRecord, hide: Any) -> bool:
    record.msg, record.args = hide(record.getMessage()), ()
    return True
