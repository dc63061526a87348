"""Numbers in source code, and where they stand."""

from __future__ import annotations

import ast
import re

from lintscale.code.modules import Module
from lintscale.code.values import Known, Place, Unknown, Variable, evaluate
from lintscale.model.declared import CodeNumber
from lintscale.model.location import Location, Span


def number(place: Place) -> CodeNumber:
    position = location(place.node, place.scope.module)
    value = evaluate(place)
    if isinstance(value, Known):
        if isinstance(value.value, bool):
            return CodeNumber(position, reason="not a number")
        if isinstance(value.value, int):
            return CodeNumber(position, number=value.value)
        if isinstance(value.value, str) and re.fullmatch(r"-?[0-9]{1,7}", value.value.strip()):
            return CodeNumber(position, number=int(value.value))
        return (
            CodeNumber(position)
            if value.value is None
            else CodeNumber(position, reason="not a number")
        )
    if isinstance(value, Variable):
        default = value.default.value if value.default is not None else None
        if isinstance(default, str) and re.fullmatch(r"-?[0-9]{1,7}", default.strip()):
            default = int(default)
        number = default if isinstance(default, int) and not isinstance(default, bool) else None
        return CodeNumber(position, number=number, variable=value.name)
    reason = value.reason if isinstance(value, Unknown) else "computed"
    return CodeNumber(position, reason=reason)


def location(node: ast.AST, module: Module) -> Location:
    lines, line = module.lines, getattr(node, "lineno", 1)
    start = _column(lines, line, getattr(node, "col_offset", 0))
    end_line = getattr(node, "end_lineno", None) or line
    end = _column(lines, end_line, getattr(node, "end_col_offset", None) or 0)
    if end_line != line:
        end_line, end = line, len(lines[line - 1]) + 1 if line <= len(lines) else start + 1
    return Location(module.name, Span(line, start, end_line, max(end, start + 1)))


def _column(lines: list[str], line: int, offset: int) -> int:
    """ast counts bytes of UTF-8; lintscale counts characters from 1."""
    if not 0 < line <= len(lines):
        return 1
    return len(lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1


def dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def pool_class(arguments: dict[str, Place]) -> str:
    chosen = arguments.get("poolclass")
    name = dotted(chosen.node).rpartition(".")[2] if chosen is not None else ""
    if name == "NullPool":
        return "NullPool keeps no pool: each piece of work opens a connection of its own"
    return ""
