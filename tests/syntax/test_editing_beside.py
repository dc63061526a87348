"""What stands beside an entry that changes: comments about it, mappings that it hides or joins."""

from __future__ import annotations

import pytest

from lintscale.syntax import editing
from lintscale.syntax.document import Format
from tests.syntax.edited import applied, assigned, removed, rewritten, sheet

# -- comments and merged mappings -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        (
            "a:\n  c: 1\n  # How many.\n  # At most.\n  b: 2\n  d: 3\n",
            "yaml",
            "a:\n  c: 1\n  d: 3\n",
        ),
        ("a:\n  # How many.\n  b: 2\n  # Others.\n  c: 1\n", "yaml", "a:\n  # Others.\n  c: 1\n"),
        ("a:\n  c: 1\n  # How many.\n  b: 2", "yaml", "a:\n  c: 1"),
        # Not about it: what a template engine reads, what begins or ends a part.
        (
            "a:\n  c: 1\n  # {{- if .x }}\n  b: 2\n  # {{- end }}\n",
            "yaml",
            "a:\n  c: 1\n  # {{- if .x }}\n  # {{- end }}\n",
        ),
        ("a:\n  c: 1\n  # [START x]\n  b: 2\n", "yaml", "a:\n  c: 1\n  # [START x]\n"),
        # With a blank line between, further in or out, a part of a text.
        ("a:\n  # All.\n\n  b: 2\n  c: 1\n", "yaml", "a:\n  # All.\n\n  c: 1\n"),
        ("a:\n  c: 1\n# Left.\n  b: 2\n", "yaml", "a:\n  c: 1\n# Left.\n"),
        ("a:\n  c: |\n    x\n    # y\n  b: 2\n", "yaml", "a:\n  c: |\n    x\n    # y\n"),
        ("a:\n  c: 'x\n  # y'\n  b: 2\n", "yaml", "a:\n  c: 'x\n  # y'\n"),
        ("a: {\n  c: 1,\n  # How many.\n  b: 2,\n}\n", "yaml", "a: {\n  c: 1,\n}\n"),
        (
            '{"a": {\n  // How many.\n  "b": 2,\n  "c": 1\n}}',
            "json",
            '{"a": {\n  "c": 1\n}}',
        ),
        ("[a]\nc = 1\n# How many.\nb = 2\n", "toml", "[a]\nc = 1\n"),
    ],
)
def test_a_comment_goes_with_what_it_is_about(text: str, form: Format, wanted: str) -> None:
    change = editing.remove(sheet(text, form), 0, ("a", "b"))
    assert change is not None
    assert applied(text, change) == wanted
    assert change.loses_comment == (text.count("How many") > 0)


def test_a_comment_at_the_top_is_about_all_of_it() -> None:
    text = "# The shop.\nb: 2\na: 1\n---\n# The till.\nb: 2\na: 1\n"
    first, second, last = text.split("b: 2\n")
    assert removed(text, "yaml", ("b",), 0) == f"{first}{second}b: 2\n{last}"
    assert removed(text, "yaml", ("b",), 1) == f"{first}b: 2\n{second}{last}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a:\n  c: |+\n    x\n  b: 2\n\nd: 1\n", None),
        ("a:\n  c: |+\n    x\n\n  b: 2\nd: 1\n", "a:\n  c: |+\n    x\n\nd: 1\n"),
        ("a:\n  c: |\n    x\n  b: 2\n\nd: 1\n", "a:\n  c: |\n    x\n\nd: 1\n"),
    ],
)
def test_a_text_gets_no_more_blank_lines(text: str, wanted: str | None) -> None:
    assert removed(text, "yaml", ("a", "b")) == wanted


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("a:\n  c: 1\r\nd: 2\n", "yaml", "a:\n  c: 1\r\n  b: 7\r\nd: 2\n"),
        ("a:\r\n  c: 1\nd: 2\r\n", "yaml", "a:\r\n  c: 1\n  b: 7\nd: 2\r\n"),
        ("[a]\r\nc = 1\nd = 2\r\n", "toml", "[a]\r\nc = 1\nd = 2\r\nb = 7\r\n"),
        (
            '{"a": {\n  "c": 1,\r\n  "d": 2\n}}\r\n',
            "json",
            '{"a": {\n  "c": 1,\r\n  "b": 7,\n  "d": 2\n}}\r\n',
        ),
    ],
)
def test_a_line_ends_as_the_one_beside_it(text: str, form: Format, wanted: str) -> None:
    assert assigned(text, form, ("a", "b"), 7) == wanted


@pytest.mark.parametrize(
    ("merged", "is_certain"),
    [("*x", False), ("[*y, *x]", False), ("{b: 4}", False), ("*y", True)],
)
def test_what_a_merged_mapping_would_show_again(merged: str, is_certain: bool) -> None:
    text = f"x: &x {{b: 3, c: 1}}\ny: &y {{e: 1}}\na:\n  <<: {merged}\n  b: 2\n  d: 1\n"
    wanted = text.replace("  b: 2\n", "") if is_certain else None
    assert removed(text, "yaml", ("a", "b")) == wanted
    wanted = text.replace("  b: 2\n", "  f: 2\n") if is_certain else None
    assert rewritten(text, "yaml", ("a", "b"), "f") == wanted
    text = f"x: &x {{b: 3, c: 1}}\ny: &y {{e: 1}}\na: {{<<: {merged}, b: 2, d: 1}}\n"
    wanted = text.replace("b: 2, ", "") if is_certain else None
    assert removed(text, "yaml", ("a", "b")) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"a": {"b": true}}\n', '{"a": {"b": "commit"}}\n'),
        ("{'a': {b: true}}\n", "{'a': {b: commit}}\n"),
        ('{"a": {"c": true}}\n', '{"a": {"c": true, "b": "commit"}}\n'),
        ('"a":\n  "b": true\n', '"a":\n  "b": commit\n'),
    ],
)
def test_yaml_that_is_json_stays_so(text: str, wanted: str) -> None:
    assert assigned(text, "yaml", ("a", "b"), "commit") == wanted
    if '"c"' not in text:
        assert rewritten(text, "yaml", ("a", "b"), "", "commit") == wanted


# -- into a mapping beside it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("a:\n    b: 1  # so\n    c: 2\n", "yaml", "a:\n    o:\n      k: 1  # so\n    c: 2\n"),
        (
            "a:\n  b: &x 1\n  c:\n      d: 1\n",
            "yaml",
            "a:\n  o:\n      k: &x 1\n  c:\n      d: 1\n",
        ),
        ("a:\r\n  'b': 1", "yaml", "a:\r\n  'o':\r\n    'k': 1"),
        ("a: {b: 1, c: 2}\n", "yaml", "a: {o: {k: 1}, c: 2}\n"),
        ('{"a": {"b":1}}', "json", '{"a": {"o":{"k":1}}}'),
        # It is there already.
        ("a:\n  o:\n    d: 1\n  b: 1\n", "yaml", "a:\n  o:\n    d: 1\n    k: 1\n"),
        ("a:\n  b: 1\n  o: {d: 1}\n", "yaml", "a:\n  o: {d: 1, k: 1}\n"),
        ("a:\n  o:\n    d: 1\n  b: 1", "yaml", "a:\n  o:\n    d: 1\n    k: 1"),
        ("a:\r\n  o:\r\n    d: 1\r\n  b: 1", "yaml", "a:\r\n  o:\r\n    d: 1\r\n    k: 1"),
        ('{"a": {"b": 1, "o": {}}}', "json", '{"a": {"o": {"k": 1}}}'),
        # Not certain.
        ("a:\n  b: 1\n  o: {k: 1}\n", "yaml", None),
        ("a:\n  b: 1\n  o: 3\n", "yaml", None),
        ("a:\n  b: {c: 1}\n", "yaml", None),
        ("a:\n  b:\n    1\n", "yaml", None),
        ("a:\n  ? b\n  : 1\n", "yaml", None),
        ("x: &x {b: 1}\na: *x\n", "yaml", None),
        ("x: &x 1\na:\n  b: *x\n", "yaml", None),
        ("[a]\nb = 1\n", "toml", None),
    ],
)
def test_into_a_mapping_beside_it(text: str, form: Format, wanted: str | None) -> None:
    assert applied(text, editing.nest(sheet(text, form), 0, ("a", "b"), ("o", "k"))) == wanted
