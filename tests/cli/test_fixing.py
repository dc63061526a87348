"""``lintscale check --fix`` and ``--diff``: what is written, printed, and how it ends."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import RENDER, Lintscale

FLAWED = RENDER.replace("    scaling:", "    numInstances: 3\n    scaling:").replace(
    "runtime: python", "env: python"
)
"""A deprecated key and a needless count, with safe fixes; one minimum with an unsafe one."""

SAFE = RENDER
ALL = RENDER.replace("minInstances: 1", "minInstances: 2")

DIFF = """\
--- a/render.yaml
+++ b/render.yaml
@@ -1,10 +1,9 @@
 services:
   - type: web
     name: shop
-    env: python
+    runtime: python
     startCommand: uvicorn shop:app --port $PORT
     healthCheckPath: /health
-    numInstances: 3
     scaling:
       minInstances: 1
       maxInstances: 6
"""

CONCISE = ("check", "--output-format", "concise")


@pytest.fixture
def flawed(project: Path) -> Path:
    path = project / "render.yaml"
    path.write_text(FLAWED, encoding="utf-8")
    path.chmod(0o640)
    return path


def test_fix(flawed: Path, lintscale: Lintscale) -> None:
    ran = lintscale(*CONCISE, "--fix")
    assert flawed.read_text(encoding="utf-8") == SAFE
    assert stat.S_IMODE(flawed.stat().st_mode) == 0o640
    # What is left is reported, and decides over the exit code.
    assert ran.code == 1
    assert ran.out.startswith("render.yaml:8:7: error[min-instances] ")
    assert ran.err == (
        "lintscale: 2 fixed in 1 file (1 unsafe left: --unsafe-fixes)\n"
        "  render.yaml: deprecated-key, replicas-beside-autoscaler\n"
    )


def test_unsafe_fixes(flawed: Path, lintscale: Lintscale) -> None:
    ran = lintscale(*CONCISE, "--fix", "--unsafe-fixes")
    assert flawed.read_text(encoding="utf-8") == ALL
    assert ran.code == 0
    assert ran.err.startswith("lintscale: 3 fixed in 1 file\n")
    again = lintscale(*CONCISE, "--fix", "--unsafe-fixes")
    assert again.err == "lintscale: nothing to fix\n"
    assert flawed.read_text(encoding="utf-8") == ALL


def test_the_configuration_may_ask_for_unsafe_ones(flawed: Path, lintscale: Lintscale) -> None:
    (flawed.parent / "lintscale.toml").write_text("unsafe-fixes = true\n")
    lintscale(*CONCISE, "--fix", "--no-unsafe-fixes")
    assert flawed.read_text(encoding="utf-8") == SAFE
    lintscale(*CONCISE, "--fix")
    assert flawed.read_text(encoding="utf-8") == ALL


def test_the_configuration_may_keep_fixes_out(flawed: Path, lintscale: Lintscale) -> None:
    (flawed.parent / "lintscale.toml").write_text('unfixable = ["config"]\n')
    ran = lintscale("check", "--output-format", "json")
    fixes = {each["rule"]: each["fix"] for each in json.loads(ran.out)["findings"]}
    assert fixes["deprecated-key"] is None
    assert fixes["replicas-beside-autoscaler"]["description"] == "Remove “numInstances”"
    lintscale(*CONCISE, "--fix")
    assert flawed.read_text(encoding="utf-8") == SAFE.replace("runtime:", "env:")


def test_diff(flawed: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", "--diff")
    assert (ran.code, ran.out) == (1, DIFF)
    assert ran.err.startswith("lintscale: would fix 2 in 1 file (1 unsafe left: --unsafe-fixes)\n")
    assert flawed.read_text(encoding="utf-8") == FLAWED


def test_nothing_to_change(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", "--diff")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "lintscale: nothing to fix (1 unsafe left: --unsafe-fixes)\n"


def test_a_diff_of_nothing_at_all(project: Path, lintscale: Lintscale) -> None:
    (project / "render.yaml").unlink()
    ran = lintscale("check", "--diff")
    assert (ran.code, ran.out) == (3, "")
    assert "warning: nothing to check in" in ran.err
    assert lintscale("check", "--diff", "--allow-empty").code == 0


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("closing", [True, False])
def test_git_applies_the_diff(
    ends: str, closing: bool, project: Path, lintscale: Lintscale
) -> None:
    text = FLAWED if closing else f"{FLAWED.rstrip()}\n    autoDeploy: true"
    path = project / "my deploy" / "render.yaml"
    path.parent.mkdir()
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", ends).encode())
    before = path.read_bytes()
    (project / ".git").rmdir()
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    ran = lintscale("check", "--diff")
    patch = ran.out.encode()
    applied = ["git", "apply", "--whitespace=nowarn"]
    subprocess.run(applied, cwd=project, input=patch, check=True)
    after = path.read_bytes()
    path.write_bytes(before)
    lintscale(*CONCISE, "--fix")
    assert path.read_bytes() == after != before


def test_a_diff_in_colour_is_for_people(
    flawed: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    flawed.write_text(FLAWED.replace("env: python", "env: python # \u202etxt"), "utf-8")
    ran = lintscale("check", "--diff")
    assert "\x1b[31m-    env: python # <U+202E>txt" in ran.out
    assert "\x1b[31m-    numInstances: 3" in ran.out


def test_a_report_goes_to_a_file(flawed: Path, lintscale: Lintscale, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    ran = lintscale("check", "--diff", "--output-format", f"json={report}")
    assert ran.out == DIFF
    assert len(json.loads(report.read_text("utf-8"))["findings"]) == 3


def test_standard_input(flawed: Path, lintscale: Lintscale, tmp_path: Path) -> None:
    stdin = FLAWED.replace("\n", "\r\n").encode()
    report = tmp_path / "report.json"
    to_file = ("--output-format", f"json={report}")
    ran = lintscale("check", "-", "--stdin-filename", "render.yaml", "--fix", *to_file, stdin=stdin)
    assert ran.out == SAFE.replace("\n", "\r\n")
    assert ran.code == 1
    assert ran.err.startswith("lintscale: 2 fixed in 1 file (1 unsafe left: --unsafe-fixes)\n")
    assert [each["rule"] for each in json.loads(report.read_text("utf-8"))["findings"]] == [
        "min-instances"
    ]
    ran = lintscale("check", "-", "--stdin-filename", "render.yaml", "--diff", stdin=stdin)
    assert ran.code == 1
    assert ran.out.startswith("--- a/render.yaml\n+++ b/render.yaml\n")
    # The file of that name stays as it is.
    assert flawed.read_text(encoding="utf-8") == FLAWED


def test_standard_input_that_is_in_order_comes_back(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check", "-", "--fix", stdin=ALL.encode())
    assert (ran.code, ran.out) == (0, ALL)
    ran = lintscale("check", "-", "--fix", stdin=b"a: [1\n")
    assert ran.out == "a: [1\n"


def test_what_cannot_be_written(
    flawed: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = lintscale(*CONCISE, "--fix")
    assert ran.code == 2
    assert "render.yaml is not fixed: it cannot be written: No space left" in ran.err
    assert flawed.read_text(encoding="utf-8") == FLAWED


def test_one_of_two_cannot_be_written(
    flawed: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = flawed.parent / "till" / "render.yaml"
    other.parent.mkdir()
    other.write_text(FLAWED.replace("shop", "till"), encoding="utf-8")
    errors = [OSError(28, "No space left on device")]

    def full_once(*_: object) -> None:
        while errors:
            raise errors.pop()

    monkeypatch.setattr("os.fsync", full_once)
    ran = lintscale(*CONCISE, "--fix")
    assert ran.code == 2
    assert "render.yaml is not fixed: it cannot be written: No space left" in ran.err
    assert "1 of 2 files fixed" in ran.err
    assert flawed.read_text(encoding="utf-8") == FLAWED
    assert other.read_text(encoding="utf-8") == SAFE.replace("shop", "till")


def test_what_is_refused_is_told(
    flawed: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    ran = lintscale(*CONCISE, "--fix")
    assert ran.code == 1
    assert ran.err == (
        "lintscale: 0 fixed, 2 not fixed (1 unsafe left: --unsafe-fixes)\n"
        "lintscale: not fixed: render.yaml:4:5: deprecated-key: the file is write-protected\n"
        "lintscale: not fixed: render.yaml:7:5: replicas-beside-autoscaler: the file is "
        "write-protected\n"
    )


def test_nothing_where_a_rule_failed(flawed: Path, lintscale: Lintscale) -> None:
    policy = flawed.parent / "policies" / "own.yaml"
    policy.parent.mkdir()
    policy.write_text("id: own\n", encoding="utf-8")
    ran = lintscale(*CONCISE, "--policy", str(policy.parent), "--fix")
    assert ran.code == 2
    assert ran.err == (
        "lintscale: nothing is fixed: a rule failed, findings after the fixes are unknown\n"
    )
    assert flawed.read_text(encoding="utf-8") == FLAWED


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--diff", "--output-format", "json"), "--diff prints to standard output"),
        (("--fix", "--write-baseline", "b.json"), "--fix and --write-baseline cannot be combined"),
        (("-", "--fix", "--output-format", "json"), "--fix of standard input prints"),
    ],
)
def test_what_does_not_go_together(
    arguments: tuple[str, ...], says: str, project: Path, lintscale: Lintscale
) -> None:
    ran = lintscale("check", *arguments, stdin=b"")
    assert ran.code == 2
    assert says in ran.err


def test_the_full_report_says_what_a_fix_does(flawed: Path, lintscale: Lintscale) -> None:
    ran = lintscale("check")
    assert "= fix: Rename “env” to “runtime” [*]" in ran.out
    assert "= fix: Remove “numInstances” [*]" in ran.out
    assert "= fix: Set “minInstances” to 2 (unsafe)" in ran.out
    assert "[*] 2 fixable with --fix, 1 more with --unsafe-fixes\n" in ran.out
    ran = lintscale("check", "--unsafe-fixes")
    assert "= fix: Set “minInstances” to 2 [*]" in ran.out
    assert "[*] 3 fixable with --fix\n" in ran.out
    flawed.write_text(RENDER, encoding="utf-8")
    assert "\n1 fixable with --fix --unsafe-fixes\n" in lintscale("check").out


def test_the_baseline_is_known(flawed: Path, lintscale: Lintscale) -> None:
    lintscale("check", "--write-baseline", "known.json")
    ran = lintscale(*CONCISE, "--baseline", "known.json", "--fix", "--unsafe-fixes")
    assert ran.code == 0
    assert flawed.read_text(encoding="utf-8") == FLAWED
