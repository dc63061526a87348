"""One document against one schema. The messages are made by ``explain``, which is imported when
there is a problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lintscale.model.versions import numbers
from lintscale.platforms.base import SchemaChoice
from lintscale.syntax.document import Document, Problem
from lintscale.syntax.field import has_placeholder
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence, is_null
from lintscale.validation.schemas import (
    Ancestor,
    KeyPath,
    Schema,
    SchemaFile,
    find,
    fits,
    inline,
    is_placeholder,
    may_be_filled_in,
    takes,
)

if TYPE_CHECKING:
    from lintscale.validation.explain import Explainer

MAX_PROBLEMS = 100
"""Problems reported of one object."""

_CONDITIONS = ("allOf", "if")
_CHOICES = ("anyOf", "oneOf", "not")
"""Judged only where nothing else is wrong: a branch that does not fit adds nothing."""


def problems(document: Document, choice: SchemaChoice) -> list[Problem]:
    """The problems of a document, or of the object in it at ``choice.path``, under its schema: one
    for each wrong value and each unknown key. Values with placeholders are not judged."""
    located = find(choice.name) if choice.inline is None else inline(choice.inline)
    node = document.node(choice.path)
    if node is None:
        return []
    checker = Checker(document, choice)
    checker.check(node, located.schema, located.file, choice.path)
    if checker.is_part:
        return []
    # An alias repeats one mistake in several places; it is fixed in one.
    once = {(each.kind, each.span, each.path[-1:]): each for each in reversed(checker.found)}
    return list(reversed(once.values()))[:MAX_PROBLEMS]


class Checker:
    """``count`` is the number of violations, ``found`` their problems, without those counted while
    ``quiet``. ``unsure``: a placeholder decides whether something is wrong.
    ``intended``: the paths of misplaced keys and of the mappings around them."""

    def __init__(self, document: Document, choice: SchemaChoice) -> None:
        self.document = document
        self.choice = choice
        self.found: list[Problem] = []
        self.count = 0
        self.quiet = False
        self.unsure = False
        self.is_part = False
        self.partial = choice.partial
        self.intended: set[KeyPath] = set()
        self.above: list[Ancestor] = []
        self.version = numbers(choice.version)
        self._explainer: Explainer | None = None

    @property
    def explain(self) -> Explainer:
        if self._explainer is None:
            from lintscale.validation.explain import Explainer

            self._explainer = Explainer(self.document, self.choice, self.found)
        return self._explainer

    def check(self, node: Node, schema: Schema, file: SchemaFile, path: KeyPath) -> None:
        """Count, and explain, what ``node`` breaks of ``schema``."""
        if not schema or not isinstance(schema, dict):
            return
        reference = schema.get("$ref")
        if reference is not None:
            target = file.resolve(reference)
            self.check(node, target.schema, target.file, path)
            if len(schema) == 1:
                return
        before = self.count
        if isinstance(node, Scalar):
            if node.value is None and self.choice.null_is_absent:
                return
            self._scalar(node, schema, path)
        else:
            wanted = schema.get("type")
            own = "object" if isinstance(node, Mapping) else "array"
            # What is enumerated is single values, always.
            if (wanted is not None and own not in wanted) or "enum" in schema or "const" in schema:
                if self._wrong(node, filled_in=may_be_filled_in(node)):
                    self.explain.mismatch(node, schema, path)
            elif isinstance(node, Mapping):
                self._mapping(node, schema, file, path)
            else:
                self._sequence(node, schema, file, path)
        right = self.count == before
        for keyword in (*_CONDITIONS, *_CHOICES) if right else _CONDITIONS:
            if keyword in schema:
                self._combined(keyword, node, schema, file, path)

    def _wrong(self, node: Node, *, whatever: bool = False, filled_in: bool = False) -> bool:
        """Count a violation by the node, whatever replaces a placeholder in it if
        ``whatever``, unless it will be ``filled_in``; true if it is to be reported."""
        if filled_in or (not whatever and is_placeholder(node)):
            self.unsure = True
            return False
        self.count += 1
        return not self.quiet

    # -- values -----------------------------------------------------------------------------------

    def _scalar(self, node: Scalar, schema: Schema, path: KeyPath) -> None:
        wanted = schema.get("type")
        if wanted == "string" and self.choice.scalar_is_text:
            node = Scalar(node.text, node.text, node.span, True)
        value = node.value
        if "enum" in schema or "const" in schema:
            values = schema.get("enum", [schema.get("const")])
            allowed = any(each == value and type(each) is type(value) for each in values)
            if not allowed and self._wrong(node):
                self.explain.enumerated(node, schema, path)
            return
        if wanted is not None and not fits(value, wanted):
            if self._wrong(node, filled_in=may_be_filled_in(node)):
                self.explain.mismatch(node, schema, path)
        elif isinstance(value, str):
            right = _text_is_right(value, schema)
            if not right and self._wrong(node, filled_in=may_be_filled_in(node)):
                self.explain.text(node, value, schema, path)
        elif (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and not _in_range(value, schema)
            and self._wrong(node)
        ):
            self.explain.number(node, schema, path)

    # -- collections ------------------------------------------------------------------------------

    def _sequence(self, node: Sequence, schema: Schema, file: SchemaFile, path: KeyPath) -> None:
        items = schema.get("items")
        if items is not None:
            for index, item in enumerate(node.items):
                self.check(item, items, file, (*path, index))
        self._size(node, schema.get("minItems", 0), schema.get("maxItems"), path)

    def _mapping(self, node: Mapping, schema: Schema, file: SchemaFile, path: KeyPath) -> None:
        properties = schema.get("properties", {})
        extra = schema.get("additionalProperties", True)
        patterns = schema.get("patternProperties")
        self.above.append(Ancestor(node, schema, file, path, self.document))
        unknown: list[Entry] = []
        for entry in node.entries.values():
            name = entry.key.text
            part = properties.get(name)
            if part is None and patterns:
                part = next((each for key, each in patterns.items() if re.search(key, name)), None)
            if part is None:
                part = extra
            if part is True:
                continue
            if part is False or not self.has(part):
                unknown.append(entry)
            else:
                self.check(entry.value, part, file, (*path, name))
        for entry in unknown:
            self._unknown(entry)
        if not self.partial:
            self._required(node, schema, path)
        self._size(node, schema.get("minProperties", 0), schema.get("maxProperties"), path)
        self.above.pop()

    def _size(self, node: Sequence | Mapping, least: int, most: int | None, path: KeyPath) -> None:
        size = len(node.items if isinstance(node, Sequence) else node.entries)
        wrong = size < least or (most is not None and size > most)
        if wrong and self._wrong(node):
            self.explain.size(node, size, least, most, path)

    def _required(self, node: Mapping, schema: Schema, path: KeyPath) -> None:
        for name in schema.get("required", ()):
            if not self._holds_key(node, name, path):
                self._missing(name, path, "")
        for name, needed in schema.get("dependentRequired", {}).items():
            for other in needed if self._holds_key(node, name, path) else ():
                if not self._holds_key(node, other, path):
                    self._missing(other, path, name)

    def _missing(self, name: str, path: KeyPath, beside: str) -> None:
        self.count += 1
        if not self.quiet:
            self.explain.missing(name, path, beside)

    def _holds_key(self, node: Mapping, name: str, path: KeyPath) -> bool:
        entry = node.entry(name)
        if entry is None:
            # A key that a template makes may be any.
            return (*path, name) in self.intended or any(
                has_placeholder(each.key.text) for each in node.entries.values()
            )
        return not (self.choice.null_is_absent and is_null(entry.value))

    def _unknown(self, entry: Entry) -> None:
        if has_placeholder(entry.key.text):
            self.unsure = True
            return
        if self.choice.part_marks and entry.key.text.startswith(self.choice.part_marks):
            self.is_part = True
        self.count += 1
        if not self.quiet:
            right = self.explain.unknown(entry, self.above, self.has)
            self.intended.update(right[:end] for end in range(1, len(right) + 1))

    def has(self, part: Schema) -> bool:
        """Is it a property of this object in the version in use?"""
        if "x-belongs" in part:
            return False
        if not self.version or ("x-since" not in part and "x-until" not in part):
            return True
        since, until = numbers(part.get("x-since", "")), numbers(part.get("x-until", ""))
        return self.version >= since and (not until or self.version <= until)

    # -- schemas of schemas -----------------------------------------------------------------------

    def _combined(
        self, keyword: str, node: Node, schema: Schema, file: SchemaFile, path: KeyPath
    ) -> None:
        if keyword == "allOf":
            for part in schema["allOf"]:
                self.check(node, part, file, path)
        elif keyword == "if":
            then = {True: "then", False: "else", None: ""}[self._holds(node, schema, file, path)]
            if then in schema:
                self.check(node, schema[then], file, path)
        elif keyword == "not":
            # Where nothing may stand, a placeholder is as wrong as any value.
            never = not schema["not"]
            holds = self._holds(node, {"if": schema["not"]}, file, path)
            if holds and self._wrong(node, whatever=never):
                self.explain.forbidden(node, schema, path)
        elif all(list(branch) == ["required"] for branch in schema[keyword]):
            if isinstance(node, Mapping) and not self.partial:
                self._one_of_keys(keyword, node, schema[keyword], path)
        else:
            self._any_of(node, schema[keyword], file, path)

    def _one_of_keys(
        self, keyword: str, node: Mapping, branches: list[Schema], path: KeyPath
    ) -> None:
        held = [
            branch["required"]
            for branch in branches
            if all(self._holds_key(node, name, path) for name in branch["required"])
        ]
        if not held:
            if self._wrong(node):
                self.explain.needs_one([branch["required"] for branch in branches], node, path)
        elif len(held) > 1 and keyword == "oneOf" and self._wrong(node):
            self.explain.has_several(held, node, path)

    def _any_of(self, node: Node, branches: list[Schema], file: SchemaFile, path: KeyPath) -> None:
        """Explain by the most likely branch: one of this type, with these constants and the fewest
        violations."""
        ranked: list[tuple[tuple[bool, bool, int], int]] = []
        for number, branch in enumerate(branches):
            wrong = self._count(node, branch, file, path)
            if not wrong:
                return
            plain = file.plain(branch).schema
            ranked.append(
                (
                    (not takes(node, plain.get("type")), not _has_constants(node, plain), wrong),
                    number,
                )
            )
        rank, best = min(ranked)
        if not rank[0] or len(branches) == 1:
            self.check(node, branches[best], file, path)
        elif self._wrong(node):
            self.explain.mismatch_of_all(node, [file.plain(each).schema for each in branches], path)

    def _count(self, node: Node, schema: Schema, file: SchemaFile, path: KeyPath) -> int:
        """The number of violations of ``schema`` by the node, without reporting them."""
        before = self.count, self.quiet
        self.count, self.quiet = 0, True
        self.check(node, schema, file, path)
        wrong = self.count
        self.count, self.quiet = before
        return wrong

    def _holds(self, node: Node, schema: Schema, file: SchemaFile, path: KeyPath) -> bool | None:
        """Does the node match the schema under "if"? None: a placeholder decides it."""
        before = self.unsure, self.partial
        self.unsure = self.partial = False
        wrong = self._count(node, schema["if"], file, path)
        holds = None if self.unsure else not wrong
        self.unsure, self.partial = before
        return holds


def _has_constants(node: Node, schema: Schema) -> bool:
    """Does the node have the schema's constant properties (``type: web``)?"""
    if not isinstance(node, Mapping):
        return True
    for name, part in schema.get("properties", {}).items():
        values = part.get("enum", [part["const"]] if "const" in part else None)
        entry = node.entry(name)
        if values is None or entry is None or not isinstance(entry.value, Scalar):
            continue
        if entry.value.value not in values and not is_placeholder(entry.value):
            return False
    return True


def _text_is_right(value: str, schema: Schema) -> bool:
    pattern = schema.get("pattern")
    if pattern is not None and re.search(pattern, value) is None:
        return False
    least: int = schema.get("minLength", 0)
    most: int = schema.get("maxLength", len(value))
    return least <= len(value) <= most


def _in_range(value: float, schema: Schema) -> bool:
    above: Any = schema.get("exclusiveMinimum")
    below: Any = schema.get("exclusiveMaximum")
    return bool(
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and (above is None or value > above)
        and (below is None or value < below)
        and ("multipleOf" not in schema or value % schema["multipleOf"] == 0)
    )
