"""What is said of keys that people take from another API, from a guide, or from thin air."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import one_service
from tests.files import write_files

RENDER = """\
services:
  - type: web
    name: shop
    runtime: node
    plan: standard
    buildCommand: npm ci
    startCommand: node server.js
    scaling:
      minInstances: 2
      maxInstances: 5
      targetCPUPercent: 60
      enabled: true
      criteria:
        cpu: {enabled: true, percentage: 70}
    envVars:
      - NODE_ENV: production
"""

RAILWAY = """\
[deploy]
startCommand = "node server.js"
minReplicas = 2
instances = 3
[deploy.resources]
cpu = 2
"""

TASK = """\
{
  "$schema": "https://example.com/task.json",
  "_comment": "the shop",
  "family": "shop",
  "containerDefinitions": [{"//": "main", "name": "shop", "image": "shop/api:1", "memory": 512}]
}
"""


@pytest.mark.parametrize(
    ("name", "text", "hints"),
    [
        (
            "render.yaml",
            RENDER,
            {
                "“enabled” in services[shop].scaling (scaling is on where the block is written)",
                "“criteria” in services[shop].scaling (that is the shape of Render's REST API: a "
                "Blueprint has targetCPUPercent and targetMemoryPercent)",
                "“NODE_ENV” in services[shop].envVars[0] (a variable is written as “key: NAME” and "
                "“value: …”)",
            },
        ),
        (
            "railway.toml",
            RAILWAY,
            {
                "“minReplicas” in deploy (Railway has no autoscaler: numReplicas is the count)",
                "“instances” in deploy (did you mean “numReplicas”?)",
                "“resources” in deploy (the limits are limitOverride.containers.cpu and "
                "memoryBytes)",
            },
        ),
        ("task-definition.json", TASK, {"“_comment”", "“//” in containerDefinitions[shop]"}),
    ],
)
def test_hints(tmp_path: Path, name: str, text: str, hints: set[str]) -> None:
    result = one_service.checked(write_files(tmp_path, {name: text}))
    found = [each for each in result.findings if each.rule == "unknown-key"]
    messages = {each.message.removeprefix("unknown key ").partition(";")[0] for each in found}
    assert messages == hints


PLANS = """\
envVarGroups:
  - name: shared
    envVars:
      - {key: TOKEN, sync: false}
      - key: DATABASE_URL
        fromDatabase: {name: books, property: connectionString}
databases:
  - {name: books, plan: free, connectionPool: pgbouncer}
  - {name: small, plan: 0.5c-1g, highAvailability: {enabled: true}}
  - name: read
    plan: 1c-4g
    readReplicas: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f}]
  - {name: right, plan: pro-8gb, connectionPool: pgbouncer, highAvailability: {enabled: true}}
services:
  - {type: workflow, name: nightly, runtime: node, plan: 1c-2g, startCommand: node w.js}
  - type: web
    name: shop
    runtime: node
    startCommand: node s.js
    previews: {generation: "off"}
"""


def test_what_renders_plans_and_groups_do_not_take(tmp_path: Path) -> None:
    result = one_service.checked(write_files(tmp_path, {"render.yaml": PLANS}))
    found = [each for each in result.findings if each.rule == "schema-violation"]
    told = [each.message.partition(";")[0].partition(" (only")[0] for each in found]
    assert list(zip((each.location.line for each in found), told, strict=True)) == [
        (4, "envVarGroups[shared].envVars[TOKEN].sync false is for the variables of services only: "
            "a group has no prompt in the dashboard"),
        (6, "envVarGroups[shared].envVars[DATABASE_URL].fromDatabase is for the variables of "
            "services only"),
        (8, "databases[books].connectionPool is not to be had on the free plan"),
        (9, "databases[small].highAvailability needs a plan with at least 1 CPU"),
        (12, "databases[read].readReplicas takes at most 5 entries, has 6"),
        (15, "services[nightly].plan does not go with type workflow, whose tasks choose their "
             "plans in code"),
        (20, "services[shop].previews.generation must be manual or automatic, not “off”"),
    ]  # fmt: skip
