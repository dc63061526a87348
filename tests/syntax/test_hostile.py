"""Files that are made to hurt: they end in one problem, soon."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.model.location import Span
from lintscale.syntax import ParseResult, parse
from lintscale.syntax.comments import comments
from lintscale.syntax.document import Format
from lintscale.syntax.nodes import to_plain
from lintscale.syntax.text import decode
from tests.syntax.test_yaml_pure import parse_pure
from tests.syntax.trees import bomb, only_problem

FORMATS: tuple[Format, ...] = ("yaml", "json", "toml")
TOO_DEEP = "nested more than 200 levels deep"
TOO_WIDE = "aliases expand this document to more than 200,000 nodes (a “billion laughs” file?)"


@pytest.fixture(autouse=True)
def _in_no_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < 15  # well under a second, with a wide margin


@pytest.mark.parametrize(
    ("format_", "text", "span"),
    [
        ("json", "[" * 10_000, Span(1, 201, 1, 202)),
        ("json", "[" * 10_000 + "]" * 10_000, Span(1, 201, 1, 202)),
        ("json", '{"a":' * 10_000 + "1" + "}" * 10_000, Span(1, 1001, 1, 1002)),
        ("json", '[{"a":\n' * 10_000, Span(101, 1, 101, 2)),
        ("yaml", "[" * 10_000 + "]" * 10_000, Span(1, 201, 1, 202)),
        ("yaml", "{a: " * 10_000 + "1" + "}" * 10_000, Span(1, 801, 1, 802)),
        ("yaml", "- " * 10_000 + "a", Span(1, 401, 1, 402)),
        ("yaml", "? " * 10_000 + "a", Span(1, 401, 1, 402)),
        ("yaml", "".join(f"{' ' * n}a:\n" for n in range(1500)), Span(201, 201, 201, 202)),
        ("toml", "a = " + "[" * 10_000 + "]" * 10_000, Span(1, 204, 1, 205)),
        ("toml", "a = " + "{a = " * 10_000 + "1" + "}" * 10_000, Span(1, 1000, 1, 1001)),
        ("toml", "a." * 10_000 + "a = 1", Span(1, 399, 1, 400)),
        ("toml", "[" + "a." * 10_000 + "a]", Span(1, 400, 1, 401)),
        ("toml", "[[" + "a." * 10_000 + "a]]", Span(1, 401, 1, 402)),
    ],
)
def test_deep_nesting(format_: Format, text: str, span: Span) -> None:
    result = parse(text, "web", format_)
    assert result.documents == []
    assert only_problem(result) == ("syntax-error", TOO_DEEP, span)


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", "[" * 200 + "]" * 200),
        ("yaml", "[" * 200 + "]" * 200),
        ("toml", "a = " + "[" * 199 + "]" * 199),
        ("toml", "a." * 199 + "a = 1"),
    ],
)
def test_as_deep_as_allowed(format_: Format, text: str) -> None:
    result = parse(text, "web", format_)
    assert result.problems == []
    assert to_plain(result.documents[0].root)


@pytest.mark.parametrize(
    "text",
    [
        bomb(9, 9),
        bomb(2, 190),
        "base: &a [" + "x, " * 1000 + "]\nall:\n" + "- *a\n" * 10_000,
        "base: &a {" + "".join(f"k{n}: 1, " for n in range(1000)) + "}\nall:\n"
        + "- <<: *a\n" * 10_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("read", [lambda text: parse(text, "web", "yaml"), parse_pure])
def test_alias_bombs(text: str, read: object) -> None:
    assert callable(read)
    result = read(text)
    assert isinstance(result, ParseResult)
    assert result.documents == []
    kind, message, _ = only_problem(result)
    assert (kind, message) == ("syntax-error", TOO_WIDE)


def test_aliases_cannot_nest_deeper_than_brackets() -> None:
    deep = "[" * 100
    close = "]" * 100
    text = f"a: &a {deep}x{close}\nb: &b {deep}*a {close}\n"
    kind, message, span = only_problem(parse(text, "web", "yaml"))
    assert (kind, message, span) == ("syntax-error", TOO_DEEP, Span(2, 107, 2, 109))
    text = f"a: &a {deep[:99]}x{close[:99]}\nb: {deep}*a {close}\n"
    (document,) = parse(text, "web", "yaml").documents
    assert to_plain(document.root)


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", "[" + "/*" * 50_000),
        ("json", "[" + "{{" * 50_000),
        ("json", '["' + "\\u12" * 50_000),
        ("json", '"' + '\\"' * 100_000),
        ("json", "[" + "1" * 200_000 + "x]"),
        ("json", "[" + "/* */" * 50_000 + "x"),
        ("json", "${" * 50_000),
        ("yaml", '"' + "\\" * 100_001),
        ("yaml", "'" * 99_999),
        ("yaml", "a: " + "!<" * 50_000),
        ("yaml", "a: " + "&a " * 50_000),
        ("yaml", "%" * 100_000 + "\n--- a"),
        ("yaml", "--- %\n" * 2_000),
        ("yaml", "{" * 100_000),
        ("yaml", "a: [\n" * 2_000),
        ("toml", '"""' + '"' * 100_000),
        ("toml", "a = '''" + "'" * 100_000),
        ("toml", "a = " + "1" * 100_000),
        ("toml", "[a]\n" * 2_000),
        ("toml", "a = [" + "#\n" * 50_000),
    ],
)
def test_long_nonsense(format_: Format, text: str) -> None:
    result = parse(text, "web", format_)
    assert result.problems
    comments(text, format_)


def test_many_duplicate_keys_are_quick_to_report() -> None:
    assert len(parse("{" + '"a": 1, ' * 5_000 + "}", "web", "json").problems) == 4_999
    in_yaml = parse("a: 1\n" * 5_000, "web", "yaml").problems
    assert len(in_yaml) == 100
    assert in_yaml[-1].message.endswith("further ones in this document are not listed")
    assert len(parse("a = 1\n" * 2_000, "web", "toml").problems) == 1_999


SOUP = st.text(
    st.sampled_from("ab1:- #'\"\\{}[],=|>&*!%@`~?<.\n\r\t\0\x07\x85\u2028\ufeff\ud800\udc00é😀$/_"),
    max_size=40,
)


@given(SOUP | st.text(max_size=20), st.sampled_from(FORMATS))
@settings(max_examples=300, deadline=None)
def test_no_text_raises(text: str, format_: Format) -> None:
    result = parse(text, "web", format_)
    for document in result.documents:
        to_plain(document.root)
        document.start()
    for problem in result.problems:
        assert problem.kind in ("syntax-error", "duplicate-key")
        assert problem.message
        assert min(problem.span) >= 1
        assert problem.span[:2] <= problem.span[2:]
    comments(text, format_)


@given(SOUP)
@settings(max_examples=100, deadline=None)
def test_no_text_raises_without_the_c_parser(text: str) -> None:
    for document in parse_pure(text).documents:
        to_plain(document.root)


@given(st.binary(max_size=40), st.sampled_from(FORMATS))
def test_no_bytes_raise(data: bytes, format_: Format) -> None:
    text, _ = decode(data)
    parse(text, "web", format_)
