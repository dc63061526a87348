"""Derived documents: copies with other spans and keys, whose originals stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.model.location import Span
from lintscale.syntax import Mapping, Node, Scalar, parse
from lintscale.syntax.document import derived
from lintscale.syntax.nodes import to_plain
from tests.syntax.trees import Emitted, picture, pictures, scalars, yaml_texts


def nodes(node: Node | None) -> Iterator[Node]:
    """All values, in the order of the text, a repeated one each time."""
    if node is None:
        return
    yield node
    if isinstance(node, Mapping):
        for entry in node.entries.values():
            yield from nodes(entry.value)
    elif not isinstance(node, Scalar):
        for item in node.items:
            yield from nodes(item)


def sharing(found: list[Node]) -> list[int]:
    """For each node the first position of the very same one."""
    first: dict[int, int] = {}
    return [first.setdefault(id(node), position) for position, node in enumerate(found)]


def down(span: Span) -> Span:
    return Span(span.line + 7, span.column, span.end_line + 7, span.end_column)


def shouted(key: Scalar) -> Scalar:
    return Scalar(f"{key.text}!", f"{key.text}!", key.span, key.quoted)


@given(yaml_texts(), st.booleans(), st.booleans())
@settings(max_examples=70, deadline=None)
def test_a_derived_document_leaves_its_original_and_shares_what_that_shares(
    written: tuple[object, Emitted], moved: bool, renamed: bool
) -> None:
    text = "base: &base {replicas: 2, list: [1]}\nagain: [*base, *base]\nmerged: {<<: *base}\n---\n"
    parsed = parse(text + written[1].text, "web.yaml", "yaml")
    before = pictures(parsed)
    for original in parsed.documents:
        copy = derived(original, span=down if moved else None, key=shouted if renamed else None)
        assert pictures(parsed) == before
        assert sharing(list(nodes(copy.root))) == sharing(list(nodes(original.root)))
        copied = {id(node) for node in (*nodes(copy.root), *scalars(copy.root))}
        assert all(id(node) in copied for node in copy.aliased)
        kept = [id(each) for each in nodes(original.root) if not isinstance(each, Scalar)]
        assert copied.isdisjoint(kept)
        if not renamed:
            assert to_plain(copy.root) == to_plain(original.root)
        if not moved and not renamed:
            assert picture(copy.root) == picture(original.root)
        old, new = list(scalars(original.root)), list(scalars(copy.root))
        assert [each.span for each in new] == [
            down(each.span) if moved else each.span for each in old
        ]


def test_keys_are_renamed_at_every_depth() -> None:
    (document,) = parse("a: {b: [{c: 1}]}\n2: x\n", "web.yaml", "yaml").documents
    renamed = derived(document, key=shouted)
    assert to_plain(renamed.root) == {"a!": {"b!": [{"c!": 1}]}, "2!": "x"}
