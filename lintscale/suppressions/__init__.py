"""Suppressions: findings that people exclude from the report, where, why and until when.

``syntax`` parses their text, ``reading`` finds them in files and in the config, ``judge`` applies
them to findings, ``audit`` reports what is wrong with them, ``editing`` adds and removes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lintscale.engine.check_run import CheckRun
    from lintscale.engine.finding import Finding
    from lintscale.suppressions.judge import Outcome


def apply(findings: Sequence[Finding], run: CheckRun) -> Outcome | None:
    """The findings after suppressions; None without any suppression, as in most projects, which
    then load nothing for it."""
    in_files = any("lintscale" in source.text for source in run.files.values())
    if not (in_files or run.settings.suppressions or run.project.suppressions):
        return None
    from lintscale.suppressions.judge import judge

    return judge(findings, run)
