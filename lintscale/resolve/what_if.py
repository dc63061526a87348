"""Questions of the form "what if web ran 20 instances": values that replace what the files say.

A change stands in the place of the value itself, before anything is derived from it, so that the
answer is the one that an edited file would give.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lintscale._record import record, replace
from lintscale.model.declared import Database, Workload
from lintscale.model.resolved import Container, ProcessPool, Project, RunningWorkload
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.joined import JoinedWorkload

WORKLOAD_FIELDS = ("min", "max", "replicas", "processes", "pool_size", "max_overflow")
DATABASE_FIELDS = ("limit", "reserved")

MOST = 1_000_000
"""Larger numbers are mistakes of typing."""


@record
class Change:
    """``field`` of the service, workload or database called ``target`` is ``value``."""

    target: str
    field: str
    value: int

    @property
    def reason(self) -> str:
        return f"what if: {self.target}.{self.field} = {self.value}"

    def sourced(self) -> Sourced[int]:
        return Sourced(self.value, Source.CONFIG, None, self.reason)


class ChangeError(ValueError):
    """The text is no change; ``str()`` says why, for people."""


def parse_change(text: str) -> Change:
    """``web.max=20``. Raises ChangeError."""
    match = re.fullmatch(r"\s*(.+)\.([A-Za-z_-]+)\s*=\s*(.*?)\s*", text)
    if match is None:
        raise ChangeError(f"“{text}” is not of the form NAME.FIELD=NUMBER, as in web.max=20")
    target, field, value = match[1], match[2].replace("-", "_").lower(), match[3]
    known = (*WORKLOAD_FIELDS, *DATABASE_FIELDS)
    if field not in known:
        import difflib

        close = difflib.get_close_matches(field, known, n=1)
        hint = f"did you mean “{close[0]}”?" if close else f"there is {', '.join(known)}"
        raise ChangeError(f"there is no field “{match[2]}” in “{text}”; {hint}")
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > MOST:
        raise ChangeError(f"“{value}” in “{text}” is no whole number from 0 to {MOST}")
    return Change(target, field, int(value))


def unmatched(changes: Iterable[Change], project: Project) -> list[tuple[Change, list[str]]]:
    """The changes whose target is nothing in the project, each with the names there are."""
    services = {
        name for workload in project.workloads for name in _names(workload, workload.service)
    }
    databases = {database.name for database in project.databases}
    return [
        (change, sorted(databases if change.field in DATABASE_FIELDS else services))
        for change in changes
        if change.target not in (databases if change.field in DATABASE_FIELDS else services)
    ]


def _names(workload: Workload, service: str) -> set[str]:
    return {service, workload.name, workload.display_name} - {""}


def _for(workload: Workload, service: str, changes: Sequence[Change]) -> dict[str, Change]:
    names = _names(workload, service)
    return {change.field: change for change in changes if change.target in names}


def with_bounds(
    workload: JoinedWorkload, service: str, changes: Sequence[Change]
) -> JoinedWorkload:
    """The workload, named already, with other instance counts."""
    own = _for(workload, service, changes) if changes else {}
    if not own.keys() & {"min", "max", "replicas"}:
        return workload
    scaled = [scaler for scaler in workload.autoscalers if scaler.effective]
    if scaled:
        autoscalers = tuple(
            replace(
                scaler,
                min=own["min"].sourced() if "min" in own else scaler.min,
                max=own["max"].sourced() if "max" in own else scaler.max,
            )
            if scaler.effective
            else scaler
            for scaler in workload.autoscalers
        )
        return replace(workload, autoscalers=autoscalers)
    fixed = own.get("replicas") or own.get("max") or own.get("min")
    assert fixed is not None  # noqa: S101 - one of the three is there
    autoscalers = tuple(replace(each, paused_at=ABSENT) for each in workload.autoscalers)
    replicas = fixed.sourced()
    return replace(workload, replicas=replicas, count_known=True, autoscalers=autoscalers)


def with_processes(
    container: Container, workload: Workload, service: str, changes: Sequence[Change]
) -> Container:
    change = _for(workload, service, changes).get("processes") if changes else None
    if change is None or container.init:
        return container
    return replace(container, processes=replace(change.sourced(), value=max(1, change.value)))


def with_pool(
    pool: ProcessPool, workload: RunningWorkload, changes: Sequence[Change]
) -> ProcessPool:
    """The pool with another size or overflow; what is said so is declared."""
    own = _for(workload, workload.service, changes) if changes else {}
    if not own.keys() & {"pool_size", "max_overflow"}:
        return pool
    size = own["pool_size"].sourced() if "pool_size" in own else pool.size
    overflow = own["max_overflow"].sourced() if "max_overflow" in own else pool.overflow
    if "pool_size" in own and "max_overflow" not in own and pool.declared == "assumed":
        overflow = Sourced(0, Source.CONFIG, None, own["pool_size"].reason)
    total = None if size.value is None else size.value + max(0, overflow.value or 0)
    reason = next(iter(own.values())).reason
    return replace(
        pool,
        size=size,
        overflow=overflow,
        per_process=Sourced(total, Source.CONFIG, None, reason),
        declared="declared",
        unbounded=False,
    )


def with_limit(database: Database, changes: Sequence[Change]) -> Database:
    for change in changes:
        if change.target == database.name and change.field in DATABASE_FIELDS:
            database = replace(database, **{change.field: change.sourced()})
    return database
