"""Label selectors: which pods an object means."""

from __future__ import annotations

from lintscale.model.declared import Requirement, Selector
from lintscale.syntax.field import Field, has_placeholder

_OPERATORS = frozenset({"In", "NotIn", "Exists", "DoesNotExist"})


def label_selector(field: Field, *, empty_selects_everything: bool = True) -> Selector:
    """A LabelSelector (``matchLabels`` and ``matchExpressions``). Absent, it selects nothing;
    empty, everything, except in the one API version that says otherwise."""
    if not field.present:
        return Selector()
    if not field.is_mapping:
        return Selector(unknown=True)
    labels, unknown = _equalities(field.get("matchLabels"))
    requirements = list(labels)
    expressions = field.get("matchExpressions")
    unknown = unknown or (expressions.present and not expressions.is_sequence)
    for expression in expressions.items():
        requirement = _requirement(expression)
        if requirement is None:
            unknown = True
        else:
            requirements.append(requirement)
            unknown = unknown or any(
                has_placeholder(text) for text in (requirement.key, *requirement.values)
            )
    everything = empty_selects_everything and not requirements and not unknown
    return Selector(tuple(requirements), everything, unknown)


def plain_selector(field: Field) -> Selector:
    """A map of labels, as a Service has it; absent or empty it selects nothing."""
    if field.present and not field.is_mapping:
        return Selector(unknown=True)
    requirements, unknown = _equalities(field)
    return Selector(requirements, False, unknown)


def _equalities(field: Field) -> tuple[tuple[Requirement, ...], bool]:
    unknown = field.present and not field.is_mapping
    requirements = []
    for key, value in field.entries():
        text = value.string()
        if text is None:
            unknown = True
            continue
        requirements.append(Requirement(key, "In", (text,)))
        unknown = unknown or has_placeholder(text) or has_placeholder(key)
    return tuple(requirements), unknown


def _requirement(expression: Field) -> Requirement | None:
    """None when the API server would not take it."""
    key = expression.get("key").string()
    operator = expression.get("operator").string()
    if key is None or operator not in _OPERATORS:
        return None
    values = tuple(
        text for item in expression.get("values").items() if (text := item.string()) is not None
    )
    if operator in ("In", "NotIn") and not values:
        return None
    return Requirement(key, operator, values)
