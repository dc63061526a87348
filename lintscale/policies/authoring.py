"""Policies: their examples run as tests, and a policy to start from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from lintscale._record import record
from lintscale.engine.rule_cache import built_in_rules, load_rules
from lintscale.engine.rule_files import rule_files
from lintscale.engine.rules import Example, Rule, RuleProblem
from lintscale.platforms import TABLE
from lintscale.policies.examples import check_files, fix_files


@record
class ExampleTest:
    """One example of a policy; ``failure`` says what differs from it, "" for nothing."""

    rule: Rule
    example: Example
    failure: str = ""

    @property
    def name(self) -> str:
        what = f"{self.example.platform} {self.example.kind}"
        return f"{what}: {self.example.name}" if self.example.name else what


def load_policies(folders: Sequence[Path]) -> tuple[list[Rule], list[RuleProblem]]:
    """The usable policies of these folders, with their examples, and the problems of the others; a
    platform without a failing or a passing example is one."""
    built_in = {rule.id for rule in built_in_rules()}
    rules, problems = load_rules(folders)
    policies = [rule for rule in rules if rule.id not in built_in]
    problems = [*problems, *(each for policy in policies for each in _missing_examples(policy))]
    return policies, list(dict.fromkeys(problems))


def _missing_examples(rule: Rule) -> Iterator[RuleProblem]:
    for platform in rule.platforms:
        kinds = {example.kind for example in rule.examples if example.platform == platform}
        if "fails" not in kinds:
            yield RuleProblem(rule.file, 1, 1, f"no example that fails on {platform}")
        if not kinds & {"passes", "near-miss"}:
            yield RuleProblem(rule.file, 1, 1, f"no example that passes on {platform}")


def run_examples(rules: Sequence[Rule], folders: Sequence[Path]) -> Iterator[ExampleTest]:
    """Each example of each policy, checked without the unusable policies of ``folders``, which
    would suppress all fixes."""
    with _only(rules, folders) as policies:
        for rule in rules:
            for example in rule.examples:
                yield ExampleTest(rule, example, _failure(rule, example, policies))


@contextmanager
def _only(rules: Sequence[Rule], folders: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Folders with the files of ``rules`` and no other policy."""
    files = {Path(rule.file) for rule in rules}
    if {file for folder in folders for file in rule_files(folder)} <= files:
        yield folders
        return
    with TemporaryDirectory() as scratch:
        for file in files:
            shutil.copyfile(file, Path(scratch) / file.name)
        yield [Path(scratch)]


def _failure(rule: Rule, example: Example, policies: Sequence[Path]) -> str:
    every = check_files(example.files, example.config, policies=policies).findings
    findings = [finding for finding in every if finding.rule == rule.id]
    failed = next((finding for finding in findings if finding.internal), None)
    if failed is not None:
        return f"{failed.message} (line {failed.location.line} of the policy)"
    if example.kind != "fails":
        if not findings:
            return ""
        line = findings[0].location.line
        return f"expected no finding, got one on line {line}: {findings[0].message}"
    if not findings:
        unread = next((each for each in every if each.rule == "syntax-error"), None)
        if unread is not None:
            return f"the text cannot be read, on line {unread.location.line}: {unread.message}"
        others = ", ".join(sorted({finding.rule for finding in every}))
        return f"expected a finding, got none (other rules: {others or 'none'})"
    lines = [finding.location.line for finding in findings]
    if example.line is not None and lines != [example.line]:
        got = f"line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}"
        return f"expected one finding, on line {example.line}; got {got}"
    severities = {finding.severity.value for finding in findings}
    if example.severity and severities != {example.severity}:
        return f"expected severity {example.severity}, got {', '.join(sorted(severities))}"
    return _fix_failure(rule, example, policies) if example.fixed else ""


def _fix_failure(rule: Rule, example: Example, policies: Sequence[Path]) -> str:
    fixed = fix_files(rule, example.files, example.config, policies=policies)
    for name in sorted({*fixed, *example.fixed}):
        if name not in fixed:
            return f"expected the fix to change {name}, which it does not"
        if name not in example.fixed:
            return f"the fix also changes {name}, which the example does not show"
        if fixed[name] != example.fixed[name]:
            return f"expected another fix of {name}: {_difference(name, fixed, example)}"
    return ""


def _difference(name: str, fixed: Mapping[str, str], example: Example) -> str:
    """The first line that differs from the example's."""
    lines = fixed[name].splitlines(), example.fixed[name].splitlines()
    for number, (got, expected) in enumerate(zip_longest(*lines, fillvalue=""), start=1):
        if got != expected:
            return f"line {number} becomes “{got}”, not “{expected}”"
    return "the line endings differ"


def starting_file(rule_id: str, platforms: Sequence[str]) -> str:
    """A working policy to start from: no service runs more than 20 instances."""
    lines = [
        "# yaml-language-server: $schema=https://raw.githubusercontent.com/lintscale/lintscale/main/"
        "schemas/rule.schema.json",
        f"id: {rule_id}                  # the file is named after it",
        "category: policy",
        "severity: warning              # error, warning or info",
        "summary: A service may run more instances than we pay for",
        f"platforms: [{', '.join(platforms)}]",
        "scope: workload                # what it is evaluated for: docs/policies.md",
        "# Conditions are CEL over the model (docs/model.md); null is absent or unknown.",
        "when: workload.max_instances != null",
        "expect: workload.max_instances <= param.most",
        "at: workload.max_instances     # where the finding is located",
        'message: "{workload.name} may run {workload.max_instances} instances; {param.most} are'
        ' agreed on"',
        "params:",
        "  most: {default: 20, description: Instances of one service at most.}",
        "why: Reports show the first sentence, “lintscale explain” shows all.",
        "fix:",
        "  help: Lower the maximum, or ask the platform team for more.",
        "examples:                      # “lintscale policy test” runs them",
    ]
    for platform in platforms:
        text, line = TABLE[platform].starter
        for kind, count in (("fails", 21), ("passes", 3)):
            lines.append(f"  - platform: {platform}")
            if kind == "fails":
                lines.append(f"    line: {line}")
            lines.append(f"    {kind}: |")
            lines += [f"      {each}" for each in text.format(count=count).splitlines()]
    return "\n".join(lines) + "\n"
