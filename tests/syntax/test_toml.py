"""The TOML reader: tomllib's values, at their places."""

from __future__ import annotations

import datetime
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.model.location import Span
from lintscale.syntax import Mapping, Node, Scalar, Sequence
from lintscale.syntax.toml import parse_toml
from tests.syntax.trees import at, cut, only_problem, pictures, roots, scalars

RAILWAY = '''\
# how the shop is deployed
"$schema" = "https://shop.example/schema.json"

[build]
watchPatterns = [ "wéb/**", # all of it
  'api # too', ]

[deploy]
numReplicas = 2
startCommand = """
gunicorn \\"shop\\"
"""
limits.cpu = 1_000
limits."memory \\u00e9" = +2.5
env = { LOG = "info", pool.size = [5, {max = 0x1F}] }
since = 2024-05-27 07:32:00

[environments.staging.deploy.multiRegionConfig.us-west2]
numReplicas = 1

[[hooks]]
[[hooks]]
name = "migrate"
[hooks.retry]
enabled = false
'''


def root(text: str) -> Any:
    result = parse_toml(text, "railway.toml")
    assert result.problems == []
    (document,) = result.documents
    return document.root


def test_every_key_and_value_knows_its_place() -> None:
    assert [
        (cut(RAILWAY, scalar.span), scalar.value)
        for scalar in scalars(root(RAILWAY))
        if "\n" not in scalar.text
    ] == [
        ('"$schema"', "$schema"),
        ('"https://shop.example/schema.json"', "https://shop.example/schema.json"),
        ("build", "build"),
        ("watchPatterns", "watchPatterns"),
        ('"wéb/**"', "wéb/**"),
        ("'api # too'", "api # too"),
        ("deploy", "deploy"),
        ("numReplicas", "numReplicas"),
        ("2", 2),
        ("startCommand", "startCommand"),
        ("limits", "limits"),
        ("cpu", "cpu"),
        ("1_000", 1000),
        ('"memory \\u00e9"', "memory é"),
        ("+2.5", 2.5),
        ("env", "env"),
        ("LOG", "LOG"),
        ('"info"', "info"),
        ("pool", "pool"),
        ("size", "size"),
        ("5", 5),
        ("max", "max"),
        ("0x1F", 31),
        ("since", "since"),
        ("2024-05-27 07:32:00", "2024-05-27 07:32:00"),
        ("environments", "environments"),
        ("staging", "staging"),
        ("deploy", "deploy"),
        ("multiRegionConfig", "multiRegionConfig"),
        ("us-west2", "us-west2"),
        ("numReplicas", "numReplicas"),
        ("1", 1),
        ("hooks", "hooks"),
        ("name", "name"),
        ('"migrate"', "migrate"),
        ("retry", "retry"),
        ("enabled", "enabled"),
        ("false", False),
    ]
    command = at(root(RAILWAY), "deploy", "startCommand")
    assert command.value == 'gunicorn "shop"\n'
    assert command.span == Span(10, 16, 12, 4)


@pytest.mark.parametrize(
    ("path", "span", "flow"),
    [
        ((), Span(2, 1, 25, 16), False),
        (("build",), Span(4, 1, 6, 17), False),
        (("build", "watchPatterns"), Span(5, 17, 6, 17), True),
        (("deploy", "limits"), Span(13, 1, 14, 30), False),
        (("deploy", "env"), Span(15, 7, 15, 54), True),
        (("deploy", "env", "pool", "size", 1), Span(15, 39, 15, 51), True),
        (("environments", "staging"), Span(18, 1, 19, 16), False),
        (("hooks",), Span(21, 1, 25, 16), False),
        (("hooks", 0), Span(21, 1, 21, 10), False),
        (("hooks", 1), Span(22, 1, 25, 16), False),
        (("hooks", 1, "retry"), Span(24, 1, 25, 16), False),
    ],
)
def test_collections_know_their_place(path: tuple[Any, ...], span: Span, flow: bool) -> None:
    node = at(root(RAILWAY), *path)
    assert (node.span, node.flow) == (span, flow)


def test_positions_survive_crlf() -> None:
    with_crlf = RAILWAY.replace("\n", "\r\n")
    assert pictures(parse_toml(RAILWAY, "f")) == pictures(parse_toml(with_crlf, "f"))


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet", "\ufeff"])
def test_nothing_is_a_document_without_a_root(text: str) -> None:
    assert root(text) is None


def test_numbers_of_many_digits_are_no_error() -> None:
    numbers = root(f"a = {'9' * 4000}\nb = 0x{'f' * 9000}\nc = {'9' * 400}\n")
    assert [at(numbers, name).value for name in "abc"] == [
        float("inf"),
        float("inf"),
        int("9" * 400),
    ]
    assert only_problem(parse_toml(f"a = 1\nb = {'9' * 5000}\n", "f")) == (
        "syntax-error",
        "a number of more than 4300 digits",
        Span(2, 5, 2, 6),
    )


@pytest.mark.parametrize(
    ("text", "message", "span"),
    [
        ("[deploy]\nnumReplicas = two\n",
         "invalid TOML: invalid value “two” (text is in quotes)", Span(2, 15, 2, 18)),
        ("numReplicas = ${REPLICAS}\n",
         "invalid TOML: invalid value “${REPLICAS}” (text is in quotes)", Span(1, 15, 1, 26)),
        ("url = postgres://shop:secret@db/shop\n",
         "invalid TOML: invalid value “postgres://…” (text is in quotes)", Span(1, 7, 1, 37)),
        ("a = 1\r\nb\r\n", "invalid TOML: expected '=' after a key in a key/value pair",
         Span(2, 2, 2, 3)),
        ("a = [1,\n2", "invalid TOML: unclosed array, at the end of the file", Span(2, 2, 2, 3)),
        ('a = "é\\q"', "invalid TOML: unescaped '\\' in a string", Span(1, 9, 1, 10)),
        ("a = {b = 1}\na.c = 2\n", "invalid TOML: cannot mutate immutable namespace ('a',)",
         Span(2, 8, 2, 9)),
    ],
)  # fmt: skip
def test_what_is_wrong(text: str, message: str, span: Span) -> None:
    result = parse_toml(text, "railway.toml")
    assert result.documents == []
    assert only_problem(result) == ("syntax-error", message, span)


@pytest.mark.parametrize(
    ("text", "key", "first", "path"),
    [
        ("a = 1\na = 2\n", Span(2, 1, 2, 2), Span(1, 1, 1, 2), ("a",)),
        ("[x]\na.b = 1\na.b = 2\n", Span(3, 3, 3, 4), Span(2, 3, 2, 4), ("x", "a", "b")),
        ("[[x]]\n[[x]]\na = 1\na = 2", Span(4, 1, 4, 2), Span(3, 1, 3, 2), ("x", 1, "a")),
        ("[x]\nb = 1\n[x]\nc = 1\n", Span(3, 2, 3, 3), Span(1, 2, 1, 3), ("x",)),
        ("x = {a = 1, a = 2}\n", Span(1, 13, 1, 14), Span(1, 6, 1, 7), ("x", "a")),
        ("x = 1\n[x]\na = 2\n", Span(2, 2, 2, 3), Span(1, 1, 1, 2), ("x",)),
        ("[x]\na.b = 1\n[x.a]\nc = 2\n", Span(3, 4, 3, 5), Span(2, 1, 2, 2), ("x", "a")),
        ("[x]\n[[x]]\n", Span(2, 3, 2, 4), Span(1, 2, 1, 3), ("x",)),
    ],
)
def test_duplicate_keys(text: str, key: Span, first: Span, path: tuple[Any, ...]) -> None:
    (problem,) = parse_toml(text, "railway.toml").problems
    assert problem.kind == "duplicate-key"
    assert (problem.span, problem.related, problem.path) == (key, first, path)
    assert problem.message == (
        f"the key “{path[-1]}” is defined twice; the first is on line {first.line}, and the "
        "platform uses this one or rejects the file"
    )


def test_of_two_assignments_the_last_one_is_read() -> None:
    result = parse_toml('[a]\nb = """\n1\n"""\nc = 3\nb = 4\nb = 5\n', "railway.toml")
    assert [problem.span.line for problem in result.problems] == [6, 7]
    (document,) = result.documents
    assert isinstance(document.root, Mapping)
    table = document.root.get("a")
    assert isinstance(table, Mapping)
    last = table.entries["b"]
    assert isinstance(last.value, Scalar)
    assert (last.value.value, last.key.span) == (5, Span(7, 1, 7, 2))


NAMES = st.sampled_from(["a", "b-c", "é d", "", '"', "70", "x.y", "\\"])
VALUES = st.recursive(
    st.sampled_from(
        [
            "1",
            "-0",
            "0b11",
            "1e3",
            "true",
            '"a # b"',
            '"\\u00e9\\""',
            "'c:\\d'",
            '"""\nx\n"" \\\n  y"""""',
            "'''\n'x'''''",
            "07:32:00",
            "1979-05-27 07:32:00.5Z",
        ]
    ),
    lambda below: (
        st.lists(below, max_size=3).map(lambda items: "[ " + ", # ]\n".join(items) + " ]")
        | st.dictionaries(NAMES, below, max_size=3).map(
            lambda items: "{" + ", ".join(f"{quoted(k)} = {v}" for k, v in items.items()) + "}"
        )
    ),
    max_leaves=6,
)


def quoted(name: str) -> str:
    if name.replace("-", "").isalnum() and name.isascii():
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(
    st.lists(
        st.tuples(st.lists(NAMES, max_size=3), st.dictionaries(NAMES, VALUES, max_size=3)),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back_with_its_places(
    tables: list[tuple[list[str], dict[str, str]]],
) -> None:
    text = ""
    for header, values in tables:
        text += "[[" + " . ".join(quoted(name) for name in ["t", *header]) + "]] # ]\n"
        for key, source in values.items():
            text += f"{quoted(key)} = {source} # '\n"
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a header that names what is no table
        assert parse_toml(text, "f").problems
        return
    result = parse_toml(text, "f")
    assert str(roots(result)) == str([as_text(data)])
    assert sources_that_mislead(result.documents[0].root, text) == []


def as_text(data: Any) -> Any:
    """The data with the times in it as the text that VALUES writes."""
    if isinstance(data, dict):
        return {key: as_text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_text(item) for item in data]
    if isinstance(data, datetime.datetime):
        return "1979-05-27 07:32:00.5Z"
    return str(data) if isinstance(data, datetime.time) else data


def sources_that_mislead(node: Node | None, text: str) -> list[str]:
    """The spans' texts that are not what their scalar is made of."""
    found: list[str] = []
    if isinstance(node, Mapping):
        for key, value in node.entries.values():
            source = cut(text, key.span)
            if [*tomllib.loads(f"{source} = 1")] != [key.value]:
                found.append(source)
            found += sources_that_mislead(value, text)
    elif isinstance(node, Sequence):
        for item in node.items:
            found += sources_that_mislead(item, text)
    elif node is not None:
        source = cut(text, node.span)
        if as_text(tomllib.loads(f"x = {source}")["x"]) != node.value:
            found.append(source)
    return found


@given(st.text(st.sampled_from("[]{}=.,#\"'\\ab1-\n\r \té"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_has_a_problem(text: str) -> None:
    result = parse_toml(text, "railway.toml")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert result.problems
        assert all(problem.span.line >= 1 for problem in result.problems)
    else:
        assert roots(result) == [data or None]
