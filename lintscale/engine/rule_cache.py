"""The rules that ship, compiled and cached, so that a start pays neither for YAML nor for CEL's
compiler.

The cache is JSON without the examples. Its key are the rule files' names, sizes and times and the
versions of lintscale and CEL.
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
from lintscale._record import fields, is_record, replace
from lintscale.engine.expressions import Expression, Template, evaluator_version
from lintscale.engine.finding import Severity
from lintscale.engine.rules import Case, FixSpec, RelatedSpec, RewriteSpec, Rule, RuleProblem
from lintscale.project.cache import cache_folder
from lintscale.validation.schemas import shipped_folder

_MAX_AGE_SECONDS = 30 * 24 * 3600
"""Files of other versions and environments on this machine stay for so long."""

FORMAT = 8
"""To be raised with every change of the layout."""

_RECORDS: dict[str, Any] = {
    each.__name__: each for each in (Rule, Case, FixSpec, RelatedSpec, RewriteSpec, Template)
}


def load_rules(
    policies: Sequence[Path] = (), *, use_cache: bool = True
) -> tuple[Sequence[Rule], Sequence[RuleProblem]]:
    """The rules that ship and the usable policies of these folders, sorted by id, and the problems
    of the other policies. Raises RuleError when a rule that ships is broken."""
    rules = built_in_rules(use_cache=use_cache)
    if not policies:
        return rules, ()
    from lintscale.engine.rule_files import add_policies

    return add_policies(rules, policies)


@cache
def built_in_rules(*, use_cache: bool = True) -> tuple[Rule, ...]:
    """The rules that ship, sorted by id; from the cache they have no examples. Raises
    RuleError."""
    directory = shipped_folder("rules")
    path = cache_folder() / f"rules-{_key(directory)}.json" if use_cache else None
    if path is not None:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            cached = _decoded(json.loads(path.read_text(encoding="utf-8")))
            if isinstance(cached, tuple) and all(isinstance(rule, Rule) for rule in cached):
                return cached
    from lintscale.engine.rule_files import read_rules

    # The suite checks them against the schema; here that would double the time.
    rules = tuple(read_rules(directory, validate=path is None))
    if path is not None:
        _write(path, json.dumps(_encoded(tuple(replace(rule, examples=()) for rule in rules))))
    return rules


def _key(directory: Path) -> str:
    stamp = [str(FORMAT), __version__, sys.version, str(directory), evaluator_version()]
    with os.scandir(directory) as scan:
        for entry in sorted(scan, key=lambda entry: entry.name):
            info = entry.stat()
            stamp.append(f"{entry.name} {info.st_size} {info.st_mtime_ns}")
    return hashlib.sha256("\n".join(stamp).encode()).hexdigest()[:24]


def _write(path: Path, text: str) -> None:
    """Replace the file in one step. Failing to write a cache is no error."""
    temporary = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("rules-*.json"):
            if time.time() - old.stat().st_mtime > _MAX_AGE_SECONDS:
                old.unlink(missing_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)


def _encoded(value: Any) -> Any:
    """As JSON: a tuple as an array, anything else that JSON lacks as an object with its type."""
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, Expression):
        return {"Expression": [value.text, value.serialized]}
    if isinstance(value, Severity):
        return {"Severity": value.value}
    if isinstance(value, (list, dict)):
        return {"data": value}
    if is_record(value):
        return {type(value).__name__: [_encoded(getattr(value, name)) for name in fields(value)]}
    return value


def _decoded(value: Any) -> Any:
    kind = value.__class__
    if kind is list:
        return tuple([_decoded(item) if item.__class__ in _NESTED else item for item in value])
    if kind is not dict:
        return value
    ((kind, content),) = value.items()
    if kind == "Expression":
        return Expression(*content)
    if kind == "data":
        return content
    if kind == "Severity":
        return Severity(content)
    return _RECORDS[kind](*_decoded(content))


_NESTED = (list, dict)
