"""Programs that stand in for kustomize, kubectl and Helm: they say what they are told to say."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

SAYS = """\
import json, os, sys
here = {here!r}
answers = json.load(open(os.path.join(here, {name!r} + ".json")))
with open(os.path.join(here, {name!r} + ".runs"), "a") as runs:
    runs.write(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]) + "\\n")
asked = " ".join(sys.argv[1:])
said = next((answers[key] for key in sorted(answers, key=len, reverse=True) if key in asked), None)
if said is None:
    sys.exit("Error: nothing to say about " + asked)
sys.stdout.write(said)
"""


class Tools:
    """A folder of programs, which is all that PATH leads to besides the system's own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        folder.mkdir()
        system = [path for path in ("/usr/bin", "/bin") if not _has_tools(path)]
        monkeypatch.setenv("PATH", os.pathsep.join([str(folder), *system]))

    def script(self, name: str, body: str) -> None:
        """A program in Python."""
        path = self.folder / name
        path.write_text(f"#!{sys.executable} -SE\n{body}", encoding="utf-8")
        path.chmod(0o755)

    def says(self, name: str, answers: Mapping[str, str]) -> None:
        """A program that prints what belongs to the longest key in its arguments, and fails when
        none is in them."""
        (self.folder / f"{name}.json").write_text(json.dumps(dict(answers)), encoding="utf-8")
        self.script(name, SAYS.format(here=str(self.folder), name=name))

    def runs(self, name: str) -> list[tuple[list[str], str, dict[str, str]]]:
        """Arguments, working folder and environment of each run so far."""
        path = self.folder / f"{name}.runs"
        if not path.exists():
            return []
        return [tuple(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _has_tools(path: str) -> bool:
    return any((Path(path) / name).exists() for name in ("kustomize", "kubectl", "helm"))
