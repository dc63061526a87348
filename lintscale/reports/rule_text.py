"""The texts and figures of a rule's page, on a terminal and in Markdown, and its address."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from lintscale._record import record
from lintscale.engine.check_run import SYNTAX_ERROR
from lintscale.engine.expressions import Bindings, Expression, ExpressionError, Template, show
from lintscale.engine.expressions.data import as_data
from lintscale.engine.finding import Severity
from lintscale.engine.rules import Example, FixSpec, Rule
from lintscale.platforms import TABLE
from lintscale.project.config import Profile
from lintscale.validation.schemas import shipped_folder

if TYPE_CHECKING:
    from lintscale.api import CheckResult

HOMEPAGE = "https://github.com/lintscale/lintscale"

KINDS = {"fails": "Reported", "passes": "Not reported", "near-miss": "Near miss"}

_FIXES = {
    "safe": "The fix is safe: it changes only what is wrong",
    "unsafe": "The fix is unsafe: it may change what a service does",
}
_IN_SOME_CASES = "; in some cases it is unsafe, as it may change what a service does"

_MEANINGS = {
    "min_instances": "minimum instances",
    "max_instances": "maximum instances",
    "cpu_percent": "CPU target, percent",
    "memory_percent": "memory target, percent",
    "queue_length": "queue length",
    "p95_seconds": "95th percentile latency, seconds",
    "scale_in_cpu_percent": "scale in below CPU, percent",
    "scale_in_memory_percent": "scale in below memory, percent",
    "scale_in_seconds": "scale in after low load, seconds",
    "scale_out_seconds": "scale out after high load, seconds",
}


@cache
def rule_url(rule_id: str) -> str:
    """The URL of a rule's page; "" for a rule that does not ship with lintscale."""
    ships = (shipped_folder("rules") / f"{rule_id}.yaml").is_file()
    return f"{HOMEPAGE}/blob/main/docs/rules/{rule_id}.md" if ships else ""


def rules_by_id(result: CheckResult) -> dict[str, Rule]:
    """The rules of a run, by id."""
    from lintscale import api

    return {rule.id: rule for rule in result.rules or api.rules()}


def platforms(rule: Rule) -> str:
    return ", ".join(TABLE[name].title for name in rule.platforms)


def severities(rule: Rule) -> list[Severity]:
    """The rule's own severity, then other severities of its cases, most severe first."""
    others = {case.severity for case in rule.cases} - {rule.severity}
    return [rule.severity, *sorted(others, key=lambda severity: severity.rank)]


def severity(rule: Rule) -> str:
    """ "warning", or "warning, in some cases error"."""
    own, *others = (each.value for each in severities(rule))
    return f"{own}, in some cases {' or '.join(others)}" if others else own


# -- profiles -------------------------------------------------------------------------------------


def profile_fields(rule: Rule) -> list[str]:
    """The profile fields that the rule's conditions and texts use."""
    texts = [rule.how_to_fix]
    for case in rule.cases:
        texts.append(case.violated.text)
        for template in (case.message, case.help):
            texts.extend(part.text for part in template.expressions())
    found = set(re.findall(r"\bprofile\.([a-z0-9_]+)", "\n".join(texts)))
    return [name for name in _MEANINGS if name in found]


def profile_rows(fields: list[str], profiles: Mapping[str, Profile]) -> list[tuple[str, list[str]]]:
    """For each field its meaning and the figure of each profile."""
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
    return f"{rule.fixable} fix" + (", in some cases unsafe" if _has_unsafe_case(rule) else "")


def about_fixes(rule: Rule) -> str:
    """The safety of the rule's fixes, and their notes."""
    more = _IN_SOME_CASES if _has_unsafe_case(rule) else ""
    notes = dict.fromkeys(fix.note for fix in _fixes(rule) if fix.note)
    return " ".join([f"{_FIXES[rule.fixable]}{more}.", *notes])


def _has_unsafe_case(rule: Rule) -> bool:
    return rule.fixable == "safe" and any(
        fix.safety != "safe" or fix.unsafe_when is not None for fix in _fixes(rule)
    )


def _fixes(rule: Rule) -> list[FixSpec]:
    return [fix for fix in (rule.fix, *(case.fix for case in rule.cases)) if fix is not None]


def readable(text: str, known: Mapping[str, Any]) -> str:
    """A template as prose: an expression over ``known`` variables becomes its value, a conditional
    becomes its alternatives, and any other expression stays in angle brackets."""
    parts = Template.parse(" ".join(text.split())).parts
    return "".join(part if isinstance(part, str) else _part(part, known) for part in parts)


def _part(expression: Expression, known: Mapping[str, Any]) -> str:
    value = _value(expression, known)
    if value is not None:
        return value
    branches = _branches(expression.text)
    if not branches:
        return f"<{expression.text}>"
    # An alternative that depends on a project is left out.
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
    """The alternatives of “condition ? a : b”; [] for any other expression."""
    pieces = re.findall(r"\"[^\"]*\"|'[^']*'|[?:]|[^\"'?:]+", text)
    if [piece for piece in pieces if piece in "?:"] != ["?", ":"]:
        return []
    question, colon = pieces.index("?"), pieces.index(":")
    return ["".join(pieces[question + 1 : colon]), "".join(pieces[colon + 1 :])]


def paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]


def example_files(example: Example) -> dict[str, str]:
    """The texts of an example's files by name, the configuration last."""
    return example.files | ({"lintscale.toml": example.config} if example.config else {})


# -- what a user can write ------------------------------------------------------------------------


@record
class RuleOption:
    """A parameter as written in lintscale.toml. ``items`` are those of a default that is a list."""

    key: str
    value: str
    meaning: str
    items: tuple[str, ...] = ()


def options(rule: Rule) -> list[RuleOption]:
    return [
        RuleOption(
            key=name.replace("_", "-"),
            value=toml(default),
            meaning=" ".join(rule.param_descriptions.get(name, "").split()),
            items=tuple(toml(item) for item in default) if isinstance(default, list) else (),
        )
        for name, default in rule.params.items()
    ]


def toml(value: Any) -> str:
    """A value in TOML, with JSON's escapes, all of which TOML has."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(str(key))} = {toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


@record
class SuppressionForm:
    """A way to suppress a rule: the place, the text to write there, its effect. ``usual``: shown by
    default."""

    place: str
    text: str
    meaning: str
    usual: bool = True


def suppressions(rule: Rule) -> list[SuppressionForm]:
    forms = []
    if rule.reported_by != "suppressions":
        in_files = rule.id != SYNTAX_ERROR
        platforms = [TABLE[name] for name in rule.platforms]
        if in_files and any(platform.takes_comments for platform in platforms):
            comment = f"# lintscale: ignore[{rule.id}] reason"
            forms.append(
                SuppressionForm("comment", comment, "on the finding's line or on the line above")
            )
        annotated = [each.annotated_object for each in platforms if each.annotated_object]
        if in_files and annotated:
            annotation = f'lintscale.dev/ignore: "{rule.id}: reason"'
            meaning = f"for a whole {' or '.join(annotated)}"
            forms.append(SuppressionForm("annotation", annotation, meaning))
        table = f'[[ignore]]\nrule = "{rule.id}"\npath = "staging/**"\nreason = "…"'
        meaning = "for some files or workloads, also in JSON"
        forms.append(SuppressionForm("lintscale.toml", table, meaning, usual=False))
    forms.append(SuppressionForm("lintscale.toml", f'ignore = ["{rule.id}"]', "everywhere"))
    other = "warning" if rule.severity is Severity.ERROR else "error"
    severity = f'severity.{rule.id} = "{other}"'
    forms.append(
        SuppressionForm("lintscale.toml", severity, "reported with another severity", usual=False)
    )
    return forms
