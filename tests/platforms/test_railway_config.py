"""Railway's config as code as workloads: recognition, environments, values, provenance."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest

from lintscale.model.declared import Fragments, Workload
from lintscale.model.sourced import Source
from lintscale.platforms.railway import may_hold
from lintscale.platforms.railway.normalise import normalise, recognise
from lintscale.syntax import Document, parse
from tests.platforms.trees import place

SHOP = """\
{
  "$schema": "https://railway.com/railway.schema.json",
  "build": {"builder": "RAILPACK"},
  "deploy": {
    "startCommand": "gunicorn shop.wsgi --workers 3",
    "numReplicas": 2,
    "healthcheckPath": "/up",
    "sleepApplication": true,
    "overlapSeconds": 20,
    "drainingSeconds": "10",
    "limitOverride": {"containers": {"cpu": 2, "memoryBytes": 4294967296}}
  },
  "environments": {
    "staging": {
      "deploy": {"numReplicas": 1, "startCommand": null}
    }
  }
}
"""
SHOP_TOML = """\
[build]
builder = "RAILPACK"

[deploy]
startCommand = "gunicorn shop.wsgi --workers 3"
numReplicas = 2
healthcheckPath = "/up"

[environments.staging.deploy]
numReplicas = 1
"""


def documents(text: str, file_name: str) -> list[Document]:
    result = parse(text, file_name, "toml" if file_name.endswith(".toml") else "json")
    assert result.problems == []
    return result.documents


def read(content: str | dict[str, Any], file_name: str = "railway.json") -> Fragments:
    text = content if isinstance(content, str) else json.dumps(content)
    [document] = documents(text, file_name)
    return normalise(document, file_name)


def only(content: str | dict[str, Any], file_name: str = "railway.json") -> Workload:
    [workload] = read(content, file_name).workloads
    return workload


@pytest.mark.parametrize(
    ("file_name", "text", "expected"),
    [
        ("railway.json", '{"deploy": {}}', True),
        ("api/railway.json", '{"build": {"builder": "NIXPACKS"}}', True),
        ("railway.toml", "[deploy]\nnumReplicas = 2\n", True),
        ("railway.toml", '[start]\ncmd = "npm start"\n', True),
        ("railway.json", '{"scaling": {"minInstances": 2}}', True),
        ("railway.worker.json", '{"deploy": {}}', True),
        ("api.railway.toml", "[build]\n", True),
        ("config/service.json", '{"$schema": "https://railway.app/railway.schema.json", '
         '"deploy": {}}', True),
        ("config/service.json", '{"deploy": {}, "build": {}}', False),
        ("railway-worker.json", '{"deploy": {}}', True),
        ("deploy/worker.toml", '[build]\nbuilder = "RAILPACK"\n[deploy]\n'
         'startCommand = "node worker.js"\n', True),
        ("fly.toml", 'app = "shop"\n[deploy]\nrelease_command = "x"\n[build]\n', False),
        ("worker.toml", 'name = "shop"\n[deploy]\nstartCommand = "x"\n', False),
        ("railway.json", '{"services": [{"name": "web", "deploy": {"numReplicas": 2}}]}', True),
        ("railway.json", '{"services": [{"name": "RE 5", "stops": ["Ulm", "Bonn"]}]}', False),
        ("railway.json", '{"type": "FeatureCollection", "features": []}', False),
        ("railway.json", '["build", "deploy"]', False),
        ("railway.json", '{"build": "now"}', False),
        ("railway.schema.json", '{"$schema": "http://json-schema.org/draft-07/schema", '
         '"properties": {"build": {}, "deploy": {}}}', False),
        ("stations.railway.json", '{"stations": []}', False),
        ("railway.json", "", False),
    ],
)  # fmt: skip
def test_recognition(file_name: str, text: str, expected: bool) -> None:
    [document] = documents(text, file_name) or [None]
    found = document is not None and recognise(document, file_name)
    assert (may_hold(file_name, text) and found) is expected


def test_look_at_text() -> None:
    assert may_hold("railway.json", "")
    assert may_hold(
        "service.json", '{"$schema": "https://railway.com/railway.schema.json",\n"build": 1}'
    )
    assert not may_hold("service.json", '{"build": {}, "deploy": {}}')
    assert not may_hold("myrailway.json", '{"build": {}}')
    assert not may_hold("railway.yaml", "build: {}\n")


def test_base_and_override() -> None:
    base, staging = read(SHOP).workloads
    assert (base.platform, base.kind, base.name, base.role) == (
        "railway",
        "service",
        ".",
        "service",
    )
    assert (base.environment_hint, staging.environment_hint) == ("", "staging")
    assert base.serves_traffic is True
    assert not base.can_autoscale
    assert (base.location.line, staging.location.line) == (1, 14)
    assert base.id != staging.id

    assert (base.replicas.value, base.replicas.source, place(base.replicas)) == (
        2,
        Source.FILE,
        (6, 5, 21),
    )
    assert (staging.replicas.value, place(staging.replicas)) == (1, (15, 18, 34))

    assert base.containers[0].command.value == "gunicorn shop.wsgi --workers 3"
    command = staging.containers[0].command
    assert command.value is None
    assert command.source is None
    assert command.location is not None
    assert command.location.path == ("environments", "staging", "deploy", "startCommand")

    assert (staging.health_check_path.value, place(staging.health_check_path)) == (
        "/up",
        (7, 5, 29),
    )


def test_the_rest_of_deploy() -> None:
    base = read(SHOP).workloads[0]
    assert (base.sleeps.value, base.sleeps.source) == (True, Source.FILE)
    assert base.shutdown.pre_stop_seconds.value == 20
    assert (base.shutdown.drain_seconds.value, place(base.shutdown.drain_seconds)) == (
        10,
        (10, 5, 28),
    )
    assert base.instance_size.cpu_cores.value == 2
    assert base.instance_size.memory_bytes.value == 4 * 1024**3
    surge = base.rollout.surge_percent
    assert (surge.value, surge.source) == (100, Source.ASSUMED)
    assert "assumed" in surge.reason


def test_toml_says_the_same() -> None:
    base, staging = read(SHOP_TOML, "railway.toml").workloads
    assert (base.replicas.value, place(base.replicas)) == (2, (6, 1, 16))
    assert (staging.replicas.value, place(staging.replicas)) == (1, (10, 1, 16))
    assert staging.containers[0].command.value == "gunicorn shop.wsgi --workers 3"
    assert staging.health_check_path.value == "/up"


def test_what_railway_does_when_nothing_is_written() -> None:
    text = '{\n  "build": {"builder": "RAILPACK"},\n  "deploy": {}\n}\n'
    shop = only(text)
    assert (shop.replicas.value, shop.replicas.source) == (1, Source.PLATFORM_DEFAULT)
    assert "numReplicas" in shop.replicas.reason
    assert place(shop.replicas)[0] == 3
    assert shop.replicas.location is not None
    assert shop.replicas.location.path == ("deploy", "numReplicas")
    for seconds in (shop.shutdown.drain_seconds, shop.shutdown.pre_stop_seconds):
        assert (seconds.value, seconds.source) == (0, Source.PLATFORM_DEFAULT)
    assert (shop.sleeps.value, shop.sleeps.source) == (False, Source.PLATFORM_DEFAULT)
    assert shop.health_check_path.source is None
    assert not shop.disk.written
    assert shop.unscalable_reason == ""
    assert shop.instance_size.cpu_cores.value is None


def test_health_check_key_in_the_wrong_case_is_not_read() -> None:
    assert only({"deploy": {"healthCheckPath": "/up"}}).health_check_path.value is None


@pytest.mark.parametrize("key", ["numReplicas", "overlapSeconds", "drainingSeconds"])
@pytest.mark.parametrize("value", ["${COUNT}", [2], {"a": 1}, True, 1.5])
def test_values_of_a_wrong_type_are_unknown(key: str, value: Any) -> None:
    shop = only({"deploy": {key: value}})
    found = {
        "numReplicas": shop.replicas,
        "overlapSeconds": shop.shutdown.pre_stop_seconds,
        "drainingSeconds": shop.shutdown.drain_seconds,
    }[key]
    assert found.unknown


def test_cron_is_a_job() -> None:
    job = only({"deploy": {"cronSchedule": "*/15 * * * *"}})
    assert (job.role, job.serves_traffic) == ("job", False)
    for nothing in (None, ""):
        service = only({"deploy": {"cronSchedule": nothing}})
        assert (service.role, service.serves_traffic) == ("service", True)


def test_volume_keeps_one_replica_and_ends_overlapping_deploys() -> None:
    shop = only('{"deploy": {\n  "numReplicas": 3,\n  "requiredMountPath": "/data"}}')
    assert (shop.disk.value, place(shop.disk)) == ("/data", (3, 3, 31))
    assert shop.unscalable_reason == "a service with a volume has one replica"
    surge = shop.rollout.surge_percent
    assert (surge.value, surge.source) == (0, Source.PLATFORM_DEFAULT)


def test_regions_are_summed_and_win() -> None:
    shop = only(
        dedent(
            """\
            {"deploy": {
              "numReplicas": 9,
              "multiRegionConfig": {
                "us-west2": {"numReplicas": 2},
                "europe-west4-drams3a": {"numReplicas": 3},
                "asia-southeast1-eqsg3a": null
              }}}
            """
        )
    )
    assert (shop.replicas.value, shop.replicas.source) == (5, Source.FILE)
    assert shop.replicas.reason == "the sum over 2 regions"
    assert place(shop.replicas) == (3, 3, 22)


def test_one_region_is_read_where_it_stands() -> None:
    shop = only('{"deploy": {"multiRegionConfig": {\n  "us-west2": {"numReplicas": 4}}}}')
    assert (shop.replicas.value, place(shop.replicas)) == (4, (2, 16, 32))


@pytest.mark.parametrize(
    "regions",
    [
        {"us-west2": {"numReplicas": 2}, "eu": {"numReplicas": "${N}"}},
        {"us-west2": {"numReplicas": 2}, "eu": {}},
        {"eu": {}},
        {"eu": None},
        {"us-west2": {"numReplicas": 2**62}, "eu": {"numReplicas": 2**62}},
        "everywhere",
        ["us-west2"],
    ],
)
def test_unknown_regions_make_the_count_unknown(regions: Any) -> None:
    shop = only({"deploy": {"numReplicas": 3, "multiRegionConfig": regions}})
    assert shop.replicas.unknown


@pytest.mark.parametrize("regions", [None, {}])
def test_no_regions_leave_the_plain_count(regions: Any) -> None:
    shop = only({"deploy": {"numReplicas": 3, "multiRegionConfig": regions}})
    assert shop.replicas.value == 3


@pytest.mark.parametrize("name", ["production", "Production", "prod"])
def test_production_override_is_the_production_workload(name: str) -> None:
    config = {
        "deploy": {"numReplicas": 1, "healthcheckPath": "/up"},
        "environments": {name: {"deploy": {"numReplicas": 4}}},
    }
    shop = only(config)
    assert shop.environment_hint == name.lower()
    assert shop.replicas.value == 4
    assert shop.health_check_path.value == "/up"


def test_pull_requests_take_production_under_their_own_overrides() -> None:
    config = {
        "deploy": {"numReplicas": 1, "healthcheckPath": "/up", "drainingSeconds": 5},
        "environments": {
            "pr": {"deploy": {"healthcheckPath": "/pr"}},
            "production": {"deploy": {"numReplicas": 4, "healthcheckPath": "/live"}},
        },
    }
    workloads = {workload.environment_hint: workload for workload in read(config).workloads}
    assert set(workloads) == {"production", "preview"}
    preview = workloads["preview"]
    assert preview.health_check_path.value == "/pr"
    assert preview.replicas.value == 4
    assert preview.shutdown.drain_seconds.value == 5


def test_override_without_production_leaves_the_base_as_it_is() -> None:
    config = {"environments": {"pr": {"deploy": {"numReplicas": 1}}, "qa": "nothing"}}
    assert [w.environment_hint for w in read(config).workloads] == ["", "preview"]


@pytest.mark.parametrize(
    ("file_name", "name", "hint"),
    [
        ("railway.json", ".", ""),
        ("shop/railway.toml", "shop", ""),
        ("apps/ledger/railway.json", "ledger", ""),
        ("apps/ledger/.railway/railway.json", "ledger", ""),
        ("../railway.json", ".", ""),
        ("railway.worker.json", "worker", ""),
        ("apps/mailer.railway.toml", "mailer", ""),
        ("shop/railway.staging.json", "shop", "staging"),
        ("railway.prod.toml", ".", "prod"),
        ("railway-worker.json", "worker", ""),
        ("railway_worker.toml", "worker", ""),
        ("shop/worker-railway.json", "worker", ""),
        ("railway.worker.staging.json", "worker", "staging"),
        ("railway-staging.toml", ".", "staging"),
    ],
)
def test_name_and_environment_by_the_files_place(file_name: str, name: str, hint: str) -> None:
    text = "[deploy]\n" if file_name.endswith(".toml") else '{"deploy": {}}'
    shop = only(text, file_name)
    assert (shop.name, shop.environment_hint) == (name, hint)
    assert shop.containers[0].name == name


@pytest.mark.parametrize(
    ("file_name", "name"),
    [("apps/worker.json", "worker"), ("shop/config.json", "shop"), ("deploy/web.prod.toml", "web")],
)
def test_a_file_by_its_path_is_named_after_itself(file_name: str, name: str) -> None:
    text = '{"deploy": {"startCommand": "node index.js"}}'
    if file_name.endswith(".toml"):
        text = '[deploy]\nstartCommand = "node index.js"\n'
    assert only(text, file_name).name == name


def test_counts_that_railway_ignores_are_not_counted() -> None:
    shop = only({"deploy": {"minReplicas": 2, "replicas": 3, "scale": {"min": 4}}})
    assert (shop.replicas.value, shop.replicas.written) == (1, False)


def test_invented_variables_are_seen() -> None:
    config = {
        "variables": {"DATABASE_URL": "postgres://shop:s3cr3t-word@db.example/shop", "PORT": 8080},
        "deploy": {"envVars": [{"name": "TOKEN", "value": "abc"}, {"key": "EMPTY"}, "odd"]},
        "environments": {"staging": {"variables": {"PORT": {"value": "9090"}, "GONE": None}}},
    }
    base, staging = read(config).workloads
    assert {v.name: v.value.value for v in base.containers[0].environment} == {
        "DATABASE_URL": "postgres://shop:s3cr3t-word@db.example/shop",
        "PORT": "8080",
        "TOKEN": "abc",
        "EMPTY": None,
    }
    assert {v.name: v.value.value for v in staging.containers[0].environment} == {
        "PORT": "9090",
        "GONE": None,
        "DATABASE_URL": "postgres://shop:s3cr3t-word@db.example/shop",
        "TOKEN": "abc",
        "EMPTY": None,
    }


def test_invented_variable_stands_where_it_is_written() -> None:
    [variable] = only('{\n  "variables": {\n    "TOKEN": "abc"\n  }\n}').containers[0].environment
    assert place(variable.value) == (3, 5, 19)
    assert variable.location.path == ("variables", "TOKEN")


@pytest.mark.parametrize(
    ("file_name", "text", "line"),
    [("railway.json", "\n" + SHOP, 2), ("shop/railway.toml", "# shop\n" + SHOP_TOML, 2)],
)
def test_format_is_retired(file_name: str, text: str, line: int) -> None:
    fragments = read(text, file_name)
    [note] = fragments.notes
    assert (note.platform, note.kind, note.since) == ("railway", "retired format", "2026-12-01")
    assert note.location.line == line
    assert note.workload == fragments.workloads[0].id
    assert file_name.rpartition("/")[2] == note.subject
    assert ".railway/railway.ts" in note.detail
    steps = ("migrate`", "--apply`", "migrate cutover`", "config plan`", "config apply`", "delete")
    assert [note.detail.index(step) for step in steps] == sorted(map(note.detail.index, steps))


def test_what_the_migration_leaves_behind_is_told_of_this_file() -> None:
    text = """
[build]
nixpacksPlan = {}
[deploy]
startCommand = "node server.js"
numReplicas = 2
region = "us-west2"
restartPolicyType = "ALWAYS"
cronSchedule = "0 3 * * *"
[environments.staging.deploy]
numReplicas = 1
"""
    detail = read(text, "railway.toml").notes[0].detail
    for part in (
        "build.nixpacksPlan",
        "deploy.restartPolicyType",
        "deploy.cronSchedule",
        "deploy.numReplicas, which is beside region",
        "the environments block",
    ):
        assert part in detail
    assert "startCommand" not in detail
    assert "drainingSeconds" not in detail


def test_a_file_of_another_name_is_skipped_by_the_migration() -> None:
    text = '{"deploy": {"startCommand": "node worker.js", "drainingSeconds": 30}}'
    detail = read(text, "railway.worker.json").notes[0].detail
    assert detail.startswith("`railway config migrate` skips railway.worker.json")
