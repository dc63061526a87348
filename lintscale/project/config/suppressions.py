"""The keys ``ignore`` and ``[strict]`` of the config."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from lintscale.project.config.settings import EVERYTHING, PYPROJECT, KnownRule, SuppressionSettings
from lintscale.syntax import Field, tables
from lintscale.syntax.tables import Mistakes

Located = Sequence[tuple[str, Field]]
"""Texts with their locations."""

_KEYS = ("rule", "rules", "path", "workload", "reason", "expires")


def split_entries(value: Field, mistakes: Mistakes) -> tuple[list[tuple[str, Field]], list[Field]]:
    """The texts and the tables in ``ignore``, which may hold both."""
    if value.is_mapping:
        brackets = (
            "[[tool.lintscale.ignore]]" if mistakes.file.endswith(PYPROJECT) else "[[ignore]]"
        )
        mistakes.add(value, f"“ignore” is a list: write its tables as {brackets}, in two brackets")
        return [], []
    if not value.is_sequence:
        return list(tables.located_texts(value, mistakes)), []
    texts, found = [], []
    for item in value.items():
        if item.is_mapping:
            found.append(item)
        elif text := tables.text(item, mistakes):
            texts.append((text, item))
    return texts, found


def suppression(
    table: Field,
    names: Callable[[Field], Located],
    paths: Callable[[Field], tuple[str, ...]],
    workloads: Callable[[Field], tuple[str, ...]],
    mistakes: Mistakes,
) -> SuppressionSettings | None:
    """A table of ``ignore``; None where it names no rule. ``names``, ``paths`` and ``workloads``
    read the values of their keys."""
    found = dict(tables.known_entries(table, _KEYS, mistakes))
    if "rule" in found and "rules" in found:
        mistakes.add(found["rules"], "“rule” and “rules” are the same; keep one of them")
    key = found.get("rule") or found.get("rules")
    if key is None:
        mistakes.add(table, '“rule” is missing; say what to ignore, as in rule = "min-instances"')
        return None
    rules = names(key)
    result = SuppressionSettings(
        rules=tuple(rule for rule, _ in rules),
        paths=paths(found["path"]) if "path" in found else (),
        workloads=workloads(found["workload"]) if "workload" in found else (),
        reason=tables.text(found["reason"], mistakes) if "reason" in found else "",
        expires=tables.date(found["expires"], mistakes) if "expires" in found else "",
        span=key.location.span,
        rule_spans=tuple(where.location.span for _, where in rules),
    )
    if EVERYTHING in result.rules and not {"path", "workload"} & found.keys():
        mistakes.add(key, f"“{EVERYTHING}” everywhere leaves nothing; add a “path” or a “workload”")
    return result


def check_strict(
    strict: Iterable[str],
    ignored: Located,
    known: Mapping[str, KnownRule] | None,
    mistakes: Mistakes,
) -> None:
    """Reports rules that are strict and ignored in the same file."""
    strict_ids = _ids(strict, known)
    for name, where in ignored:
        both = sorted(strict_ids & _ids([name], known))
        if both:
            text = f"{both[0]} is strict in this file ([strict] rules), which “{name}” would undo"
            mistakes.add(where, f"{text}; keep one of them")


def _ids(names: Iterable[str], known: Mapping[str, KnownRule] | None) -> set[str]:
    """The ids of the rules that names of rules and categories refer to."""
    wanted = set(names)
    if known is None:
        return wanted
    return {
        rule
        for rule, spec in known.items()
        if EVERYTHING in wanted or rule in wanted or spec.category in wanted
    }
