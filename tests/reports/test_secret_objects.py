"""No report shows what a Secret holds, whichever of its values a finding is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.cli.app import run

MANIFEST = """\
apiVersion: v1
kind: Secret
metadata: {name: ledger}
stringData:
  user: ledger-owner
  password: k3yp4d-h0rse
  endpoint: ledger.internal
"""


@pytest.mark.parametrize("output", ["full", "html", "json", "sarif"])
def test_nothing_of_a_secret_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    (tmp_path / "secret.yaml").write_text(MANIFEST, encoding="utf-8")
    run(["check", str(tmp_path), "--output-format", output])
    shown = capsys.readouterr().out
    assert "plaintext-credential" in shown
    assert not [each for each in ("owner", "h0rse", "ledger.internal") if each in shown]
