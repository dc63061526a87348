"""Findings in files that are not open, whose causes are in one that is."""

from __future__ import annotations

from pathlib import Path

from lintscale.lsp import diagnostics
from tests.cli.test_reported import HPA, SERVER, WEB
from tests.files import write_files


def found(root: Path, *opened: str) -> dict[str, list[tuple[str, int]]]:
    """The findings by file: their rules and lines."""
    texts = {root / name: (root / name).read_text(encoding="utf-8") for name in opened}
    checked = diagnostics.check(root, texts, [root])
    assert not checked.error
    return {
        path.name: [(finding.rule, finding.location.line) for finding in findings]
        for path, findings in checked.findings.items()
        if findings
    }


def test_a_cause_is_shown_in_the_open_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"hpa.yaml": HPA, "web.yaml": WEB, "pg.yaml": SERVER})
    (tmp_path / "lintscale.toml").write_text('select = ["pool-exceeds-limit"]\n')
    own = ("pool-exceeds-limit", 15)
    assert found(tmp_path, "web.yaml", "hpa.yaml") == {"web.yaml": [own]}
    both = {"web.yaml": [own], "hpa.yaml": [("pool-exceeds-limit", 7)]}
    assert found(tmp_path, "hpa.yaml") == both
