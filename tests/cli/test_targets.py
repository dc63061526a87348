"""Where the reports of ``lintscale check`` go, and by what names they call files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lintscale import reports
from tests.cli.conftest import Lintscale

CONCISE = ("check", "--output-format", "concise")


def test_a_report_that_cannot_be_written_takes_no_other_with_it(
    project: Path, lintscale: Lintscale
) -> None:
    missing = ("--output-format", "json=none/report.json", "--output-format", "sarif=none/s")
    ran = lintscale("check", *missing, "--output-format", "gitlab=g.json", *CONCISE[1:])
    assert ran.code == 2
    assert "error[min-instances]" in ran.out
    assert json.loads((project / "g.json").read_text("utf-8"))
    assert ran.err.count("cannot be written") == 2


@pytest.mark.parametrize("second", ["out", "./out", "link"])
def test_a_file_holds_one_report(project: Path, lintscale: Lintscale, second: str) -> None:
    (project / "link").symlink_to("out")
    ran = lintscale("check", "--output-format", "json=out", "--output-format", f"sarif={second}")
    assert (ran.code, (project / "out").exists()) == (2, False)
    assert "can hold only one report" in ran.err


def test_standard_output_by_its_other_name(project: Path, lintscale: Lintscale) -> None:
    ran = lintscale(*CONCISE, "--output-format", "json=/dev/stdout")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("name", ["concise", "sarif"])
def test_a_full_disk_is_no_error_of_ours(project: Path, name: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lintscale", "check", "--output-format", name],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "Error: standard output cannot be written: No space left on device\n"


def test_closed_standard_output(project: Path) -> None:
    command = f'"{sys.executable}" -m lintscale check --output-format full >&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", ""])
def test_servers_get_paths_of_the_repository_and_reviewdog_those_of_the_working_folder(
    project: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A project within a repository, checked from a folder beside it."""
    inner, beside = project / "deploy" / "shop", project / "deploy" / "beside"
    inner.mkdir(parents=True)
    beside.mkdir()
    (project / "render.yaml").rename(inner / "render.yaml")
    (inner / "lintscale.toml").write_text("", encoding="utf-8")
    if variable:
        (project / ".git").rmdir()
        monkeypatch.setenv(variable, str(project))
    monkeypatch.chdir(beside)

    def paths(name: str) -> set[str]:
        report = lintscale("check", "../shop", "--output-format", name).out
        return set(re.findall(r"[\w./]*render\.yaml", report))

    for name in ("sarif", "gitlab", "checkstyle", "markdown"):
        assert paths(name) == {"deploy/shop/render.yaml"}, name
    assert paths("rdjson") == {"../shop/render.yaml"}
    assert paths("json") == {"render.yaml"}


def test_a_policy_s_rule_is_described_as_others_are(project: Path, lintscale: Lintscale) -> None:
    policies = Path(__file__).parents[2] / "fixtures" / "policies"
    options = ("--policy", str(policies), "--select", "two-platforms,min-instances")
    run = json.loads(lintscale("check", *options, "--output-format", "sarif").out)["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["two-platforms"]["help"]["text"]
    assert rules["two-platforms"].keys() == rules["min-instances"].keys() - {"helpUri"}
    found = json.loads(lintscale("check", *options, "--output-format", "rdjson").out)
    codes = {each["code"]["value"]: each["code"] for each in found["diagnostics"]}
    assert "url" in codes["min-instances"]
    assert "url" not in codes["two-platforms"]


def test_what_sarif_says_of_a_rule_is_prose_with_the_profile_s_figures(
    project: Path, lintscale: Lintscale
) -> None:
    def rule(*options: str) -> str:
        report = json.loads(lintscale("check", "--output-format", "sarif", *options).out)
        (only,) = report["runs"][0]["tool"]["driver"]["rules"]
        return str(only["help"]["text"] + only["help"]["markdown"])

    assert rule().count("Run at least 2 instances") == 2
    assert rule("--profile", "aggressive").count("Run at least 3 instances") == 2


def test_without_a_cache_no_format_makes_one(project: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    files = (f"--output-format={name}={tmp_path / name}" for name in reports.FORMATS)
    subprocess.run(
        [sys.executable, "-m", "lintscale", "check", "--no-cache", *files],
        env={**os.environ, "LINTSCALE_CACHE_DIR": str(cache)},
        check=False,
    )
    assert all((tmp_path / name).exists() for name in reports.FORMATS)
    assert not cache.exists()


COMMAND = "::stop-commands::x"
"""As the name of a file or a folder: at the beginning of a line a runner would obey it."""


def in_a_folder_called_like_a_command(project: Path) -> Path:
    folder = project / COMMAND
    folder.mkdir()
    (project / "render.yaml").rename(folder / "render.yaml")
    return folder


def test_a_mistake_in_the_configuration_begins_no_command(
    project: Path, lintscale: Lintscale
) -> None:
    folder = in_a_folder_called_like_a_command(project)
    (folder / "lintscale.toml").write_text("profil = 1\n", encoding="utf-8")
    ran = lintscale("check", COMMAND)
    assert (ran.code, ran.err.startswith(f"./{COMMAND}/lintscale.toml:1:1: ")) == (2, True)


def test_a_mistake_in_a_policy_begins_no_command(project: Path, lintscale: Lintscale) -> None:
    folder = in_a_folder_called_like_a_command(project)
    (folder / "own.yaml").write_text("id: own\n", encoding="utf-8")
    lines = lintscale("policy", "test", COMMAND).err.splitlines()
    assert lines
    assert all(line.startswith(f"./{COMMAND}/") for line in lines)


def test_what_is_fixed_or_gone_begins_no_command(project: Path, lintscale: Lintscale) -> None:
    in_a_folder_called_like_a_command(project)
    lintscale("check", "--write-baseline", "known.json")
    fixed = lintscale("check", "--fix", "--unsafe-fixes")
    gone = lintscale("check", "--baseline", "known.json")
    for ran in (fixed, gone):
        assert f"  ./{COMMAND}/render.yaml: min-instances\n" in ran.err
