"""Where every key of a TOML text stands. `tomllib` keeps no positions, and a mistake without its line is half told.

The text is already known to be valid TOML, so this reads only as much of the grammar as moves the cursor: keys,
tables, and where values begin and end. What the values are is `tomllib`'s business.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

from crosspost.settings.origin import Key

_BLANK = re.compile(r"[ \t]*")
_TRIVIA = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
# A multi-line string may end in up to two quotes of its own before the three that close it.
_STRING = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:'{0,2})|"(?:\\.|[^"\\])*"|'[^']*\'''',
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n]+")


def locate(text: str) -> Mapping[Key, int]:
    """The line (from 1) of every key, table and array item of `text`, by its path: ("feeds", "news", "url").

    `text` must be TOML that `tomllib` accepts, with "\\n" for line ends.
    """
    reader = _Reader(text)
    reader.document()
    return reader.lines


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines: dict[Key, int] = {}
        self._text = text
        self._at = 0
        self._starts = [match.end() for match in re.finditer("\n", text)]
        self._counts: dict[Key, int] = {}  # how many [[items]] an array of tables has so far

    def document(self) -> None:
        table: Key = ()
        self._take(_TRIVIA)
        while self._at < len(self._text):
            if self._ahead("[["):
                table = self._array_header()
            elif self._ahead("["):
                table = self._header()
            else:
                self._pair(table)
            self._take(_TRIVIA)

    def _header(self) -> Key:
        line = self._line()
        self._skip("[")
        table = self._opened(self._dotted())
        self._skip("]")
        self._note(table, line)
        return table

    def _array_header(self) -> Key:
        line = self._line()
        self._skip("[[")
        *outer, last = self._dotted()
        array = (*self._opened(tuple(outer)), last)
        self._skip("]]")
        count = self._counts.get(array, 0)
        self._counts[array] = count + 1
        self._note((*array, count), line)
        return (*array, count)

    def _opened(self, keys: tuple[str, ...]) -> Key:
        """The path that a header's keys mean: each array of tables on the way is entered at its newest item."""
        path: Key = ()
        for key in keys:
            path = (*path, key)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _pair(self, table: Key) -> None:
        line = self._line()
        path = (*table, *self._dotted())
        self._note(path, line)
        self._skip("=")
        self._value(path)

    def _dotted(self) -> tuple[str, ...]:
        keys = [self._key()]
        while self._ahead("."):
            self._skip(".")
            keys.append(self._key())
        return tuple(keys)

    def _key(self) -> str:
        raw = self._take(_KEY)
        self._take(_BLANK)
        return str(tomllib.loads(f"key = {raw}")["key"]) if raw[0] == '"' else raw.strip("'")

    def _value(self, path: Key) -> None:
        if self._ahead("["):
            self._array(path)
        elif self._ahead("{"):
            self._inline_table(path)
        elif self._ahead('"') or self._ahead("'"):
            self._take(_STRING)
        else:
            self._take(_PLAIN)

    def _array(self, path: Key) -> None:
        self._open("[")
        index = 0
        while not self._ahead("]"):
            item = (*path, index)
            self._note(item, self._line())
            self._value(item)
            self._take(_TRIVIA)
            self._comma()
            index += 1
        self._skip("]")

    def _inline_table(self, path: Key) -> None:
        self._open("{")
        while not self._ahead("}"):
            self._pair(path)
            self._take(_TRIVIA)
            self._comma()
        self._skip("}")

    def _open(self, bracket: str) -> None:
        self._skip(bracket)
        self._take(_TRIVIA)

    def _comma(self) -> None:
        if self._ahead(","):
            self._open(",")

    def _note(self, path: Key, line: int) -> None:
        for end in range(1, len(path)):
            self.lines.setdefault(path[:end], line)
        self.lines[path] = line  # a table's own header counts, not a mention on the way to an inner one

    def _line(self) -> int:
        return bisect_right(self._starts, self._at) + 1

    def _ahead(self, token: str) -> bool:
        return self._text.startswith(token, self._at)

    def _skip(self, token: str) -> None:
        if not self._ahead(token):
            raise ValueError(f"not TOML at line {self._line()}")
        self._at += len(token)
        self._take(_BLANK)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"not TOML at line {self._line()}")
        self._at = match.end()
        return match[0]
