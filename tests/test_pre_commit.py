"""The real pre-commit program with this repository's hook, in scratch git repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import write_files

REPOSITORY = Path(__file__).parent.parent
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"

pytestmark = pytest.mark.slow

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
spec:
  selector: {matchLabels: {app: checkout}}
  template:
    metadata: {labels: {app: checkout}}
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: checkout}}
      containers:
        - name: checkout
          image: registry.example/checkout:2.1.0
          ports: [{containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: 8080}}
          resources:
            requests: {cpu: 250m, memory: 256Mi}
            limits: {memory: 256Mi}
"""
BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: checkout
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: checkout}}
"""
AUTOSCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: checkout
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: checkout}
  minReplicas: %d
  maxReplicas: 6
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""


def run(*command: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A clean environment: no hooks or settings of whoever runs the tests."""
    home = tmp_path_factory.mktemp("home")
    keep = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    keep.pop("GITHUB_ACTIONS", None)
    return keep | {
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "LINTSCALE_CACHE_DIR": str(home / "cache"),
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@example.invalid",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.invalid",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "NO_COLOR": "1",
    }


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> Path:
    """The working tree as a git repository of one commit, as pre-commit would clone it."""
    target = tmp_path_factory.mktemp("hook")
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=REPOSITORY, env=env).stdout
    for name in listed.splitlines():
        source = REPOSITORY / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "all"]):
        done = run("git", *command, cwd=target, env=env)
        assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def project(tmp_path: Path, env: dict[str, str]) -> Path:
    """A healthy project, its parts in three folders, committed."""
    files = {
        "app/deployment.yaml": DEPLOYMENT,
        "scaling/hpa.yaml": AUTOSCALER % 2,
        "safety/budget.yaml": BUDGET,
        "notes.yaml": "just: notes\n",
    }
    write_files(tmp_path, files)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "start"]):
        assert run("git", *command, cwd=tmp_path, env=env).returncode == 0
    return tmp_path


def try_hook(
    project: Path, hook: Path, env: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    run("git", "add", "-A", cwd=project, env=env)
    return run(
        str(PRE_COMMIT), "try-repo", str(hook), "lintscale", *arguments, cwd=project, env=env
    )


def test_a_healthy_project_passes(project: Path, hook: Path, env: dict[str, str]) -> None:
    done = try_hook(project, hook, env, "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_a_changed_file_is_judged_with_the_whole_project(
    project: Path, hook: Path, env: dict[str, str]
) -> None:
    (project / "scaling/hpa.yaml").write_text(AUTOSCALER % 1, encoding="utf-8")
    # Not part of the change: what is wrong here is not reported.
    (project / "app/deployment.yaml").write_text(
        DEPLOYMENT.replace(":2.1.0", ":latest"), encoding="utf-8"
    )
    done = try_hook(project, hook, env, "--files", "scaling/hpa.yaml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "min-instances" in done.stdout
    assert "scaling/hpa.yaml" in done.stdout
    assert "dangling-autoscaler" not in done.stdout
    assert "unpinned-image" not in done.stdout


def test_a_change_elsewhere_is_no_error(project: Path, hook: Path, env: dict[str, str]) -> None:
    (project / "notes.yaml").write_text("just: other notes\n", encoding="utf-8")
    done = try_hook(project, hook, env, "--files", "notes.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def commit(project: Path, hook: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The hook as ``git commit`` runs it: on what is staged."""
    run("git", "add", "-A", cwd=project, env=env)
    return run(str(PRE_COMMIT), "try-repo", str(hook), "lintscale", cwd=project, env=env)


def test_a_renamed_file_is_judged_under_its_new_name(
    project: Path, hook: Path, env: dict[str, str]
) -> None:
    run("git", "mv", "scaling/hpa.yaml", "scaling/checkout.yaml", cwd=project, env=env)
    assert commit(project, hook, env).returncode == 0
    (project / "scaling/checkout.yaml").write_text(AUTOSCALER % 1, encoding="utf-8")
    done = commit(project, hook, env)
    assert done.returncode == 1
    assert "scaling/checkout.yaml" in done.stdout
    assert "min-instances" in done.stdout


def test_what_a_deleted_autoscaler_leaves_behind_is_found(
    project: Path, hook: Path, env: dict[str, str]
) -> None:
    (project / "scaling/hpa.yaml").unlink()
    done = commit(project, hook, env)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "app/deployment.yaml" in done.stdout
    assert "min-instances" in done.stdout


def test_a_commit_of_other_files_does_nothing(
    project: Path, hook: Path, env: dict[str, str]
) -> None:
    (project / "app/deployment.yaml").write_text(
        DEPLOYMENT.replace(":2.1.0", ":latest"), encoding="utf-8"
    )
    run("git", "commit", "-qam", "wrong already", cwd=project, env=env)
    (project / "notes.txt").write_text("other\n", encoding="utf-8")
    assert commit(project, hook, env).returncode == 0


POOLS = """\
apiVersion: v1
kind: Service
metadata: {name: pg}
spec: {selector: {app: pg}, ports: [{port: 5432}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: pg}
spec:
  serviceName: pg
  selector: {matchLabels: {app: pg}}
  template:
    metadata: {labels: {app: pg}}
    spec:
      containers:
        - name: pg
          image: postgres:16.3
          ports: [{containerPort: 5432}]
          readinessProbe: {exec: {command: [pg_isready]}}
          resources:
            requests: {cpu: 250m, memory: 256Mi}
            limits: {memory: 256Mi}
"""
WITH_POOL = f"""\
{DEPLOYMENT}\
          env:
            - {{name: DATABASE_URL, value: "postgres://checkout@pg/checkout"}}
            - {{name: DB_POOL_SIZE, value: "10"}}
"""


@pytest.mark.parametrize(
    ("file", "change", "other", "rule"),
    [
        (
            "scaling/hpa.yaml",
            ("maxReplicas: 6", "maxReplicas: 12"),
            "app/deployment.yaml",
            "pool-exceeds-limit",
        ),
        (
            "app/deployment.yaml",
            ("cpu: 250m, ", ""),
            "scaling/hpa.yaml",
            "utilization-without-request",
        ),
    ],
)
def test_a_cause_is_refused_where_the_finding_is_in_another_file(  # noqa: PLR0917 - fixtures
    project: Path,
    hook: Path,
    env: dict[str, str],
    file: str,
    change: tuple[str, str],
    other: str,
    rule: str,
) -> None:
    write_files(project, {"app/deployment.yaml": WITH_POOL, "data/pg.yaml": POOLS})
    assert commit(project, hook, env).returncode == 0
    run("git", "commit", "-qm", "a database", cwd=project, env=env)
    text = (project / file).read_text(encoding="utf-8")
    assert change[0] in text
    (project / file).write_text(text.replace(*change), encoding="utf-8")
    done = commit(project, hook, env)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"error[{rule}]" in done.stdout
    assert f"--> {file}:" in done.stdout
    assert f"::: {other}:" in done.stdout
    assert f"(at {other}:" in " ".join(done.stdout.split())
    run("git", "commit", "-qm", "a mistake", cwd=project, env=env)
    write_files(project, {"README.md": "# Checkout\n", "app/tasks.py": "import os\n"})
    assert commit(project, hook, env).returncode == 0
