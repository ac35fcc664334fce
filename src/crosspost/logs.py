"""The log: one line an event on stderr, with a stable name and key=value pairs, and never a secret in it.

structlog brings rich and takes as long to import as a third of a pass with nothing new, which has nothing to say. So
it is imported, and set up, with the first event.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, MutableMapping
from functools import partial
from threading import Lock
from typing import Any

_HIDDEN = "[secret]"
_SHORTEST = 6  # a shorter value would hide half of every line

_lock = Lock()
_to_set_up: list[Callable[[], None]] = []  # what `configure` left to the first event


class Log:
    """Where a module tells its events; `values` stand in each of them."""

    def __init__(self, **values: Any) -> None:
        self._values = values

    def bind(self, **values: Any) -> Log:
        """The same log with more values in each event."""
        return Log(**(self._values | values))

    def info(self, event: str, **values: Any) -> None:
        _logger().info(event, **(self._values | values))

    def warning(self, event: str, **values: Any) -> None:
        _logger().warning(event, **(self._values | values))

    def error(self, event: str, **values: Any) -> None:
        _logger().error(event, **(self._values | values))

    def exception(self, event: str, **values: Any) -> None:
        """An error, with the traceback of the exception that is being handled."""
        _logger().exception(event, **(self._values | values))


def _logger() -> Any:
    import structlog

    with _lock:  # nothing is written before the set-up stands: it is what keeps secrets out
        while _to_set_up:
            _to_set_up.pop()()
    return structlog.get_logger()


def configure(secrets: Iterable[str] = (), *, quiet: bool = False) -> None:
    """Set up the log for this process. The values of `secrets` are replaced wherever they turn up; `quiet`: warnings
    and worse only. At DEBUG the platforms' own libraries print keys and tokens, so they stay at WARNING."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True
    )
    # A poll that outlasts its interval is no news: the next one is simply later.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # It calls every page without a story an error; such an article goes out with what its feed tells.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    shown = logging.WARNING if quiet else logging.INFO
    hide = _hider(secrets)
    for handler in logging.getLogger().handlers:
        handler.addFilter(lambda record: _filtered(record, hide))
    _to_set_up[:] = [partial(_set_up, hide, shown)]


def _set_up(hide: Callable[[Any], Any], shown: int) -> None:
    import structlog

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


def _hider(secrets: Iterable[str]) -> Callable[[Any], Any]:
    values = sorted({secret for secret in secrets if len(secret) >= _SHORTEST}, key=len, reverse=True)

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            for secret in values:
                value = value.replace(secret, _HIDDEN)
        return value

    return hide


def _filtered(record: logging.LogRecord, hide: Callable[[Any], Any]) -> bool:
    record.msg, record.args = hide(record.getMessage()), ()
    return True
