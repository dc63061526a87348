"""The problems of what breaks a schema: message, help and location."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lintscale._record import replace
from lintscale.model.versions import numbers
from lintscale.platforms.base import SchemaChoice
from lintscale.syntax.document import Document, Problem
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Entry, Node, Scalar
from lintscale.validation import wording
from lintscale.validation.schemas import Ancestor, KeyPath, Schema, find
from lintscale.validation.suggestions import (
    CLEAR,
    Suggestion,
    closest,
    from_schema,
    is_key_of,
    sentence,
    suggest,
)
from lintscale.validation.wording import named

VIOLATION = "schema-violation"
UNKNOWN = "unknown-key"

_MOST_KNOWN = 12
"""Known keys that the help lists where no key is close."""


class Explainer:
    """Adds problems to ``found``."""

    def __init__(self, document: Document, choice: SchemaChoice, found: list[Problem]) -> None:
        self.document = document
        self.choice = choice
        self.found = found

    # -- values -----------------------------------------------------------------------------------

    def says(
        self,
        node: Node,
        path: KeyPath,
        text: str,
        help: str = "",  # noqa: A002
        severity: str = "",
    ) -> None:
        """Add a problem whose message is the node's path and ``text``."""
        span = Field.root(self.document).at(path).location.span
        message = f"{self._where(path)} {text}{self._effect(severity)}"
        self._add(Problem(VIOLATION, message, span, path, help=help, severity=severity))

    def forbidden(self, node: Node, schema: Schema, path: KeyPath) -> None:
        """The node matches the schema under "not"."""
        wanted = f"must be {schema.get('x-expected', 'something else')}"
        self.says(node, path, schema.get("x-says", wanted))

    def mismatch(self, node: Node, schema: Schema, path: KeyPath) -> None:
        types = wording.types_of(schema)
        if "enum" in schema or "const" in schema:
            values = schema.get("enum", [schema.get("const")])
            found = wording.found(node)
            meaning = schema.get("x-instead", {}).get(found, "")
            text = f"must be {wording.choices(values)}, not {found}"
            text += f" ({meaning})" if meaning else ""
            self.says(node, path, text, sentence(meaning) if meaning else "")
            return
        free = set(types) <= {"string", "null"} and "pattern" not in schema
        text = f"must be {wording.expected(schema)}, not {wording.found(node, hidden=free)}"
        self.says(node, path, text, wording.remedy(node, types))

    def mismatch_of_all(self, node: Node, branches: Sequence[Schema], path: KeyPath) -> None:
        """No branch takes a value of this type."""
        types = [name for branch in branches for name in wording.types_of(branch)]
        hidden = set(types) <= {"string", "null"}
        text = f"must be {wording.expected({}, types)}, not {wording.found(node, hidden=hidden)}"
        self.says(node, path, text, wording.remedy(node, types))

    def text(self, node: Scalar, value: str, schema: Schema, path: KeyPath) -> None:
        least, most = schema.get("minLength", 0), schema.get("maxLength", len(value))
        if len(value) < least:
            short = f"needs at least {least} characters" if value else "is empty"
            self.says(node, path, short)
        elif len(value) > most:
            self.says(node, path, f"is longer than {most} characters")
        else:
            wanted = schema.get("x-expected", f"text that matches {schema['pattern']}")
            text = f"must be {wanted}, not {wording.value(node)}"
            self.says(node, path, text, wording.remedy(node, wording.types_of(schema)))

    def number(self, node: Scalar, schema: Schema, path: KeyPath) -> None:
        wanted = schema.get("x-expected") or wording.bounds(schema)
        self.says(node, path, f"must be {wanted}, not {wording.value(node)}")

    def enumerated(self, node: Scalar, schema: Schema, path: KeyPath) -> None:
        values = schema.get("enum", [schema.get("const")])
        value = node.value
        words = [each for each in values if isinstance(each, str)]
        meaning = schema.get("x-instead", {}).get(value)
        close = closest(value, words) if isinstance(value, str) and not meaning else ""
        wanted = schema.get("x-expected") or wording.choices(values)
        text = f"must be {wanted}, not {wording.value(node)}"
        help_ = severity = ""
        if meaning:
            text += f" ({meaning})"
            help_ = sentence(meaning)
        elif close:
            text += f"; did you mean “{close}”?"
            help_ = f"Write {close}."
        elif not isinstance(value, str) and node.text in words:
            help_ = "Put it in quotes."
        if close and close.lower() == str(value).lower():
            severity = schema.get("x-any-case", "")
        if self.choice.newest and isinstance(value, str) and not closest(value, words, CLEAR):
            text += self._as_far_as()
            severity = "warning"
        self.says(node, path, text, help_, severity)

    # -- collections ------------------------------------------------------------------------------

    def size(self, node: Node, size: int, least: int, most: int | None, path: KeyPath) -> None:
        if size < least:
            entries = "entry" if least == 1 else "entries"
            self.says(node, path, f"needs at least {least} {entries}, has {size or 'none'}")
        else:
            self.says(node, path, f"takes at most {most} entries, has {size}")

    def missing(self, name: str, path: KeyPath, beside: str) -> None:
        at = Field.root(self.document).at(path).get(name).location
        message = f"{self._where(path)} has no “{name}”, which {self.choice.reader} requires"
        message += (f" beside “{beside}”" if beside else "") + self._effect()
        help_ = f"Add “{name}”."
        self._add(Problem(VIOLATION, message, at.span, (*path, name), help=help_, missing=True))

    def needs_one(self, branches: Sequence[Sequence[str]], node: Node, path: KeyPath) -> None:
        wanted = wording.listed([" and ".join(f"“{each}”" for each in names) for names in branches])
        self.says(node, path, f"needs {wanted}")

    def has_several(self, held: Sequence[Sequence[str]], node: Node, path: KeyPath) -> None:
        names = wording.listed([f"“{each}”" for names in held for each in names], "and")
        self.says(node, path, f"has {names}; only one of them is allowed")

    # -- keys that the schema does not have -------------------------------------------------------

    def unknown(
        self, entry: Entry, above: Sequence[Ancestor], has: Callable[[Schema], bool]
    ) -> KeyPath:
        """The intended path of the key, () when that is not certain."""
        choice, level, name = self.choice, above[-1], entry.key.text
        relative = level.path[len(choice.path) :]
        hint = self._other_version(name, level, has)
        suggestion: Suggestion | None = None
        if not hint:
            suggestion = (
                from_schema(name, level)
                or self._other_schema(name, relative)
                or suggest(name, entry.value, above)
            )
            hint = suggestion.hint if suggestion else ""
        where = self._relative(level.path)
        message = f"unknown key “{wording.shown_key(name)}”" + (f" in {where}" if where else "")
        message += f" ({hint})" if hint else ""
        own = level.schema.get("x-unknown-key", {})
        effect = own.get("effect", choice.unknown_key_effect)
        message += f"; {effect}" if effect else ""
        severity = own.get("severity", choice.unknown_key_severity)
        if choice.newest and not hint:
            message += self._as_far_as()
            severity = "warning"
        right = suggestion.path if suggestion else ()
        self._add(
            Problem(
                UNKNOWN,
                message,
                entry.key.span,
                (*level.path, name),
                severity=severity,
                help=suggestion.help if suggestion else _known(level, has),
                rename=suggestion.rename if suggestion else "",
                intended=right if choice.corrects_keys else (),
            )
        )
        return right

    def _other_version(self, name: str, level: Ancestor, has: Callable[[Schema], bool]) -> str:
        part = level.schema.get("properties", {}).get(name)
        if not isinstance(part, dict) or has(part) or not {"x-since", "x-until"} & set(part):
            return ""
        choice = self.choice
        since = part.get("x-since")
        known = f"known from {choice.versioned} {since} on"
        if since is None or numbers(choice.version) >= numbers(since):
            known = f"known up to {choice.versioned} {part['x-until']}"
        return f"{known}; {choice.version_key} is {choice.version}"

    def _other_schema(self, name: str, relative: KeyPath) -> Suggestion | None:
        for label, schema in self.choice.others:
            if is_key_of(name, relative, find(schema)):
                return Suggestion(f"it is a key of {label}", f"Use {label}, or leave it out.")
        return None

    # -- messages ----------------------------------------------------------------------------------

    def _as_far_as(self) -> str:
        return f" (as far as lintscale knows {self.choice.newest})"

    def _where(self, path: KeyPath) -> str:
        """The path in the object as messages name it."""
        return self._relative(path) or self._workload(path) or "the document"

    def _relative(self, path: KeyPath) -> str:
        """The path below the object."""
        return wording.key_path(named(self.document, path)[len(self.choice.path) :])

    def _effect(self, severity: str = "") -> str:
        effect = self.choice.violation_effect
        return f"; {effect}" if effect and not severity else ""

    def _workload(self, path: KeyPath) -> str:
        for start, name in self.choice.workloads:
            if path[: len(start)] == start:
                return name
        return self.choice.workload

    def _add(self, problem: Problem) -> None:
        workload = self._workload(problem.path)
        self.found.append(replace(problem, document=self.document.index, workload=workload))


def _known(level: Ancestor, has: Callable[[Schema], bool]) -> str:
    names = [
        name
        for name, part in level.schema.get("properties", {}).items()
        if not isinstance(part, dict) or has(part)
    ]
    if names and len(names) <= _MOST_KNOWN:
        return f"Known keys: {', '.join(sorted(names))}."
    return "Remove it, or look up its name." if names else ""
