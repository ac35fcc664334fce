"""A call to a platform under its deadline: whatever goes wrong comes out as a `PlatformError`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from crosspost.deadline import Caller, DeadlinePassed
from crosspost.errors import Blocked, CrosspostError, PlatformError, Refused, Throttled, Unreachable, Unsure
from crosspost.logs import Log

log = Log()
T = TypeVar("T")


def call(caller: Caller, act: Callable[[], T], timeout: timedelta, late: Callable[[T], None] | None = None) -> T:
    """The result of `act`, which speaks to a platform. Raises the errors of a `Platform`, and no others; `Unsure` when
    it takes longer than `timeout`. What comes later still is given to `late`."""
    try:
        return caller.call(act, timeout.total_seconds(), late)
    except DeadlinePassed:
        raise Unsure(f"no answer within {timeout.total_seconds():g} s") from None
    except PlatformError:
        raise
    except CrosspostError as error:  # raised before anything was sent, such as an address no rule covers
        raise Blocked(str(error)) from error
    except Exception as error:
        # A library failed in a way its adapter does not know: the request may have been on its way.
        log.exception("call.failed", channel=caller.name)
        raise Unsure(f"the client library failed unexpectedly ({type(error).__name__})") from error


def call_again(caller: Caller, act: Callable[[], T], timeout: timedelta) -> T:
    """As `call`, for what readers do not see, so that it can be repeated: no failure leaves a doubt. What else it may
    come to comes out as `Unreachable`."""
    try:
        return call(caller, act, timeout)
    except (Refused, Throttled, Blocked, Unreachable):
        raise
    except PlatformError as error:
        raise Unreachable(str(error)) from error
