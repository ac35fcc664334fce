"""Text -> its sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def sentences(text: str, language: str) -> list[str]:
    """The sentences of `text`, in order, stripped. `language` is a two-letter code, "" when it is not known.

    None crosses a line: a line's end is the end of a paragraph, an item or a verse.
    """
    split = _splitter(language)
    return [stripped for line in text.splitlines() for sentence in split(line) if (stripped := sentence.strip())]


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
