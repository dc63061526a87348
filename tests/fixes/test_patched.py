"""Objects that kustomizations patch: they find them by the apiVersion that a fix would change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.projects import fixed, project, texts

BUDGET = """\
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: shop}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: shop}}
"""
FIXED = {"base/budget.yaml": BUDGET.replace("v1beta1", "v1")}
MERGED = BUDGET.replace("Unavailable: 1", "Unavailable: 2").split("  selector")[0]

INLINE = "\n".join(f"      {line}" for line in MERGED.splitlines())
TARGET = "target: {group: policy, %s kind: PodDisruptionBudget}"
OPERATION = "patch: '[{op: replace, path: /spec/maxUnavailable, value: 2}]'"


@pytest.mark.parametrize("rendering", [True, False])
@pytest.mark.parametrize(
    ("overlay", "is_safe"),
    [
        ("", True),
        ("patchesStrategicMerge: [patch.yaml]\n", False),
        ("patches: [{path: patch.yaml}]\n", False),
        (f"patches:\n  - patch: |\n{INLINE}\n", False),
        (f"patches:\n  - {TARGET % 'version: v1beta1,'}\n    {OPERATION}\n", False),
        (f"patches:\n  - {TARGET % ''}\n    {OPERATION}\n", True),
        # That is kustomize's own.
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", True),
    ],
)
def test_a_version_by_which_a_patch_finds_its_object(
    overlay: str, is_safe: bool, rendering: bool, tmp_path: Path
) -> None:
    files = {
        "base/budget.yaml": BUDGET,
        "base/kustomization.yaml": "resources: [budget.yaml]\n",
        "production/kustomization.yaml": f"resources: [../base]\n{overlay}",
        "lintscale.toml": f"[rendering]\nenabled = {str(rendering).lower()}\n",
    }
    if "patch.yaml" in overlay:
        files["production/patch.yaml"] = MERGED
    project(tmp_path, files)
    assert texts(fixed(tmp_path)) == (FIXED if is_safe else {})
    if not rendering:
        outcome = fixed(tmp_path, unsafe=True)
        assert texts(outcome) == FIXED
        [finding] = outcome.fixed
        assert finding.fix is not None
        assert finding.fix.note.startswith("kustomize finds") == (not is_safe)
