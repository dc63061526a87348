"""A finding's fix as text edits.

A rule gives the value that a model field should have, the value's location the place in a file,
and :mod:`lintscale.syntax.editing` the text. Where the change is not certain (an alias, a value
that represents another) there is no fix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lintscale.engine.expressions import Bindings, Expression, show
from lintscale.engine.finding import Edit, Fix
from lintscale.engine.rules import FixSpec, RewriteSpec
from lintscale.engine.subjects import Subject, location_of
from lintscale.model.location import Location
from lintscale.model.sourced import Sourced
from lintscale.syntax import Mapping as MappingNode
from lintscale.syntax import Problem, Scalar, SourceFile, editing
from lintscale.syntax.document import PROGRAMS
from lintscale.syntax.editing import Change, Replacement, SourceText
from lintscale.syntax.editing.values import in_place_of

UNSAFE = "unsafe"

_Made = tuple[SourceText, Change, str]
"""A file, its change, and a description of the change."""


class Fixer:
    """Makes the fixes of one run's findings: a :class:`lintscale.engine.check_run.FixMaker`."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self.files = files
        self._texts: dict[str, SourceText] = {}

    def source_text(self, name: str) -> SourceText | None:
        file = self.files.get(name)
        if file is None or file.format in PROGRAMS:
            return None
        if name not in self._texts:
            self._texts[name] = SourceText(file)
        return self._texts[name]

    def fix(self, spec: FixSpec, subject: Subject, bindings: Bindings) -> Fix | None:
        """The fix of one finding; None where none is certain."""
        if spec.platforms and subject.platform not in spec.platforms:
            return None
        if spec.rewrites:
            made = self._rewritten(spec.rewrites, subject, bindings)
        else:
            place = self._place(spec.remove or spec.set_path, subject)
            made = _made(spec, *place, bindings) if place is not None else None
        if made is None:
            return None
        source, change, description = made
        is_unsafe = spec.unsafe_when is not None and spec.unsafe_when.holds(bindings)
        safety = UNSAFE if is_unsafe else spec.safety
        return as_fix(source, change, safety, description, spec.note)

    def _place(self, path: str, subject: Subject) -> tuple[SourceText, Location] | None:
        """The file and location of the value at a model path; None where a change there might
        change something else."""
        value = subject.resolve(path)
        if isinstance(value, Sourced) and value.written and value.reason:
            # The value represents something else than what is written there.
            return None
        location = location_of(value)
        source = self.source_text(location.file) if location else None
        if location is None or source is None or not location.path:
            return None
        if location.rendering is not None and not location.rendering.exact:
            # A value in a patch or a template may be rendered as something else.
            return None
        return source, location

    def _rewritten(
        self, specs: Sequence[RewriteSpec], subject: Subject, bindings: Bindings
    ) -> _Made | None:
        """Rewrites all of the entries or none. One whose expressions are empty is left as it is."""
        source: SourceText | None = None
        changes, descriptions = [], []
        for spec in specs:
            if subject.resolve(spec.at) is None:
                continue
            new_key, new_value = _text(spec.key, bindings), _text(spec.value, bindings)
            outer = _text(spec.into, bindings)
            if not new_key and not new_value:
                continue
            place = self._place(spec.at, subject)
            if place is None or (source is not None and place[0] is not source):
                return None
            source, location = place
            document, path = location.document, location.path
            if outer:
                change = editing.nest(source, document, path, (outer, new_key), new_value or None)
            else:
                change = editing.rewrite(source, document, path, new_key, new_value or None)
            if change is None:
                return None
            changes.append(change)
            whole_key = f"{outer}.{new_key}" if outer else new_key
            descriptions.append(_in_words(_name(source, location), whole_key, new_value))
        if source is None:
            return None
        whole = Change(
            tuple(each for change in changes for each in change.replacements),
            tuple(each for change in changes for each in change.touched),
            any(change.loses_comment for change in changes),
        )
        first, *more = descriptions
        return source, whole, "; ".join([first, *(text[0].lower() + text[1:] for text in more)])

    def renaming(self, problem: Problem, file: str, safety: str) -> Fix | None:
        """The fix for a misspelt key, by its span: the tree has it under its right name."""
        source = self.source_text(file)
        if source is None or not problem.rename:
            return None
        name = str(problem.path[-1])
        written = in_place_of(source, Scalar(name, name, problem.span), problem.rename)
        if written is None:
            return None
        start, end = source.range(problem.span)
        paths = (problem.path, (*problem.path[:-1], problem.rename))
        touched = tuple((problem.document, path) for path in paths)
        change = Change((Replacement(start, end, written),), touched)
        return as_fix(source, change, safety, f"Rename “{name}” to “{problem.rename}”")


def as_fix(
    source: SourceText, change: Change, safety: str, description: str, note: str = ""
) -> Fix:
    """A change as the fix of a finding. One that removes a comment is unsafe: the comment may be
    about more than what is removed."""
    name, at = source.file.path, source.positions.at
    edits = tuple(
        Edit(name, at(each.start), at(each.end), each.text)
        for each in sorted(change.replacements, key=lambda each: (each.start, each.end))
    )
    if change.loses_comment:
        safety, description = UNSAFE, f"{description} and its comment"
    touched = tuple((name, *each) for each in change.touched)
    return Fix(safety, description, edits, touched, note)


def _made(
    spec: FixSpec, source: SourceText, location: Location, bindings: Bindings
) -> _Made | None:
    """The change and its description."""
    document, path = location.document, location.path
    key = path[-1]
    if spec.remove:
        change, description = editing.remove(source, document, path), f"Remove “{key}”"
    else:
        wanted = spec.set_value.evaluate(bindings) if spec.set_value is not None else None
        if not isinstance(wanted, (str, int, float)):
            return None
        change = editing.assign(source, document, path, wanted)
        description = f"Set “{key}” to {show(wanted)}"
    return None if change is None else (source, change, description)


def _name(source: SourceText, location: Location) -> str:
    """The name of an entry: its key, or the variable's name for a variable's value."""
    key = str(location.path[-1])
    document = source.file.document(location.document)
    holder = document.node(location.path[:-1]) if document is not None else None
    if key.lower() == "value" and isinstance(holder, MappingNode):
        names = [holder.get(name) for name in ("name", "key", "Name", "Key")]
        key = next((name.text for name in names if isinstance(name, Scalar)), key)
    return key


def _text(expression: Expression | None, bindings: Bindings) -> str:
    """The value of an expression as text; "" for none and for null."""
    value = expression.evaluate(bindings) if expression is not None else None
    return "" if value is None else show(value)


def _in_words(key: str, new_key: str, new_value: str) -> str:
    if not new_value:
        return f"Rename “{key}” to “{new_key}”"
    return f"Write “{new_key}: {new_value}”" if new_key else f"Set “{key}” to {new_value}"
