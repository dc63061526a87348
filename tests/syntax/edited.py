"""Texts after a change, for tests of editing."""

from __future__ import annotations

from lintscale.model.location import PathKey
from lintscale.syntax import SourceFile, editing, parse
from lintscale.syntax.document import Format
from lintscale.syntax.editing import Change, SourceText
from lintscale.syntax.nodes import ScalarValue


def sheet(text: str, form: Format) -> SourceText:
    result = parse(text, "file", form)
    return SourceText(SourceFile("file", text, form, result.documents, result.problems))


def applied(text: str, change: Change | None) -> str | None:
    """The text after the change; None where there is none."""
    if change is None:
        return None
    for each in sorted(change.replacements, key=lambda each: each.start, reverse=True):
        text = text[: each.start] + each.text + text[each.end :]
    return text


def assigned(
    text: str, form: Format, path: tuple[PathKey, ...], value: ScalarValue, document: int = 0
) -> str | None:
    return applied(text, editing.assign(sheet(text, form), document, path, value))


def removed(text: str, form: Format, path: tuple[PathKey, ...], document: int = 0) -> str | None:
    return applied(text, editing.remove(sheet(text, form), document, path))


def rewritten(
    text: str,
    form: Format,
    path: tuple[PathKey, ...],
    new_key: str = "",
    new_value: ScalarValue = None,
) -> str | None:
    return applied(text, editing.rewrite(sheet(text, form), 0, path, new_key, new_value))
