"""A rule's page: everything that its file says, for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lintscale.config import Profile
from lintscale.engine.rules import Example, Rule
from lintscale.reports import PLAIN, Style
from lintscale.reports.frame import Row
from lintscale.reports.ink import paint
from lintscale.reports.text import plural, printable, wrap

_WIDEST = 100
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
_FIXES = {
    "safe": "there is one that changes nothing but what is wrong",
    "unsafe": "there is one that may change what the service does",
    "": "",
}


def render(
    rule: Rule,
    profiles: Mapping[str, Profile],
    style: Style = PLAIN,
    *,
    all_examples: bool = False,
) -> str:
    """The page; with the first failing and the first passing example of each platform, or with
    ``all_examples``."""
    width = min(style.width, _WIDEST)
    examples = rule.examples if all_examples else _first_of_each(rule.examples)
    return paint(_rows(rule, profiles, examples, width), color=style.color)


def _first_of_each(examples: Sequence[Example]) -> list[Example]:
    first: dict[tuple[str, str], Example] = {}
    for example in examples:
        first.setdefault((example.platform, example.kind), example)
    return list(first.values())


def _rows(
    rule: Rule, profiles: Mapping[str, Profile], examples: Sequence[Example], width: int
) -> Iterator[Row]:
    yield [(rule.id, "file"), ("  ", ""), (f"{rule.severity.value}, {rule.category}", "dim")]
    yield from _paragraph(rule.summary, width, "heading")
    yield []
    yield [("Platforms  ", "place"), (", ".join(rule.platforms), "")]
    if rule.fixable:
        yield [("Fix        ", "place"), (_FIXES[rule.fixable], "")]
    yield from _section("Why", rule.why, width)
    yield from _section("What to do", readable_template(rule.how_to_fix), width)
    yield from _profiles(rule, profiles)
    yield from _options(rule, width)
    for platform in rule.platforms:
        yield from _examples([each for each in examples if each.platform == platform])
    more = len(rule.examples) - len(examples)
    if more:
        yield []
        yield [(f"{plural(more, 'more example')} with --verbose.", "dim")]
    if rule.references:
        yield []
        yield [("References", "heading")]
        for reference in rule.references:
            yield [("  ", ""), (reference, "place")]


def _paragraph(text: str, width: int, style: str = "", indent: str = "") -> Iterator[Row]:
    for line in wrap(printable(" ".join(text.split())), width - len(indent)):
        yield [(indent, ""), (line, style)]


def _section(title: str, text: str, width: int) -> Iterator[Row]:
    yield []
    yield [(title, "heading")]
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text)):
        if number:
            yield []
        yield from _paragraph(paragraph, width, indent="  ")


def _options(rule: Rule, width: int) -> Iterator[Row]:
    if not rule.params:
        return
    yield []
    yield [(f"Options, under [rules.{rule.id}] in lintscale.toml", "heading")]
    for name, default in rule.params.items():
        yield [("  ", ""), (f"{name.replace('_', '-')} = {_toml(default)}", "place")]
        yield from _paragraph(rule.param_descriptions.get(name, ""), width, indent="    ")


def _toml(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def _profiles(rule: Rule, profiles: Mapping[str, Profile]) -> Iterator[Row]:
    """What each profile says of the fields that the rule asks for."""
    asked = profile_fields(rule)
    if not asked:
        return
    yield []
    yield [("By profile", "heading")]
    label = max(len(_MEANINGS[name]) for name in asked)
    widths = {name: max(len(name), 6) for name in profiles}
    header = "  ".join(f"{name:>{widths[name]}}" for name in profiles)
    yield [(f"  {'':{label}}  {header}", "dim")]
    for name in asked:
        values = "  ".join(
            f"{_number(getattr(profile, name)):>{widths[key]}}" for key, profile in profiles.items()
        )
        yield [(f"  {_MEANINGS[name]:<{label}}  ", "place"), (values, "")]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"  # noqa: RUF001 - a dash in a table


def profile_fields(rule: Rule) -> list[str]:
    """The fields of the profile that the rule's conditions and texts name."""
    texts = [rule.how_to_fix]
    for case in rule.cases:
        texts.append(case.violated.text)
        for template in (case.message, case.help):
            texts.extend(part.text for part in template.expressions())
    found = set(re.findall(r"\bprofile\.([a-z0-9_]+)", "\n".join(texts)))
    return [name for name in _MEANINGS if name in found]


def _examples(examples: Sequence[Example]) -> Iterator[Row]:
    for example in sorted(examples, key=lambda example: example.kind):
        yield []
        title = "Reported" if example.kind == "fails" else "Not reported"
        name = f": {example.name}" if example.name else ""
        yield [(f"{title} ({example.platform}){name}", "heading")]
        for file, text in example.files.items():
            yield [(f"  {file}", "dim")]
            for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
                marked = example.line == number and len(example.files) == 1
                mark: Row = [("  > " if marked else "    ", "error")]
                yield [*mark, (printable(line.replace("\t", "    ")), "" if marked else "context")]
        if example.config:
            yield [("  lintscale.toml", "dim")]
            for line in example.config.rstrip("\n").split("\n"):
                yield [("    ", ""), (printable(line), "context")]


def readable_template(text: str) -> str:
    """A template as prose: of ``{a ? "b" : "c"}`` the texts, of any other part its name."""
    return re.sub(r"\{([^{}]*)\}", _part, text)


def _part(match: re.Match[str]) -> str:
    literals = re.findall(r"\"([^\"]*)\"|'([^']*)'", match.group(1))
    choices = [first or second for first, second in literals if (first or second).strip()]
    if "?" in match.group(1) and choices:
        return " or ".join(choices)
    name: str = match.group(1).strip()
    return f"<{name}>"
