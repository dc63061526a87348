"""One document against one schema."""

from __future__ import annotations

import re
from typing import Any

from lintscale.model import PathKey, Span
from lintscale.platforms.base import SchemaChoice
from lintscale.source.document import Document, Problem
from lintscale.source.field import has_placeholder
from lintscale.source.nodes import Entry, Mapping, Node, Scalar, Sequence
from lintscale.validation import wording
from lintscale.validation.library import Schema, SchemaFile, find
from lintscale.validation.meant import (
    Level,
    Meant,
    closest,
    instead,
    is_key_of,
    meant,
    sentence,
)
from lintscale.validation.places import entry_of, named, place
from lintscale.validation.types import fits, is_placeholder

MAX_PROBLEMS = 100
"""What is told of one object; nobody mends a longer list one by one."""

VIOLATION = "schema-violation"
UNKNOWN = "unknown-key"

_CONDITIONS = ("allOf", "if")
_CHOICES = ("anyOf", "oneOf", "not")
"""Judged only of what is right so far: a branch that does not fit says nothing more."""
_MOST_KNOWN = 12
"""So many known keys are worth listing where nothing is close."""


def problems(document: Document, choice: SchemaChoice) -> list[Problem]:
    """What the document, or the object in it that ``choice`` speaks of, breaks of its schema: one
    problem for each wrong value and each unknown key. Values that hold placeholders break
    nothing."""
    return _Checker(document, choice).problems()


class _Checker:
    __slots__ = ("above", "choice", "document", "found", "meant", "partial", "unsure", "version")

    def __init__(self, document: Document, choice: SchemaChoice) -> None:
        self.document = document
        self.choice = choice
        self.found: list[Problem] = []
        self.meant: set[tuple[PathKey, ...]] = set()
        """Paths at which something is missing that stands elsewhere by mistake."""
        self.above: list[Level] = []
        self.partial = choice.partial
        self.unsure = False
        self.version = _numbers(choice.version)

    def problems(self) -> list[Problem]:
        placed = find(self.choice.name)
        node = place(self.document, self.choice.path).node
        if node is not None:
            self.check(node, placed.schema, placed.file, self.choice.path)
        once = {(each.kind, each.span, each.path[-1:]): each for each in reversed(self.found)}
        return list(reversed(once.values()))[:MAX_PROBLEMS]

    def check(
        self, node: Node, schema: Schema, file: SchemaFile, path: tuple[PathKey, ...]
    ) -> None:
        """Add what ``node`` breaks of ``schema``."""
        if not schema or not isinstance(schema, dict):
            return
        reference = schema.get("$ref")
        if reference is not None:
            target = file.resolve(reference)
            self.check(node, target.schema, target.file, path)
            if len(schema) == 1:
                return
        before = len(self.found)
        if isinstance(node, Scalar):
            if node.value is None and self.choice.null_is_absent:
                return
            self._scalar(node, schema, path)
        elif isinstance(node, Mapping):
            wanted = schema.get("type")
            if wanted is not None and "object" not in wanted:
                self._mismatch(node, schema, path)
            else:
                self._mapping(node, schema, file, path)
        else:
            wanted = schema.get("type")
            if wanted is not None and "array" not in wanted:
                self._mismatch(node, schema, path)
            else:
                self._sequence(node, schema, file, path)
        right = len(self.found) == before
        for keyword in (*_CONDITIONS, *_CHOICES) if right else _CONDITIONS:
            if keyword in schema:
                self._combined(keyword, node, schema, file, path)

    # -- values -----------------------------------------------------------------------------------

    def _scalar(self, node: Scalar, schema: Schema, path: tuple[PathKey, ...]) -> None:
        wanted = schema.get("type")
        if wanted == "string" and self.choice.scalar_is_text:
            node = Scalar(node.text, node.text, node.span, True)
        value: Any = node.value
        if wanted is not None and not fits(value, wanted):
            self._mismatch(node, schema, path)
            return
        if "enum" in schema or "const" in schema:
            self._enumerated(node, schema, path)
        if isinstance(value, str):
            pattern = schema.get("pattern")
            if pattern is not None and re.search(pattern, value) is None:
                wanted = schema.get("x-expected", f"text that matches {pattern}")
                self._violated(node, path, f"must be {wanted}, not {wording.found(node)}")
            if len(value) < schema.get("minLength", 0):
                short = "must not be empty" if not value else "is too short"
                self._violated(node, path, short)
            if "maxLength" in schema and len(value) > schema["maxLength"]:
                longest = schema["maxLength"]
                self._violated(node, path, f"is longer than {longest} characters")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            if not _in_range(value, schema):
                self._violated(
                    node, path, f"must be {wording.bounds(schema)}, not {wording.found(node)[11:]}"
                )
            if "multipleOf" in schema and value % schema["multipleOf"]:
                step = schema["multipleOf"]
                self._violated(node, path, f"must be a multiple of {step}, not {node.text}")

    def _enumerated(self, node: Scalar, schema: Schema, path: tuple[PathKey, ...]) -> None:
        value = node.value
        values = schema.get("enum", [schema.get("const")])
        if any(each == value and type(each) is type(value) for each in values):
            return
        says = schema.get("x-expected") or wording.choices(values)
        says = f"must be {says}, not {wording.found(node)}"
        words = [each for each in values if isinstance(each, str)]
        meaning = schema.get("x-instead", {}).get(value)
        close = closest(value, words) if isinstance(value, str) and not meaning else ""
        help = ""  # noqa: A001
        if meaning:
            says += f" ({meaning})"
            help = sentence(meaning)  # noqa: A001
        elif close:
            says += f"; did you mean “{close}”?"
            help = f"Write {close}."  # noqa: A001
        severity = ""
        if isinstance(value, str) and close.lower() == value.lower():
            severity = schema.get("x-any-case", "")
        self._violated(node, path, says, help, severity)

    def _mismatch(self, node: Node, schema: Schema, path: tuple[PathKey, ...]) -> None:
        types = wording.types_of(schema)
        free = set(types) <= {"string", "null"} and "enum" not in schema
        self._violated(
            node,
            path,
            f"must be {wording.expected(schema)}, not {wording.found(node, hidden=free)}",
            help=wording.remedy(node, types),
        )

    def _violated(
        self,
        node: Node,
        path: tuple[PathKey, ...],
        says: str,
        help: str = "",  # noqa: A002
        severity: str = "",
        *,
        whatever: bool = False,
    ) -> None:
        if is_placeholder(node) and not whatever:
            self.unsure = True
            return
        where = self._where(path) or "the document"
        span = place(self.document, path).location.span
        self._add(f"{where} {says}", path, span, help, severity)

    def _add(
        self,
        message: str,
        path: tuple[PathKey, ...],
        span: Span,
        help: str = "",  # noqa: A002
        severity: str = "",
    ) -> None:
        if self.choice.violation_effect and not severity:
            message += f"; {self.choice.violation_effect}"
        self.found.append(
            Problem(
                VIOLATION,
                message,
                span,
                path,
                document=self.document.index,
                severity=severity,
                help=help,
                workload=self._workload(path),
            )
        )

    def _where(self, path: tuple[PathKey, ...]) -> str:
        """The path from the object on, as people read it."""
        return wording.key_path(named(self.document, path)[len(self.choice.path) :])

    def _workload(self, path: tuple[PathKey, ...]) -> str:
        for start, name in self.choice.workloads:
            if path[: len(start)] == start:
                return name
        return self.choice.workload

    # -- collections ------------------------------------------------------------------------------

    def _sequence(
        self, node: Sequence, schema: Schema, file: SchemaFile, path: tuple[PathKey, ...]
    ) -> None:
        items = schema.get("items")
        if items is not None:
            for index, item in enumerate(node.items):
                self.check(item, items, file, (*path, index))
        count = len(node.items)
        if count < schema.get("minItems", 0):
            least = schema["minItems"]
            entries = "entry" if least == 1 else "entries"
            self._violated(
                node, path, f"needs at least {least} {entries}, and has {count or 'none'}"
            )
        if "maxItems" in schema and count > schema["maxItems"]:
            self._violated(
                node, path, f"takes at most {schema['maxItems']} entries, and has {count}"
            )

    def _mapping(
        self, node: Mapping, schema: Schema, file: SchemaFile, path: tuple[PathKey, ...]
    ) -> None:
        properties = schema.get("properties", {})
        extra = schema.get("additionalProperties", True)
        patterns = schema.get("patternProperties")
        self.above.append(Level(node, schema, file, path, self.document))
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
            if part is False or not self._is_here(part):
                unknown.append(entry)
            else:
                self.check(entry.value, part, file, (*path, name))
        for entry in unknown:
            self._unknown(entry, path)
        self._required(node, schema, path)
        self.above.pop()

    def _required(self, node: Mapping, schema: Schema, path: tuple[PathKey, ...]) -> None:
        if not self.partial:
            for name in schema.get("required", ()):
                if not self._holds_key(node, name, path):
                    self._missing(node, name, path, "")
            for name, needed in schema.get("dependentRequired", {}).items():
                for other in needed if self._holds_key(node, name, path) else ():
                    if not self._holds_key(node, other, path):
                        self._missing(node, other, path, f" beside “{name}”")
        count = len(node.entries)
        if count < schema.get("minProperties", 0):
            least = schema["minProperties"]
            wanted = schema.get("x-expected", f"at least {least} key{'s' * (least != 1)}")
            self._violated(node, path, f"needs {wanted}")
        if "maxProperties" in schema and count > schema["maxProperties"]:
            most = schema["maxProperties"]
            wanted = schema.get("x-expected", f"at most {most} key{'s' * (most != 1)}")
            self._violated(node, path, f"takes {wanted}")

    def _holds_key(self, node: Mapping, name: str, path: tuple[PathKey, ...]) -> bool:
        entry = entry_of(node, name)
        if entry is None:
            # A key that a template makes may be any.
            return (*path, name) in self.meant or any(
                has_placeholder(each.key.text) for each in node.entries.values()
            )
        null = isinstance(entry.value, Scalar) and entry.value.value is None
        return not (null and self.choice.null_is_absent)

    def _missing(self, node: Mapping, name: str, path: tuple[PathKey, ...], beside: str) -> None:
        where = self._where(path) or self.choice.workload or "the document"
        at = place(self.document, path).get(name).location
        message = f"{where} has no “{name}”, which {self.choice.reader} requires{beside}"
        self._add(message, (*path, name), at.span, f"Add “{name}”.")

    # -- keys that the schema does not have -------------------------------------------------------

    def _unknown(self, entry: Entry, path: tuple[PathKey, ...]) -> None:
        name = entry.key.text
        if has_placeholder(name):
            self.unsure = True
            return
        choice = self.choice
        level = self.above[-1]
        relative = path[len(choice.path) :]
        hint = self._other_version(name, level)
        likely: Meant | None = None
        if not hint:
            likely = (
                instead(name, level)
                or self._other_schema(name, relative)
                or meant(name, entry.value, self.above)
            )
            hint = likely.hint if likely else ""
        where = self._where(path)
        message = f"unknown key “{name}” in {where}" if where else f"unknown key “{name}”"
        if hint:
            message += f" ({hint})"
        own = level.schema.get("x-unknown-key", {})
        effect = own.get("effect", choice.unknown_key_effect)
        if effect:
            message += f"; {effect}"
        severity = own.get("severity", choice.unknown_key_severity)
        if choice.newest and not hint:
            message += f" (as far as {choice.newest}, which lintscale knows)"
            severity = "warning"
        right = likely.path if likely else ()
        for end in range(len(path), len(right) + 1):
            self.meant.add(right[:end])
        if right and len(right) <= len(path):
            self.meant.add(right)
        edits: tuple[tuple[Span, str], ...] = ()
        fix = ""
        if likely is not None and likely.rename:
            quote = '"' if entry.key.quoted else ""
            edits = ((entry.key.span, f"{quote}{likely.rename}{quote}"),)
            fix = f"Rename “{name}” to “{likely.rename}”"
        self.found.append(
            Problem(
                UNKNOWN,
                message,
                entry.key.span,
                (*path, name),
                document=self.document.index,
                severity=severity,
                help=(likely.help if likely else "") or self._known(level),
                fix=fix,
                edits=edits,
                workload=self._workload(path),
                meant=right if choice.read_as_meant else (),
            )
        )

    def _is_here(self, part: Schema) -> bool:
        """Is it a property in its own right, that the version in use has?"""
        if "x-belongs" in part:
            return False
        return ("x-since" not in part and "x-until" not in part) or self._has(part)

    def _has(self, part: Schema) -> bool:
        """Does the version in use have this property?"""
        if not self.version:
            return True
        since, until = _numbers(part.get("x-since", "")), _numbers(part.get("x-until", ""))
        return self.version >= since and (not until or self.version <= until)

    def _other_version(self, name: str, level: Level) -> str:
        part = level.schema.get("properties", {}).get(name)
        if not isinstance(part, dict) or self._has(part):
            return ""
        choice = self.choice
        since = part.get("x-since")
        known = f"known from {choice.reader} {since} on"
        if since is None or self.version >= _numbers(since):
            known = f"known up to {choice.reader} {part['x-until']}"
        return f"{known}; {choice.version_key} is {choice.version}"

    def _other_schema(self, name: str, relative: tuple[PathKey, ...]) -> Meant | None:
        for label, schema in self.choice.others:
            if is_key_of(name, relative, find(schema)):
                return Meant(f"it is a key of {label}", f"Use {label}, or leave it out.")
        return None

    def _known(self, level: Level) -> str:
        names = [
            name
            for name, part in level.schema.get("properties", {}).items()
            if not isinstance(part, dict) or self._is_here(part)
        ]
        if not names:
            return ""
        if len(names) > _MOST_KNOWN:
            return "Remove it, or find out what it is called."
        return f"Known here: {', '.join(sorted(names))}."

    # -- schemas of schemas -----------------------------------------------------------------------

    def _combined(
        self, keyword: str, node: Node, schema: Schema, file: SchemaFile, path: tuple[PathKey, ...]
    ) -> None:
        if keyword == "allOf":
            for part in schema["allOf"]:
                self.check(node, part, file, path)
        elif keyword == "if":
            holds = self._holds(node, schema["if"], file, path)
            then = {True: "then", False: "else", None: ""}[holds]
            if then in schema:
                self.check(node, schema[then], file, path)
        elif keyword == "not":
            if self._holds(node, schema["not"], file, path):
                wanted = f"must be {schema.get('x-expected', 'something else')}"
                # Where nothing may stand, a placeholder is as wrong as any value.
                never = not schema["not"]
                self._violated(node, path, schema.get("x-says", wanted), whatever=never)
        else:
            self._any_of(node, schema[keyword], file, path)

    def _any_of(
        self, node: Node, branches: list[Schema], file: SchemaFile, path: tuple[PathKey, ...]
    ) -> None:
        """Add the problems of the branch that was most likely meant: one that takes this type,
        whose constants hold, with the fewest problems."""
        attempts = []
        types: list[str] = []
        for branch in branches:
            target = file.plain(branch)
            found, meant_here = self._attempt(node, branch, file, path)
            if not found:
                self.meant |= meant_here
                return
            wrong_type = any(each.path == path and each.kind == VIOLATION for each in found)
            types.extend(wording.types_of(target.schema))
            chosen = _chosen(node, target.schema)
            attempts.append(((wrong_type, not chosen, len(found)), found, meant_here))
        rank, found, meant_here = min(attempts, key=lambda attempt: attempt[0])
        if rank[0] and len(set(types)) > 1 and not any(_takes(node, each) for each in types):
            says = f"must be {wording.expected({}, types)}, not {wording.found(node)}"
            self._violated(node, path, says, wording.remedy(node, types))
            return
        self.found.extend(found)
        self.meant |= meant_here

    def _attempt(
        self, node: Node, schema: Schema, file: SchemaFile, path: tuple[PathKey, ...]
    ) -> tuple[list[Problem], set[tuple[PathKey, ...]]]:
        """What ``check`` would add."""
        kept, kept_meant = self.found, self.meant
        self.found, self.meant = [], set(kept_meant)
        self.check(node, schema, file, path)
        outcome = self.found, self.meant
        self.found, self.meant = kept, kept_meant
        return outcome

    def _holds(
        self, node: Node, schema: Schema, file: SchemaFile, path: tuple[PathKey, ...]
    ) -> bool | None:
        """Does the node keep to the schema? None: a placeholder decides it."""
        kept_unsure, kept_partial = self.unsure, self.partial
        self.unsure = self.partial = False
        found, _ = self._attempt(node, schema, file, path)
        holds = None if self.unsure else not found
        self.unsure, self.partial = kept_unsure, kept_partial
        return holds


def _takes(node: Node, name: str) -> bool:
    if isinstance(node, Scalar):
        return fits(node.value, name)
    return name == ("object" if isinstance(node, Mapping) else "array")


def _chosen(node: Node, schema: Schema) -> bool:
    """Do the constants among the schema's properties hold (as ``type: web`` tells services
    apart)?"""
    if not isinstance(node, Mapping):
        return True
    for name, part in schema.get("properties", {}).items():
        values = part.get("enum", [part["const"]] if "const" in part else None)
        entry = entry_of(node, name)
        if values is None or entry is None or not isinstance(entry.value, Scalar):
            continue
        if entry.value.value not in values and not is_placeholder(entry.value):
            return False
    return True


def _in_range(value: float, schema: Schema) -> bool:
    return (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
        and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
    )


def _numbers(version: str) -> tuple[int, ...]:
    """ "1.31" as (1, 31), so that versions compare."""
    return tuple(int(part) for part in version.split(".")) if version else ()
