"""A stranger's first minutes: the README's commands in a fresh copy with a new environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


def commands() -> list[str]:
    """The shell commands of the README's first two code blocks of kind ``sh``."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)][:2]


def test_the_readme_has_its_two_commands() -> None:
    run_it, test_it = commands()
    assert "lintscale check" in run_it
    assert "pytest" in test_it
    assert test_it.endswith("/bin/python -m pytest -n auto")
    assert "/bin/python -m pytest -n auto\n" in (REPOSITORY / ".ci" / "run").read_text("utf-8")


@pytest.mark.slow
def test_the_readmes_first_command_works_from_nothing(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=REPOSITORY,
        text=True,
        capture_output=True,
        check=True,
    ).stdout
    clone = tmp_path / "lintscale"
    for name in listed.splitlines():
        source = REPOSITORY / name
        if source.is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, clone / name)
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    # The README says python3; here that has to be the version under test.
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    base = getattr(sys, "_base_executable", None) or sys.executable
    (bin_folder / "python3").symlink_to(base)
    env |= {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "LINTSCALE_CACHE_DIR": str(tmp_path / "cache"),
        "NO_COLOR": "1",
    }
    env.pop("GITHUB_ACTIONS", None)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands()[0]],
        cwd=clone,
        env=env,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for rule in ("min-instances", "pool-exceeds-limit", "ignored-scaling"):
        assert rule in done.stdout

    # The wheel carries the rules, schemas and the page's style: nothing is taken from the checkout.
    shutil.rmtree(clone / "rules")
    shutil.rmtree(clone / "schemas")
    shutil.rmtree(clone / "lintscale")
    again = subprocess.run(
        [".venv/bin/lintscale", "check", "fixtures/everything", "--no-cache"],
        cwd=clone,
        env=env,
        text=True,
        capture_output=True,
        check=False,
    )
    assert again.returncode == 1, again.stdout + again.stderr
    assert "min-instances" in again.stdout
    page = subprocess.run(
        [".venv/bin/lintscale", "check", "fixtures/everything", "--output-format", "html"],
        cwd=clone,
        env=env,
        text=True,
        capture_output=True,
        check=False,
    )
    assert page.stdout.endswith("</html>\n"), page.stderr
