"""What is wrong with rules of one's own, told with its place and what to write instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lintscale import api
from lintscale.engine.expressions.check import unknown_fields
from lintscale.engine.rules import Rule, RuleError
from lintscale.policies import authoring as policies


def read(folder: Path) -> list[Rule]:
    rules, problems = policies.load_policies([folder])
    if problems:
        raise RuleError(*problems)
    return rules


def write(folder: Path, old: str, new: str) -> Path:
    text = policies.starting_file("own", ["render"])
    assert text.count(old) >= 1
    path = folder / "own.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("workload.max_instances <=", "workload.max_instances <== ", "not a CEL expression"),
        ("<= param.most", "<= param.mots", "unknown field “mots” in param; did you mean “most”?"),
        (
            "workload.max_instances != null",
            "workload.max_instance != null",
            "unknown field “max_instance” in workload; did you mean “max_instances”?",
        ),
        (
            "at: workload.max_instances",
            "at: workload.maximum",
            "unknown field “maximum” in workload",
        ),
        (
            "at: workload.max_instances",
            "at: container.image",
            "scope workload has no “container”; it has workload",
        ),
        ("category: policy", "category: all", "“all” selects all rules; choose another category"),
        (
            "category: policy",
            "category: min-instances",
            "is the id of a rule; choose another category",
        ),
        ("[render]", "[render, render]", "platforms has a duplicate"),
        ("{workload.name}", "{workload.nam}", "unknown field “nam” in workload"),
        ("    fails: |", "    passes: |", "no example that fails on render"),
        (
            "severity: warning ",
            "severity: fatal ",
            "severity must be error, warning or info, not “fatal”",
        ),
        ("id: own", "id: other", "the file must be named other.yaml"),
        ("  most: {", "  at-most: {", "“at-most” is not a CEL name"),
        ("param.most\n", "param.budget\n", "unknown field “budget” in param; “params” has most"),
        ("scope: workload ", "scop: workload ", "unknown key “scop” (did you mean “scope”?)"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = write(tmp_path, old, new)
    with pytest.raises(RuleError) as error:
        read(tmp_path)
    told = str(error.value)
    assert said in told
    assert told.startswith(f"{path}:")
    assert all(part.isdigit() for part in told.removeprefix(f"{path}:").split(":")[:2])


EXPECT = "expect: workload.max_instances <= param.most"


@pytest.mark.parametrize(
    ("new", "line", "column", "said"),
    [
        ("workload.max_instances <=", 11, 33, "unexpected end of the expression"),
        (
            ">-\n  workload.min_instances != null &&\n  workload.name <=< 3",
            13,
            19,
            "unexpected “<”",
        ),
        ("workload.max_instances = 3", 11, 32, "write “==”"),
        ("workload.scanned and true", 11, 26, "“and” is not CEL; write “&&”"),
        (
            r"workload.name.matches('\d+')",
            11,
            31,
            "double the backslash, or write the string as r'…'",
        ),
        ("workload.name == 'shop", 11, 26, "string without a closing quote"),
        (
            "len(workload.containers) <= 2",
            11,
            9,
            "unknown variable or function “len”; write “x.size()”",
        ),
        ("worklod.max_instances <= 2", 11, 9, "“worklod”; did you mean “workload”?"),
        ("params.most > 2", 11, 9, "“params”; write “param”"),
        (
            "container.name != ''",
            11,
            9,
            "scope workload has no “container”; it has profile, workload",
        ),
        ("workload.containers.name != ''", 11, 9, "workload.containers is a list; use"),
        ("workload.scanned && workload.rolout == 1", 11, 29, "did you mean “rollout”?"),
        ("3", 11, 9, "the condition is not a boolean"),
        ("workload.containers.exist(c, c.name == 'x')", 11, 29, "“exist”; did you mean “exists”?"),
        ("workload.containers.all(true)", 11, 29, "“all” takes two arguments"),
        (
            "workload.containers.all(c, c.nam != '')",
            11,
            36,
            "unknown field “nam” in c; did you mean",
        ),
        ("workload.scanned == true && workload.plan * 'x'", 11, 51, "“*” does not accept a string"),
        ("!workload.scanned && true", 11, 28, "quote a value that starts with a quote"),
    ],
)
def test_a_condition_that_is_no_cel_is_told_at_the_character(
    tmp_path: Path, new: str, line: int, column: int, said: str
) -> None:
    path = write(tmp_path, EXPECT, f"# as is\nexpect: {new}")
    with pytest.raises(RuleError) as error:
        read(tmp_path)
    first, *rest = str(error.value).splitlines()
    assert first.startswith(f"{path}:{line}:{column}: ")
    assert said in first
    assert rest == []


def test_all_mistakes_of_all_policies_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, EXPECT, "expect: workload.maximum <= params.most")
    path.write_text(path.read_text("utf-8").replace("{workload.name}", "{workload.nam}"), "utf-8")
    (tmp_path / "other.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"# \n# caf\xe9\n")
    with pytest.raises(RuleError) as error:
        read(tmp_path)
    told = str(error.value).replace(f"{tmp_path}/", "")
    assert [line.split(" ")[0] for line in told.splitlines()] == [
        "folder.yaml:1:1:",
        "latin.yaml:2:6:",
        "loop.yaml:1:1:",
        "other.yaml:1:6:",
        "own.yaml:10:9:",
        "own.yaml:12:12:",
    ]


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("workload.replicas > null", "“>” does not accept an integer and null; guard it with"),
        ("workload.max_instances / 0 > 3", "divide by zero"),
        (
            "workload.labels['team'] == 'x'",
            "no key “team” in the map; guard it with “'team' in … &&”",
        ),
        ("workload.containers[7].name == 'x'", "index 7 in a list of size 1"),
        ("workload.max_instances * 0.5 > 1.0", "convert both with double(…)"),
        ("workload.name", "the condition is not a boolean"),
        ("workload.name.x == 1", "cannot read a field of null, a string"),
        ("workload.scanned ? workload.name : true", "the condition is not a boolean"),
        ("workload.min_instances.size() > 0", "“size” does not accept an integer"),
        ("workload.name ? true : false", "the condition before “?” is not a boolean"),
        ("[workload].all(a, a.max_instanced > 1)", "did you mean “max_instances”?"),
        ("[1, null].map(n, n).sum() > 1.0", "leave out null"),
    ],
)
def test_a_condition_that_fails_says_on_what_and_why(
    tmp_path: Path, expect: str, said: str
) -> None:
    write(tmp_path, EXPECT, f"expect: >-\n  {expect}")
    (example, _) = policies.run_examples(read(tmp_path), [tmp_path])
    assert example.failure.startswith("the rule itself failed on render.yaml:2 (shop), and checked")
    assert said in example.failure
    assert example.failure.endswith("(line 10 of the policy)")


def test_the_part_that_fails_is_told_apart(tmp_path: Path) -> None:
    """The condition before it, or the message behind it, is what to mend."""
    for old, new, line in (
        ("when: workload.max_instances != null", "when: workload.name.x == 1", 9),
        ("{param.most} are agreed on", "{workload.name.x} are", 12),
    ):
        write(tmp_path, old, new)
        (example, _) = policies.run_examples(read(tmp_path), [tmp_path])
        assert example.failure.endswith(f"(line {line} of the policy)")


def test_what_stands_beside_the_cases_is_of_their_scopes(tmp_path: Path) -> None:
    text = policies.starting_file("own", ["render"])
    for key in ("scope", "when", "expect"):
        (line,) = [each for each in text.splitlines() if each.startswith(f"{key}:")]
        text = text.replace(f"{line}\n", "" if key != "scope" else "cases: [CASES]\n")
    case = "{scope: %s, expect: 'workload.max_instances <= param.most'}"
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("CASES", case % "workload"), "utf-8")
    rules = read(tmp_path)
    assert [each.failure for each in policies.run_examples(rules, [tmp_path])] == ["", ""]
    # The message names the workload, which this scope does not know.
    path.write_text(text.replace("CASES", "{scope: service, expect: 'true'}"), "utf-8")
    with pytest.raises(RuleError, match="scope service has no “workload”"):
        read(tmp_path)


def test_a_comment_may_end_a_condition(tmp_path: Path) -> None:
    comment = "// the platform's own workload.maximum is another"
    write(tmp_path, EXPECT, f"expect: >-\n  workload.max_instances <= param.most {comment}")
    rules = read(tmp_path)
    assert [each.failure for each in policies.run_examples(rules, [tmp_path])] == ["", ""]


def test_items_of_lists_have_the_fields_of_what_they_are() -> None:
    for text, field in (
        ("workload.containers.all(c, c.ports.exists(p, p.no == 1))", "“no” in p;"),
        ("service.workloads.exists(w, w.env == 'x')", "“env” in w;"),
        ("project.workloads.map(w, w.rollout.surg)", "“surg” in w.rollout;"),
        ("service.workloads.all(workload, workload.x)", "“x” in workload;"),
    ):
        (error,) = unknown_fields(text)
        assert str(error).startswith(f"unknown field {field}")
        assert text[error.offset :].startswith(field.split(" ")[-1].rstrip(";").split(".")[0])
    for text in (
        "workload.containers.map(c, c.image).filter(i, i != null).all(i, i.startsWith('a'))",
        "workload.containers.all(c, c.name != '') && workload.autoscalers.all(c, c.min != null)",
        "workload.labels.exists(k, k.anything)",
        "workload.containers.filter(c, c.essential).exists(c, c.anything)",
        "'workload.containers.all(c, c.no)' != ''",
    ):
        assert list(unknown_fields(text)) == []


def test_an_id_that_is_taken(tmp_path: Path) -> None:
    text = policies.starting_file("min-instances", ["render"])
    (tmp_path / "min-instances.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="rule min-instances already exists; choose another id"):
        api.rules([tmp_path])


@pytest.mark.parametrize("name", ["all", "availability", "policy"])
def test_an_id_that_means_several_rules(tmp_path: Path, name: str) -> None:
    text = policies.starting_file(name, ["render"])
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=f"“{name}” selects several rules"):
        api.rules([tmp_path])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.yaml")
    with pytest.raises(RuleError, match="the rule file is not a regular file"):
        read(tmp_path)
