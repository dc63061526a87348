"""How suppressions are written, in comments and in annotations."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.suppressions.syntax import Clause, clauses, directives


def one(comment: str) -> Clause:
    (found,) = directives(comment)
    return found.clause


def names(clause: Clause) -> list[str]:
    return [name.text for name in clause.names]


@pytest.mark.parametrize(
    ("comment", "rules", "reason", "until"),
    [
        ("# lintscale: ignore[a-b] for a reason", ["a-b"], "for a reason", ""),
        ("#lintscale:ignore[a,b]", ["a", "b"], "", ""),
        ("// lintscale: ignore[a , b ]: why", ["a", "b"], "why", ""),
        ("/* lintscale: ignore[a] why */", ["a"], "why", ""),
        ("# lintscale: ignore [a] — why", ["a"], "why", ""),
        ("# lintscale: ignore[a] until 2027-03-01: batch", ["a"], "batch", "2027-03-01"),
        ("# lintscale: ignore[a] until 2027-03-01", ["a"], "", "2027-03-01"),
        ("# lintscale: ignore[a] no load until 2027-03-01, then more", ["a"], "no load then more",
         "2027-03-01"),
        ("# lintscale: ignore[a] (until 2027-03-01)", ["a"], "", "2027-03-01"),
        ("# lintscale: ignore[a] until 1.33 is out", ["a"], "until 1.33 is out", ""),
        ("# lintscale: ignore[a] until the move of 2027", ["a"], "until the move of 2027", ""),
        ("# lintscale: ignore[a] see #12", ["a"], "see #12", ""),
        ("# lintscale: ignore[a] why # yamllint disable-line", ["a"], "why", ""),
        ("# 2 are enough # lintscale: ignore[a] why", ["a"], "why", ""),
        ("# lintscale: ignore-file[a] why", ["a"], "why", ""),
        ("# lintscale: ignore[a] …", ["a"], "", ""),
        ("# lintscale: ignore[a] ночью пусто", ["a"], "ночью пусто", ""),
    ],
)  # fmt: skip
def test_a_comment(comment: str, rules: list[str], reason: str, until: str) -> None:
    clause = one(comment)
    assert (names(clause), clause.reason, clause.until) == (rules, reason, until)
    assert not clause.mistake
    assert [comment[name.start : name.end] for name in clause.names] == rules


@pytest.mark.parametrize(
    ("comment", "mistake"),
    [
        ("# lintscale: ignore", "it names no rule"),
        ("# lintscale: ignore because it is a batch", "it names no rule"),
        ("# lintscale: ignore[]", "it names no rule"),
        ("# lintscale: ignore-file", "it names no rule"),
        ("# lintscale: ignore[a", "its bracket is not closed"),
        ("# lintscale: ignore(a)", "its rules must be in square brackets"),
        ("# lintscale ignore[a]", "the colon after “lintscale” is missing"),
        ("# lintscale: disable[a]", "lintscale has no directive “disable”"),
        ("# lintscale: ignore-next-line[a]", "lintscale has no directive “ignore-next-line”"),
        ("# lintscale: Ignore[a]", ""),
        ("# lintscale: ignore[a] until 2027-02-30", "“2027-02-30” is not a date"),
        ("# lintscale: ignore[a] until 2027-3-1: x", "“2027-3-1” is not a date"),
        ("# lintscale: ignore[a] until 01.03.2027", "“01.03.2027” is not a date"),
        ("# lintscale: ignore[a] until 2027-03", "“2027-03” is not a date"),
    ],
)
def test_what_is_meant_as_one_and_is_none(comment: str, mistake: str) -> None:
    assert one(comment).mistake.startswith(mistake)
    assert bool(one(comment).mistake) == bool(mistake)


@pytest.mark.parametrize(
    "comment",
    [
        "# lintscale: min-instances holds here",
        "# lintscale ignores this file, since it is no manifest",
        "# see docs/lintscale: ignore[a] is how to do it",
        "# checked by lintscale",
        "# mylintscale: ignore[a]",
        "# lintscale: ignored by the platform",
        "# Lintscale: ignore[a]",
        "# not-lintscale: ignore[a]",
    ],
)
def test_a_sentence_is_no_suppression(comment: str) -> None:
    assert list(directives(comment)) == []


def test_two_in_one_comment() -> None:
    first, second = directives("# lintscale: ignore[a] x # lintscale: ignore[b] y")
    assert (names(first.clause), first.clause.reason) == (["a"], "x")
    assert (names(second.clause), second.clause.reason) == (["b"], "y")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a", [(["a"], "", "")]),
        ("a: why", [(["a"], "why", "")]),
        ("a, b: why", [(["a", "b"], "why", "")]),
        ("a: why; b until 2027-03-01: later", [(["a"], "why", ""), (["b"], "later", "2027-03-01")]),
        ("a;b;", [(["a"], "", ""), (["b"], "", "")]),
        ("a: one; and two; b: three", [(["a"], "one; and two", ""), (["b"], "three", "")]),
        ("a: why until 2027-03-01", [(["a"], "why", "2027-03-01")]),
        ("a until 2027-03-01", [(["a"], "", "2027-03-01")]),
        ("a: why\nb: later\n", [(["a"], "why", ""), (["b"], "later", "")]),
        ("a: see https://example.com/x;y=1", [(["a"], "see https://example.com/x; y=1", "")]),
    ],
)
def test_an_annotation(text: str, found: list[tuple[list[str], str, str]]) -> None:
    read = clauses(text)
    assert [(names(each), each.reason, each.until) for each in read] == found
    assert not any(each.mistake for each in read)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "it names no rule"),
        (" ; ", "it names no rule"),
        ("everything here", "“everything here” is not of the form “rule: reason”"),
        ("a until tomorrow: why", "“tomorrow” is not a date"),
        ("a until 2027-02-30: why", "“2027-02-30” is not a date"),
    ],
)
def test_an_annotation_that_cannot_be_understood(text: str, mistake: str) -> None:
    assert any(each.mistake.startswith(mistake) for each in clauses(text))


@given(st.text(alphabet="# /*lintscale:ignore-file[](),;until 2027-01-01\r\n\t“é"))
def test_no_text_is_too_strange(text: str) -> None:
    for directive in directives(text):
        clause = directive.clause
        assert 0 <= clause.start <= clause.names_start <= clause.names_end <= clause.end
        assert clause.end <= len(text)
    for clause in clauses(text):
        assert 0 <= clause.start <= clause.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "# lintscale: ignore[a] " + " " * 200_000 + "x",
        "# lintscale: ignore" + " " * 200_000 + "[a]",
        "#" * 200_000,
        "# " * 100_000,
        "/* " + "*" * 200_000,
        "# lintscale: ignore[" + "a, " * 50_000 + "]",
        "# lintscale: ignore[a] " + "until " * 50_000,
        "# lintscale: ignore[a] x " * 10_000,
        "a" + " " * 200_000 + "x",
        "a" + " , a" * 50_000 + "?",
        "a: b" + "; c d" * 50_000,
        "a;" * 50_000,
        "a until" + " " * 200_000,
    ],
    ids=range(13),
)
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    list(directives(text))
    clauses(text)
    assert time.process_time() - started < 20  # tenths of a second, with a wide margin
