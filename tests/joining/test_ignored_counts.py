"""What is said of a fixed count that a deploy tool may leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

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


SILENT = (
    APPLICATION,
    APPLICATION.replace("jsonPointers: [/spec/replicas]", "jqPathExpressions: ['.spec.replicas']"),
    APPLICATION.replace("kind: Deployment,", "kind: Deployment, name: shop, namespace: prod,")
    + "  destination: {namespace: prod}\n",
    APPLICATION.replace("group: apps, kind: Deployment", 'group: "*", kind: "*"'),
    APPLICATION.replace(
        "jsonPointers: [/spec/replicas]", "managedFieldsManagers: [kube-controller-manager]"
    ),
    APPLICATION.replace("kind: Application", "kind: ApplicationSet")
    .replace("spec:\n", "spec:\n  template:\n   spec:\n", 1)
    .replace("\n  source", "\n    source")
    .replace("\n  sync", "\n    sync")
    .replace("\n  ignore", "\n    ignore")
    .replace("\n    - {", "\n      - {")
    .replace("path: deploy", "path: '{{path}}'"),
)

SPEAKING = (
    APPLICATION.replace("RespectIgnoreDifferences=true", "CreateNamespace=true"),
    APPLICATION.replace("/spec/replicas", "/spec/template"),
    APPLICATION.replace("kind: Deployment", "kind: StatefulSet"),
    APPLICATION.replace("kind: Deployment,", "kind: Deployment, name: billing,"),
    APPLICATION.replace("group: apps, ", ""),
    APPLICATION.replace("path: deploy", "path: charts"),
)


def messages(folder: Path, application: str) -> list[str]:
    files = {
        "deploy/shop.yaml": as_yaml(deployment(replicas=3), service(), autoscaler()),
        "argocd/shop.yaml": application,
    }
    result = checked(write_files(folder, files))
    return [f.message for f in result.findings if f.rule == "replicas-beside-autoscaler"]


@pytest.mark.parametrize("application", SILENT)
def test_a_count_that_argo_cd_leaves_alone_is_no_matter(tmp_path: Path, application: str) -> None:
    assert messages(tmp_path, application) == []


@pytest.mark.parametrize("application", SPEAKING)
def test_a_count_that_argo_cd_applies_is_reported(tmp_path: Path, application: str) -> None:
    """A difference that is only hidden is applied with the next sync all the same."""
    (message,) = messages(tmp_path, application)
    assert message.startswith("every deploy that applies the count")


def test_another_overlay_without_an_application_resets_its_count(tmp_path: Path) -> None:
    files = {
        "base/shop.yaml": as_yaml(deployment(replicas=3), service(), autoscaler()),
        "base/kustomization.yaml": "resources: [shop.yaml]\n",
        "one/kustomization.yaml": "resources: [../base]\n",
        "two/kustomization.yaml": "resources: [../base]\n",
        "argocd/one.yaml": APPLICATION.replace("path: deploy", "path: one"),
    }
    result = checked(write_files(tmp_path, files))
    assert "replicas-beside-autoscaler" in {f.rule for f in result.findings}
    application = APPLICATION.replace("path: deploy", "path: two")
    write_files(tmp_path, {"argocd/two.yaml": application})
    assert "replicas-beside-autoscaler" not in {f.rule for f in checked(tmp_path).findings}
