"""Every action that is offered for the fixtures does what its title says."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from lsprotocol import types

from lintscale.engine.finding import Finding
from lintscale.fixes.plan import SAFE
from lintscale.lsp import actions, diagnostics
from lintscale.lsp.actions import CodeActionContext
from lintscale.lsp.diagnostics import CheckedProject, OpenDocument, to_path
from lintscale.project.loading import ReadingCache

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parents[2] / "fixtures"
PROJECTS = (
    "ecs/unhealthy",
    "everything",
    "kubernetes/unhealthy",
    "one-service",
    "outage/thirteen-pods",
    "overlays",
    "railway/unhealthy",
    "render/unhealthy",
    "suppressions",
)
UTF16 = types.PositionEncodingKind.Utf16


@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_offered_helps(name: str, tmp_path: Path) -> None:
    root = tmp_path / "bookshop"
    shutil.copytree(FIXTURES / name, root)
    (root / ".git").mkdir()
    cache: ReadingCache = {}
    before = diagnostics.check(root, {}, [], cache)
    known = kinds(before)
    assert known
    tried = 0
    for finding, action in every_action(before):
        after = diagnostics.check(root, applied(action), [], cache)
        assert not after.error
        tried += 1
        if finding is not None:
            assert kinds(after)[kind(finding)] < known[kind(finding)], action.title
        new = rules(after) - rules(before)
        if action.title.startswith("Suppress"):
            assert not new, action.title
        assert "syntax-error" not in {rule for rule, _ in new}, action.title
        # What may change more than what is wrong says so, and is never made by itself.
        is_safe = finding is None or finding.fix is None or finding.fix.safety == SAFE
        if not action.title.startswith("Suppress"):
            assert is_safe == ("unsafe" not in action.title)
            assert is_safe or not action.is_preferred
    assert tried


def kind(finding: Finding) -> tuple[str, str, str]:
    """By which a finding is known again when lines have moved."""
    return (finding.rule, finding.location.file, re.sub(r"line \d+", "line", finding.message))


def kinds(checked: CheckedProject) -> Counter[tuple[str, str, str]]:
    """Each finding counts once, at its own place."""
    return Counter(
        kind(each)
        for found in checked.findings.values()
        for each in found
        if each.origin is None or each.origin.location == each.location
    )


def rules(checked: CheckedProject) -> Counter[tuple[str, str]]:
    return Counter((rule, file) for rule, file, _ in kinds(checked).elements())


def every_action(checked: CheckedProject) -> Iterator[tuple[Finding | None, types.CodeAction]]:
    for path, findings in checked.findings.items():
        text = diagnostics.text_of(path, {})
        assert text is not None
        offer = CodeActionContext(
            checked, {path: OpenDocument(path.as_uri(), 1, text)}, UTF16, can_select=False
        )
        for finding in findings:
            yield from ((finding, action) for action in actions.quick(offer, finding))
        everything = actions.fix_all(offer, path)
        if everything is not None:
            yield None, everything


def applied(action: types.CodeAction) -> Mapping[Path, str]:
    """The texts afterwards, as an editor makes them that has not saved them yet. A configuration
    that is to be made is there, as editors do that at once."""
    assert action.edit is not None
    texts = {}
    for change in action.edit.document_changes or ():
        path = to_path(change.uri if isinstance(change, types.CreateFile) else document(change))
        assert path is not None
        if isinstance(change, types.CreateFile):
            path.touch()
            continue
        assert isinstance(change, types.TextDocumentEdit)
        text = diagnostics.text_of(path, {})
        assert text is not None
        for edit in sorted(change.edits, key=lambda each: place(each.range.start), reverse=True):
            assert isinstance(edit, types.TextEdit)
            start, end = offset(text, edit.range.start), offset(text, edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        texts[path] = text
    return texts


def document(change: object) -> str:
    assert isinstance(change, types.TextDocumentEdit)
    return change.text_document.uri


def place(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def offset(text: str, position: types.Position) -> int:
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    start = starts[position.line]
    units = text[start:].encode("utf-16-le")[: 2 * position.character]
    return start + len(units.decode("utf-16-le"))
