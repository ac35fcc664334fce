"""What can go wrong, in words a person can act on. Every message is one sentence: what, where, next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class CrosspostError(Exception):
    """Something a person can mend. Shown as its message alone, never with a traceback."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file people edit: where it stands, what is wrong, what was probably meant."""

    file: str
    line: int | None
    key: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f" {self.key}:" if self.key else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{where}:{key} {self.problem}{hint}"


class ConfigError(CrosspostError):
    """The configuration has mistakes: all of them at once, in `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class FeedError(CrosspostError):
    """A feed could not be read; nothing was recorded from it.

    `retry_at` is the earliest time (aware) at which the server wants to be asked again, where it said so.
    """

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class ModelError(CrosspostError):
    """A language model gave no answer that can be used. `billed`: it may cost all the same; `down`: it is no
    use to ask anything else just now. The message never holds a secret."""

    def __init__(self, message: str, *, billed: bool = True, down: bool = False) -> None:
        super().__init__(message)
        self.billed = billed
        self.down = down


class LedgerError(CrosspostError):
    """The ledger cannot be used as it is: missing rights, a newer version, another owner."""


class LedgerUnavailable(LedgerError):
    """The ledger cannot be used at this moment, such as while its server starts anew: to be tried again as it is."""


class PlatformError(CrosspostError):
    """How a call to a platform ended, when not well. The message never holds a secret."""


class Refused(PlatformError):
    """Certainly not posted, and never will be as it is: the text, the picture or a right is at fault."""


class Duplicate(Refused):
    """Refused because the platform says it already has this text: perhaps from a call of ours whose answer was lost."""


class Throttled(PlatformError):
    """Certainly not posted: too many calls. `until` (aware) or `wait` (seconds) where the platform names one."""

    def __init__(self, message: str, *, until: datetime | None = None, wait: float | None = None) -> None:
        super().__init__(message)
        self.until = until
        self.wait = wait


class Unreachable(PlatformError):
    """Certainly not posted: the platform was not reached, or said that it did nothing. Worth another try later."""


class Blocked(PlatformError):
    """Certainly not posted, and nothing will be until a person mends the channel: token, permission, captcha, lock."""


class Unsure(PlatformError):
    """The call may or may not have been processed; only a look at the platform can tell."""


class Unreadable(PlatformError):
    """This channel cannot be read back with the rights it has; a person must look."""
