"""What is wrong with rules of one's own, told with its place and what to write instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lintscale import api
from lintscale.engine.known_fields import unknown_fields
from lintscale.engine.rule_errors import RuleError
from lintscale.policies import trial as policies


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
        ("<= param.most", "<= param.mots", "param has no field “mots”; did you mean “most”?"),
        (
            "workload.max_instances != null",
            "workload.max_instance != null",
            "workload has no field “max_instance”; did you mean “max_instances”?",
        ),
        (
            "at: workload.max_instances",
            "at: workload.maximum",
            "workload has no field “maximum”",
        ),
        (
            "at: workload.max_instances",
            "at: container.image",
            "scope workload knows no “container”, but workload",
        ),
        ("category: policy", "category: all", "“all” is what all rules is called by"),
        ("category: policy", "category: min-instances", "is what a rule is called by"),
        ("[render]", "[render, render]", "platforms names one thing twice"),
        ("{workload.name}", "{workload.nam}", "workload has no field “nam”"),
        ("    fails: |", "    passes: |", "there is no example that fails on render"),
        (
            "severity: warning ",
            "severity: fatal ",
            "severity must be error, warning or info, not “fatal”",
        ),
        ("id: own", "id: other", "the file must be named other.yaml"),
        ("  most: {", "  at-most: {", "“at-most” is no name that CEL can ask for"),
        ("param.most\n", "param.budget\n", "param has no field “budget”; “params” has most"),
        ("scope: workload ", "scop: workload ", "unknown key “scop” (did you mean “scope”?)"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = write(tmp_path, old, new)
    with pytest.raises(RuleError) as error:
        policies.read([tmp_path])
    told = str(error.value)
    assert said in told
    assert told.startswith(f"{path}:")
    assert all(part.isdigit() for part in told.removeprefix(f"{path}:").split(":")[:2])


EXPECT = "expect: workload.max_instances <= param.most"


@pytest.mark.parametrize(
    ("new", "line", "column", "said"),
    [
        ("workload.max_instances <=", 11, 33, "it ends before it is complete"),
        (">-\n  workload.min_instances != null &&\n  workload.name <=< 3", 13, 19, "“<” does not"),
        ("workload.max_instances = 3", 11, 32, "write “==”"),
        ("workload.scanned and true", 11, 26, "“and” is no CEL; write “&&”"),
        (r"workload.name.matches('\d+')", 11, 31, "write it twice, or the text as r'…'"),
        ("workload.name == 'shop", 11, 26, "a text without its closing quote"),
        (
            "len(workload.containers) <= 2",
            11,
            9,
            "no variable or function “len”; write “x.size()”",
        ),
        ("worklod.max_instances <= 2", 11, 9, "“worklod”; did you mean “workload”?"),
        ("params.most > 2", 11, 9, "“params”; write “param”"),
        (
            "container.name != ''",
            11,
            9,
            "scope workload knows no “container”, but profile, workload",
        ),
        ("workload.containers.name != ''", 11, 9, "workload.containers is a list: ask with"),
        ("workload.scanned && workload.rolout == 1", 11, 29, "did you mean “rollout”?"),
        ("3", 11, 9, "the condition is neither true nor false"),
        ("workload.containers.exist(c, c.name == 'x')", 11, 29, "“exist”; did you mean “exists”?"),
        ("workload.containers.all(true)", 11, 29, "“all” takes two things"),
        ("workload.containers.all(c, c.nam != '')", 11, 36, "c has no field “nam”; did you mean"),
        ("workload.scanned == true && workload.plan * 'x'", 11, 51, "“*” does not take a text"),
        ("!workload.scanned && true", 11, 28, "to stand in quotes, or below >-"),
    ],
)
def test_a_condition_that_is_no_cel_is_told_at_the_character(
    tmp_path: Path, new: str, line: int, column: int, said: str
) -> None:
    path = write(tmp_path, EXPECT, f"# as is\nexpect: {new}")
    with pytest.raises(RuleError) as error:
        policies.read([tmp_path])
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
        policies.read([tmp_path])
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
        ("workload.replicas > null", "“>” does not take a whole number and null; guard it with"),
        ("workload.max_instances / 0 > 3", "divide by zero"),
        ("workload.labels['team'] == 'x'", "no “team” in the map; ask “'team' in …” first"),
        ("workload.containers[7].name == 'x'", "item 7 was asked of a list with 1"),
        ("workload.max_instances * 0.5 > 1.0", "make both one with double(…)"),
        ("workload.name", "the condition is neither true nor false"),
        ("workload.name.x == 1", "a field was asked"),
        ("workload.scanned ? workload.name : true", "the condition is neither true nor false"),
        ("workload.min_instances.size() > 0", "“size” does not take a whole number"),
        ("workload.name ? true : false", "what stands before “?” is neither true nor false"),
        ("[workload].all(a, a.max_instanced > 1)", "did you mean “max_instances”?"),
        ("[1, null].map(n, n).sum() > 1.0", "leave out null"),
    ],
)
def test_a_condition_that_fails_says_on_what_and_why(
    tmp_path: Path, expect: str, said: str
) -> None:
    write(tmp_path, EXPECT, f"expect: >-\n  {expect}")
    (example, _) = policies.tried(policies.read([tmp_path]), [tmp_path])
    assert example.mistake.startswith("the rule itself failed on render.yaml:2 (shop), and judged")
    assert said in example.mistake
    assert example.mistake.endswith("(line 10 of the policy)")


def test_the_part_that_fails_is_told_apart(tmp_path: Path) -> None:
    """The condition before it, or the message behind it, is what to mend."""
    for old, new, line in (
        ("when: workload.max_instances != null", "when: workload.name.x == 1", 9),
        ("{param.most} are agreed on", "{workload.name.x} are", 12),
    ):
        write(tmp_path, old, new)
        (example, _) = policies.tried(policies.read([tmp_path]), [tmp_path])
        assert example.mistake.endswith(f"(line {line} of the policy)")


def test_what_stands_beside_the_cases_is_of_their_scopes(tmp_path: Path) -> None:
    text = policies.starting_file("own", ["render"])
    for key in ("scope", "when", "expect"):
        (line,) = [each for each in text.splitlines() if each.startswith(f"{key}:")]
        text = text.replace(f"{line}\n", "" if key != "scope" else "cases: [CASES]\n")
    case = "{scope: %s, expect: 'workload.max_instances <= param.most'}"
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("CASES", case % "workload"), "utf-8")
    rules = policies.read([tmp_path])
    assert [each.mistake for each in policies.tried(rules, [tmp_path])] == ["", ""]
    # The message names the workload, which this scope does not know.
    path.write_text(text.replace("CASES", "{scope: service, expect: 'true'}"), "utf-8")
    with pytest.raises(RuleError, match="scope service knows no “workload”"):
        policies.read([tmp_path])


def test_a_comment_may_end_a_condition(tmp_path: Path) -> None:
    comment = "// the platform's own workload.maximum is another"
    write(tmp_path, EXPECT, f"expect: >-\n  workload.max_instances <= param.most {comment}")
    rules = policies.read([tmp_path])
    assert [each.mistake for each in policies.tried(rules, [tmp_path])] == ["", ""]


def test_items_of_lists_have_the_fields_of_what_they_are() -> None:
    for text, field in (
        ("workload.containers.all(c, c.ports.exists(p, p.no == 1))", "p has no field “no”"),
        ("service.workloads.exists(w, w.env == 'x')", "w has no field “env”"),
        ("project.workloads.map(w, w.rollout.surg)", "w.rollout has no field “surg”"),
        ("service.workloads.all(workload, workload.x)", "workload has no field “x”"),
    ):
        ((told, offset),) = unknown_fields(text)
        assert told.startswith(field)
        assert text[offset:].startswith(field.split(" ")[0].split(".")[0])
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
    with pytest.raises(RuleError, match="there is a rule min-instances already"):
        api.rules([tmp_path])


@pytest.mark.parametrize("name", ["all", "availability", "policy"])
def test_an_id_that_means_several_rules(tmp_path: Path, name: str) -> None:
    text = policies.starting_file(name, ["render"])
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=f"“{name}” is what several rules are called by"):
        api.rules([tmp_path])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.yaml")
    with pytest.raises(RuleError, match="the rule file is no regular file"):
        policies.read([tmp_path])
