"""What is reported on: a finding is in each file that has its own place or a related one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale.engine.finding import OWN_PLACE
from tests.cli.conftest import Lintscale
from tests.files import write_files

HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: prod}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1.2.3
          resources: {requests: {cpu: 250m, memory: 256Mi}, limits: {memory: 512Mi}}
          env:
            - {name: DATABASE_URL, value: "postgres://a@pg/a"}
            - {name: DB_POOL_SIZE, value: "10"}
"""
SERVER = """\
apiVersion: v1
kind: Service
metadata: {name: pg, namespace: prod}
spec: {selector: {app: pg}, ports: [{port: 5432}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: pg, namespace: prod}
spec:
  serviceName: pg
  selector: {matchLabels: {app: pg}}
  template:
    metadata: {labels: {app: pg}}
    spec:
      containers:
        - {name: pg, image: "postgres:16.3", ports: [{containerPort: 5432}]}
"""
RENDER = """\
services:
  - type: web
    name: shop
    runtime: python
    plan: standard
    startCommand: gunicorn app:app
    numInstances: 3
    envVars:
      - key: DATABASE_URL
        fromDatabase: {name: shop-db, property: connectionString}
databases:
  - {name: shop-db, plan: basic-1gb}
"""
APP = """\
import os
from sqlalchemy import create_engine
engine = create_engine(os.environ["DATABASE_URL"], pool_size=20, max_overflow=-1)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_files(tmp_path, {"hpa.yaml": HPA, "web.yaml": WEB, "pg.yaml": SERVER})
    (tmp_path / "lintscale.toml").write_text('select = ["pool-exceeds-limit"]\n')
    return tmp_path


@pytest.fixture
def app(tmp_path: Path) -> Path:
    write_files(tmp_path, {"render.yaml": RENDER, "app.py": APP, "requirements.txt": "sqlalchemy"})
    (tmp_path / "lintscale.toml").write_text('select = ["unbounded-pool"]\n')
    return tmp_path


def findings(lintscale: Lintscale, folder: Path, *paths: str) -> list[dict[str, Any]]:
    names = [str(folder / path) for path in paths]
    done = lintscale("check", *names, "--output-format", "json")
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


def test_a_cause_in_another_file_is_reported_in_it(lintscale: Lintscale, project: Path) -> None:
    [own] = findings(lintscale, project, "web.yaml")
    assert (own["file"], own["line"]) == ("web.yaml", 15)
    [found] = findings(lintscale, project, "hpa.yaml")
    assert (found["file"], found["line"], found["path"]) == ("hpa.yaml", 7, "spec.maxReplicas")
    assert found["message"] == f"{own['message']} (at web.yaml:15)"
    assert found["related"][0] == {
        "file": "web.yaml",
        "line": 15,
        "column": own["column"],
        "message": OWN_PLACE,
    }
    assert found["fingerprint"] == own["fingerprint"]


def test_a_finding_is_reported_once(lintscale: Lintscale, project: Path) -> None:
    [found] = findings(lintscale, project, "hpa.yaml", "pg.yaml", "web.yaml")
    assert found["file"] == "web.yaml"


def test_a_suppression_at_its_own_place_counts(lintscale: Lintscale, project: Path) -> None:
    text = WEB.replace('"10"}', '"10"}  # lintscale: ignore[pool-exceeds-limit] it never scales')
    (project / "web.yaml").write_text(text)
    assert findings(lintscale, project, "hpa.yaml") == []


@pytest.mark.parametrize(("written", "checked"), [("web.yaml", "hpa.yaml"), ("hpa.yaml", ".")])
def test_a_baseline_knows_it_wherever_it_is_reported(
    lintscale: Lintscale, project: Path, written: str, checked: str
) -> None:
    baseline = project / "known.json"
    lintscale("check", str(project / written), "--write-baseline", str(baseline))
    [entry] = json.loads(baseline.read_text())["findings"]
    assert entry["file"] == "web.yaml"
    done = lintscale("check", str(project / checked), "--baseline", str(baseline))
    assert done.code == 0, done.out


def test_a_finding_in_the_source_is_at_its_config(lintscale: Lintscale, app: Path) -> None:
    [found] = findings(lintscale, app, ".")
    assert (found["file"], found["line"]) == ("render.yaml", 10)
    assert found["message"].endswith(" (at app.py:3)")
    assert ("app.py", 3) in {(each["file"], each["line"]) for each in found["related"]}


def test_a_named_source_is_reported_on(lintscale: Lintscale, app: Path) -> None:
    [found] = findings(lintscale, app, "app.py")
    assert (found["file"], found["line"]) == ("app.py", 3)
    assert found["message"].endswith(" (at render.yaml:10)")
    assert findings(lintscale, app, "requirements.txt") == []


def test_a_source_without_findings_is_checked(lintscale: Lintscale, app: Path) -> None:
    (app / "app.py").write_text(APP.replace(", max_overflow=-1", ""))
    done = lintscale("check", str(app / "app.py"), "--output-format", "concise")
    assert (done.code, done.out) == (0, "No findings in 1 file (1 workload)\n")


def test_a_source_without_any_config_is_not_enough(lintscale: Lintscale, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    assert lintscale("check", str(tmp_path / "app.py")).code == 3


def test_a_file_that_is_not_reported_on_is_not_fixed(lintscale: Lintscale, project: Path) -> None:
    (project / "lintscale.toml").write_text('select = ["replicas-beside-autoscaler"]\n')
    (project / "web.yaml").write_text(WEB.replace("\n  selector", "\n  replicas: 3\n  selector"))
    [found] = findings(lintscale, project, "hpa.yaml")
    assert found["fix"] is None
    assert lintscale("check", "--fix", str(project / "hpa.yaml")).code == 1
    assert "replicas: 3" in (project / "web.yaml").read_text()
    [found] = findings(lintscale, project, "web.yaml")
    assert found["fix"]


def test_every_file_that_a_sum_comes_from_is_a_cause(lintscale: Lintscale, project: Path) -> None:
    write_files(
        project,
        {
            "web.yaml": WEB.replace(
                '            - {name: DB_POOL_SIZE, value: "10"}\n',
                "          envFrom: [{configMapRef: {name: settings}}]\n",
            ),
            "settings.yaml": "apiVersion: v1\nkind: ConfigMap\n"
            "metadata: {name: settings, namespace: prod}\ndata: {DB_POOL_SIZE: '40'}\n",
        },
    )
    for name in ("settings.yaml", "web.yaml", "hpa.yaml", "pg.yaml"):
        [found] = findings(lintscale, project, name)
        assert (found["rule"], found["file"]) == ("pool-exceeds-limit", name)
