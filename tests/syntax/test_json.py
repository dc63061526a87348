"""The JSON reader: values, places, and what it says where a text is no JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.model.location import Span
from lintscale.syntax import Mapping, Scalar, Sequence
from lintscale.syntax.json import parse_json
from lintscale.syntax.nodes import to_plain
from tests.syntax.trees import DATA, cut, only_problem, pictures, roots, scalars

TASK_DEFINITION = """\
// the web service
{
  "family": "shop-web", /* of the shop */
  "cpu": 256,
  "containerDefinitions": [
    {"name": "wéb😀", "essential": true, "cpu": 70.5e0,},
    null
  ],
}
"""


def root(text: str) -> Any:
    (document,) = parse_json(text, "task.json").documents
    return document.root


def test_every_node_knows_its_place() -> None:
    task = root(TASK_DEFINITION)
    assert task.span == Span(2, 1, 9, 2)
    assert task.flow
    family = task.entries["family"]
    assert (family.key.span, family.value.span) == (Span(3, 3, 3, 11), Span(3, 13, 3, 23))
    containers = task.get("containerDefinitions")
    assert isinstance(containers, Sequence)
    assert containers.span == Span(5, 27, 8, 4)
    web, nothing = containers.items
    assert isinstance(web, Mapping)
    assert web.span == Span(6, 5, 6, 56)
    # The emoji is one column, as are two bytes of é.
    assert web.entries["essential"].key.span == Span(6, 22, 6, 33)
    assert nothing.span == Span(7, 5, 7, 9)


def test_scalars_keep_their_text() -> None:
    web = root(TASK_DEFINITION).get("containerDefinitions").items[0]
    assert [(s.value, s.text, s.quoted) for s in scalars(web)] == [
        ("name", "name", True),
        ("wéb😀", "wéb😀", True),
        ("essential", "essential", True),
        (True, "true", False),
        ("cpu", "cpu", True),
        (70.5, "70.5e0", False),
    ]


@pytest.mark.parametrize("text", ["", " \n\t", "// nothing yet\n", "/* nothing\n yet */", "\ufeff"])
def test_nothing_is_a_document_without_a_root(text: str) -> None:
    result = parse_json(text, "railway.json")
    (document,) = result.documents
    assert (document.root, document.format, document.index) == (None, "json", 0)
    assert result.problems == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r'"\"\\\/\b\f\n\r\t"', '"\\/\b\f\n\r\t'),
        (r'"\u00e9\u20AC"', "é€"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\uDBFF\uDFFF"', "\U0010ffff"),
        (r'"\ud83d x \ude00"', "\ufffd x \ufffd"),
        (r'"\ud83d\u0041"', "\ufffdA"),
        (r'"\\u0041"', "\\u0041"),
    ],
)
def test_escapes(written: str, value: str) -> None:
    scalar = root(written)
    assert (scalar.value, scalar.text, scalar.quoted) == (value, value, True)
    assert scalar.span == Span(1, 1, 1, len(written) + 1)


@pytest.mark.parametrize(
    ("written", "value"),
    [("0", 0), ("-0", 0), ("-12", -12), ("1.50", 1.5), ("1e3", 1000.0), ("1E-2", 0.01)],
)
def test_numbers(written: str, value: float) -> None:
    scalar = root(written)
    assert (scalar.value, type(scalar.value)) == (value, type(value))
    assert (scalar.text, scalar.quoted) == (written, False)


def test_a_number_of_many_digits_is_no_error() -> None:
    assert root("9" * 100_000).value == float("inf")
    assert root("-" + "9" * 399).value == -(10**399 - 1)
    assert root("[0." + "3" * 10_000 + "]").items[0].value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "placeholder", ["${CPU}", "$(CPU)", "{{ cpu }}", "<CPU>", "%CPU%", "$CPU", "__CPU__"]
)
def test_a_placeholder_may_stand_for_a_value(placeholder: str) -> None:
    task = root(f'{{"cpu": {placeholder}, "memory": [{placeholder}]}}')
    for scalar in (task.get("cpu"), task.get("memory").items[0]):
        assert (scalar.value, scalar.text, scalar.quoted) == (placeholder, placeholder, False)
    assert task.get("cpu").span == Span(1, 9, 1, 9 + len(placeholder))


def test_duplicate_keys_are_reported_and_the_last_one_wins() -> None:
    text = '{"a": 1,\n "b": [{}, {"c": 1, "c": 2, "c": 3}],\n "\\u0061": 4}'
    result = parse_json(text, "task.json")
    assert [problem.kind for problem in result.problems] == ["duplicate-key"] * 3
    assert [(p.span, p.related, p.path) for p in result.problems] == [
        (Span(2, 21, 2, 24), Span(2, 13, 2, 16), ("b", 1, "c")),
        (Span(2, 29, 2, 32), Span(2, 21, 2, 24), ("b", 1, "c")),
        (Span(3, 2, 3, 10), Span(1, 2, 1, 5), ("a",)),
    ]
    assert result.problems[2].message == (
        "the key “a” is defined twice; the first is on line 1, and the platform uses this one "
        "or rejects the file"
    )
    (document,) = result.documents
    assert isinstance(document.root, Mapping)
    value = document.root.get("a")
    assert isinstance(value, Scalar)
    assert value.value == 4


@pytest.mark.parametrize(
    ("text", "message", "span"),
    [
        ('{"a": 1 "b": 2}', "expected “,” or “}” after a value, found “\"b\"”", (1, 9, 12)),
        ("[1 2]", "expected “,” or “]” after a value, found “2”", (1, 4, 5)),
        ('{"a": [1}', "expected “,” or “]” after a value, found “}”", (1, 9, 10)),
        ('{"a" 1}', "expected “:” after a key, found “1”", (1, 6, 7)),
        ("{a: 1}", "expected a key in double quotes or “}”, found “a” (keys are in double "
         "quotes)", (1, 2, 3)),
        ("{'a': 1}", "expected a key in double quotes or “}”, found “'” (JSON strings are in "
         "double quotes)", (1, 2, 3)),
        ('{"a":\n  True}', "expected a value, found “True” (JSON writes true)", (2, 3, 7)),
        ('{"a": }', "expected a value, found “}”", (1, 7, 8)),
        ("[,]", "expected a value or “]”, found “,”", (1, 2, 3)),
        ("[1,,2]", "expected a value or “]”, found “,”", (1, 4, 5)),
        ("[01]", "expected a value or “]”, found “01” (a number has no leading zeros)", (1, 2, 4)),
        ("[+1]", "expected a value or “]”, found “+1” (a number has no plus sign)", (1, 2, 4)),
        ('{"url" "postgres://shop:secret@db/shop"}',
         "expected “:” after a key, found “\"postgres://…”", (1, 8, 40)),
        (f'["{"a" * 40}" "{"b" * 40}"]',
         f"expected “,” or “]” after a value, found “\"{'b' * 28}…”", (1, 45, 87)),
        ("[1.]", "expected a value or “]”, found “1.” (a number has digits on both sides of its "
         "point)", (1, 2, 4)),
        ("[10s]", "expected a value or “]”, found “10s” (not a JSON number; text is in "
         "double quotes)", (1, 2, 5)),
        ('{"a": 1\n', "expected “,” or “}” after a value, found the end of the file (the “{” of "
         "line 1 is never closed)", (1, 8, 9)),
        ('{"a": "x\n}', "the string that starts here is not closed on its line", (1, 7, 9)),
        ('{"a": "x', "the string that starts here is not closed before the end of the file",
         (1, 7, 9)),
        ('["a\tb"]', "the string holds a tab, which JSON writes as \\t", (1, 4, 5)),
        (r'["C:\data"]', r"the string holds “\d”, which is no JSON escape (a backslash itself is "
         r"written \\)", (1, 5, 7)),
        (r'["\u12"]', r"the string holds “\u12”, which is no JSON escape (four hexadecimal "
         r"digits follow \u)", (1, 3, 7)),
        ("[1]\n# end", "expected the end of the file, found “#” (comments start with //)",
         (2, 1, 2)),
        ("[1 /* one]", "the comment that starts here is never closed", (1, 4, 6)),
        ("[1\u00a0]", "expected “,” or “]” after a value, found the character U+00A0 (NO-BREAK "
         "SPACE)", (1, 3, 4)),
        ("]", "expected a value, found “]”", (1, 1, 2)),
        ("{{- if .Values.web }}", "expected a key in double quotes or “}”, found “{”", (1, 2, 3)),
    ],
)  # fmt: skip
def test_what_is_wrong(text: str, message: str, span: tuple[int, int, int]) -> None:
    result = parse_json(text, "task.json")
    line, column, end = span
    assert only_problem(result) == ("syntax-error", message, Span(line, column, line, end))


def test_the_second_of_several_values_is_the_error() -> None:
    result = parse_json('{"a": 1}\n{"b": 2}\n', "log.json")
    assert [picture[2][0] for picture in pictures(result)] == ["mapping"]
    assert only_problem(result) == (
        "syntax-error",
        "expected the end of the file, found “{” (a JSON file holds one value)",
        Span(2, 1, 2, 2),
    )


@given(DATA, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.sampled_from("\n\r"))
@settings(max_examples=150, deadline=None)
def test_what_json_writes_is_read_back_with_its_places(
    data: Any, indent: Any, ensure_ascii: bool, line_break: str
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ensure_ascii)
    text = text.replace("\n", line_break)
    result = parse_json(text, "task.json")
    assert roots(result) == [data]
    for scalar in scalars(result.documents[0].root):
        again = json.loads(cut(text, scalar.span))
        assert (again, type(again)) == (scalar.value, type(scalar.value))


@given(DATA)
@settings(max_examples=50, deadline=None)
def test_positions_survive_crlf(data: Any) -> None:
    text = json.dumps(data, indent=2)
    with_crlf = text.replace("\n", "\r\n")
    assert pictures(parse_json(text, "f")) == pictures(parse_json(with_crlf, "f"))


@given(DATA, st.data())
@settings(max_examples=50, deadline=None)
def test_comments_and_trailing_commas_change_nothing(data: Any, drawn: Any) -> None:
    def noise() -> str:
        return drawn.draw(st.sampled_from(["", " ", "/* ] */", "// }\n", "\r\n\t"]))

    def write(value: Any) -> str:
        if isinstance(value, (dict, list)):
            members = (
                [f"{json.dumps(key)}{noise()}:{write(item)}" for key, item in value.items()]
                if isinstance(value, dict)
                else [write(item) for item in value]
            )
            comma = drawn.draw(st.sampled_from(["", ","])) if members else ""
            inner = ",".join(members) + comma + noise()
            return noise() + ("{%s}" if isinstance(value, dict) else "[%s]") % inner + noise()
        return noise() + json.dumps(value) + noise()

    assert roots(parse_json(write(data), "task.json")) == [data]


@given(st.text(st.sampled_from('{}[]",:\\/*u0d81eE.-+trfalsn \n\r\t${<>é😀'), max_size=40))
@settings(max_examples=300, deadline=None)
def test_it_takes_what_python_takes_and_says_where_it_does_not(text: str) -> None:
    result = parse_json(text, "task.json")
    try:
        data = json.loads(text)
    except ValueError:
        lines = text.count("\n") + text.count("\r") + 1
        assert all(1 <= problem.span.line <= lines for problem in result.problems)
    else:
        assert {problem.kind for problem in result.problems} <= {"duplicate-key"}
        (document,) = result.documents
        assert to_plain(document.root) == without_halves(data)


def without_halves(data: Any) -> Any:
    """The data with U+FFFD for each half of a surrogate pair."""
    if isinstance(data, str):
        return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in data)
    if isinstance(data, dict):
        return {without_halves(key): without_halves(value) for key, value in data.items()}
    return [without_halves(item) for item in data] if isinstance(data, list) else data
