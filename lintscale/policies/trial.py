"""Rules of a team's own: their examples run, and a file to start from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from lintscale._record import record
from lintscale.engine.compiled import built_in_rules, usable_with_policies
from lintscale.engine.rule_errors import Mistake, RuleError
from lintscale.engine.rules import Example, Rule, rule_files
from lintscale.policies.examples import fixed, judged


@record
class Tried:
    """One example of a policy; ``mistake`` is what is wrong with it, "" for nothing."""

    rule: Rule
    example: Example
    mistake: str = ""

    @property
    def name(self) -> str:
        what = f"{self.example.platform} {self.example.kind}"
        return f"{what}: {self.example.name}" if self.example.name else what


def read(folders: Sequence[Path]) -> list[Rule]:
    """The policies of these folders, with their examples. Raises RuleError that lists every
    mistake, one a line, with file, line and column; a platform without a failing or a passing
    example is one."""
    rules, mistakes = usable(folders)
    if mistakes:
        raise RuleError(*mistakes)
    return rules


def usable(folders: Sequence[Path]) -> tuple[list[Rule], list[Mistake]]:
    """The policies whose examples can be run, and what is wrong with the others."""
    built_in = {rule.id for rule in built_in_rules()}
    every, mistakes = usable_with_policies(built_in_rules(), folders)
    rules = [rule for rule in every if rule.id not in built_in]
    mistakes += [told for rule in rules for told in _missing(rule)]
    return rules, list(dict.fromkeys(mistakes))


def _missing(rule: Rule) -> Iterator[Mistake]:
    for platform in rule.platforms:
        kinds = {example.kind for example in rule.examples if example.platform == platform}
        if "fails" not in kinds:
            yield Mistake(rule.file, 1, 1, f"there is no example that fails on {platform}")
        if not kinds & {"passes", "near-miss"}:
            yield Mistake(rule.file, 1, 1, f"there is no example that passes on {platform}")


def tried(rules: Sequence[Rule], folders: Sequence[Path]) -> Iterator[Tried]:
    """Each example of each policy, judged by the whole of lintscale, but for policies that cannot
    be used: beside one of those nothing is fixed."""
    with _usable_alone(rules, folders) as used:
        for rule in rules:
            for example in rule.examples:
                yield Tried(rule, example, _mistake(rule, example, used))


@contextmanager
def _usable_alone(rules: Sequence[Rule], folders: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Folders that have the files of ``rules`` and no other policy."""
    usable_files = {Path(rule.file) for rule in rules}
    if {file for folder in folders for file in rule_files(folder)} <= usable_files:
        yield folders
        return
    with TemporaryDirectory() as scratch:
        for file in usable_files:
            shutil.copyfile(file, Path(scratch) / file.name)
        yield [Path(scratch)]


def _mistake(rule: Rule, example: Example, folders: Sequence[Path]) -> str:
    findings = judged(example.files, example.config, policies=folders).findings
    mine = [finding for finding in findings if finding.rule == rule.id]
    crashed = next((finding for finding in mine if finding.internal), None)
    if crashed is not None:
        return f"{crashed.message} (line {crashed.location.line} of the policy)"
    if example.kind != "fails":
        if not mine:
            return ""
        place = mine[0].location
        return f"it must not fire, and does on line {place.line}: {mine[0].message}"
    if not mine:
        unread = next((each for each in findings if each.rule == "syntax-error"), None)
        if unread is not None:
            return f"its text cannot be read, on line {unread.location.line}: {unread.message}"
        others = sorted({finding.rule for finding in findings})
        return f"it must fire, and does not (others do: {', '.join(others) or 'none'})"
    lines = [finding.location.line for finding in mine]
    if example.line is not None and lines != [example.line]:
        return (
            f"it must fire once, on line {example.line}, and does on {', '.join(map(str, lines))}"
        )
    severities = {finding.severity.value for finding in mine}
    if example.severity and severities != {example.severity}:
        return f"its severity must be {example.severity}, and is {', '.join(sorted(severities))}"
    return _wrong_fix(rule, example, folders) if example.fixed else ""


def _wrong_fix(rule: Rule, example: Example, folders: Sequence[Path]) -> str:
    made = fixed(rule, example.files, example.config, policies=folders)
    for name in sorted({*made, *example.fixed}):
        if name not in made:
            return f"its fix must change {name}, and does not"
        if name not in example.fixed:
            return f"its fix changes {name} too, of which the example says nothing"
        if made[name] != example.fixed[name]:
            return f"its fix makes something else of {name}: {_difference(name, made, example)}"
    return ""


def _difference(name: str, made: Mapping[str, str], example: Example) -> str:
    """The first line that the example has otherwise."""
    lines = made[name].splitlines(), example.fixed[name].splitlines()
    pairs = enumerate(zip_longest(*lines, fillvalue=""), start=1)
    for number, (own, wanted) in pairs:
        if own != wanted:
            return f"line {number} becomes “{own}”, and not “{wanted}”"
    return "other line ends"


_EXAMPLES = {
    "render": (
        "services:\n  - type: web\n    name: shop\n    runtime: node\n"
        "    startCommand: node server.js\n    numInstances: {count}\n",
        6,
    ),
    "railway": ('{{\n  "deploy": {{\n    "numReplicas": {count}\n  }}\n}}\n', 3),
    "ecs": (
        '{{\n  "serviceName": "shop",\n  "taskDefinition": "shop:1",\n'
        '  "desiredCount": {count}\n}}\n',
        4,
    ),
    "kubernetes": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n"
        "  replicas: {count}\n  selector: {{matchLabels: {{app: shop}}}}\n  template:\n"
        "    metadata: {{labels: {{app: shop}}}}\n    spec:\n      containers:\n"
        "        - {{name: shop, image: registry.example/shop:1.4.2}}\n",
        6,
    ),
}


def starting_file(rule_id: str, platforms: Sequence[str]) -> str:
    """A policy that works, to be changed: it asks that no service runs more than 20 instances."""
    lines = [
        "# yaml-language-server: $schema=https://raw.githubusercontent.com/lintscale/lintscale/main/"
        "schemas/rule.schema.json",
        f"id: {rule_id}                  # the file is named after it",
        "category: policy",
        "severity: warning              # error, warning or info",
        "summary: A service may run more instances than we pay for",
        f"platforms: [{', '.join(platforms)}]",
        "scope: workload                # what it is asked about, once for each: docs/policies.md",
        "# Conditions are CEL over the model (docs/model.md); null is absent or not known.",
        "when: workload.max_instances != null",
        "expect: workload.max_instances <= param.most",
        "at: workload.max_instances     # where the finding stands",
        'message: "{workload.name} may run {workload.max_instances} instances; {param.most} are'
        ' agreed on"',
        "params:",
        "  most: {default: 20, description: Instances of one service at most.}",
        "why: The first sentence stands in reports, the whole in “lintscale explain”.",
        "fix:",
        "  help: Lower the maximum, or ask the platform team for more.",
        "examples:                      # “lintscale policy test” runs them",
    ]
    for platform in platforms:
        text, line = _EXAMPLES[platform]
        for kind, count in (("fails", 21), ("passes", 3)):
            lines.append(f"  - platform: {platform}")
            if kind == "fails":
                lines.append(f"    line: {line}")
            lines.append(f"    {kind}: |")
            lines += [f"      {each}" for each in text.format(count=count).splitlines()]
    return "\n".join(lines) + "\n"
