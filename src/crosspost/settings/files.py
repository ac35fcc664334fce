"""Reading a TOML file: its values, and the line of each."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from crosspost.errors import ConfigError, Problem
from crosspost.settings.origin import Place, Source
from crosspost.settings.positions import locate

# By words of tomllib's own message; the first that fits.
_SYNTAX_HINTS = (
    ("Cannot overwrite", "A key stands only once in its table."),
    ("twice", "A table's header stands only once."),
    ("Expected '='", "A line is key = value, or a [table]."),
    ("Invalid statement", "A line is key = value, or a [table]."),
    ("end of document)", "A value is missing, or a quote or bracket is not closed, perhaps further up."),
    ("Invalid value", "Text stands in quotes."),
    ("Expected newline", "Text stands in quotes, and each key on a line of its own."),
    ("Illegal character", "Text in quotes ends on its own line; text of several lines stands between three quotes."),
    ("Unescaped", "Write two backslashes for one, or put the text in single quotes."),
    ("Invalid initial", "A table in braces stands on one line, with no comma at its end."),
)


def toml(path: Path) -> Source:
    """The values of a TOML file. Raises `ConfigError` when it cannot be read or is no TOML."""
    text = _text(path)
    try:
        tree = tomllib.loads(text)
        lines = locate(text)
    except RecursionError:
        raise _refused(path, None, "nests its values too deeply.") from None
    except ValueError as error:
        raise _syntax(path, text, str(error)) from None
    return Source(tree, {key: Place(str(path), line) for key, line in lines.items()})


def _text(path: Path) -> str:
    try:
        # Windows writes a mark in front of UTF-8 text and two characters at each line's end.
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        hint = f"Copy config/crosspost.toml of the project to {path} and edit it, or name another file with --config."
        raise ConfigError([Problem(str(path), None, "", f"there is no config at {path}.", hint)]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _refused(path, line, "is not UTF-8 text.", "Save it as UTF-8 in the editor.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise _refused(path, None, f"cannot be read: {reason}.", "Mend the path or the file's rights.") from None


def _refused(path: Path, line: int | None, problem: str, hint: str = "") -> ConfigError:
    return ConfigError([Problem(str(path), line, "", f"the file {problem}", hint)])


def _syntax(path: Path, text: str, message: str) -> ConfigError:
    """`tomllib` says "Invalid value (at line 5, column 3)"; it names keys and single characters, never a value."""
    what, _, where = message.partition(" (at ")
    line = re.match(r"line (\d+)", where)
    number = int(line[1]) if line else text.rstrip().count("\n") + 1
    if not where:  # a number too long for Python, which says so at length
        what = "a number is too long"
    hint = next((hint for words, hint in _SYNTAX_HINTS if words in message), "")
    return _refused(path, number, f"is not TOML here: {what[0].lower()}{what[1:]}.", hint)
