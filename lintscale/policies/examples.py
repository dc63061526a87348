"""The examples in rule files, checked.

An example is written to a folder and checked like any project, so that tests, ``explain`` and the
rules' pages show what a user would see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lintscale import api
from lintscale._record import record, replace
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.engine.rules import Example, Rule
from lintscale.project.config import FILE_NAME, Settings, load_settings

DAY = "2026-09-21"
"""The date of checks of examples, whose results must not change with the calendar."""

FOLDER = "shop"
"""The name of the service where its files do not name it; suggests no environment."""


def check_files(
    files: Mapping[str, str], config: str = "", *, policies: Sequence[Path] = ()
) -> CheckResult:
    """The result for ``files`` (texts by their paths) with the lintscale.toml ``config`` and the
    policies of these folders."""
    with _project(files, config, policies) as settings:
        return api.check([str(settings.root)], settings=settings, today=DAY)


def fix_files(
    rule: Rule, files: Mapping[str, str], config: str = "", *, policies: Sequence[Path] = ()
) -> dict[str, str]:
    """The files that the rule's fixes, safe and unsafe, change: their new texts."""
    with _project(files, config, policies) as written:
        settings = replace(written, fixable=(rule.id,), unfixable=())
        result = api.check([str(settings.root)], settings=settings, today=DAY)
        outcome = api.fix(result, unsafe=True)
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
class CheckedExample:
    """An example; one that fails with the result of a check and the findings of its rule."""

    example: Example
    result: CheckResult | None = None
    findings: tuple[Finding, ...] = ()


def check_examples(
    rule: Rule, examples: Iterable[Example], *, policies: Sequence[Path] = ()
) -> tuple[CheckedExample, ...]:
    """Examples of ``rule``, the failing ones checked, with the policies of these folders."""
    return tuple(_checked(rule, example, policies) for example in examples)


def _checked(rule: Rule, example: Example, policies: Sequence[Path]) -> CheckedExample:
    if example.kind != "fails":
        return CheckedExample(example)
    result = check_files(example.files, example.config, policies=policies)
    findings = tuple(finding for finding in result.findings if finding.rule == rule.id)
    return CheckedExample(example, result, findings)


def first_examples(rule: Rule) -> list[Example]:
    """The first failing and the first passing example of each platform."""
    first: dict[tuple[str, str], Example] = {}
    for example in rule.examples:
        if example.kind in ("fails", "passes"):
            first.setdefault((example.platform, example.kind), example)
    order = [(platform, kind) for platform in rule.platforms for kind in ("fails", "passes")]
    return [first[key] for key in order if key in first]
