"""Which fixes go together."""

from __future__ import annotations

from itertools import permutations

import pytest

from lintscale.engine.finding import Edit, Finding, Fix, Severity
from lintscale.fixes.plan import edits_of, plan
from lintscale.model.location import Location, Span

Place = tuple[int, int]


def finding(name: str, *edits: tuple[Place, Place, str], safety: str = "safe") -> Finding:
    made = tuple(Edit("a.yaml", *edit) for edit in edits)
    return Finding(
        rule=name,
        category="config",
        severity=Severity.WARNING,
        message=name,
        location=Location("a.yaml", Span(1, 1, 1, 2)),
        fix=Fix(safety, name, made) if edits else None,
    )


def chosen(*findings: Finding) -> list[str]:
    """The names of what is chosen, in whatever order they come."""
    orders = permutations(findings)
    [names] = {tuple(each.rule for each in plan(order, lambda _: True)) for order in orders}
    return list(names)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (((1, 1), (1, 5), "x"), ((1, 4), (1, 8), "y"), False),
        (((1, 1), (1, 5), "x"), ((1, 2), (1, 3), "y"), False),
        (((1, 1), (2, 1), ""), ((2, 1), (3, 1), ""), True),
        (((1, 1), (2, 1), ""), ((3, 1), (4, 1), ""), True),
        # In which order would two insertions stand?
        (((2, 1), (2, 1), "x"), ((2, 1), (2, 1), "y"), False),
        (((1, 1), (2, 1), ""), ((2, 1), (2, 1), "y"), False),
        (((2, 1), (2, 1), "x"), ((2, 1), (3, 1), ""), False),
        (((2, 1), (2, 1), "x"), ((2, 2), (2, 2), "y"), True),
        # The same edit is one.
        (((1, 1), (1, 5), "x"), ((1, 1), (1, 5), "x"), True),
    ],
)
def test_overlaps(
    one: tuple[Place, Place, str], other: tuple[Place, Place, str], together: bool
) -> None:
    assert len(chosen(finding("a", one), finding("b", other))) == (2 if together else 1)


def test_all_or_nothing() -> None:
    first = finding("a", ((1, 1), (1, 2), "x"), ((5, 1), (5, 2), "x"))
    second = finding("b", ((3, 1), (3, 2), "y"), ((5, 1), (5, 3), "y"))
    third = finding("c", ((3, 1), (3, 2), "z"))
    assert chosen(first, second, third) == ["a", "c"]


def test_safe_fixes_first() -> None:
    safe, unsafe = (
        finding("b", ((9, 1), (9, 2), "x")),
        finding("a", ((1, 1), (1, 2), "x"), safety="unsafe"),
    )
    assert chosen(safe, unsafe, finding("c")) == ["b"]
    assert chosen(unsafe, finding("c")) == ["a"]


def test_many() -> None:
    many = [finding(f"r{n}", ((n, 1), (n, 5), "x")) for n in range(1, 3000)]
    assert len(plan(many, lambda _: True)) == len(many)
    assert len(edits_of(many)["a.yaml"]) == len(many)
