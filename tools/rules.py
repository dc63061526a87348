"""Writes what is generated from rules/: python -m tools.rules

docs/rules has a page for each rule. tests/rules/catalogue.txt has what users, their configurations
and other tools rely on: id, category, severity (at the top of the file; single cases may have
others), platforms and whether there is a fix. A change to the row of an existing rule is a change
of the interface, and is only written with --accept-changes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from lintscale import api
from lintscale.cli.rules import pages, write_pages
from lintscale.engine.rules import Rule

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "tests" / "rules" / "catalogue.txt"
PAGES = ROOT / "docs" / "rules"
COMMAND = "python -m tools.rules"
ACCEPT = "--accept-changes"


def rows(rules: Sequence[Rule]) -> dict[str, str]:
    """The rows of the catalogue, by rule."""
    return {rule.id: _row(rule) for rule in rules}


def _row(rule: Rule) -> str:
    fix = f"{rule.fixable} fix" if rule.fixable else "no fix"
    return ", ".join((rule.category, rule.severity.value, " ".join(sorted(rule.platforms)), fix))


def read_catalogue() -> dict[str, str]:
    text = CATALOGUE.read_text(encoding="utf-8") if CATALOGUE.exists() else ""
    return dict(line.split(": ", 1) for line in text.splitlines())


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The rules whose rows changed or are gone, each with both rows."""
    return [
        f"{name}: {before[name]} -> {after.get(name, 'gone')}"
        for name in sorted(before)
        if before[name] != after.get(name)
    ]


def main() -> None:
    catalogue = rows(api.rules())
    changes = changed(read_catalogue(), catalogue)
    if changes and ACCEPT not in sys.argv:
        sys.exit("\n".join([*changes, f"Users rely on these; {ACCEPT} accepts the changes."]))
    lines = [f"{name}: {catalogue[name]}\n" for name in sorted(catalogue)]
    CATALOGUE.write_text("".join(lines), encoding="utf-8")
    write_pages(pages(), PAGES)


if __name__ == "__main__":
    main()
