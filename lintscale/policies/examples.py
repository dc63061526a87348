"""What lintscale says of the examples in rule files.

An example is written out into a folder and checked like any project, so that what tests,
``explain`` and the rules' pages show is what a user would see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lintscale import api
from lintscale import fixes as fixing
from lintscale._record import record, replace
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.engine.rules import Example, Rule
from lintscale.project.config import Settings, load_settings
from lintscale.project.config.loader import FILE_NAME

DAY = "2026-09-21"
"""The day on which examples are judged: what they show must not change with the calendar."""

FOLDER = "shop"
"""Platforms whose files do not name the service call it after this folder, which must say nothing
about an environment."""


def judged(
    files: Mapping[str, str], config: str = "", *, policies: Sequence[Path] = ()
) -> CheckResult:
    """What a check of ``files`` (texts by their paths) comes to, with ``config`` as the
    lintscale.toml beside them, and with the rules in the folders ``policies``."""
    with _project(files, config, policies) as settings:
        return api.check([str(settings.root)], settings=settings, today=DAY)


def fixed(
    rule: Rule, files: Mapping[str, str], config: str = "", *, policies: Sequence[Path] = ()
) -> dict[str, str]:
    """Those of ``files`` that the rule's fixes change, the unsafe ones too, as they leave them."""
    with _project(files, config, policies) as written:
        settings = replace(written, fixable=(rule.id,), unfixable=())
        result = api.check([str(settings.root)], settings=settings, today=DAY)
        outcome = fixing.fix(result, unsafe=True)
    return {each.name: each.after.decode() for each in outcome.changed}


@contextmanager
def _project(files: Mapping[str, str], config: str, policies: Sequence[Path]) -> Iterator[Settings]:
    # Resolved, because the root of a project is: on macOS temporary folders are behind a link.
    with TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve() / FOLDER
        for name, text in {**files, **({FILE_NAME: config} if config else {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        settings = load_settings(folder) if config else Settings(root=folder)
        if policies:
            settings = replace(settings, policies=(*settings.policies, *policies))
        yield settings


@record
class Shown:
    """An example; where it fails, also what a check of it comes to, and those of its findings that
    are the rule's."""

    example: Example
    result: CheckResult | None = None
    findings: tuple[Finding, ...] = ()


def shown(
    rule: Rule, examples: Iterable[Example], *, policies: Sequence[Path] = ()
) -> tuple[Shown, ...]:
    """Examples of ``rule``; the failing ones are checked for that, with the rules in the folders
    ``policies``."""
    return tuple(_shown(rule, example, policies) for example in examples)


def _shown(rule: Rule, example: Example, policies: Sequence[Path]) -> Shown:
    if example.kind != "fails":
        return Shown(example)
    result = judged(example.files, example.config, policies=policies)
    mine = tuple(finding for finding in result.findings if finding.rule == rule.id)
    return Shown(example, result, mine)


def first_of_each(rule: Rule) -> list[Example]:
    """For each platform, in the rule's order, the first example that fails and the first that
    passes."""
    first: dict[tuple[str, str], Example] = {}
    for example in rule.examples:
        if example.kind in ("fails", "passes"):
            first.setdefault((example.platform, example.kind), example)
    order = [(platform, kind) for platform in rule.platforms for kind in ("fails", "passes")]
    return [first[key] for key in order if key in first]
