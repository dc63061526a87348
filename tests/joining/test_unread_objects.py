"""Objects that scale and are not read are said to be left out."""

from __future__ import annotations

from pathlib import Path

from tests.files import write_files
from tests.manifests import as_yaml, deployment
from tests.one_service import checked

JOB = {
    "apiVersion": "keda.sh/v1alpha1",
    "kind": "ScaledJob",
    "metadata": {"name": "importer"},
    "spec": {"jobTargetRef": {"template": {"spec": {"containers": [{"image": "importer"}]}}}},
}
REASON = "ScaledJob importer makes Jobs, which end by themselves: how many run is not judged"


def test_a_scaled_job(tmp_path: Path) -> None:
    result = checked(write_files(tmp_path, {"k8s/all.yaml": as_yaml(JOB, deployment())}))
    assert [each.reason for each in result.summary.skipped] == [REASON]
    assert result.summary.files_checked == 1


def test_nothing_but_a_scaled_job_is_nothing_to_check(tmp_path: Path) -> None:
    result = checked(write_files(tmp_path, {"k8s/job.yaml": as_yaml(JOB)}))
    assert [each.reason for each in result.summary.skipped] == [REASON]
    assert result.summary.files_checked == 0


def test_nothing_but_a_patch_that_no_file_names_is_nothing_to_check(tmp_path: Path) -> None:
    patch = "- {op: replace, path: /spec/replicas, value: 3}\n"
    result = checked(write_files(tmp_path, {"k8s/patch.yaml": patch}))
    assert result.summary.files_checked == 0
    assert result.summary.skipped[0].reason == "a JSON patch that no file names"
