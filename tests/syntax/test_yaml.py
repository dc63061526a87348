"""The YAML reader: documents, values, places, and what it says where a text is no YAML."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.model.location import Span
from lintscale.syntax import Mapping, Node, Scalar, Sequence
from lintscale.syntax.nodes import to_plain
from lintscale.syntax.yaml import parse_yaml
from lintscale.syntax.yaml_stream import resolve_plain
from tests.syntax.trees import Emitted, at, cut, only_problem, pictures, roots, scalars, yaml_texts

DEPLOYMENT = """\
# the web service
apiVersion: apps/v1
metadata:
  labels: &labels {app: wéb😀, "tier": 'front # end'}
spec:
  template:
    metadata:
      labels: *labels
    containers:
    - name: web   # the only one
      args: ["--port", 80, ]
      command: &command !!str
        gunicorn
        shop
      script: |  # runs first
        echo "# not a comment"

        exit

    - name:
status: ~
"""


def root(text: str) -> Any:
    result = parse_yaml(text, "web.yaml")
    assert result.problems == []
    (document,) = result.documents
    return document.root


# The text of a value is its own: no anchor, no tag, no blank lines after it.
@pytest.mark.parametrize(
    ("path", "value", "span"),
    [
        (("apiVersion",), "apps/v1", Span(2, 13, 2, 20)),
        (("metadata", "labels", "app"), "wéb😀", Span(4, 25, 4, 29)),
        (("metadata", "labels", "tier"), "front # end", Span(4, 39, 4, 52)),
        (("spec", "template", "containers", 0, "name"), "web", Span(10, 13, 10, 16)),
        (("spec", "template", "containers", 0, "args", 1), 80, Span(11, 24, 11, 26)),
        (("spec", "template", "containers", 0, "command"), "gunicorn shop", Span(13, 9, 14, 13)),
        (
            ("spec", "template", "containers", 0, "script"),
            'echo "# not a comment"\n\nexit\n',
            Span(15, 15, 18, 13),
        ),
        (("spec", "template", "containers", 1, "name"), None, Span(20, 12, 20, 12)),
        (("status",), None, Span(21, 9, 21, 10)),
    ],
)
def test_every_value_knows_its_place(path: tuple[Any, ...], value: object, span: Span) -> None:
    scalar = at(root(DEPLOYMENT), *path)
    assert (scalar.value, scalar.span) == (value, span)


@pytest.mark.parametrize(
    ("path", "span", "flow"),
    [
        ((), Span(2, 1, 21, 10), False),
        (("metadata",), Span(4, 3, 4, 53), False),
        (("metadata", "labels"), Span(4, 19, 4, 53), True),
        (("spec", "template", "metadata"), Span(8, 7, 8, 22), False),
        (("spec", "template", "containers"), Span(10, 5, 20, 12), False),
        (("spec", "template", "containers", 0), Span(10, 7, 18, 13), False),
        (("spec", "template", "containers", 0, "args"), Span(11, 13, 11, 29), True),
        (("spec", "template", "containers", 1), Span(20, 7, 20, 12), False),
    ],
)
def test_every_collection_knows_its_place(path: tuple[Any, ...], span: Span, flow: bool) -> None:
    node = at(root(DEPLOYMENT), *path)
    assert (node.span, node.flow) == (span, flow)


def test_what_an_alias_stands_for_keeps_its_own_place() -> None:
    deployment = root(DEPLOYMENT)
    labels = at(deployment, "spec", "template", "metadata", "labels")
    assert labels is at(deployment, "metadata", "labels")
    assert labels.span == Span(4, 19, 4, 53)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a: &x\n- 1\n", [Span(1, 1, 2, 4), Span(2, 1, 2, 4)]),
        ("a: &x\n# c\n\n  - 1\n", [Span(1, 1, 4, 6), Span(4, 3, 4, 6)]),
        ("a: !t &x\n  b: 1\n\n\n", [Span(1, 1, 2, 7), Span(2, 3, 2, 7)]),
        ("a: &x {b: 1}", [Span(1, 1, 1, 13), Span(1, 7, 1, 13)]),
        ("- - 1\n  - 2\n", [Span(1, 1, 2, 6), Span(1, 3, 2, 6)]),
        ("[a: b ]", [Span(1, 1, 1, 8), Span(1, 2, 1, 6)]),
        ("{a: [], b: x}", [Span(1, 1, 1, 14), Span(1, 5, 1, 7)]),
    ],
)
def test_collections_end_with_their_last_word(text: str, spans: list[Span]) -> None:
    outer = root(text)
    inner = [n for n in _values(outer) if not isinstance(n, Scalar)]
    assert [outer.span, *[n.span for n in inner]] == spans


def _values(node: Mapping | Sequence) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    return [entry.value for entry in node.entries.values()]


@pytest.mark.parametrize(
    ("text", "numbered"),
    [
        ("a", {0: "a"}),
        ("--- a\n--- b\n", {0: "a", 1: "b"}),
        ("# first\n---\na\n---\n# nothing\n---\nb\n---\n", {0: "a", 2: "b"}),
        ("---\n---\na\n", {1: "a"}),
        ("a\n...\nb\n", {0: "a", 1: "b"}),
        ("a\n...\n---\nb\n...\n# end\n", {0: "a", 1: "b"}),
        ("...\n---\na\n", {0: "a"}),
        ("%YAML 1.2\n# c\n---\na\n", {0: "a"}),
        ("%TAG ! tag:shop.example:\n---\n# nothing\n---\na", {1: "a"}),
        ("--- |\n a\n ---\n b\n--- b", {0: "a\n---\nb\n", 1: "b"}),
        ("a\n---b\n", {0: "a ---b"}),
        ("a\r---\rb\r...\rc", {0: "a", 1: "b", 2: "c"}),
        ("a\r\n---\r\nb\r\n", {0: "a", 1: "b"}),
        ("--- # a\na\n---\tb", {0: "a", 1: "b"}),
        ("\ufeffa", {0: "a"}),
        ("", {}),
        ("# nothing\n\n  # at all", {}),
        ("---\n...\n", {}),
    ],
)
def test_documents_are_numbered_as_in_the_stream(text: str, numbered: dict[int, str]) -> None:
    result = parse_yaml(text, "web.yaml")
    assert result.problems == []
    assert {d.index: to_plain(d.root) for d in result.documents} == numbered


def test_the_span_of_a_document_is_its_marker() -> None:
    result = parse_yaml("# c\na: 1\n%YAML 1.2\n---\n", "web.yaml")
    assert [problem.kind for problem in result.problems] == ["syntax-error"]
    result = parse_yaml("# c\n\na: 1\n...\n%YAML 1.2\n---  # d\n\nb: 1\n", "web.yaml")
    assert [d.span for d in result.documents] == [Span(3, 1, 3, 1), Span(6, 1, 6, 4)]


def test_what_is_not_wanted_keeps_its_number() -> None:
    asked: list[str] = []

    def wanted(chunk: str) -> bool:
        asked.append(chunk)
        return "kind" in chunk

    text = "# shop\n---\nkind: A\n---\nvalues: [\n---\n# none\n---\nkind: B\n"
    result = parse_yaml(text, "all.yaml", wanted)
    assert [(d.index, to_plain(d.root)) for d in result.documents] == [
        (0, {"kind": "A"}),
        (3, {"kind": "B"}),
    ]
    assert result.problems == []
    assert asked == ["---\nkind: A\n", "---\nvalues: [\n", "---\nkind: B\n"]
    assert [d.span.line for d in result.documents] == [2, 8]


def test_a_broken_document_leaves_the_others_readable() -> None:
    result = parse_yaml("a: 1\n---\nb: [1\n---\nc: 3\n", "all.yaml")
    assert [(d.index, to_plain(d.root)) for d in result.documents] == [(0, {"a": 1}), (2, {"c": 3})]
    assert only_problem(result) == (
        "syntax-error",
        "invalid YAML: did not find expected ',' or ']' (while parsing a flow sequence)",
        Span(3, 6, 3, 7),
    )


@pytest.mark.parametrize(
    ("text", "message", "span"),
    [
        ("a: b\n\tc: d\n", "invalid YAML: found a tab character that violates indentation (while "
         "scanning a plain scalar); YAML is indented with spaces, never with tabs",
         Span(2, 1, 2, 2)),
        ("é:\n  - b\n\t- c\n", "invalid YAML: found a tab character that violates indentation "
         "(while scanning a plain scalar); YAML is indented with spaces, never with tabs",
         Span(3, 1, 3, 2)),
        ("a:\n\t- c\n", "invalid YAML: found character that cannot start any token (while "
         "scanning for the next token); YAML is indented with spaces, never with tabs",
         Span(2, 1, 2, 2)),
        ("a: @b", "invalid YAML: found character that cannot start any token (while scanning for "
         "the next token); put the value of “a” in quotes", Span(1, 4, 1, 5)),
        ("a: 'é\n\n", "invalid YAML: found unexpected end of stream (while scanning a quoted "
         "scalar)", Span(1, 4, 1, 5)),
        ("- a.b/c: b: c", "invalid YAML: mapping values are not allowed in this context; put the "
         "value of “a.b/c” in quotes", Span(1, 11, 1, 12)),
        ("x:\n  a: [b] c", "invalid YAML: did not find expected key (while parsing a block "
         "mapping); put the value of “a” in quotes", Span(2, 10, 2, 11)),
        ("a: b\n  c: d", "invalid YAML: mapping values are not allowed in this context",
         Span(2, 4, 2, 5)),
        ("  a: 1\nb: 2\n", "invalid YAML: did not find expected <document start>",
         Span(2, 1, 2, 2)),
        ("é: \x07", "invalid YAML: the character U+0007 is not allowed", Span(1, 4, 1, 5)),
        ("😀\n- \ud800", "invalid YAML: the character U+D800 is not allowed", Span(2, 3, 2, 4)),
        ("a: *b", "the alias *b has no anchor before it", Span(1, 4, 1, 6)),
        ("a: &b\n  c: *b", "the alias *b is inside its own anchor", Span(2, 6, 2, 8)),
    ],
)  # fmt: skip
def test_what_is_wrong(text: str, message: str, span: Span) -> None:
    result = parse_yaml(text, "web.yaml")
    assert result.documents == []
    assert only_problem(result) == ("syntax-error", message, span)


def test_duplicate_keys_are_reported_and_the_last_one_wins() -> None:
    text = "a: 1\nb:\n- {}\n- c: 1\n  'c': 2\n  c: 3\na:\n  4\n"
    result = parse_yaml(text, "web.yaml")
    assert [(p.kind, p.span, p.related, p.path) for p in result.problems] == [
        ("duplicate-key", Span(5, 3, 5, 6), Span(4, 3, 4, 4), ("b", 1, "c")),
        ("duplicate-key", Span(6, 3, 6, 4), Span(5, 3, 5, 6), ("b", 1, "c")),
        ("duplicate-key", Span(7, 1, 7, 2), Span(1, 1, 1, 2), ("a",)),
    ]
    assert result.problems[2].message == (
        "the key “a” is defined twice; the first is on line 1, and the platform uses this one "
        "or rejects the file"
    )
    assert [to_plain(d.root) for d in result.documents] == [{"a": 4, "b": [{}, {"c": 3}]}]


def test_keys_of_different_types_are_different_keys() -> None:
    mapping = root("1: a\ntrue: b\n'1': c\n~: d\n1.5: e\n")
    assert [entry.value.value for entry in mapping.entries.values()] == ["a", "b", "c", "d", "e"]
    assert mapping.get(None).value == "d"
    assert mapping.get(1).value == "a"


@pytest.mark.parametrize(
    ("text", "merged"),
    [
        ("<<: *base\nx: own\n", {"x": "own", "z": "base"}),
        ("x: own\n<<: *base\n", {"x": "own", "z": "base"}),
        ("<<: [*over, *base]\n", {"x": "over", "z": "base"}),
        ("<<: [*base, *over]\n", {"x": "base", "z": "base"}),
        ("<<: {x: 1, z: 2}\n", {"x": 1, "z": 2}),
        ("<<: nothing\nx: 1\n", {"x": 1}),
        ("'<<': *over\n", {"<<": {"x": "over"}}),
    ],
)
def test_merge_keys(text: str, merged: dict[str, Any]) -> None:
    base = "base: &base {x: base, z: base}\nover: &over {x: over}\nmerged:\n"
    indented = "".join(f"  {line}\n" for line in text.splitlines())
    assert to_plain(root(base + indented))["merged"] == merged


def test_a_second_merge_key_is_a_duplicate() -> None:
    result = parse_yaml("a: &a {x: 1}\nb: &b {z: 2}\nc:\n  <<: *a\n  <<: *b\n", "web.yaml")
    (problem,) = result.problems
    assert (problem.kind, problem.span, problem.path) == (
        "duplicate-key", Span(5, 3, 5, 5), ("c", "<<")
    )  # fmt: skip
    assert "some parsers merge both mappings, and others reject the file" in problem.message
    assert to_plain(result.documents[0].root)["c"] == {"x": 1, "z": 2}


def test_aliases_as_keys_and_keys_that_are_collections() -> None:
    mapping = root("a: &a 5\n*a : five\n? [1, 2]\n: list\n? {k: v}\n: mapping\n{{ x }}: y\n")
    keys = [(entry.key.value, entry.key.text) for entry in mapping.entries.values()]
    assert keys[:2] == [("a", "a"), (5, "5")]
    assert [text for _, text in keys[2:]] == ["[…]", "{…}", "{…}"]
    assert mapping.get(5).value == "five"
    assert mapping.entries[5].key.span == Span(2, 1, 2, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("~", None), ("Null", None), ("nULL", "nULL"),
        ("yes", True), ("Off", False), ("y", True), ("N", False), ("tRUE", "tRUE"),
        ("0", 0), ("-12", -12), ("+1_000", 1000), ("0x1F", 31), ("-0b11", -3), ("0o17", 15),
        ("017", 15), ("018", 18.0), ("0x", "0x"), ("0x_", "0x_"), ("1_", 1), ("_1", "_1"),
        ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("1e", "1e"), (".", "."),
        ("+.Inf", float("inf")), ("-.inf", float("-inf")), ("1e999", float("inf")), ("-", "-"),
        ("1:30", "1:30"), ("2024-01-01", "2024-01-01"), ("256Mi", "256Mi"),
        ("9" * 400, 10**400 - 1), ("9" * 401, "9" * 401),
    ],
)  # fmt: skip
def test_plain_scalars_are_typed_as_go_yaml_types_them(text: str, value: object) -> None:
    read = resolve_plain(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "value", "quoted"),
    [
        ("'5'", "5", True),
        ("!!str 5", "5", True),
        ('!!int "5"', 5, False),
        ("!!float 5", 5, False),
        ("! 5", "5", True),
        ("!secret 5", "5", True),
        ("|\n  5\n", "5\n", True),
        ("!!str", "", True),
        ("&a", None, False),
    ],
)
def test_quotes_and_tags_decide_types(text: str, value: object, quoted: bool) -> None:
    scalar = at(root(f"a: {text}"), "a")
    assert (scalar.value, scalar.quoted) == (value, quoted)


def test_only_an_editors_line_breaks_count() -> None:
    text = 'a: "x\u2028y\u2029"\nb: "\x85"\rc: 1\r\nd: *x\n'
    assert only_problem(parse_yaml(text, "web.yaml"))[2] == Span(4, 4, 4, 6)
    spans = [scalar.span for scalar in scalars(root(text.replace("*x", "2")))]
    assert spans[1] == Span(1, 4, 1, 10)
    assert spans[2:] == [
        Span(2, 1, 2, 2), Span(2, 4, 2, 7), Span(3, 1, 3, 2), Span(3, 4, 3, 5),
        Span(4, 1, 4, 2), Span(4, 4, 4, 5),
    ]  # fmt: skip


@given(yaml_texts())
@settings(max_examples=70, deadline=None)
def test_what_is_written_is_read_back_with_its_places(written: tuple[Any, Emitted]) -> None:
    data, emitted = written
    result = parse_yaml(emitted.text, "web.yaml")
    if data is None:
        assert roots(result) in ([], [None])
        return
    assert roots(result) == [data]
    sources = [cut(emitted.text, scalar.span) for scalar in scalars(result.documents[0].root)]
    assert sources == emitted.sources


@given(yaml_texts(), st.sampled_from(["\r\n", "\r"]))
@settings(max_examples=30, deadline=None)
def test_positions_survive_other_line_breaks(written: tuple[Any, Emitted], other: str) -> None:
    text = written[1].text
    assert pictures(parse_yaml(text, "f")) == pictures(parse_yaml(text.replace("\n", other), "f"))


def test_colons_in_unquoted_flow_scalars_are_read_as_go_yaml_reads_them() -> None:
    text = "a: {image: shop:1.4, url: http://x:80/, b: 1, b: 2}\n---\nc: [d:e]\n"
    result = parse_yaml(text, "k8s.yaml")
    first, second = (to_plain(document.root) for document in result.documents)
    assert first == {"a": {"image": "shop:1.4", "url": "http://x:80/", "b": 2}}
    assert second == {"c": ["d:e"]}
    assert [document.index for document in result.documents] == [0, 1]
    assert [problem.kind for problem in result.problems] == ["duplicate-key"]
