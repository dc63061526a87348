"""What a rule's file says, in the words and figures of its page, on a terminal and in Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lintscale._record import record
from lintscale.engine.check_run import SYNTAX_ERROR
from lintscale.engine.expressions import Bindings, Expression, ExpressionError, Template, show
from lintscale.engine.expressions.data import as_data
from lintscale.engine.finding import Severity
from lintscale.engine.rules import FixSpec, Rule
from lintscale.project.config import Profile

PLATFORMS = {
    "render": "Render",
    "railway": "Railway",
    "ecs": "ECS",
    "kubernetes": "Kubernetes",
}

KINDS = {"fails": "Reported", "passes": "Not reported", "near-miss": "Near miss"}

_FIXES = {
    "safe": "lintscale has one, which changes nothing but what is wrong",
    "unsafe": "lintscale has one, which may change what a service does",
}
_IN_SOME_CASES = "; in some cases it may change what a service does, and is unsafe there"

_MEANINGS = {
    "min_instances": "instances at least",
    "max_instances": "instances at most",
    "cpu_percent": "CPU target, percent",
    "memory_percent": "memory target, percent",
    "queue_length": "queue length",
    "p95_seconds": "95th percentile of latency, seconds",
    "scale_in_cpu_percent": "CPU under which to scale in, percent",
    "scale_in_memory_percent": "memory under which to scale in, percent",
    "scale_in_seconds": "seconds of low load before scaling in",
    "scale_out_seconds": "seconds of high load before scaling out",
}


def platforms(rule: Rule) -> str:
    return ", ".join(PLATFORMS.get(name, name) for name in rule.platforms)


def severities(rule: Rule) -> list[Severity]:
    """The rule's own severity, then those that its cases have beside it, the worst first."""
    others = {case.severity for case in rule.cases} - {rule.severity}
    return [rule.severity, *sorted(others, key=lambda severity: severity.rank)]


def severity(rule: Rule) -> str:
    """ "warning", or "warning, in some cases error"."""
    own, *others = (each.value for each in severities(rule))
    return f"{own}, in some cases {' or '.join(others)}" if others else own


# -- profiles -------------------------------------------------------------------------------------


def profile_fields(rule: Rule) -> list[str]:
    """The fields of the profile that the rule's conditions and texts name."""
    texts = [rule.how_to_fix]
    for case in rule.cases:
        texts.append(case.violated.text)
        for template in (case.message, case.help):
            texts.extend(part.text for part in template.expressions())
    found = set(re.findall(r"\bprofile\.([a-z0-9_]+)", "\n".join(texts)))
    return [name for name in _MEANINGS if name in found]


def profile_rows(fields: list[str], profiles: Mapping[str, Profile]) -> list[tuple[str, list[str]]]:
    """For each field what it means, and the figure of each profile."""
    return [
        (_MEANINGS[name], [figure(getattr(profile, name)) for profile in profiles.values()])
        for name in fields
    ]


def figure(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"  # noqa: RUF001 - a dash in a table


ALL_FIELDS = list(_MEANINGS)

# -- texts ----------------------------------------------------------------------------------------


def what_to_do(rule: Rule, profile: Profile) -> str:
    """The rule's help, with the figures of ``profile`` and the parameters' defaults."""
    return readable(rule.how_to_fix, {"profile": as_data(profile), "param": rule.params})


def fix_name(rule: Rule) -> str:
    """ "safe fix", "unsafe fix", "safe fix, in some cases unsafe", or "" for a rule without one."""
    if not rule.fixable:
        return ""
    return f"{rule.fixable} fix" + (", in some cases unsafe" if _is_unsafe_at_times(rule) else "")


def about_fixes(rule: Rule) -> str:
    """What its fixes change, and what they have people told who apply them."""
    more = _IN_SOME_CASES if _is_unsafe_at_times(rule) else ""
    notes = dict.fromkeys(fix.note for fix in _fixes(rule) if fix.note)
    return " ".join([f"{_FIXES[rule.fixable]}{more}.", *notes])


def _is_unsafe_at_times(rule: Rule) -> bool:
    return rule.fixable == "safe" and any(
        fix.safety != "safe" or fix.unsafe_when is not None for fix in _fixes(rule)
    )


def _fixes(rule: Rule) -> list[FixSpec]:
    return [fix for fix in (rule.fix, *(case.fix for case in rule.cases)) if fix is not None]


def readable(text: str, known: Mapping[str, Any]) -> str:
    """A template as prose: parts that ask only for ``known`` variables by their values; a choice
    as what may come of it; of any other part its name."""
    parts = Template.parse(" ".join(text.split())).parts
    return "".join(part if isinstance(part, str) else _part(part, known) for part in parts)


def _part(expression: Expression, known: Mapping[str, Any]) -> str:
    value = _value(expression, known)
    if value is not None:
        return value
    branches = _branches(expression.text)
    if not branches:
        return f"<{expression.text}>"
    # What may be left out, or can only be told of a project, is.
    values = (_value(Expression(branch), known) for branch in branches)
    return " or ".join(dict.fromkeys(value for value in values if value))


def _value(expression: Expression, known: Mapping[str, Any]) -> str | None:
    if not {name for name, _ in expression.fields} <= known.keys():
        return None
    try:
        return show(expression.evaluate(Bindings(dict(known))))
    except ExpressionError:
        return None


def _branches(text: str) -> list[str]:
    """What “condition ? this : that” chooses between; none of anything less plain."""
    pieces = re.findall(r"\"[^\"]*\"|'[^']*'|[?:]|[^\"'?:]+", text)
    if [piece for piece in pieces if piece in "?:"] != ["?", ":"]:
        return []
    question, colon = pieces.index("?"), pieces.index(":")
    return ["".join(pieces[question + 1 : colon]), "".join(pieces[colon + 1 :])]


def paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]


# -- what a user can write ------------------------------------------------------------------------


@record
class Option:
    """A parameter as it is written in lintscale.toml. ``items`` are those of a list's default."""

    key: str
    value: str
    meaning: str
    items: tuple[str, ...] = ()


def options(rule: Rule) -> list[Option]:
    return [
        Option(
            key=name.replace("_", "-"),
            value=toml(default),
            meaning=" ".join(rule.param_descriptions.get(name, "").split()),
            items=tuple(toml(item) for item in default) if isinstance(default, list) else (),
        )
        for name, default in rule.params.items()
    ]


def toml(value: Any) -> str:
    """A parameter's default. Escapes are JSON's, all of which TOML has."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(str(key))} = {toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


@record
class Form:
    """A way to silence a rule: in which place, what to write there, and what that does. ``usual``:
    what most people look for."""

    place: str
    text: str
    meaning: str
    usual: bool = True


def suppressions(rule: Rule) -> list[Form]:
    forms = []
    if rule.reported_by != "suppressions":
        in_files = rule.id != SYNTAX_ERROR
        if in_files and set(rule.platforms) != {"ecs"}:  # whose files are JSON
            comment = f"# lintscale: ignore[{rule.id}] reason"
            forms.append(Form("comment", comment, "on the finding's line, or on the one above it"))
        if in_files and "kubernetes" in rule.platforms:
            annotation = f'lintscale.dev/ignore: "{rule.id}: reason"'
            forms.append(Form("annotation", annotation, "for the whole of a Kubernetes object"))
        table = f'[[ignore]]\nrule = "{rule.id}"\npath = "staging/**"\nreason = "…"'
        meaning = "for some files or workloads, also in JSON, which has no comments"
        forms.append(Form("lintscale.toml", table, meaning, usual=False))
    forms.append(Form("lintscale.toml", f'ignore = ["{rule.id}"]', "everywhere"))
    other = "warning" if rule.severity is Severity.ERROR else "error"
    severity = f'severity.{rule.id} = "{other}"'
    forms.append(
        Form("lintscale.toml", severity, "still reported, with another severity", usual=False)
    )
    return forms
