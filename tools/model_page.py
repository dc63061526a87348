"""Writes docs/model.md from lintscale/model/resolved.py: python -m tools.model_page

What stands above the first ``## `` heading is written by hand and kept.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

from lintscale._record import annotation, fields
from lintscale.engine.view import PROPERTIES, is_place
from lintscale.model import resolved as model

PAGE = Path(__file__).parent.parent / "docs" / "model.md"
OUTSIDE = frozenset({"Span", "Location", "Sourced", "Fragments", "Project", "ObjectSuppression"})
"""Records of the machinery, which no expression sees."""

SEEN = {("Service", "workloads"): "tuple[Workload, ...]"}
"""What expressions see in the place of a field's own type."""


def render(current: str) -> str:
    """The page, with the introduction of ``current``."""
    introduction = current.split("\n## ", 1)[0].rstrip()
    return "\n\n".join([introduction, *(_section(name) for name in _reachable())]) + "\n"


def _reachable() -> list[str]:
    """Records that expressions can get at, in the order in which one meets them."""
    seen: list[str] = []
    roots = [
        "Workload", "Database", "DisruptionBudget", "IgnoredSetting", "DocumentNote",
        "Credential", "Drift", "Deprecation", "Service",
    ]  # fmt: skip
    roots += [name for name, thing in vars(model).items() if _is_record(thing)]
    listed = set(_named_in(model.Project)) | {"Workload"}
    for root in roots:
        if root in listed:
            _visit(root, seen)
    return seen


def _visit(name: str, seen: list[str]) -> None:
    if name in seen or name in OUTSIDE:
        return
    seen.append(name)
    for inner in _named_in(getattr(model, name)):
        _visit(inner, seen)


def _named_in(thing: Any) -> list[str]:
    text = " ".join(_annotation(thing, name) for name in fields(thing) if not is_place(name))
    return [
        word for word in re.findall(r"[A-Z]\w+", text) if _is_record(getattr(model, word, None))
    ]


def _is_record(thing: Any) -> bool:
    return isinstance(thing, type) and hasattr(thing, "__setters__")


def _annotation(thing: Any, name: str) -> str:
    return annotation(thing, name).replace(" | None", " or None")


def _section(name: str) -> str:
    thing = getattr(model, name)
    rows = [
        f"| `{field}` | `{SEEN.get((name, field)) or _annotation(thing, field)}` |"
        for field in fields(thing)
        if not is_place(field)
    ]
    rows += [f"| `{field}` | derived |" for field in PROPERTIES.get(thing, ())]
    table = "\n".join(["| Field | Type |", "|---|---|", *rows])
    return f"## {name}\n\n{_text(docstring(thing))}\n\n{table}"


def docstring(thing: type) -> str:
    """What is said of a record, and before it of the record that it extends."""
    bases = [base for base in thing.__mro__[::-1] if _is_record(base)]
    return "\n\n".join(inspect.cleandoc(base.__doc__) for base in bases if base.__doc__)


def _text(docstring: str) -> str:
    text = re.sub(r":\w+:`~?(?:lintscale\.)?(?:model\.)?([^`]+)`", r"`\1`", docstring)
    text = text.replace("``", "`")
    text = re.sub(r"\bNone\b", "null", text)
    text = re.sub(r"\b(True|False)\b", lambda match: match[1].lower(), text)
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return "\n\n".join(textwrap.fill(part, 100) for part in paragraphs)


def main() -> None:
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
