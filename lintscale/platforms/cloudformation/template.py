"""A template's values: intrinsic functions over its parameters, mappings and conditions.

What only a deploy knows is a placeholder, and keeps the logical ids that it refers to; known parts
of a text stay (AWS CloudFormation template reference, "Intrinsic functions", read Dec 2026).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lintscale.model.location import Location, PathKey, Span
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence, Supplied, to_plain
from lintscale.syntax.regex import regex

MAX_DEPTH = 60
MAX_NODES = 200_000

_SHORT = {"!Ref": "Ref", "!Condition": "Condition"}
_SUBSTITUTED = regex(r"\$\{(!?)([^}]{1,200})\}")
_PSEUDO = frozenset(
    {
        "AWS::AccountId", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region",
        "AWS::StackId", "AWS::StackName", "AWS::URLSuffix",
    }
)  # fmt: skip

Path = tuple[PathKey, ...]


class Template:
    """One template. Nodes that it gives know their paths (``paths``) and the logical ids that went
    into them (``refs``), by their identities."""

    def __init__(self, document: Document, base: Path = ()) -> None:
        self.document = document
        self.base = base
        self.root = document.node(base)
        self.paths: dict[int, Path] = {}
        self.refs: dict[int, tuple[str, ...]] = {}
        self.made: list[Node] = []
        self._conditions: dict[str, bool | None] = {}
        self._properties: dict[str, Mapping] = {}
        self._depth = 0

    # -- parts ----------------------------------------------------------------------------------

    def section(self, name: str) -> Mapping | None:
        node = self.root.get(name) if isinstance(self.root, Mapping) else None
        return node if isinstance(node, Mapping) else None

    def resources(self) -> Iterator[tuple[str, str]]:
        """(logical id, type) of the resources that a deploy makes, as far as conditions tell."""
        section = self.section("Resources")
        for name, entry in section.entries.items() if section is not None else ():
            resource = entry.value
            kind = resource.get("Type") if isinstance(resource, Mapping) else None
            if isinstance(resource, Mapping) and isinstance(kind, Scalar) and isinstance(name, str):
                condition = resource.get("Condition")
                if not isinstance(condition, Scalar) or self.condition(condition.text) is not False:
                    yield name, kind.text

    def type_of(self, name: str) -> str:
        section = self.section("Resources")
        node = section.get(name) if section is not None else None
        kind = node.get("Type") if isinstance(node, Mapping) else None
        return kind.text if isinstance(kind, Scalar) else ""

    def properties(self, resource: str) -> Mapping:
        """The properties of a resource with their values."""
        if resource not in self._properties:
            path = (*self.base, "Resources", resource, "Properties")
            node = self._raw("Resources", resource, "Properties")
            found = self.value(node, path) if node is not None else None
            if not isinstance(found, Mapping):
                found = Mapping({}, self._span(self.head(resource)))
                self.keep(found, path)
            self._properties[resource] = found
        return self._properties[resource]

    def _raw(self, *names: str) -> Node | None:
        node: Node | None = self.root
        for name in names:
            node = node.get(name) if isinstance(node, Mapping) else None
        return node

    def head(self, resource: str) -> Path:
        return (*self.base, "Resources", resource)

    # -- nodes ----------------------------------------------------------------------------------

    def keep(self, node: Node, path: Path, refs: Iterable[str] = ()) -> Node:
        self.made.append(node)  # identities last as long as their nodes
        self.paths[id(node)] = path
        found = tuple(dict.fromkeys(refs))
        if found:
            self.refs[id(node)] = found
        return node

    def text(self, text: str, path: Path, refs: Iterable[str] = ()) -> Scalar:
        node = Scalar(text, text, self._span(path), True)
        self.keep(node, path, refs)
        return node

    def supplied(self, value: int | bool, reason: str, path: Path, *, chosen: bool = False) -> Node:
        node = Supplied(value, str(value), self._span(path), reason, chosen)
        return self.keep(node, path)

    def refs_of(self, node: Node | None) -> tuple[str, ...]:
        return self.refs.get(id(node), ()) if node is not None else ()

    def _span(self, path: Path) -> Span:
        node = self.document.node(path)
        return node.span if node is not None else self.document.span

    def value(self, node: Node, path: Path) -> Node | None:
        """A node with its functions carried out; None for AWS::NoValue."""
        if self._depth >= MAX_DEPTH or len(self.made) >= MAX_NODES:
            return self.text("${unknown}", path)
        self._depth += 1
        try:
            return self._value(node, path)
        finally:
            self._depth -= 1

    def _value(self, node: Node, path: Path) -> Node | None:
        tag = self.document.tags.get(id(node), "")
        if tag.startswith("!") and not tag.startswith("!!") and len(tag) > 1:
            name = _SHORT.get(tag, f"Fn::{tag[1:]}")
            return self._function(name, node, path, tagged=True)
        if isinstance(node, Mapping):
            if len(node.entries) == 1:
                called, entry = next(iter(node.entries.items()))
                if isinstance(called, str) and (called == "Ref" or called.startswith("Fn::")):
                    return self._function(called, entry.value, (*path, called))
            mapping = Mapping({}, node.span, node.flow)
            self.keep(mapping, path)
            for key, entry in node.entries.items():
                value = self.value(entry.value, (*path, entry.key.text))
                if value is not None:
                    mapping.entries[key] = Entry(entry.key, value)
            return mapping
        if isinstance(node, Sequence):
            values = (self.value(item, (*path, n)) for n, item in enumerate(node.items))
            items = [each for each in values if each is not None]
            return self.keep(Sequence(items, node.span, node.flow), path)
        return self.keep(Scalar(node.value, node.text, node.span, node.quoted), path)

    def _function(self, name: str, argument: Node, path: Path, tagged: bool = False) -> Node | None:
        run = _FUNCTIONS.get(name)
        plain = argument
        if tagged and isinstance(argument, Scalar):
            plain = Scalar(argument.text, argument.text, argument.span, True)
        elif tagged and isinstance(argument, Mapping):
            plain = Mapping(argument.entries, argument.span)  # the same without its tag
        elif tagged and isinstance(argument, Sequence):
            plain = Sequence(argument.items, argument.span)
        if run is None:
            return self.text("${" + name + "}", path, self._named_in(plain, path))
        return run(self, plain, path)

    def _named_in(self, node: Node, path: Path) -> tuple[str, ...]:
        """The logical ids that a function's arguments refer to."""
        value = self.value(node, path)
        refs: list[str] = []
        pending = [value] if value is not None else []
        while pending:
            each = pending.pop()
            refs += self.refs_of(each)
            if isinstance(each, Mapping):
                pending += [entry.value for entry in each.entries.values()]
            elif isinstance(each, Sequence):
                pending += each.items
        return tuple(refs)

    # -- functions ------------------------------------------------------------------------------

    def ref(self, argument: Node, path: Path) -> Node | None:
        if not isinstance(argument, Scalar):
            return self.text("${Ref}", path)
        return self.named(argument.text, path)

    def named(self, name: str, path: Path) -> Node | None:
        """The value of a parameter, or a placeholder for a resource."""
        if name == "AWS::NoValue":
            return None
        if name in _PSEUDO:
            return self.text("${" + name + "}", path)
        parameter = self._raw("Parameters", name)
        if isinstance(parameter, Mapping):
            default = parameter.get("Default")
            if default is None:
                return self.text("${" + name + "}", path)
            return self._parameter(name, parameter, default)
        return self.text("${" + name + "}", path, (name.split(".", maxsplit=1)[0],))

    def _parameter(self, name: str, parameter: Mapping, default: Node) -> Node | None:
        path = (*self.base, "Parameters", name, "Default")
        kind = parameter.get("Type")
        text = kind.text if isinstance(kind, Scalar) else ""
        if text.startswith("AWS::SSM::"):
            return self.text("${" + name + "}", path)
        if isinstance(default, Scalar) and ("List" in text or text == "CommaDelimitedList"):
            items = [self.text(each.strip(), path) for each in default.text.split(",")]
            return self.keep(Sequence(list(items), default.span), path)
        return self.value(default, path)

    def get_att(self, argument: Node, path: Path) -> Node | None:
        if isinstance(argument, Sequence):
            parts = [each.text for each in argument.items if isinstance(each, Scalar)]
        else:
            parts = argument.text.split(".", 1) if isinstance(argument, Scalar) else []
        if not parts:
            return self.text("${Fn::GetAtt}", path)
        return self.text("${" + ".".join(parts) + "}", path, parts[:1])

    def sub(self, argument: Node, path: Path) -> Node | None:
        bound: dict[str, Node | None] = {}
        template = argument
        if isinstance(argument, Sequence) and argument.items:
            template = argument.items[0]
            names = argument.items[1] if len(argument.items) > 1 else None
            if isinstance(names, Mapping):
                for entry in names.entries.values():
                    where = (*path, 1, entry.key.text)
                    bound[entry.key.text] = self.value(entry.value, where)
        if not isinstance(template, Scalar):
            return self.text("${Fn::Sub}", path)
        refs: list[str] = []

        def substitute(found: re.Match[str]) -> str:
            if found[1]:
                return "${" + found[2] + "}"
            name = found[2].strip()
            node = bound[name] if name in bound else self.named(name, path)
            refs.extend(self.refs_of(node))
            return node.text if isinstance(node, Scalar) else "${" + name + "}"

        text = _SUBSTITUTED.sub(substitute, template.text)
        if text == template.text:
            return self.keep(Scalar(text, text, template.span, True), path, refs)
        return self.text(text, path, refs)

    def join(self, argument: Node, path: Path) -> Node | None:
        if not isinstance(argument, Sequence) or len(argument.items) != 2:
            return self.text("${Fn::Join}", path)
        separator = argument.items[0]
        items = self.value(argument.items[1], (*path, 1))
        if not isinstance(separator, Scalar) or not isinstance(items, Sequence):
            return self.text("${Fn::Join}", path, self.refs_of(items))
        refs = [ref for item in items.items for ref in self.refs_of(item)]
        texts = [item.text if isinstance(item, Scalar) else "${list}" for item in items.items]
        return self.text(separator.text.join(texts), path, refs)

    def select(self, argument: Node, path: Path) -> Node | None:
        parts = self._several(argument, path)
        if len(parts) == 2 and isinstance(parts[0], Scalar) and isinstance(parts[1], Sequence):
            number, items = parts[0].text, parts[1].items
            if number.isdigit() and int(number) < len(items):
                return items[int(number)]
        return self.text("${Fn::Select}", path, [r for part in parts for r in self.refs_of(part)])

    def split(self, argument: Node, path: Path) -> Node | None:
        parts = self._several(argument, path)
        if len(parts) == 2 and all(isinstance(part, Scalar) for part in parts):
            separator, text = (part.text for part in parts if isinstance(part, Scalar))
            if separator and "${" not in text:
                items = [self.text(each, path) for each in text.split(separator)]
                return self.keep(Sequence(list(items), self._span(path)), path)
        return self.text("${Fn::Split}", path, [r for part in parts for r in self.refs_of(part)])

    def find_in_map(self, argument: Node, path: Path) -> Node | None:
        parts = self._several(argument, path)
        names = [part.text for part in parts[:3] if isinstance(part, Scalar)]
        if len(names) == 3:
            node = self._raw("Mappings", *names)
            if node is not None:
                return self.value(node, (*self.base, "Mappings", *names))
        return self.text("${Fn::FindInMap}", path)

    def _several(self, argument: Node, path: Path) -> list[Node]:
        if not isinstance(argument, Sequence):
            return []
        values = [self.value(item, (*path, n)) for n, item in enumerate(argument.items)]
        return [each for each in values if each is not None]

    def choose(self, argument: Node, path: Path) -> Node | None:
        if not isinstance(argument, Sequence) or len(argument.items) != 3:
            return self.text("${Fn::If}", path)
        name = argument.items[0]
        holds = self.condition(name.text) if isinstance(name, Scalar) else None
        if holds is not None:
            number = 1 if holds else 2
            return self.value(argument.items[number], (*path, number))
        sides = [self.value(argument.items[n], (*path, n)) for n in (1, 2)]
        if to_plain(sides[0]) == to_plain(sides[1]):
            return sides[0]
        return self.text("${Fn::If}", path, [r for side in sides for r in self.refs_of(side)])

    # -- conditions -----------------------------------------------------------------------------

    def condition(self, name: str) -> bool | None:
        if name not in self._conditions:
            self._conditions[name] = None  # while it is found out
            node = self._raw("Conditions", name)
            if node is not None:
                path = (*self.base, "Conditions", name)
                self._conditions[name] = self._holds(node, path)
        return self._conditions[name]

    def _holds(self, node: Node, path: Path, depth: int = 0) -> bool | None:
        name, argument = self._called(node)
        if depth > MAX_DEPTH or argument is None:
            return None
        if name == "Condition":
            return self.condition(argument.text) if isinstance(argument, Scalar) else None
        if not isinstance(argument, Sequence):
            return None
        if name == "Fn::Equals":
            sides = self._several(argument, path)
            return self._equal(sides)
        parts = [self._holds(item, (*path, n), depth + 1) for n, item in enumerate(argument.items)]
        if name == "Fn::Not":
            return not parts[0] if parts and parts[0] is not None else None
        if name in ("Fn::And", "Fn::Or"):
            decisive = name == "Fn::Or"
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        return None

    def _equal(self, sides: list[Node]) -> bool | None:
        if len(sides) != 2 or not all(isinstance(side, Scalar) for side in sides):
            return None
        one, other = (side.text for side in sides if isinstance(side, Scalar))
        if "${" in one or "${" in other:
            return None
        return one == other

    def _called(self, node: Node) -> tuple[str, Node | None]:
        tag = self.document.tags.get(id(node), "")
        if tag.startswith("!") and not tag.startswith("!!"):
            return _SHORT.get(tag, f"Fn::{tag[1:]}"), node
        if isinstance(node, Mapping) and len(node.entries) == 1:
            name, entry = next(iter(node.entries.items()))
            return str(name), entry.value
        return "", None

    # -- places ---------------------------------------------------------------------------------

    def located(self, root: Node, location: Location) -> Location:
        """The place in the template of a location in a document that was made of it."""
        node: Node = root
        path = self.paths.get(id(root), ())
        used = 0
        for key in location.path:
            inner = _child(node, key)
            if inner is None or isinstance(inner, Supplied):
                break
            node, used = inner, used + 1
            path = self.paths.get(id(node), (*path, key))
        if not location.path and path[-1:] == ("Properties",):
            path = path[:-1]
        field = Field.root(self.document).at(path)
        for key in location.path[used:]:
            field = field.get(str(key))
        return field.location


def _child(node: Node, key: PathKey) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(key)
    if isinstance(node, Sequence) and isinstance(key, int) and 0 <= key < len(node.items):
        return node.items[key]
    return None


_FUNCTIONS: dict[str, Callable[[Template, Node, Path], Node | None]] = {
    "Ref": Template.ref,
    "Fn::GetAtt": Template.get_att,
    "Fn::Sub": Template.sub,
    "Fn::Join": Template.join,
    "Fn::Select": Template.select,
    "Fn::Split": Template.split,
    "Fn::FindInMap": Template.find_in_map,
    "Fn::If": Template.choose,
}
