"""Blocks of resources as nodes in a provider's or an API's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from lintscale.platforms.terraform.evaluate import Scope
from lintscale.platforms.terraform.folders import Block, attribute_value
from lintscale.platforms.terraform.nodes import Carried
from lintscale.platforms.terraform.values import Place, Value, each_of
from lintscale.syntax.nodes import Entry, Node, Scalar
from lintscale.syntax.nodes import Mapping as MappingNode

META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "connection"})

Style = Callable[[str], str]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


class Body(NamedTuple):
    """A block with the scope that its expressions are evaluated in."""

    block: Block
    scope: Scope

    @property
    def place(self) -> Place:
        block = self.block
        return Place(block.source, block.node.start_byte, block.node.end_byte)

    def get(self, name: str) -> Value:
        """The value of an attribute; null where it is not written."""
        attribute = self.block.attributes.get(name)
        return Value(None) if attribute is None else attribute_value(self.scope, attribute)

    def has(self, name: str) -> bool:
        return name in self.block.attributes

    def attribute_place(self, name: str) -> Place | None:
        """The bytes of an attribute's expression."""
        attribute = self.block.attributes.get(name)
        if attribute is None:
            return None
        value = attribute.value
        return Place(self.block.source, value.start_byte, value.end_byte)

    def blocks(self, name: str) -> Iterator[Body]:
        """The nested blocks of a type, those that ``dynamic`` makes too. One whose for_each is not
        known is taken to be there."""
        for block in self.block.blocks:
            if block.kind == name and not block.labels:
                yield Body(block, self.scope)
            elif block.kind == "dynamic" and block.label == name:
                yield from self._dynamic(block)

    def _dynamic(self, block: Block) -> Iterator[Body]:
        content = next((each for each in block.blocks if each.kind == "content"), None)
        over = block.attributes.get("for_each")
        if content is None or over is None:
            return
        name = block.label
        named = block.attributes.get("iterator")
        if named is not None:
            name = block.source.raw(named.value).strip()
        pairs = each_of(attribute_value(self.scope, over))
        if pairs is None:
            yield Body(content, self.scope)
            return
        for key, item in pairs:
            bound = Value({"key": key, "value": item})
            yield Body(
                content,
                Scope(self.scope.module, self.scope.source, {**self.scope.bindings, name: bound}),
            )

    def block_names(self) -> list[str]:
        """The types of the nested blocks, in order, each once."""
        names = [
            each.label if each.kind == "dynamic" else each.kind
            for each in self.block.blocks
            if not each.labels or each.kind == "dynamic"
        ]
        return list(dict.fromkeys(names))


def node_of(
    carried: Carried,
    body: Body,
    style: Style,
    lists: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> MappingNode:
    """All of a block. ``lists`` are the blocks that an API has in a list, with its name for it;
    ``names`` are attributes and blocks that are not called as the style has it."""
    is_resource = body.block.kind == "resource"
    mapping = carried.mapping(body.place)
    own = names or {}

    def add(name: str, node: Node | None) -> None:
        if node is not None:
            mapping.entries[name] = Entry(Scalar(name, name, body_span), node)

    body_span = carried.root.span
    for name in body.block.attributes:
        if name not in META or not is_resource:
            value = carried.value(body.get(name), body.attribute_place(name))
            add(own.get(name) or style(name), value)
    for name in body.block_names():
        if is_resource and name in META:
            continue
        inner = [node_of(carried, each, style, lists, names) for each in body.blocks(name)]
        if name in lists:
            add(lists[name], carried.sequence(inner, body.place))
        elif inner:
            add(own.get(name) or style(name), inner[0])
    return mapping
