"""What is said of a fixed count that a deploy tool may leave alone."""

from __future__ import annotations

from pathlib import Path

from tests.files import write_files
from tests.manifests import as_yaml, autoscaler, deployment, service
from tests.one_service import checked

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source: {repoURL: https://git.example/shop.git, path: deploy}
  syncPolicy: {syncOptions: [RespectIgnoreDifferences=true]}
  ignoreDifferences:
    - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}
"""


def test_not_every_deploy_resets_a_count_that_argo_cd_may_ignore(tmp_path: Path) -> None:
    files = {
        "deploy/shop.yaml": as_yaml(deployment(replicas=3), service(), autoscaler()),
        "argocd/shop.yaml": APPLICATION,
    }
    result = checked(write_files(tmp_path, files))
    (message,) = [f.message for f in result.findings if f.rule == "replicas-beside-autoscaler"]
    assert message.startswith("every deploy that applies the count")
