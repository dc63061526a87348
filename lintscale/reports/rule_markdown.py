"""The rules as Markdown files: a page for each, and an index by category."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from lintscale.engine.finding import Finding, Severity
from lintscale.engine.rules import Example, Rule
from lintscale.platforms import TABLE
from lintscale.policies.examples import CheckedExample
from lintscale.project.config import Profile
from lintscale.reports import rule_text
from lintscale.reports.markdown_text import code, escaped, fenced, link
from lintscale.reports.text import plural, printable

INDEX = "index.md"

COMMAND = "lintscale rules --output-format markdown=docs/rules"
MADE = f"<!-- Made from rules/ by “{COMMAND}”; do not edit. -->"
"""The first line of every file; pages of removed rules are recognised by it."""

_CATEGORIES = {
    "config": "Does the platform read the file as written?",
    "availability": "Does the service survive the loss of an instance, a node, a zone?",
    "scaling": "Can autoscalers scale: range, targets, no conflicts?",
    "stability": "Does the number of instances settle?",
    "connections": "Does the database accept the connections of all instances?",
    "rollout": "Does a deploy keep the service up?",
    "resources": "Does an instance get the CPU and memory it needs, and keep its secrets?",
    "consistency": "Is the same service configured alike everywhere?",
    "suppressions": "Are suppressions used, valid and justified?",
}

_PLACES = {
    "comment": "a comment",
    "annotation": "an annotation",
    "lintscale.toml": code("lintscale.toml"),
}

_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml", ".ts": "ts"}


def files(
    rules: Sequence[Rule],
    examples: Mapping[str, Sequence[CheckedExample]],
    profiles: Mapping[str, Profile],
    profile: str = "balanced",
) -> dict[str, str]:
    """Texts by file name. ``examples`` are by rule id; texts have the figures of ``profile``."""
    pages = {INDEX: index(rules)}
    for rule in rules:
        lines = _page(rule, examples[rule.id], profiles, profile)
        pages[f"{rule.id}.md"] = "\n".join([MADE, "", *lines, ""])
    return pages


def index(rules: Sequence[Rule]) -> str:
    """The index of rules by category."""
    return "\n".join([MADE, "", *_index(rules), ""])


def _index(rules: Sequence[Rule]) -> Iterator[str]:
    groups = {
        category: list(group)
        for category, group in groupby(sorted(rules, key=_order), key=lambda rule: rule.category)
    }
    yield "# Rules"
    yield ""
    yield f"{plural(len(rules), 'rule')}: {_counts(rules)}; {_fixes(rules)}."
    yield ""
    yield "| Category | Rules | Errors | Warnings | Infos | |"
    yield "|---|---:|---:|---:|---:|---|"
    for category, group in groups.items():
        count = Counter(rule.severity for rule in group)
        numbers = " | ".join(str(count[severity] or "") for severity in Severity)
        title = f"[{escaped(category)}](#{category})"
        yield f"| {title} | {len(group)} | {numbers} | {escaped(_CATEGORIES.get(category, ''))} |"
    yield ""
    yield (
        "The severity is the rule's default; some cases have another, and `severity` in the "
        "[configuration](../configuration.md) changes it. A safe [fix](../fixes.md) changes "
        "only what is wrong; an unsafe one may change what a service does."
    )
    for category, group in groups.items():
        yield ""
        yield f"## {escaped(category)}"
        yield ""
        yield "| Rule | What it finds | Severity | Platforms | Fix |"
        yield "|---|---|---|---|---|"
        for rule in group:
            cells = [
                f"[{escaped(rule.id)}]({rule.id}.md)",
                escaped(rule.summary),
                rule.severity.value,
                rule_text.platforms(rule),
                rule.fixable,
            ]
            yield f"| {' | '.join(cells)} |"


def _order(rule: Rule) -> tuple[int, str, int, str]:
    """Categories in the order of _CATEGORIES, then the most severe first."""
    known = list(_CATEGORIES)
    place = known.index(rule.category) if rule.category in known else len(known)
    return (place, rule.category, rule.severity.rank, rule.id)


def _counts(rules: Sequence[Rule]) -> str:
    count = Counter(rule.severity for rule in rules)
    return ", ".join(plural(count[severity], severity.value) for severity in Severity)


def _fixes(rules: Sequence[Rule]) -> str:
    count = Counter(rule.fixable for rule in rules)
    return f"{count['safe']} with a safe fix, {count['unsafe']} with an unsafe one"


# -- a page ---------------------------------------------------------------------------------------


def _page(
    rule: Rule, examples: Sequence[CheckedExample], profiles: Mapping[str, Profile], profile: str
) -> Iterator[str]:
    yield f"# {escaped(rule.id)}"
    yield ""
    yield escaped(rule.summary)
    yield ""
    yield "| Severity | Category | Platforms | Fix |"
    yield "|---|---|---|---|"
    category = f"[{escaped(rule.category)}]({INDEX}#{rule.category})"
    fix = rule_text.fix_name(rule).replace(" fix", "", 1) or "none"
    yield f"| {rule_text.severity(rule)} | {category} | {rule_text.platforms(rule)} | {fix} |"
    yield from _section("Why", rule.why)
    yield from _section("What to do", rule_text.what_to_do(rule, profiles[profile]))
    if rule.fixable:
        yield ""
        yield escaped(rule_text.about_fixes(rule))
    yield from _by_profile(rule, profiles, profile)
    yield from _options(rule)
    for platform in rule.platforms:
        of_platform = [shown for shown in examples if shown.example.platform == platform]
        yield ""
        yield f"## {TABLE[platform].title}"
        for kind in rule_text.KINDS:
            for shown in of_platform:
                if shown.example.kind == kind:
                    yield from _example(shown)
    yield from _suppressions(rule)
    if rule.references:
        yield ""
        yield "## References"
        yield ""
        yield from (f"- {link(reference)}" for reference in rule.references)


def _section(title: str, text: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    for paragraph in rule_text.paragraphs(text):
        yield ""
        yield escaped(paragraph)


def _by_profile(rule: Rule, profiles: Mapping[str, Profile], profile: str) -> Iterator[str]:
    fields = rule_text.profile_fields(rule)
    if not fields:
        return
    yield ""
    yield f"The figures are those of the [profile](../profiles.md) {escaped(profile)}:"
    yield ""
    yield f"| | {' | '.join(escaped(name) for name in profiles)} |"
    yield f"|---|{'---:|' * len(profiles)}"
    for meaning, figures in rule_text.profile_rows(fields, profiles):
        yield f"| {meaning} | {' | '.join(figures)} |"


def _options(rule: Rule) -> Iterator[str]:
    options = rule_text.options(rule)
    if not options:
        return
    yield ""
    yield "## Options"
    yield ""
    yield "| Option | Default | Meaning |"
    yield "|---|---|---|"
    for option in options:
        key, value = code(option.key, in_table=True), code(option.value, in_table=True)
        yield f"| {key} | {value} | {escaped(option.meaning)} |"
    yield ""
    yield f"Set them under {code(f'[rules.{rule.id}]')} in {code('lintscale.toml')}."


def _example(shown: CheckedExample) -> Iterator[str]:
    example = shown.example
    title = rule_text.KINDS[example.kind]
    folded = example.kind == "near-miss"
    yield ""
    if folded:
        # Within HTML nothing is Markdown.
        yield f"<details><summary>{html.escape(printable(f'{title}: {example.name}'))}</summary>"
    else:
        yield f"**{title}**: {escaped(example.name)}" if example.name else f"**{title}**"
    yield from _files(example)
    for finding in shown.findings:
        yield ""
        yield _finding(finding)
    if folded:
        yield ""
        yield "</details>"


def _files(example: Example) -> Iterator[str]:
    texts = example.files | ({"lintscale.toml": example.config} if example.config else {})
    for name, text in texts.items():
        yield ""
        yield code(name)
        yield ""
        yield from fenced(text, _LANGUAGES.get(PurePosixPath(name).suffix, ""))


def _finding(finding: Finding) -> str:
    location = finding.location
    place = code(f"{location.file}:{location.span.line}:{location.span.column}")
    return f"> {place} {finding.severity.value}: {escaped(finding.message)}"


def _suppressions(rule: Rule) -> Iterator[str]:
    yield ""
    yield "## How to suppress it"
    for form in rule_text.suppressions(rule):
        language = "toml" if form.place == "lintscale.toml" else "yaml"
        yield ""
        yield f"In {_PLACES[form.place]}, {form.meaning}:"
        yield ""
        yield from fenced(form.text, language)
