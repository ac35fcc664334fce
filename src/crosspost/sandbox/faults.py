"""Faults: what can go wrong on the way to a platform and inside it, programmed by name.

Written `platform:fault[@kind][:times]`, such as `x:429:3`, `vk:captcha`, `facebook:500-after`, `*:reset-before`,
`x:500-before@upload`, `*:lag:30` (seconds), `*:random:0.2:7` (probability and seed). Without `times` a fault
happens once; `times` may be `always`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType

from crosspost.errors import CrosspostError
from crosspost.sandbox.call import Kind

PLATFORMS = ("x", "vk", "facebook", "youtube")

# How a request can end that has nothing to do with the platform's own words. "after": it was processed.
BROKEN: Mapping[str, str] = MappingProxyType(
    {
        "timeout-before": "nothing is processed, and no answer ever comes",
        "timeout-after": "the request is processed, but no answer ever comes",
        "reset-before": "the connection is reset before anything is processed",
        "reset-after": "the request is processed, then the connection is reset",
        "500-before": "HTTP 500, nothing processed",
        "500-after": "HTTP 500, though the request was processed",
        "502-html": "a proxy's HTML page instead of an answer, nothing processed",
        "502-html-after": "a proxy's HTML page, though the request was processed",
        "truncated": "the request is processed, the answer is cut in its middle",
    }
)
# What a platform says by itself; nothing is processed.
SAID: Mapping[str, str] = MappingProxyType(
    {
        "429": "throttled: X 429 with x-rate-limit-reset, VK error 9, Facebook code 32, YouTube rateLimitExceeded",
        "quota": "the allowance is used up: X 402, VK error 29, Facebook code 4, YouTube quotaExceeded",
        "200-error": "HTTP 200 with an error, or without an id, inside",
        "duplicate": "the text is already there: X 403, Facebook code 506",
        "captcha": "a person must prove to be one: VK error 14, X and Facebook an account lock, YouTube a suspension",
        "captcha-bare": "VK error 14 without a picture",
        "token-expired": "the token's time is over",
        "token-revoked": "the token was taken away",
        "unreadable": "what was posted may not be read back",
        "session-gone": "the session of an upload is forgotten, with all that had arrived: YouTube 404",
    }
)
# What a server before the platform says; nothing is processed.
GUARDED: Mapping[str, str] = MappingProxyType(
    {
        "429-seconds": "HTTP 429 with a Retry-After of 120 seconds",
        "429-date": "HTTP 429 with a Retry-After of two minutes from now, as a date by the sandbox's clock",
    }
)
STANDING: Mapping[str, str] = MappingProxyType(
    {
        "lag": "read-back shows a post only N seconds after it was made, by the sandbox's clock",
        "random": "each publishing call ends with this probability in one of a mixture of faults",
    }
)
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        **BROKEN,
        **SAID,
        **GUARDED,
        **STANDING,
        "error-N": "any error of the platform by its code: vk error-214 and error-214-limit, facebook error-190-463, "
        "x error-503, youtube error-uploadLimitExceeded",
    }
)
_ONLY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "duplicate": frozenset({"x", "facebook"}),
        "captcha-bare": frozenset({"vk"}),
        "session-gone": frozenset({"youtube"}),
    }
)
# Nothing that a person must mend, and nothing that makes a client wait out its time.
MIXTURE = (
    *("reset-before", "reset-after", "500-before", "500-after", "502-html", "502-html-after"),
    *("truncated", "200-error", "429"),
)
_ANYTHING_SIGNED = frozenset(Kind) - {Kind.TOKEN}
_KINDS: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        "token-expired": _ANYTHING_SIGNED,
        "token-revoked": frozenset(Kind),
        "unreadable": frozenset({Kind.READ}),
        "session-gone": frozenset({Kind.ASK}),
    }
)


class UnknownFault(CrosspostError, ValueError):
    """A fault that no platform, or not this one, knows."""


@dataclass(slots=True)
class _Programmed:
    platform: str
    fault: str
    kinds: frozenset[Kind]
    left: float  # how often yet; infinity for always
    chance: Random | None = None
    probability: float = 1.0

    def strikes(self, platform: str, kind: Kind) -> bool:
        if self.left <= 0 or platform != self.platform or kind not in self.kinds:
            return False
        return self.chance is None or self.chance.random() < self.probability


@dataclass(slots=True)
class Faults:
    """The faults that are still to come."""

    _programmed: list[_Programmed] = field(default_factory=list)
    _lag: dict[str, float] = field(default_factory=dict)

    def program(self, platform: str, fault: str, times: float = 1, on: Iterable[str] | str | None = None) -> None:
        """Make `fault` happen `times` times on `platform` ("*" for all). Of "lag", `times` is seconds.

        `on` names the kinds of call it strikes; by default publishing ones, or those that suit the fault.
        Raises `UnknownFault`.
        """
        for name in _platforms(platform, fault):
            if fault == "lag":
                self._lag[name] = float(times)
            else:
                self._programmed.append(_Programmed(name, fault, _kinds(fault, on), times))

    def program_random(self, platform: str, probability: float, seed: int = 0) -> None:
        """Let each publishing call end in one of `MIXTURE` with `probability`, the same way for the same seed."""
        for name in _platforms(platform, "random"):
            always = float("inf")
            chance = Random(f"{seed} {name}")
            self._programmed.append(_Programmed(name, "random", frozenset({Kind.PUBLISH}), always, chance, probability))

    def read(self, written: str) -> None:
        """Program what `written` says (see the module's docstring). Raises `UnknownFault`."""
        platform, _, rest = written.strip().partition(":")
        named, *numbers = rest.split(":")
        fault, _, kind = named.partition("@")
        try:
            if fault == "random":
                self.program_random(platform, float(numbers[0]) if numbers else 0.2, *map(int, numbers[1:]))
            else:
                self.program(platform, fault, _times(*numbers), kind or None)
        except (TypeError, ValueError) as error:
            shape = "Write platform:fault[@kind][:times], such as x:429:3 or *:reset-before."
            raise UnknownFault(f"The fault {written!r} cannot be programmed: {error} {shape}") from error

    def strike(self, platform: str, kind: Kind) -> str | None:
        """The fault that this call meets, if any; it is used up."""
        for programmed in self._programmed:
            if programmed.strikes(platform, kind):
                programmed.left -= 1
                return programmed.chance.choice(MIXTURE) if programmed.chance else programmed.fault
        return None

    def awaits(self, platform: str, fault: str) -> bool:
        """Whether `fault` is still to come on `platform`."""
        return any(one.left > 0 and (one.platform, one.fault) == (platform, fault) for one in self._programmed)

    def lag(self, platform: str) -> float:
        """Seconds until a new post can be read back."""
        return self._lag.get(platform, 0.0)


def _times(count: str = "1") -> float:
    return float("inf") if count == "always" else float(count)


def _platforms(platform: str, fault: str) -> tuple[str, ...]:
    if fault not in FAULTS and not fault.startswith("error-"):
        raise UnknownFault(f"There is no fault {fault!r}; there are {', '.join(FAULTS)}.")
    able = tuple(name for name in PLATFORMS if name in _ONLY.get(fault, PLATFORMS))
    if platform == "*":
        return able
    if platform not in able:
        raise UnknownFault(f"The fault {fault!r} exists on {', '.join(able)}, not on {platform!r}.")
    return (platform,)


def _kinds(fault: str, on: Iterable[str] | str | None) -> frozenset[Kind]:
    if on is None:
        return _KINDS.get(fault, frozenset({Kind.PUBLISH}))
    return frozenset(Kind(kind) for kind in ([on] if isinstance(on, str) else on))
