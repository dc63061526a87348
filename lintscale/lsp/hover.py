"""What is told of a place that one points at: the findings there, and their rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale.engine.finding import Finding
from lintscale.lsp.diagnose import Checked, page
from lintscale.reports.markdown_text import escaped, link
from lintscale.reports.rule_text import paragraphs


def text(findings: Sequence[Finding], checked: Checked) -> str:
    """As Markdown, each rule told once."""
    rules = dict.fromkeys(finding.rule for finding in findings)
    parts = (
        "\n\n".join(_told([each for each in findings if each.rule == rule], checked))
        for rule in rules
    )
    return "\n\n---\n\n".join(parts)


def _told(findings: Sequence[Finding], checked: Checked) -> Iterator[str]:
    """The paragraphs of one rule."""
    first = findings[0]
    rule = checked.rules.get(first.rule)
    summary = f": {escaped(rule.summary)}" if rule is not None else ""
    yield f"**{escaped(first.rule)}** ({first.severity.value}){summary}"
    for message in dict.fromkeys(each.message for each in findings):
        yield escaped(message)
    yield from map(escaped, paragraphs(rule.why if rule is not None else first.why))
    for help_ in dict.fromkeys(each.help for each in findings if each.help):
        yield f"**What to do:** {escaped(help_)}"
    if rule is not None and rule.references:
        yield "\n".join(f"- {link(reference)}" for reference in rule.references)
    documented = page(first.rule, checked)
    if documented:
        yield f"[The rule's page]({documented})"
