"""The files of a project that a command runs: scripts, and what starts further programs."""

from __future__ import annotations

from lintscale.code.project_files import ProjectFiles
from lintscale.code.shell_state import Part
from lintscale.code.starters import starter
from lintscale.model.invocations import Invocation


class StartedFiles(ProjectFiles):
    def started(self, run: Invocation, folder: str) -> list[Part] | None:
        """What else a program starts; None where it is not known to start anything."""
        follow = starter(run.program)
        return follow(self, run, folder) if follow is not None else None
