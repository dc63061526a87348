from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lintscale import api
from lintscale.model.resolved import Database
from lintscale.project.config import load_settings

CLUSTER = """\
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: pg, namespace: shop}
spec:
  instances: 3
  postgresql: {parameters: {PARAMETERS}}
---
"""
POOLER = """\
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: {name: pg-pool, namespace: shop}
spec:
  cluster: {name: pg}
  instances: 2
  type: rw
  pgbouncer: {parameters: {max_client_conn: "500"}}
---
"""
CLIENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
          env:
            - VARIABLE
            - {name: DB_POOL_SIZE, value: "40"}
"""
URI = "{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: pg-app, key: uri}}}"


def used(root: Path, *parts: str, variable: str = URI, parameters: str = "") -> Database:
    text = "".join(parts).replace("- VARIABLE", f"- {variable}")
    (root / "all.yaml").write_text(text.replace("PARAMETERS", parameters), encoding="utf-8")
    result = api.check([str(root)], settings=load_settings(root))
    (database,) = [each for each in result.project.databases if each.consumers]
    return database


@pytest.mark.parametrize(
    "variable",
    [
        URI,
        "{name: DB_HOST, value: pg-rw}",
        "{name: DATABASE_URL, value: 'postgres://u@pg-rw.shop.svc.cluster.local:5432/app'}",
    ],
)
def test_every_way_to_a_cluster(tmp_path: Path, variable: str) -> None:
    found = used(tmp_path, CLUSTER, CLIENT, variable=variable, parameters='max_connections: "200"')
    assert (found.name, found.limit.value, found.available, found.total_max) == (
        *("pg", 200, 197, 240),
    )


def test_a_cluster_without_parameters(tmp_path: Path) -> None:
    assert used(tmp_path, CLUSTER, CLIENT).available == 97


@pytest.mark.parametrize("parts", [(CLUSTER, POOLER, CLIENT), (POOLER, CLIENT, "---\n", CLUSTER)])
def test_a_pooler_takes_clients_and_holds_connections(
    tmp_path: Path, parts: tuple[str, ...]
) -> None:
    assert used(tmp_path, *parts).available == 97 - 2 * 20
    found = used(tmp_path, *parts, variable="{name: DB_HOST, value: pg-pool}")
    assert (found.name, found.available, found.total_max) == ("pg-pool", 1000, 240)


def test_clusters_of_others_are_no_databases(tmp_path: Path) -> None:
    other = CLUSTER.replace("postgresql.cnpg.io/v1", "cluster.x-k8s.io/v1beta1")
    host = "{name: DB_HOST, value: pg-rw}"
    assert used(tmp_path, other, CLIENT, variable=host).limit.value is None
    shutil.rmtree(tmp_path)
