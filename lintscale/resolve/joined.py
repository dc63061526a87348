"""What joins make of declared records: whole workloads with everything that belongs to them, before
any arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintscale._record import extension, record
from lintscale.model.declared import (
    Alarm,
    Application,
    Autoscaler,
    Database,
    Deprecation,
    DisruptionBudget,
    DocumentNote,
    IgnoredSetting,
    ObjectSuppression,
    VerticalAutoscaler,
    Workload,
)
from lintscale.model.location import Location
from lintscale.model.resolved import SelectorOverlap


@extension
class JoinedAutoscaler(Autoscaler):
    """``alarms`` are those that may set off its step policies."""

    target_found: bool | None
    target_in_doubt: bool
    target_elsewhere: tuple[str, ...]
    template_of: str
    gathered_by: tuple[str, ...]
    alarms: tuple[Alarm, ...]

    if TYPE_CHECKING:

        def __init__(
            self,
            autoscaler: Autoscaler,
            *,
            target_found: bool | None,
            target_in_doubt: bool,
            target_elsewhere: tuple[str, ...],
            template_of: str,
            gathered_by: tuple[str, ...],
            alarms: tuple[Alarm, ...],
        ) -> None: ...


@extension
class JoinedBudget(DisruptionBudget):
    """``workloads`` are the ids of those it selects."""

    workloads: tuple[str, ...]
    selects_nothing: bool | None

    if TYPE_CHECKING:

        def __init__(
            self,
            budget: DisruptionBudget,
            *,
            workloads: tuple[str, ...],
            selects_nothing: bool | None,
        ) -> None: ...


@extension
class JoinedWorkload(Workload):
    """``applications`` are those of its containers, in their order."""

    applications: tuple[Application | None, ...]
    autoscalers: tuple[JoinedAutoscaler, ...]
    autoscaler_in_doubt: bool
    vertical_autoscalers: tuple[VerticalAutoscaler, ...]
    disruption_budgets: tuple[JoinedBudget, ...]
    host_names: tuple[str, ...]
    overlap: SelectorOverlap | None
    route_location: Location | None
    gathered_by: tuple[str, ...]
    in_doubt: bool

    if TYPE_CHECKING:

        def __init__(
            self,
            workload: Workload,
            *,
            applications: tuple[Application | None, ...],
            autoscalers: tuple[JoinedAutoscaler, ...],
            autoscaler_in_doubt: bool,
            vertical_autoscalers: tuple[VerticalAutoscaler, ...],
            disruption_budgets: tuple[JoinedBudget, ...],
            serves_traffic: bool | None,
            host_names: tuple[str, ...],
            overlap: SelectorOverlap | None,
            route_location: Location | None,
            gathered_by: tuple[str, ...],
            in_doubt: bool,
        ) -> None: ...


@record
class JoinedProject:
    """Everything declared, joined; see :class:`lintscale.model.resolved.Project`."""

    workloads: tuple[JoinedWorkload, ...]
    autoscalers: tuple[JoinedAutoscaler, ...]
    disruption_budgets: tuple[JoinedBudget, ...]
    databases: tuple[Database, ...]
    ignored_settings: tuple[IgnoredSetting, ...]
    notes: tuple[DocumentNote, ...]
    deprecations: tuple[Deprecation, ...]
    outside: tuple[str, ...]
    suppressions: tuple[ObjectSuppression, ...]
