"""``show``, ``explain``, ``rules``, and the group itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lintscale import __version__
from lintscale.cli.app import COMMANDS
from lintscale.cli.output import ProgressBar
from tests.cli.conftest import RENDER, Lintscale

LINTSCALE = (sys.executable, "-m", "lintscale")


# -- show -----------------------------------------------------------------------------------------


def test_show(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("show")
    assert (ran.code, ran.err) == (0, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0].startswith("shop ──")
    assert "min instances 1 render.yaml:8" in lines
    assert "max instances 6 render.yaml:9" in lines
    assert "cpu 70 % utilization render.yaml:10" in lines
    assert "health path /health render.yaml:6" in lines


def test_show_as_json(project: Path, lintscale: Lintscale) -> None:
    report = json.loads(lintscale("show", "--output-format", "json").out)
    (shop,) = report["workloads"]
    assert shop["min_instances"] == {"value": 1, "source": "file", "file": "render.yaml", "line": 8}


def test_show_takes_standard_input(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("show", "-", stdin=RENDER.replace("shop", "ledger").encode())
    assert ran.out.startswith("ledger ──")


def test_show_of_nothing(project: Path, lintscale: Lintscale) -> None:
    (project / "render.yaml").unlink()
    ran = lintscale("show", "--output-format", "json")
    assert ran.code == 3
    assert "nothing to check" in ran.err
    assert json.loads(ran.out) == {"version": 1, "workloads": [], "databases": []}


# -- explain, rules -------------------------------------------------------------------------------


def test_explain(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("explain", "min-instances")
    assert ran.code == 0
    for label in ("Why", "What to do", "By profile", "Suppress", "References"):
        assert re.search(rf"^{label}(?: |$)", ran.out, re.MULTILINE)
    assert "Reported  render.yaml:7" in ran.out
    assert "error: shop may scale in to 1; production needs at least 2" in ran.out
    assert "no “numReplicas” here" in ran.out
    assert len(ran.out.splitlines()) <= 90


def test_explain_in_full(project: Path, lintscale: Lintscale) -> None:
    short, full = (
        lintscale("explain", "min-instances"),
        lintscale("explain", "min-instances", "--all"),
    )
    assert "namespace: staging" not in short.out
    assert "namespace: staging" in full.out


def test_explain_knows_the_project_s_profiles(project: Path, lintscale: Lintscale) -> None:
    (project / "lintscale.toml").write_text(
        'profile = "peak"\n[profiles.peak]\nmin-instances = 7\n'
    )
    out = lintscale("explain", "min-instances").out
    (row,) = [line for line in out.splitlines() if line.strip().startswith("minimum")]
    assert row.split() == ["minimum", "instances", "2", "1", "3", "7"]
    assert "Run at least 7 instances" in out
    assert "peak" not in lintscale("explain", "min-instances", "--isolated").out
    assert lintscale("explain", "peak").out == lintscale("explain", "profiles").out


def test_explain_of_a_category_lists_its_rules(lintscale: Lintscale) -> None:
    out = lintscale("explain", "availability").out
    assert "\n  min-instances " in out
    assert "syntax-error" not in out


def test_explain_of_an_unknown_rule(lintscale: Lintscale) -> None:
    ran = lintscale("explain", "min-instanses")
    assert ran.code == 2
    assert "there is no rule or category “min-instanses”; did you mean “min-instances”?" in ran.err
    assert "did you mean “availability”?" in lintscale("explain", "availabilty").err
    assert "“lintscale rules” lists them all" in lintscale("explain", "xyzzy").err


def test_rules(lintscale: Lintscale) -> None:
    ran = lintscale("rules")
    assert ran.code == 0
    ids = {
        rule["id"] for rule in json.loads(lintscale("rules", "--output-format=json").out)["rules"]
    }
    assert {"min-instances", "syntax-error"} <= ids
    assert all(f"\n  {each} " in ran.out for each in ids)


@pytest.mark.slow
def test_rules_as_markdown(lintscale: Lintscale, tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "rules"
    assert lintscale("rules", "--output-format", f"markdown={folder}").code == 0
    index = (folder / "index.md").read_text(encoding="utf-8")
    assert index == lintscale("rules", "--output-format", "markdown").out
    assert "[min-instances](min-instances.md)" in index
    gone, own = folder / "gone.md", folder / "own.md"
    gone.write_text(index, encoding="utf-8")
    own.write_text("# Ours\n", encoding="utf-8")
    assert lintscale("rules", "--output-format", f"markdown={folder}").code == 0
    assert not gone.exists()
    assert own.exists()


@pytest.mark.slow
def test_rules_into_a_file(lintscale: Lintscale, tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    assert lintscale("rules", "--output-format", f"json={file}").out == ""
    assert json.loads(file.read_text(encoding="utf-8"))["version"] == 1
    ran = lintscale("rules", "--output-format", f"markdown={file}")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_rules_in_an_unknown_format(lintscale: Lintscale) -> None:
    ran = lintscale("rules", "--output-format", "markdwon")
    assert ran.code == 2
    assert "Did you mean “markdown”?" in ran.err


# -- the group ------------------------------------------------------------------------------------


def test_help_names_every_command(lintscale: Lintscale) -> None:
    ran = lintscale("-h")
    assert ran.code == 0
    assert all(f"\n  {name} " in ran.out for name in COMMANDS)
    assert ran == lintscale("--help")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(lintscale: Lintscale, name: str) -> None:
    ran = lintscale(name, "-h")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: lintscale {name} ")


def test_a_mistyped_command(lintscale: Lintscale) -> None:
    ran = lintscale("chekc")
    assert ran.code == 2
    assert "Did you mean “check”?" in ran.err


def test_a_path_for_a_command(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale("render.yaml")
    assert ran.code == 2
    assert "lintscale check render.yaml" in ran.err


def test_version(lintscale: Lintscale) -> None:
    assert lintscale("--version").out == f"lintscale {__version__}\n"


# -- as a process ---------------------------------------------------------------------------------


def test_version_and_help_import_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from lintscale.cli import _run\n"
        "_run(['--version']); assert 'click' not in sys.modules\n"
        "_run(['-h']); _run(['check', '-h'])\n"
        "heavy = {'rich', 'ruamel', 'jsonschema', 'pathspec', 'lintscale.api'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_check_in_plain_text_imports_nothing_heavy(project: Path) -> None:
    # hashlib loads OpenSSL.
    code = (
        "import sys\n"
        "from lintscale.cli import _run\n"
        "assert _run(['check']) == 1\n"
        "heavy = {'rich', 'hashlib', 'subprocess', 'lintscale.platforms.kubernetes.normalise'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_check_without_findings_imports_nothing_that_edits(project: Path) -> None:
    (project / "render.yaml").write_text("services: []\n")
    code = (
        "import sys\n"
        "from lintscale.cli import _run\n"
        "assert _run(['check']) == 0\n"
        "heavy = {'lintscale.fixes.edits', 'lintscale.syntax.editing'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    for number in range(60):
        text = RENDER.replace("shop", f"shop-{number}")
        (project / f"s{number}").mkdir()
        (project / f"s{number}" / "render.yaml").write_text(text)
    process = subprocess.Popen(
        [*LINTSCALE, "check", "."], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_ends_quietly(project: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from lintscale import api, cli\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background
        "api.check_request = lambda *_, **__: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv[1:] = ['check']\n"
        "cli.main()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ran.returncode == 130
    assert b"Traceback" not in ran.stdout + ran.stderr


def test_output_in_an_encoding_that_lacks_characters(project: Path) -> None:
    ran = subprocess.run(
        [*LINTSCALE, "check"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert ran.returncode == 1
    assert b"error[min-instances]" in ran.stdout
    assert b"render.yaml ---" in ran.stdout
    assert b"?" not in ran.stdout
    assert not ran.stderr


# -- the progress bar -----------------------------------------------------------------------------


class Terminal:
    def isatty(self) -> bool:
        return True


def test_progress_is_for_long_runs_on_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    with ProgressBar(delay_seconds=0) as nowhere:
        nowhere(1, 10)
    assert nowhere.bar is None
    monkeypatch.setattr(ProgressBar, "_start", lambda self, total: setattr(self, "bar", Started()))
    with ProgressBar(delay_seconds=60) as short:
        short.visible = True
        short(1, 10)
    assert short.bar is None
    with ProgressBar(delay_seconds=0) as long:
        long.visible = True
        long(1, 10)
        started = long.bar
    assert isinstance(started, Started)
    assert started.stopped


class Started:
    stopped = False

    def stop(self) -> None:
        self.stopped = True


def test_progress_bar_is_drawn_on_standard_error_and_removed(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with ProgressBar(delay_seconds=0) as bar:
        bar.visible = True
        for done in range(1, 5):
            bar(done, 10)
    captured = capfd.readouterr()
    assert not captured.out
    assert "Reading files" in captured.err
