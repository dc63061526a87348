"""``lintscale init`` and ``lintscale completion``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from lintscale.cli.app import commands
from lintscale.cli.options import complete_profiles, complete_rules
from lintscale.project.config import load_settings
from tests.cli.conftest import Lintscale

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: {name}, image: "registry.example/{name}:1.2.3"}}]
"""
FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


def uncommented(text: str) -> str:
    """The same with the keys and tables in its comments in force."""
    lines = []
    for line in text.splitlines():
        inner = line.removeprefix("# ")
        is_key = inner.startswith("[") or " = " in inner.split("#")[0]
        lines.append(inner if line.startswith("# ") and is_key else line)
    return "\n".join(lines)


def test_what_is_found_is_written_and_can_be_read(lintscale: Lintscale, project: Path) -> None:
    shutil.copytree(FIXTURES / "everything", project, dirs_exist_ok=True)
    (project / "lintscale.toml").unlink()
    done = lintscale("init")
    assert (done.code, done.err) == (0, "")
    text = (project / "lintscale.toml").read_text(encoding="utf-8")
    assert "ecs 1, kubernetes" in text
    load_settings(project)
    (project / "lintscale.toml").write_text(uncommented(text), encoding="utf-8")
    settings = load_settings(project)
    assert settings.baseline == "lintscale-baseline.json"
    assert settings.services


def environments(lintscale: Lintscale) -> list[object]:
    done = lintscale("show", "--output-format", "json")
    workloads = json.loads(done.out)["workloads"]
    return [(each["name"], each["file"], each["environment"]["value"]) for each in workloads]


def test_the_globs_of_environments_say_what_the_files_do(
    lintscale: Lintscale, project: Path
) -> None:
    """Put in force as they stand, they change nothing: a folder in which is something else too is
    none, however little."""
    (project / "render.yaml").unlink()
    for name in (
        "deploy/demo.yaml",
        "deploy/shop.yaml",
        "deploy/staging/shop.yaml",
        "deploy/staging/more/till.yaml",
        "odd [dev]/#1!.yaml",
        "odd d/#1!.yaml",
    ):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DEPLOYMENT.format(name="shop"), encoding="utf-8")
    assert lintscale("init").code == 0
    before = environments(lintscale)
    text = (project / "lintscale.toml").read_text(encoding="utf-8")
    assert "#   staging: 2 workloads" in text
    assert '# staging = ["deploy/staging/**"]' in text
    assert "#   production is assumed for 2 workloads" in text
    (project / "lintscale.toml").write_text(uncommented(text).replace("baseline =", "# "), "utf-8")
    settings = load_settings(project)
    assert {name for name, _ in settings.environments} == {"staging", "development"}
    assert environments(lintscale) == before
    assert {"staging", "development", "production"} == {each[2] for each in before}


def test_what_is_written_changes_no_verdict(lintscale: Lintscale, project: Path) -> None:
    """Not of a development workload either, which another profile judges."""
    scaling = "{minInstances: 1, maxInstances: 6, targetCPUPercent: 80}"
    text = f"services:\n  - {{type: web, name: shop-dev, runtime: node, scaling: {scaling}}}\n"
    (project / "render.yaml").write_text(text, encoding="utf-8")
    before = lintscale("check", "--output-format", "concise").out
    assert "profile conservative allows 5" in before
    assert lintscale("init").code == 0
    assert lintscale("check", "--output-format", "concise").out == before


def test_a_database_of_two_environments_is_offered_once(
    lintscale: Lintscale, project: Path
) -> None:
    for name in ("staging", "production"):
        path = project / name / "shop.yaml"
        path.parent.mkdir()
        env = "env: [{name: DATABASE_URL, value: postgres://db.books.example/shop}], "
        text = DEPLOYMENT.format(name="shop").replace(
            "{name: shop, image", "{" + env + "name: shop, image"
        )
        path.write_text(text, encoding="utf-8")
    lintscale("init")
    text = (project / "lintscale.toml").read_text(encoding="utf-8")
    assert text.count("# match = ") == 1


def test_an_empty_project_lists_nothing(lintscale: Lintscale, project: Path) -> None:
    (project / "render.yaml").unlink()
    lintscale("init")
    text = (project / "lintscale.toml").read_text(encoding="utf-8")
    assert "# The environment of files, by globs; the first match counts:" in text
    assert "# Environments, from" not in text


def test_folders_that_nobody_deploys_are_offered(lintscale: Lintscale, project: Path) -> None:
    path = project / "charts" / "examples" / "one" / "shop.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(DEPLOYMENT.format(name="shop"), encoding="utf-8")
    lintscale("init")
    text = (project / "lintscale.toml").read_text(encoding="utf-8")
    assert '# exclude = ["/charts/examples/"]' in text


def test_in_a_folder_of_a_repository_all_is_relative_to_it(
    lintscale: Lintscale, project: Path
) -> None:
    for name in ("a/staging/shop.yaml", "b/staging/till.yaml"):
        path = project / name
        path.parent.mkdir(parents=True)
        path.write_text(DEPLOYMENT.format(name=path.stem), encoding="utf-8")
    assert lintscale("init", "a").code == 0
    text = (project / "a" / "lintscale.toml").read_text(encoding="utf-8")
    assert '# staging = ["staging/**"]' in text
    assert "Found: 1 file, 1 workload: kubernetes 1." in text
    assert "till" not in text


def test_what_a_check_will_say_is_told(lintscale: Lintscale, project: Path) -> None:
    assert "lintscale check reports 1 error." in lintscale("init").out
    (project / "render.yaml").unlink()
    assert "Nothing was found that Render" in lintscale("init", "--force").out


def test_a_configuration_in_pyproject_stays_the_only_one(
    lintscale: Lintscale, project: Path
) -> None:
    (project / "pyproject.toml").write_text("[tool.lintscale]\n", encoding="utf-8")
    done = lintscale("init")
    assert done.code == 2
    assert "pyproject.toml already has a table [tool.lintscale]" in done.err
    assert lintscale("init", "--force").code == 0


def test_hostile_names_end_no_comment_and_no_text(lintscale: Lintscale, project: Path) -> None:
    name = 'x\\"]\\nignore = [\\"all\\"]\\n'
    (project / "render.yaml").write_text(
        f'services:\n  - {{type: web, name: "{name}", runtime: node, envVars: '
        f"[{{key: DATABASE_URL, sync: false}}]}}\n",
        encoding="utf-8",
    )
    assert lintscale("init").code == 0
    text = (project / "lintscale.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    load_settings(project)


def test_files_that_are_there_stay(lintscale: Lintscale, project: Path) -> None:
    (project / "lintscale.toml").write_text('profile = "aggressive"\n', encoding="utf-8")
    done = lintscale("init")
    assert done.code == 2
    assert "--force" in done.err
    assert "aggressive" in (project / "lintscale.toml").read_text(encoding="utf-8")
    (project / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    done = lintscale("init", "--force", "--pre-commit", "--workflow")
    assert done.code == 0
    assert "already exists; add this to it" in done.out
    assert (project / ".pre-commit-config.yaml").read_text(encoding="utf-8") == "repos: []\n"
    workflow = project / ".github" / "workflows" / "lintscale.yml"
    assert YAML(typ="safe").load(workflow)["jobs"]


def test_on_standard_output(lintscale: Lintscale, project: Path) -> None:
    done = lintscale("init", "--stdout")
    assert tomllib.loads(done.out) == {}
    assert not (project / "lintscale.toml").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(lintscale: Lintscale, shell: str) -> None:
    done = lintscale("completion", shell)
    assert done.code == 0
    assert f"_LINTSCALE_COMPLETE={shell}_complete" in done.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=done.out, text=True, check=True)


@pytest.mark.parametrize(
    ("words", "index", "wanted"),
    [
        ("lintscale ex", 1, "plain,explain"),
        ("lintscale explain min-ins", 2, "plain,min-instances"),
        ("lintscale check --select min-ins", 3, "plain,min-instances"),
        ("lintscale check --select stability,min-ins", 3, "plain,stability,min-instances"),
        ("lintscale check --ignore stabil", 3, "plain,stability"),
        ("lintscale check --output-format sar", 3, "plain,sarif"),
        ("lintscale check --profile cons", 3, "plain,conservative"),
        ("lintscale rules --output-format mark", 3, "plain,markdown"),
    ],
)
def test_bash_completes_commands_and_rules(words: str, index: int, wanted: str) -> None:
    asked = {"_LINTSCALE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(index)}
    done = subprocess.run(
        [sys.executable, "-c", "from lintscale.cli import main; main()"],
        env={**os.environ, **asked, "PYTHONPATH": str(FIXTURES.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert wanted in done.stdout.splitlines()


def test_own_policies_and_profiles_are_completed(
    lintscale: Lintscale, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lintscale("policy", "new", "till-quota").code == 0
    (project / "lintscale.toml").write_text(
        'policies = ["policies"]\n[profiles.tight]\nextends = "balanced"\n', encoding="utf-8"
    )
    context = click.Context(commands)
    parameter = click.Option(["--select"])
    assert complete_rules(context, parameter, "till") == ["till-quota"]
    assert complete_rules(context, parameter, "till-quota,till") == []
    assert complete_profiles(context, parameter, "ti") == ["tight"]
    (project / "lintscale.toml").write_text("profile = 3\n", encoding="utf-8")
    assert complete_rules(context, parameter, "min-ins") == ["min-instances"]
    assert complete_profiles(context, parameter, "cons") == ["conservative"]


@pytest.mark.skipif(os.name == "nt", reason="shells of Unix")
@pytest.mark.parametrize(
    ("shell", "script"),
    [
        (
            "bash",
            'eval "$(lintscale completion bash)"; COMP_WORDS=({words}); '
            "COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _lintscale_completion lintscale; "
            'echo "${{COMPREPLY[@]}}"',
        ),
        ("fish", "lintscale completion fish | source; complete -C '{words}'"),
    ],
)
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("lintscale check --sel", "--select"),
        ("lintscale explain unpinned", "unpinned-image"),
        ("lintscale check --output-format sar", "sarif"),
    ],
)
def test_real_shells_complete(
    tmp_path: Path, shell: str, script: str, words: str, wanted: str
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    command = tmp_path / "lintscale"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={FIXTURES.parent} exec {sys.executable} -m lintscale "$@"\n',
        encoding="utf-8",
    )
    command.chmod(0o755)
    done = subprocess.run(
        [shell, "-c", script.format(words=words)],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert wanted in done.stdout.split()
