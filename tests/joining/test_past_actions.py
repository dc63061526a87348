"""Scheduled actions that are over move no bounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.project.config import load_settings
from tests.files import write_files

WHERE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/bookshop/shop",
    "ScalableDimension": "ecs:service:DesiredCount",
}
TARGET = {**WHERE, "MinCapacity": 2, "MaxCapacity": 8}


def checked(folder: Path, **action: Any) -> api.CheckResult:
    bounds = {"MinCapacity": 1, "MaxCapacity": 4000}
    scheduled = {
        **WHERE,
        "ScheduledActionName": "sale",
        "ScalableTargetAction": bounds,
        **action,
    }
    write_files(folder, {"ecs/scaling.json": json.dumps([TARGET, scheduled])})
    return api.check([str(folder)], settings=load_settings(folder), today="2026-12-01")


@pytest.mark.parametrize(
    ("action", "over"),
    [
        ({"Schedule": "at(2025-11-28T07:00:00)"}, "2025-11-28"),
        ({"Schedule": "cron(30 7 * * ? *)", "EndTime": "2026-01-02T00:00:00Z"}, "2026-01-02"),
        ({"Schedule": "at(2026-12-24T07:00:00)"}, ""),
        ({"Schedule": "at(2026-12-01T07:00:00)"}, ""),
        ({"Schedule": "cron(30 7 * * ? *)", "EndTime": "2027-01-02T00:00:00Z"}, ""),
        ({"Schedule": "cron(30 7 * * ? *)"}, ""),
    ],
)
def test_only_what_is_yet_to_come_moves_bounds(
    tmp_path: Path, action: dict[str, str], over: str
) -> None:
    result = checked(tmp_path, **action)
    reported = "max-instances-ceiling" in {finding.rule for finding in result.findings}
    assert reported is not bool(over)
    reasons = [each.reason for each in result.summary.skipped]
    assert reasons == ([f"the scheduled action sale is over since {over}"] if over else [])
