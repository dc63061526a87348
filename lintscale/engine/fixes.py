"""A finding's fix as text edits.

A rule says what the model should say; the value's location says where in a file that stands, and
:mod:`lintscale.source.editing` how it is written there. Where that is not certain (an alias, a
value that stands for something else) there is no fix rather than a risky one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lintscale.engine.expressions import Expression, show
from lintscale.engine.finding import Edit, Fix
from lintscale.engine.rules import FixSpec
from lintscale.engine.view import location_of, resolve
from lintscale.model import Location, Sourced
from lintscale.source import Problem, Scalar, SourceFile, editing
from lintscale.source.editing import Change, Replacement, Sheet
from lintscale.source.editing.written import in_place_of

UNSAFE = "unsafe"


class Fixer:
    """Makes the fixes of one run's findings. Each file is looked at once."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self.files = files
        self._sheets: dict[str, Sheet] = {}

    def sheet(self, name: str) -> Sheet | None:
        source = self.files.get(name)
        if source is None:
            return None
        if name not in self._sheets:
            self._sheets[name] = Sheet(source)
        return self._sheets[name]

    def fix(
        self,
        spec: FixSpec | None,
        things: dict[str, Any],
        item: Any,
        data: Any,
        platform: str,
    ) -> Fix | None:
        """What ``spec`` comes to for one finding; None where there is none that is certain here.
        ``things`` and ``item`` are what model paths start from, ``data`` what expressions see."""
        if spec is None or (spec.platforms and platform not in spec.platforms):
            return None
        value = resolve(spec.remove or spec.set_path or spec.rewrite, things, item)
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
        change, description = _made(spec, sheet, location, data)
        if change is None:
            return None
        is_unsafe = spec.unsafe_when is not None and spec.unsafe_when.holds(data)
        return as_fix(sheet, change, UNSAFE if is_unsafe else spec.safety, description)

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


def as_fix(sheet: Sheet, change: Change, safety: str, description: str) -> Fix:
    """A change as a finding has it. One that takes a comment with it is unsafe: what the comment
    says may hold for more than what goes."""
    name, at = sheet.source.path, sheet.positions.at
    edits = tuple(
        Edit(name, at(each.start), at(each.end), each.text) for each in change.replacements
    )
    if change.loses_comment:
        safety, description = UNSAFE, f"{description} and its comment"
    return Fix(safety, description, edits, tuple((name, *each) for each in change.touched))


def _made(spec: FixSpec, sheet: Sheet, location: Location, data: Any) -> tuple[Change | None, str]:
    """The change, and what it does in words."""
    document, path = location.document, location.path
    key = path[-1]
    if spec.remove:
        return editing.remove(sheet, document, path), f"Remove “{key}”"
    if spec.rewrite:
        new_key, new_value = _text(spec.new_key, data), _text(spec.new_value, data)
        change = editing.rewrite(sheet, document, path, new_key, new_value or None)
        return change, _rewritten(str(key), new_key, new_value)
    wanted = spec.set_value.evaluate(data) if spec.set_value is not None else None
    if not isinstance(wanted, (str, int, float)):
        return None, ""
    return editing.assign(sheet, document, path, wanted), f"Set “{key}” to {show(wanted)}"


def _text(expression: Expression | None, data: Any) -> str:
    """The text that an expression gives; "" for none and for null."""
    value = expression.evaluate(data) if expression is not None else None
    return "" if value is None else show(value)


def _rewritten(key: str, new_key: str, new_value: str) -> str:
    if not new_value:
        return f"Rename “{key}” to “{new_key}”"
    return f"Write “{new_key}: {new_value}”" if new_key else f"Set “{key}” to {new_value}"
