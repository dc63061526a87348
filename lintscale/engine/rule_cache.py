"""The rules that ship, compiled and cached, so that a start pays neither for YAML nor for CEL's
compiler.

The cache holds the rules without their examples, as ``marshal`` writes Python's own compiled files.
Its key are the rule files' names, sizes and times and the versions of lintscale, Python and CEL.
What only a finding needs of a rule or a case stays packed until one of its fields is asked for.
"""

from __future__ import annotations

import contextlib
import marshal
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
from lintscale.engine.identity import digest
from lintscale.engine.rules import Case, FixSpec, RelatedSpec, RewriteSpec, Rule, RuleProblem
from lintscale.project.cache import cache_folder
from lintscale.validation.schemas import shipped_folder

_MAX_AGE_SECONDS = 30 * 24 * 3600
"""Files of other versions and environments on this machine stay for so long."""

FORMAT = 9
"""To be raised with every change of the layout."""

_SUFFIX = ".marshal"

_RECORDS: dict[str, Any] = {
    each.__name__: each for each in (FixSpec, RelatedSpec, RewriteSpec, Template)
}


class _Unpacked:
    """A record from the cache with some of its fields; the others are read from ``_packed`` at the
    first use of one."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name not in type(self).__setters__:  # type: ignore[attr-defined]
            raise AttributeError(name)
        _fill(self, _LATER[type(self)], _decoded(_loaded(self._packed)))
        return getattr(self, name)


class _CachedRule(_Unpacked, Rule):
    __slots__ = ("_packed",)


class _CachedCase(_Unpacked, Case):
    __slots__ = ("_packed",)


_AT_ONCE: dict[type, tuple[str, ...]] = {
    _CachedRule: ("id", "category", "platforms", "cases", "reported_by", "params"),
    _CachedCase: ("platforms", "scope", "violated"),
}
"""The fields that every run reads, of rules whose condition is false too."""

_CACHED: dict[str, Any] = {"Rule": _CachedRule, "Case": _CachedCase}


_LATER: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in fields(kind) if name not in names)
    for kind, names in _AT_ONCE.items()
}


def _fill(thing: Any, names: Sequence[str], values: Sequence[Any]) -> None:
    setters = type(thing).__setters__
    for name, value in zip(names, values, strict=True):
        setters[name](thing, value)


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
    path = cache_folder() / f"rules-{_key(directory)}{_SUFFIX}" if use_cache else None
    if path is not None:
        # Damaged files raise any of these.
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, EOFError):
            cached = _decoded(_loaded(path.read_bytes()))
            if isinstance(cached, tuple) and all(isinstance(rule, Rule) for rule in cached):
                return cached
    from lintscale.engine.rule_files import read_rules

    # The suite checks them against the schema; here that would double the time.
    rules = tuple(read_rules(directory, validate=path is None))
    if path is not None:
        stored = tuple(replace(rule, examples=()) for rule in rules)
        _write(path, marshal.dumps(_encoded(stored)))
    return rules


def _key(directory: Path) -> str:
    stamp = [str(FORMAT), __version__, sys.version, str(directory), evaluator_version()]
    with os.scandir(directory) as scan:
        for entry in sorted(scan, key=lambda entry: entry.name):
            info = entry.stat()
            stamp.append(f"{entry.name} {info.st_size} {info.st_mtime_ns}")
    return digest("\n".join(stamp))[:24]


def _write(path: Path, data: bytes) -> None:
    """Replace the file in one step. Failing to write a cache is no error."""
    temporary = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("rules-*"):
            if time.time() - old.stat().st_mtime > _MAX_AGE_SECONDS:
                old.unlink(missing_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)


def _loaded(data: bytes) -> Any:
    """Plain data only, from the user's own folder. Raises ValueError, TypeError or EOFError for
    anything else."""
    return marshal.loads(data)  # noqa: S302 - neither code nor classes are made of it


def _encoded(value: Any) -> Any:
    """As plain data: a list as it is, anything but a scalar as a tuple that begins with its
    type."""
    if isinstance(value, tuple):
        return ("", *map(_encoded, value))
    if isinstance(value, Expression):
        return ("Expression", value.text, value.serialized, value.fields)
    if isinstance(value, Severity):
        return ("Severity", value.value)
    if not is_record(value):
        return value
    name = type(value).__name__
    if name not in _CACHED:
        return (name, *(_encoded(getattr(value, each)) for each in fields(value)))
    kind = _CACHED[name]
    packed = _encoded(tuple(getattr(value, each) for each in _LATER[kind]))
    now = (_encoded(getattr(value, each)) for each in _AT_ONCE[kind])
    return (name, marshal.dumps(packed), *now)


def _decoded(value: Any) -> Any:
    if value.__class__ is not tuple:
        return value
    name = value[0]
    if name == "Expression":
        return Expression(*value[1:])
    if name == "Severity":
        return Severity(value[1])
    parts = tuple([_decoded(each) if each.__class__ is tuple else each for each in value[1:]])
    if not name:
        return parts
    if name not in _CACHED:
        return _RECORDS[name](*parts)
    kind = _CACHED[name]
    made = object.__new__(kind)
    _fill(made, _AT_ONCE[kind], parts[1:])
    kind._packed.__set__(made, parts[0])  # noqa: SLF001 - its own
    return made
