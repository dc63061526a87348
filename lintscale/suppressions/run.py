"""What a run has to do with suppressions, before the engine judges them: whether there are any,
what is known of the project, and the config file as one that reports may quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING

from lintscale.project.discovery import STDIN, relative_name
from lintscale.syntax import SourceFile

if TYPE_CHECKING:
    from lintscale.engine.finding import Finding
    from lintscale.engine.rules import Rule
    from lintscale.model.resolved import Project
    from lintscale.project.config import Settings
    from lintscale.project.reading import FileReading
    from lintscale.suppressions.judge import Outcome

_WORD = "lintscale"
"""No suppression in a file is without it."""


def judge(
    findings: Sequence[Finding],
    *,
    paths: Sequence[str],
    settings: Settings,
    readings: Sequence[FileReading],
    unrendered: AbstractSet[str],
    unusable: bool,
    project: Project,
    files: Mapping[str, SourceFile],
    rules: Sequence[Rule],
    chosen: Sequence[Rule],
    today: str,
) -> Outcome | None:
    """What suppressions make of the findings; None where there is no suppression, as in most
    projects, which pay nothing for it. ``rules`` are all, ``chosen`` those that judged;
    ``unusable``: some policy cannot be used."""
    written = any(_WORD in source.text for source in files.values())
    if not (written or settings.suppressions or project.suppressions):
        return None
    from lintscale.suppressions.judge import judge as judged
    from lintscale.suppressions.usage import Run

    run = Run(
        settings=settings,
        rules=rules,
        chosen=chosen,
        project=project,
        files=files,
        platforms={reading.name: reading.platform for reading in readings},
        reported={reading.name for reading in readings if reading.reported},
        everything_reported=all(reading.reported for reading in readings),
        config=config_name(settings),
        complete=reads_everything(paths, settings),
        unrendered=unrendered,
        unusable=unusable,
        today=today,
    )
    return judged(findings, run)


def reads_everything(paths: Sequence[str], settings: Settings) -> bool:
    """Whether the whole project was read, as far as anybody knows."""
    if STDIN in paths:
        return False
    return settings.whole_project or settings.root in [Path(path).absolute() for path in paths]


def config_name(settings: Settings) -> str:
    """How reports call the config file; "" without one."""
    file = settings.config_file
    return relative_name(file.absolute(), settings.root.absolute()) if file is not None else ""


def config_source(settings: Settings) -> SourceFile | None:
    """The config file, for reports to quote."""
    file = settings.config_file
    if file is None:
        return None
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    return SourceFile(config_name(settings), text, "toml")
