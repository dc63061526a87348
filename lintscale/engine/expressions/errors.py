"""What can be wrong with an expression, and the variables that there are."""

from __future__ import annotations

VARIABLES = (
    "workload", "autoscaler", "policy", "metric", "container", "probe", "resource", "pool",
    "database", "budget", "ignored", "note", "credential", "drift", "deprecation", "service",
    "profile", "project", "param", "today", "it",
)  # fmt: skip
"""All variables; which of them are bound depends on the rule's scope."""


class ExpressionError(Exception):
    """An expression that cannot be compiled or evaluated. ``offset`` is where in its text, if
    known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset
