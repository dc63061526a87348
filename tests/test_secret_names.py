"""A URL with a password stays secret where somebody took it for a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api, reports
from lintscale.project.config import load_settings

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: postgres://shop:tr0ub4dor@db.example/shop
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:latest
          ports: [{containerPort: 80}]
"""


@pytest.mark.parametrize("format_", reports.FORMATS)
def test_a_url_as_a_name_shows_no_password(format_: str, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(MANIFEST, encoding="utf-8")
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    assert result.findings
    assert "tr0ub4dor" not in reports.render(format_, result)
