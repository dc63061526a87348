"""The compiled rules, kept so that start-up pays neither for YAML nor for CEL's compiler.

What is kept is JSON: texts and serialised expressions, no examples. It is keyed by the rule
files' names, sizes and times and by the versions of lintscale and CEL, and made again whenever
one of them changes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lintscale import __version__
from lintscale.engine.expressions import Expression, Template
from lintscale.engine.finding import Severity
from lintscale.engine.rule_errors import Mistake, RuleError
from lintscale.engine.rules import (
    Case,
    FixSpec,
    RelatedSpec,
    RewriteSpec,
    Rule,
    read_rule_file,
    read_rules,
    rule_files,
)
from lintscale.project.config.known import EVERYTHING
from lintscale.validation import shipped as resources

_KEPT_SECONDS = 30 * 24 * 3600
"""Other versions and environments on this machine have files of their own beside this one."""

FORMAT = 7
"""Raised whenever the layout of what is kept changes."""


@cache
def built_in_rules(*, use_cache: bool = True) -> tuple[Rule, ...]:
    """The rules that ship with lintscale, without their examples. Raises RuleError."""
    directory = resources.folder("rules")
    if not use_cache:
        return tuple(read_rules(directory))
    place = resources.cache_folder() / f"rules-{_key(directory)}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return tuple(_rule(plain) for plain in json.loads(place.read_text(encoding="utf-8")))
    # What ships has passed the suite; checking it against the schema again would double the time.
    rules = read_rules(directory, validate=False)
    _keep(place, json.dumps([_plain(rule) for rule in rules]))
    return tuple(rules)


def with_policies(rules: Sequence[Rule], folders: Sequence[Path]) -> Sequence[Rule]:
    """The rules together with those in ``folders``, sorted by id. Raises RuleError that lists
    every mistake in every policy."""
    usable, mistakes = usable_with_policies(rules, folders)
    if mistakes:
        raise RuleError(*mistakes)
    return usable


def usable_with_policies(
    rules: Sequence[Rule], folders: Sequence[Path]
) -> tuple[Sequence[Rule], list[Mistake]]:
    """The rules together with those in ``folders`` that can be used, sorted by id, and what is
    wrong with the others."""
    if not folders:
        return rules, []
    known = {rule.id: rule for rule in rules}
    mistakes: list[Mistake] = []
    for folder in folders:
        files = rule_files(folder)
        if not files:
            told = "no policy (*.yaml) stands directly in this folder"
            mistakes.append(Mistake(str(folder), 1, 1, told))
        for file in files:
            try:
                own = read_rule_file(file)
            except RuleError as error:
                mistakes += error.mistakes
                continue
            if own.category in {EVERYTHING, *known}:
                taken = "all rules" if own.category == EVERYTHING else "a rule"
                told = f"“{own.category}” is what {taken} is called by; take another category"
                mistakes.append(Mistake(own.file, 1, 1, told))
            elif own.id in {EVERYTHING, *(rule.category for rule in (*known.values(), own))}:
                told = f"“{own.id}” is what several rules are called by; take another id"
                mistakes.append(Mistake(own.file, 1, 1, told))
            elif own.id in known:
                there = known[own.id].file
                where = "" if Path(there).parent == resources.folder("rules") else f" in {there}"
                told = f"there is a rule {own.id} already{where}; take another id"
                mistakes.append(Mistake(own.file, 1, 1, told))
            else:
                known[own.id] = own
    return [known[key] for key in sorted(known)], mistakes


def _key(directory: Path) -> str:
    import cel_expr_python

    # The time of CEL's folder stands for its version: importlib.metadata would take longer to
    # import than all rules take to load.
    cel = Path(next(iter(cel_expr_python.__path__))).stat()
    stamp = [str(FORMAT), __version__, sys.version, str(directory), str(cel.st_mtime_ns)]
    with os.scandir(directory) as scan:
        for entry in sorted(scan, key=lambda entry: entry.name):
            info = entry.stat()
            stamp.append(f"{entry.name} {info.st_size} {info.st_mtime_ns}")
    return hashlib.sha256("\n".join(stamp).encode()).hexdigest()[:24]


def _keep(place: Path, text: str) -> None:
    """Write in one step; a cache that cannot be written is no error."""
    temporary = place.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        for old in place.parent.glob("rules-*.json"):
            if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
                old.unlink(missing_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(place)


def _plain(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "category": rule.category,
        "severity": rule.severity.value,
        "summary": rule.summary,
        "platforms": rule.platforms,
        "scope": rule.scope,
        "why": rule.why,
        "how_to_fix": rule.how_to_fix,
        "file": rule.file,
        "reported_by": rule.reported_by,
        "params": rule.params,
        "param_descriptions": rule.param_descriptions,
        "references": rule.references,
        "fix": _plain_fix(rule.fix),
        "cases": [
            {
                "platforms": case.platforms,
                "severity": case.severity.value,
                "scope": case.scope,
                "violated": _plain_expression(case.violated),
                "at": case.at,
                "message": _plain_template(case.message),
                "help": _plain_template(case.help),
                "related": [(spec.at, _plain_template(spec.message)) for spec in case.related],
                "fix": _plain_fix(case.fix),
                "line": case.line,
                "conditions": case.conditions,
            }
            for case in rule.cases
        ],
    }


def _rule(plain: dict[str, Any]) -> Rule:
    cases = [
        Case(
            platforms=tuple(case["platforms"]),
            severity=Severity(case["severity"]),
            scope=case["scope"],
            violated=_expression(case["violated"]),
            at=tuple(case["at"]),
            message=_template(case["message"]),
            help=_template(case["help"]),
            related=tuple(RelatedSpec(at, _template(text)) for at, text in case["related"]),
            fix=_fix(case["fix"]),
            line=case["line"],
            conditions=tuple((line, text) for line, text in case["conditions"]),
        )
        for case in plain["cases"]
    ]
    return Rule(
        id=plain["id"],
        category=plain["category"],
        severity=Severity(plain["severity"]),
        summary=plain["summary"],
        platforms=tuple(plain["platforms"]),
        scope=plain["scope"],
        why=plain["why"],
        how_to_fix=plain["how_to_fix"],
        cases=tuple(cases),
        file=plain["file"],
        reported_by=plain["reported_by"],
        fix=_fix(plain["fix"]),
        params=plain["params"],
        param_descriptions=plain["param_descriptions"],
        references=tuple(plain["references"]),
    )


def _plain_fix(fix: FixSpec | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {
        "safety": fix.safety,
        "remove": fix.remove,
        "set_path": fix.set_path,
        "set_value": _plain_optional(fix.set_value),
        "rewrites": [
            [each.at, *map(_plain_optional, (each.key, each.value, each.into))]
            for each in fix.rewrites
        ],
        "unsafe_when": _plain_optional(fix.unsafe_when),
        "platforms": fix.platforms,
        "note": fix.note,
    }


def _fix(plain: dict[str, Any] | None) -> FixSpec | None:
    if plain is None:
        return None
    return FixSpec(
        safety=plain["safety"],
        remove=plain["remove"],
        set_path=plain["set_path"],
        set_value=_optional(plain["set_value"]),
        rewrites=tuple(
            RewriteSpec(at, *map(_optional, expressions)) for at, *expressions in plain["rewrites"]
        ),
        unsafe_when=_optional(plain["unsafe_when"]),
        platforms=tuple(plain["platforms"]),
        note=plain["note"],
    )


def _plain_optional(expression: Expression | None) -> list[str] | None:
    return None if expression is None else _plain_expression(expression)


def _optional(plain: list[str] | None) -> Expression | None:
    return None if plain is None else _expression(plain)


def _plain_expression(expression: Expression) -> list[str]:
    if expression.serialised is None:
        expression.compile()
    return [expression.text, expression.serialised or ""]


def _expression(plain: list[str]) -> Expression:
    return Expression(plain[0], plain[1])


def _plain_template(template: Template) -> list[Any]:
    return [part if isinstance(part, str) else _plain_expression(part) for part in template.parts]


def _template(plain: list[Any]) -> Template:
    return Template(tuple(part if isinstance(part, str) else _expression(part) for part in plain))
