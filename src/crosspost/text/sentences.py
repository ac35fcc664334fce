"""Text -> its sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

# A straight mark behind a blank opens the next quotation, though it stands behind a full stop: said. "I had
_OPENS_NEXT = re.compile(r"\s(?P<mark>[\"'“‘])$")
# “Have you seen it?” I asked. The question is a part of the sentence, whatever its mark.
_ASKED = re.compile(r"[?!…][\"'”’»]$")
_WHO_ASKED = re.compile(
    r"(?:I|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?) (?:said|says|told|wrote|added|replied|wondered|cried|shouted)\b"
    r"|(?:I|[A-Z][\w’'-]+(?: [\w’'-]+){0,6}) asked\b"
)
_CLOSES = re.compile(r"[^()]{,300}\)")  # a bracket not closed within so many characters never was one
_ADDRESS = re.compile(r"[/@]|www\.")
# "at 9:21 p.m. EDT Saturday" goes on; "at 9:21 p.m. The crew" does not.
_HOUR = re.compile(r"\d ?[ap]\.m\.$", re.IGNORECASE)
_ZONE = re.compile(r"(?:[A-Z]{2,4}T|GMT|UTC|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\w+ time)\b")


def sentences(text: str, language: str) -> list[str]:
    """The sentences of `text`, in order, stripped. `language` is a two-letter code, "" when it is not known.

    None crosses a line: a line's end is the end of a paragraph, an item or a verse.
    """
    split = _splitter(language)
    return [sentence for line in text.splitlines() for sentence in _whole(line, split(line))]


def _whole(line: str, parts: Iterable[str]) -> Iterator[str]:
    """The parts of a line, stripped; those between which an address (http://пример.|рф/путь), a time, what stands in
    brackets or who asked would be cut together."""
    start = end = 0
    for part in map(str.strip, parts):
        if not part:
            continue
        found = line.index(part, end)
        if end and not _goes_on(line, start, end, found):
            opening = _OPENS_NEXT.search(line, start, end) if found == end else None
            yield line[start : opening.start()] if opening else line[start:end]
            start = opening.start("mark") if opening else found
        elif not end:
            start = found
        end = found + len(part)
    if end:
        yield line[start:end]


def _goes_on(line: str, start: int, end: int, found: int) -> bool:
    """Whether what stands from `start` to `end` of a line and what begins at `found` are one sentence."""
    if found == end and _ADDRESS.search(_around(line, end)):
        return True
    if line.count("(", start, end) > line.count(")", start, end) and _CLOSES.match(line, end):
        return True
    if _ASKED.search(line, start, end) and _WHO_ASKED.match(line, found):
        return True
    return _HOUR.search(line, max(0, end - 10), end) is not None and _ZONE.match(line, found) is not None


def _around(line: str, at: int) -> str:
    """The word that has no blank at `at`."""
    before, after = line[:at].split(), line[at:].split()
    return before[-1] + after[0]


# Both libraries are imported only where they are needed: razdel takes 20 ms. Each is best in its own field
# (F1 .995 for razdel in Russian, .997 for sentencex in English, on UD-PUD news).
def _splitter(language: str) -> Callable[[str], Iterable[str]]:
    return _russian if language == "ru" else lambda line: _other(line, language)


def _russian(line: str) -> Iterable[str]:
    from razdel import sentenize

    return (sentence.text for sentence in sentenize(line))


def _other(line: str, language: str) -> Iterable[str]:
    import sentencex

    parts: list[str] = sentencex.segment(language or "en", line)
    return parts
