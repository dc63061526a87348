"""Programs that start what a file of the project says."""

from __future__ import annotations

from collections.abc import Callable

from lintscale.code.project_files import ProjectFiles
from lintscale.code.shell_state import Part
from lintscale.model.invocations import Invocation

Starter = Callable[[ProjectFiles, Invocation, str], list[Part] | None]

STARTERS: dict[str, Starter] = {}
"""By the name of the program."""
