"""A finding's fix as text edits.

A rule says what the model should say; the value's location says where in a file that stands, and
:mod:`lintscale.syntax.editing` how it is written there. Where that is not certain (an alias, a
value that stands for something else) there is no fix rather than a risky one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lintscale.engine.expressions import Bindings, Expression, show
from lintscale.engine.finding import Edit, Fix
from lintscale.engine.rules import FixSpec, RewriteSpec
from lintscale.engine.subjects import Subject, location_of
from lintscale.model.location import Location
from lintscale.model.sourced import Sourced
from lintscale.syntax import Mapping as MappingNode
from lintscale.syntax import Problem, Scalar, SourceFile, editing
from lintscale.syntax.editing import Change, Replacement, SourceText
from lintscale.syntax.editing.written import in_place_of

UNSAFE = "unsafe"

_Made = tuple[SourceText, Change, str]
"""A file, what has to be done to it, and that in words."""


class Fixer:
    """Makes the fixes of one run's findings. Each file is looked at once."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self.files = files
        self._sheets: dict[str, SourceText] = {}

    def sheet(self, name: str) -> SourceText | None:
        source = self.files.get(name)
        if source is None:
            return None
        if name not in self._sheets:
            self._sheets[name] = SourceText(source)
        return self._sheets[name]

    def fix(self, spec: FixSpec | None, subject: Subject, bindings: Bindings) -> Fix | None:
        """The fix of one finding; None where none is certain."""
        if spec is None or (spec.platforms and subject.platform not in spec.platforms):
            return None
        if spec.rewrites:
            made = self._rewritten(spec.rewrites, subject, bindings)
        else:
            place = self._place(spec.remove or spec.set_path, subject)
            made = _made(spec, *place, bindings) if place is not None else None
        if made is None:
            return None
        sheet, change, description = made
        is_unsafe = spec.unsafe_when is not None and spec.unsafe_when.holds(bindings)
        safety = UNSAFE if is_unsafe else spec.safety
        return as_fix(sheet, change, safety, description, spec.note)

    def _place(self, path: str, subject: Subject) -> tuple[SourceText, Location] | None:
        """Where the value at a model path stands; None where a change there would not be certain
        to mean it."""
        value = subject.resolve(path)
        if isinstance(value, Sourced) and value.written and value.reason:
            # It stands for something else than the value as it is written there.
            return None
        location = location_of(value)
        sheet = self.sheet(location.file) if location else None
        if location is None or sheet is None or not location.path:
            return None
        if location.rendering is not None and not location.rendering.exact:
            # What is asked for in a patch or a template may come out as something else.
            return None
        return sheet, location

    def _rewritten(
        self, specs: Sequence[RewriteSpec], subject: Subject, bindings: Bindings
    ) -> _Made | None:
        """All of the entries or none. One whose expressions come to nothing stays as it is."""
        sheet: SourceText | None = None
        changes, descriptions = [], []
        for spec in specs:
            if subject.resolve(spec.at) is None:
                continue
            new_key, new_value = _text(spec.key, bindings), _text(spec.value, bindings)
            outer = _text(spec.into, bindings)
            if not new_key and not new_value:
                continue
            place = self._place(spec.at, subject)
            if place is None or (sheet is not None and place[0] is not sheet):
                return None
            sheet, location = place
            document, path = location.document, location.path
            if outer:
                change = editing.nest(sheet, document, path, (outer, new_key), new_value or None)
            else:
                change = editing.rewrite(sheet, document, path, new_key, new_value or None)
            if change is None:
                return None
            changes.append(change)
            whole_key = f"{outer}.{new_key}" if outer else new_key
            descriptions.append(_in_words(_name(sheet, location), whole_key, new_value))
        if sheet is None:
            return None
        whole = Change(
            tuple(each for change in changes for each in change.replacements),
            tuple(each for change in changes for each in change.touched),
            any(change.loses_comment for change in changes),
        )
        first, *more = descriptions
        return sheet, whole, "; ".join([first, *(text[0].lower() + text[1:] for text in more)])

    def renaming(self, problem: Problem, file: str, safety: str) -> Fix | None:
        """The fix for a key that is called something else. The tree may have it under its right
        name already, so that its place counts and not its path."""
        sheet = self.sheet(file)
        if sheet is None or not problem.rename:
            return None
        name = str(problem.path[-1])
        written = in_place_of(sheet, Scalar(name, name, problem.span), problem.rename)
        if written is None:
            return None
        start, end = sheet.stretch(problem.span)
        paths = (problem.path, (*problem.path[:-1], problem.rename))
        touched = tuple((problem.document, path) for path in paths)
        change = Change((Replacement(start, end, written),), touched)
        return as_fix(sheet, change, safety, f"Rename “{name}” to “{problem.rename}”")


def as_fix(sheet: SourceText, change: Change, safety: str, description: str, note: str = "") -> Fix:
    """A change as a finding has it. One that takes a comment with it is unsafe: what the comment
    says may hold for more than what goes."""
    name, at = sheet.source.path, sheet.positions.at
    edits = tuple(
        Edit(name, at(each.start), at(each.end), each.text)
        for each in sorted(change.replacements, key=lambda each: (each.start, each.end))
    )
    if change.loses_comment:
        safety, description = UNSAFE, f"{description} and its comment"
    touched = tuple((name, *each) for each in change.touched)
    return Fix(safety, description, edits, touched, note)


def _made(spec: FixSpec, sheet: SourceText, location: Location, bindings: Bindings) -> _Made | None:
    """The change, and what it does in words."""
    document, path = location.document, location.path
    key = path[-1]
    if spec.remove:
        change, description = editing.remove(sheet, document, path), f"Remove “{key}”"
    else:
        wanted = spec.set_value.evaluate(bindings) if spec.set_value is not None else None
        if not isinstance(wanted, (str, int, float)):
            return None
        change = editing.assign(sheet, document, path, wanted)
        description = f"Set “{key}” to {show(wanted)}"
    return None if change is None else (sheet, change, description)


def _name(sheet: SourceText, location: Location) -> str:
    """What people know an entry by: its key, or for a variable's value the variable's name."""
    key = str(location.path[-1])
    root = next((d.root for d in sheet.source.documents if d.index == location.document), None)
    here: Any = root
    for step in location.path[:-1]:
        if isinstance(step, int):
            items = getattr(here, "items", [])
            here = items[step] if step < len(items) else None
        else:
            here = here.get(step) if isinstance(here, MappingNode) else None
    if key.lower() == "value" and isinstance(here, MappingNode):
        names = [here.get(name) for name in ("name", "key", "Name", "Key")]
        key = next((name.text for name in names if isinstance(name, Scalar)), key)
    return key


def _text(expression: Expression | None, bindings: Bindings) -> str:
    """The text that an expression gives; "" for none and for null."""
    value = expression.evaluate(bindings) if expression is not None else None
    return "" if value is None else show(value)


def _in_words(key: str, new_key: str, new_value: str) -> str:
    if not new_value:
        return f"Rename “{key}” to “{new_key}”"
    return f"Write “{new_key}: {new_value}”" if new_key else f"Set “{key}” to {new_value}"
