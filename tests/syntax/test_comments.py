"""What is a comment, and what only looks like one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from lintscale.model.location import Span
from lintscale.syntax.comments import comments
from lintscale.syntax.document import Format
from tests.syntax.trees import DATA, Emitted, cut, yaml_texts

YAML = """\
# first
a: "x # no" # after a value
b: |  # after a header
  x # no
  # no
# between
c: x#no
d: &a  # after an anchor
  'x
  # no' \t# after a quote
"a # no": [1, # in a list
  {b: "#"}]
a: "dropped # no"
a: 1
%s
---
# in an empty document
--- # after a marker
- >-
  # no

  #no
#last"""

JSON = """\
// first
{"a // no": "/* no */", /* after\r\n a comma */ "b": "\\"", // last
// unfinished: "
}//"""

TOML = '''\
# first
a = "x # no" # after a value
b = """
# no \\""" # no
""" # after lines
c = 'x\\' # after a literal
d = [ # in a list
  "#", 1]#last'''


@pytest.mark.parametrize(
    ("format_", "text", "found"),
    [
        (
            "yaml",
            YAML % "",
            [
                (1, 1, "first", True),
                (2, 13, "after a value", False),
                (3, 7, "after a header", False),
                (6, 1, "between", True),
                (8, 8, "after an anchor", False),
                (10, 10, "after a quote", False),
                (11, 15, "in a list", False),
                (17, 1, "in an empty document", True),
                (18, 5, "after a marker", False),
                (23, 1, "last", True),
            ],
        ),
        (
            "json",
            JSON,
            [
                (1, 1, "first", True),
                (2, 25, "after\r\n a comma", False),
                (3, 24, "last", False),
                (4, 1, 'unfinished: "', True),
                (5, 2, "", False),
            ],
        ),
        (
            "toml",
            TOML,
            [
                (1, 1, "first", True),
                (2, 14, "after a value", False),
                (5, 5, "after lines", False),
                (6, 10, "after a literal", False),
                (7, 7, "in a list", False),
                (8, 10, "last", False),
            ],
        ),
    ],
)
def test_comments_are_told_from_values(format_: Format, text: str, found: list[Any]) -> None:
    for given_text in (text, "\ufeff" + text):
        assert [
            (one.span.line, one.span.column, one.text, one.own_line)
            for one in comments(given_text, format_)
        ] == found


def test_the_span_of_a_comment_has_its_mark() -> None:
    text = "a: 1  # é # b \r\nc: 2"
    (comment,) = comments(text, "yaml")
    assert comment.span == Span(1, 7, 1, 15)
    assert cut(text, comment.span) == "# é # b "
    (block,) = comments('{/* a\n b */"c": 1}', "json")
    assert block.span == Span(1, 2, 2, 6)
    assert not block.own_line


def test_a_broken_yaml_document_has_no_comments_that_are_known() -> None:
    found = comments(YAML % "e: [", "yaml")
    assert [one.text for one in found] == ["in an empty document", "after a marker", "last"]


def test_a_document_that_only_the_second_parser_reads_has_comments() -> None:
    """The first refuses an unquoted colon in a flow collection; the document is none the worse."""
    text = 'a: {b: shop:1.4, c: "# no"} # yes\n'
    (found,) = comments(text, "yaml")
    assert (found.text, found.span.column) == ("yes", 29)
    assert comments("a: {b: shop:1.4 # no, [}", "yaml") == []


@given(yaml_texts())
@settings(max_examples=60, deadline=None)
def test_no_comment_begins_within_a_value(written: tuple[Any, Emitted]) -> None:
    _, emitted = written
    found = comments(emitted.text, "yaml")
    # The emitter's own comments are all there are; a value cannot hold one, broken off by its end.
    assert len(found) == emitted.text.count(' # it\'s a "note"\n')
    assert {one.text for one in found} <= {'it\'s a "note"'}


@given(DATA)
@settings(max_examples=40, deadline=None)
def test_what_json_writes_has_no_comments(data: Any) -> None:
    assert comments(json.dumps(data, indent=1, ensure_ascii=False), "json") == []
