"""Short ways to write down parts of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from lintscale._record import annotation, replace
from lintscale._record import fields as record_fields
from lintscale.model import declared, resolved
from lintscale.model.declared import (
    Autoscaler,
    Database,
    DisruptionBudget,
    EnvironmentVariable,
    Metric,
    Reference,
    Rollout,
    ScalingBehavior,
    ScalingPolicy,
    Selector,
)
from lintscale.model.location import Location, Span
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.project.config import Settings
from lintscale.resolve.joined import JoinedAutoscaler, JoinedBudget, JoinedProject, JoinedWorkload
from lintscale.resolve.project import derive

T = TypeVar("T")

SETTINGS = Settings(root=Path("/srv/shop"))


def extended(kind: type[T], base: Any, **given: Any) -> T:
    """A record of a kind that extends that of ``base``; its own fields are empty unless given."""
    for name in record_fields(kind):
        if name not in given and name not in record_fields(base):
            given[name] = _empty(annotation(kind, name))
    return kind(base, **given)


def resolved_project(**given: tuple[Any, ...]) -> resolved.Project:
    """A project with nothing in it but what is given."""
    nothing: dict[str, Any] = dict.fromkeys(record_fields(resolved.Project), ())
    return resolved.Project(**{**nothing, **given})


def _empty(type_name: str) -> Any:
    empty = {"bool": False, "str": "", "int": 0, "tuple": (), "Sourced": ABSENT}
    return None if type_name.endswith("None") else empty[type_name.partition("[")[0]]


def at(file: str = "render.yaml", line: int = 1, column: int = 1) -> Location:
    return Location(file, Span(line, column, line, column + 4))


def said(value: Any, line: int = 1, file: str = "render.yaml") -> Sourced[Any]:
    """A value that stands in a file; None is a placeholder."""
    return Sourced(value, Source.FILE, at(file, line))


def default(value: Any) -> Sourced[Any]:
    return Sourced(value, Source.PLATFORM_DEFAULT, at(), "the platform's default")


def variable(
    name: str,
    value: str | None = None,
    *,
    reference: str = "",
    property: str = "",  # noqa: A002 - the model's word
    line: int = 20,
    file: str = "render.yaml",
) -> EnvironmentVariable:
    sourced: Sourced[str] = Sourced(None, None, at(file, line))
    if value is not None:
        sourced = said(value, line, file)
    return EnvironmentVariable(name, sourced, at(file, line), reference, property)


def container(
    command: str | None = None,
    *variables: EnvironmentVariable,
    name: str = "app",
    image: str = "shop/app:1.4.2",
    **fields: Any,
) -> resolved.Container:
    """One that its program says nothing of yet; deriving works on it as on a declared one."""
    written = declared.Container(
        name=name,
        image=said(image),
        location=at(line=10),
        command=ABSENT if command is None else said(command, 11),
        environment=variables,
        **fields,
    )
    return extended(resolved.Container, written)


def autoscaler(
    smallest: int | None = 2,
    largest: int | None = 10,
    *,
    effective: bool = True,
    cpu: float | None = None,
    memory: float | None = None,
    file: str = "render.yaml",
    line: int = 5,
) -> JoinedAutoscaler:
    metrics = tuple(
        Metric(kind, kind, said(target, line + 3, file), "utilization percent", at(file, line + 3))
        for kind, target in (("cpu", cpu), ("memory", memory))
        if target is not None
    )
    behavior = ScalingBehavior()
    policy = ScalingPolicy("target tracking", "", metrics, behavior, behavior, at(file, line))
    written = Autoscaler(
        platform="render",
        kind="scaling",
        name="web",
        target=Reference("web", "web"),
        min=said(smallest, line + 1, file),
        max=said(largest, line + 2, file),
        policies=(policy,),
        location=at(file, line),
        effective=effective,
    )
    return extended(JoinedAutoscaler, written)


SIDE_BY_SIDE = Rollout(surge_percent=default(100))
QUARTER = Rollout(
    strategy=default("RollingUpdate"),
    max_unavailable=default("25%"),
    max_surge=default("25%"),
)


def workload(
    name: str = "web",
    *containers: declared.Container,
    platform: str = "render",
    kind: str = "web",
    file: str = "render.yaml",
    line: int = 1,
    **fields: Any,
) -> JoinedWorkload:
    own = set(record_fields(JoinedWorkload)) - set(record_fields(declared.Workload))
    joins = {name: fields.pop(name) for name in own if name in fields}
    joins.setdefault("applications", (None,) * len(containers))
    written = declared.Workload(
        platform=platform,
        kind=kind,
        name=name,
        location=at(file, line),
        containers=containers,
        **fields,
    )
    return extended(JoinedWorkload, written, **joins)


def derived(workload: JoinedWorkload, **fields: Any) -> resolved.Workload:
    """The workload by itself, with other values in some fields."""
    return replace(derive(project(workload), SETTINGS).workloads[0], **fields)


def deployment(name: str = "web", *containers: declared.Container, **fields: Any) -> JoinedWorkload:
    fields.setdefault("file", "k8s/web.yaml")
    fields.setdefault("rollout", QUARTER)
    return workload(name, *containers, platform="kubernetes", kind="Deployment", **fields)


def database(
    key: str = "render database:main-db",
    limit: int | None = 100,
    reserved: int | None = 3,
    **fields: Any,
) -> Database:
    fields.setdefault("engine", "postgresql")
    fields.setdefault("platform", "render")
    fields.setdefault("location", at(line=40))
    return Database(
        key=key,
        name=key.rsplit(":", 1)[-1],
        limit=default(limit) if limit is not None else ABSENT,
        reserved=default(reserved) if reserved is not None else ABSENT,
        **fields,
    )


def budget(
    *workloads: declared.Workload,
    min_available: str | None = None,
    max_unavailable: str | None = None,
) -> JoinedBudget:
    written = DisruptionBudget(
        platform="kubernetes",
        name="web",
        namespace="",
        selector=Selector(),
        min_available=said(min_available) if min_available is not None else ABSENT,
        max_unavailable=said(max_unavailable) if max_unavailable is not None else ABSENT,
        location=at("k8s/pdb.yaml"),
    )
    selected = tuple(sorted(workload.id for workload in workloads))
    return extended(JoinedBudget, written, workloads=selected)


def project(*workloads: JoinedWorkload, **fields: Any) -> JoinedProject:
    for name in (
        *("autoscalers", "disruption_budgets", "databases", "ignored_settings", "notes"),
        *("deprecations", "outside", "suppressions"),
    ):
        fields.setdefault(name, ())
    return JoinedProject(workloads=workloads, **fields)
