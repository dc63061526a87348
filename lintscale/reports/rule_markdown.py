"""The rules as Markdown files: a page for each, and an index by category."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from lintscale.engine.finding import Finding, Severity
from lintscale.engine.rules import Rule
from lintscale.platforms import TABLE
from lintscale.policies.examples import CheckedExample
from lintscale.project.config import Profile
from lintscale.reports import rule_text
from lintscale.reports.markdown_text import code, escaped, fenced, link, table
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
        pages[f"{rule.id}.md"] = _joined(_page(rule, examples[rule.id], profiles, profile))
    return pages


def index(rules: Sequence[Rule]) -> str:
    """The index of rules by category."""
    return _joined(_index(rules))


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join([MADE, *blocks]) + "\n"


def _index(rules: Sequence[Rule]) -> Iterator[str]:
    groups = {
        category: list(group)
        for category, group in groupby(sorted(rules, key=_order), key=lambda rule: rule.category)
    }
    yield "# Rules"
    yield f"{plural(len(rules), 'rule')}: {_counts(rules)}; {_fixes(rules)}."
    header = ("Category", "Rules", "Errors", "Warnings", "Infos", "")
    yield table(header, (_category(*each) for each in groups.items()), numbers=range(1, 5))
    yield (
        "The severity is the rule's default; some cases have another, and `severity` in the "
        "[configuration](../configuration.md) changes it. A safe [fix](../fixes.md) changes "
        "only what is wrong; an unsafe one may change what a service does."
    )
    for category, group in groups.items():
        yield f"## {escaped(category)}"
        rows = (
            (
                f"[{escaped(rule.id)}]({rule.id}.md)",
                escaped(rule.summary),
                rule.severity.value,
                rule_text.platforms(rule),
                rule.fixable,
            )
            for rule in group
        )
        yield table(("Rule", "What it finds", "Severity", "Platforms", "Fix"), rows)


def _category(category: str, rules: Sequence[Rule]) -> list[str]:
    count = Counter(rule.severity for rule in rules)
    numbers = [str(number or "") for number in (len(rules), *(count[each] for each in Severity))]
    about = escaped(_CATEGORIES.get(category, ""))
    return [f"[{escaped(category)}](#{category})", *numbers, about]


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
    yield escaped(rule.summary)
    category = f"[{escaped(rule.category)}]({INDEX}#{rule.category})"
    fix = rule_text.fix_name(rule).replace(" fix", "", 1) or "none"
    facts = (rule_text.severity(rule), category, rule_text.platforms(rule), fix)
    yield table(("Severity", "Category", "Platforms", "Fix"), [facts])
    what_to_do = rule_text.what_to_do(rule, profiles[profile])
    for title, text in (("Why", rule.why), ("What to do", what_to_do)):
        yield f"## {title}"
        yield from map(escaped, rule_text.paragraphs(text))
    if rule.fixable:
        yield escaped(rule_text.about_fixes(rule))
    yield from _by_profile(rule, profiles, profile)
    yield from _options(rule)
    for platform in rule.platforms:
        of_platform = [shown for shown in examples if shown.example.platform == platform]
        yield f"## {TABLE[platform].title}"
        for kind in rule_text.KINDS:
            for shown in of_platform:
                if shown.example.kind == kind:
                    yield from _example(shown)
    yield "## How to suppress it"
    for form in rule_text.suppressions(rule):
        yield f"In {_PLACES[form.place]}, {form.meaning}:"
        yield fenced(form.text, "toml" if form.place == "lintscale.toml" else "yaml")
    if rule.references:
        yield "## References"
        yield "\n".join(f"- {link(reference)}" for reference in rule.references)


def _by_profile(rule: Rule, profiles: Mapping[str, Profile], profile: str) -> Iterator[str]:
    fields = rule_text.profile_fields(rule)
    if fields:
        yield f"The figures are those of the [profile](../profiles.md) {escaped(profile)}:"
        rows = ((each, *figures) for each, figures in rule_text.profile_rows(fields, profiles))
        yield table(("", *map(escaped, profiles)), rows, numbers=range(1, len(profiles) + 1))


def _options(rule: Rule) -> Iterator[str]:
    options = rule_text.options(rule)
    if options:
        yield "## Options"
        rows = (
            (code(each.key, in_table=True), code(each.value, in_table=True), escaped(each.meaning))
            for each in options
        )
        yield table(("Option", "Default", "Meaning"), rows)
        yield f"Set them under {code(f'[rules.{rule.id}]')} in {code('lintscale.toml')}."


def _example(shown: CheckedExample) -> Iterator[str]:
    example = shown.example
    title = rule_text.KINDS[example.kind]
    folded = example.kind == "near-miss"
    if folded:
        # Within HTML nothing is Markdown.
        yield f"<details><summary>{html.escape(printable(f'{title}: {example.name}'))}</summary>"
    else:
        yield f"**{title}**: {escaped(example.name)}" if example.name else f"**{title}**"
    for name, text in rule_text.example_files(example).items():
        yield code(name)
        yield fenced(text, _LANGUAGES.get(PurePosixPath(name).suffix, ""))
    yield from map(_finding, shown.findings)
    if folded:
        yield "</details>"


def _finding(finding: Finding) -> str:
    location = finding.location
    place = code(f"{location.file}:{location.span.line}:{location.span.column}")
    return f"> {place} {finding.severity.value}: {escaped(finding.message)}"
