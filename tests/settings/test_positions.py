"""Lines of a TOML text: each key, table and array item is found where it stands."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.settings.positions import locate

TEXT = '''\
# a comment with [brackets] and "quotes
title = "a # sharp"
text = """
three "quoted" lines
""""" # two quotes of its own before the three that close it
'quoted.key' = 1
"with \\"quotes\\"" = { inner = 1, deep.er = [1, { x = 2 }] }

[a . "b c"]
list = [
    "one",  # [not, an, array]
    [ "two",
      "three" ],
]
dotted.key.here = 1979-05-27 07:32:00

[[items]]
n = 1
[[items]]
n = 2
[items.sub]
path = 'C:\\'
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("text",), 3),
        (("quoted.key",), 6),
        (('with "quotes"',), 7),
        (('with "quotes"', "deep", "er", 1, "x"), 7),
        (("a", "b c"), 9),
        (("a",), 9),
        (("a", "b c", "list"), 10),
        (("a", "b c", "list", 0), 11),
        (("a", "b c", "list", 1, 1), 13),
        (("a", "b c", "dotted", "key", "here"), 15),
        (("items", 0), 17),
        (("items", 1, "n"), 20),
        (("items", 1, "sub", "path"), 22),
    ],
)
def test_a_key_has_the_line_it_stands_on(path, line):
    assert locate(TEXT)[path] == line


def paths(value, path=()):
    """Every path of a parsed document."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths(child, (*path, key))


def test_every_path_of_the_document_has_a_line_and_no_other():
    assert set(locate(TEXT)) == set(paths(tomllib.loads(TEXT)))


# Writing TOML: every value is a number of its own, written on a line we know.

key_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
string_text = st.text(st.sampled_from("ab#[]{},='\"\\\n "), max_size=8)


def basic(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@st.composite
def strings(draw):
    text = draw(string_text)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    multi = f'"""{escaped}"""'
    forms = [basic(text), multi]
    if "'''" not in text and not text.endswith("'"):
        forms.append(f"'''{text}'''")
    return draw(st.sampled_from(forms))


values = st.recursive(
    st.integers().map(str) | strings() | st.sampled_from(["true", "1979-05-27", "07:32:00", "1e5", "inf"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[\n # x ]\n" + "".join(f"{item} ,\n" for item in items) + "]")
        | st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "{ " + ", ".join(f"k{i}.{basic(str(i))} = {item}" for i, item in enumerate(items)) + " }"
        )
    ),
    max_leaves=6,
)


@given(st.dictionaries(key_text, values, max_size=4), st.dictionaries(key_text, values, max_size=3))
def test_lines_are_right_for_any_document(top, table):
    lines, expected = [], {}
    for prefix, pairs in (((), top), (("table of mine", "x"), table)):
        if prefix:
            lines.append('[ "table of mine" . x ] # here')
        for key, value in pairs.items():
            expected[(*prefix, key)] = sum(line.count("\n") + 1 for line in lines) + 1
            lines.append(f"{basic(key)} = {value}")
    text = "\n".join(lines)
    found = locate(text)
    assert set(found) == set(paths(tomllib.loads(text)))
    assert {path: found[path] for path in expected} == expected
