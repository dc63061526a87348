"""What holds of the sums whatever the numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lintscale import api
from lintscale._record import replace
from lintscale.project.config import load_settings
from lintscale.reports import capacity
from lintscale.resolve.what_if import parse_change

FACTORS = ("min", "max", "processes", "pool_size", "max_overflow")

BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
    plan: standard
    startCommand: uvicorn shop:app --port $PORT --workers {processes}
    scaling:
      minInstances: {min}
      maxInstances: {max}
      targetCPUPercent: 70
    envVars:
      - key: DATABASE_URL
        fromDatabase: {{name: main-db, property: connectionString}}
      - key: DB_POOL_SIZE
        value: "{pool_size}"
      - key: DB_MAX_OVERFLOW
        value: "{max_overflow}"
  - type: worker
    name: mailer
    runtime: python
    plan: standard
    startCommand: python mailer.py
    envVars:
      - key: DATABASE_URL
        fromDatabase: {{name: main-db, property: connectionString}}
      - key: DB_POOL_SIZE
        value: "2"
databases:
  - name: main-db
    plan: basic-1gb
"""

numbers = st.fixed_dictionaries(
    {
        "min": st.integers(1, 40),
        "max": st.integers(1, 40),
        "processes": st.integers(1, 16),
        "pool_size": st.integers(1, 60),
        "max_overflow": st.integers(0, 60),
    }
).filter(lambda told: told["min"] <= told["max"])


def reported(told: dict[str, int], *changes: str) -> dict[str, Any]:
    """The database as ``capacity`` reports it, without the places of what is written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bookshop"
        (folder / ".git").mkdir(parents=True)
        (folder / "render.yaml").write_text(BLUEPRINT.format(**told), encoding="utf-8")
        settings = load_settings(folder)
        what_if = tuple(parse_change(change) for change in changes)
        result = api.load([str(folder)], settings=replace(settings, what_if=what_if))
        (database,) = capacity.report(result)["databases"]
    for consumer in database["consumers"]:
        for place in ("file", "line", "assumptions"):
            consumer.pop(place)
    found: dict[str, Any] = database
    return found


@given(told=numbers)
def test_the_sum_is_the_product_of_what_is_written(told: dict[str, int]) -> None:
    each = told["processes"] * (told["pool_size"] + told["max_overflow"])
    # The mailer is one instance with a pool of 2; Render starts new ones beside the old.
    assert reported(told)["total"] == {
        "min": told["min"] * each + 2,
        "max": told["max"] * each + 2,
        "deploy": 2 * (told["max"] * each + 2),
    }


@given(told=numbers, more=st.integers(1, 20), factor=st.sampled_from(FACTORS))
def test_more_of_anything_is_never_fewer_connections(
    told: dict[str, int], more: int, factor: str
) -> None:
    larger = {**told, factor: told[factor] + more}
    larger["max"] = max(larger["max"], larger["min"])
    one, other = reported(told), reported(larger)
    for when in ("min", "max", "deploy"):
        assert one["total"][when] <= other["total"][when]
        assert one["fits"][when] or not other["fits"][when]


@given(told=numbers, other=numbers)
def test_what_if_is_what_an_edited_file_gives(told: dict[str, int], other: dict[str, int]) -> None:
    asked = reported(told, *(f"shop.{factor}={other[factor]}" for factor in FACTORS))
    assert asked == reported(other)


@given(told=numbers)
def test_what_is_said_to_fit_does(told: dict[str, int]) -> None:
    """And one more does not."""
    database = reported(told)
    shop = next(each for each in database["consumers"] if each["workload"] == "shop")
    most, pool = shop["max_instances_that_fit"], shop["pool_that_fits"]
    assert not reported(told, f"shop.max={most + 1}", "shop.min=1")["fits"]["deploy"]
    if most:
        assert reported(told, f"shop.max={most}", "shop.min=1")["fits"]["deploy"]
    for size, fits in ((pool, True), (pool + 1, False)):
        if size:
            asked = reported(told, f"shop.pool_size={size}", "shop.max_overflow=0")
            assert asked["fits"]["deploy"] is fits
