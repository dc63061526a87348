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
