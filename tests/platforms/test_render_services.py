"""Services of a Blueprint as workloads and autoscalers: values, provenance, places."""

from __future__ import annotations

from textwrap import dedent

import pytest

from lintscale.model.declared import Autoscaler, Fragments, Workload
from lintscale.model.sourced import Source
from lintscale.platforms.render.normalise import normalise
from lintscale.syntax import parse
from tests.platforms.trees import place

SHOP = """\
services:
  - type: web
    name: shop
    runtime: python
    plan: standard
    startCommand: uvicorn shop:app --workers 2 --port $PORT
    healthCheckPath: /healthz
    maxShutdownDelaySeconds: 120
    numInstances: 3
    scaling:
      minInstances: 2
      maxInstances: 10
      targetCPUPercent: 70
      targetMemoryPercent: 80
    envVars:
      - key: WEB_CONCURRENCY
        value: 2
      - key: DEBUG
        value: false
      - key: PRICE
        value: 1.50
      - key: STRIPE_KEY
        sync: false
      - key: SESSION_SECRET
        generateValue: true
      - key: DATABASE_URL
        fromDatabase:
          name: main
          property: connectionPoolString
      - key: REDIS_URL
        fromService: {type: keyvalue, name: cache, property: connectionString}
      - key: LEDGER_TOKEN
        fromService:
          type: pserv
          name: ledger
          envVarKey: TOKEN
      - fromGroup: common
      - key: EMPTY
        value:
"""


def read(text: str, file_name: str = "render.yaml") -> Fragments:
    result = parse(dedent(text), file_name, "yaml")
    assert result.problems == []
    fragments = Fragments()
    for document in result.documents:
        fragments.extend(normalise(document, file_name))
    return fragments


def only(text: str, file_name: str = "render.yaml") -> Workload:
    [workload] = read(text, file_name).workloads
    return workload


def scaler(text: str) -> Autoscaler:
    [found] = read(text).autoscalers
    return found


def test_web_service() -> None:
    shop = only(SHOP)
    assert (shop.platform, shop.kind, shop.name, shop.role) == ("render", "web", "shop", "service")
    assert shop.serves_traffic is True
    assert shop.can_autoscale
    assert shop.unscalable_reason == ""
    assert (shop.location.line, shop.location.path) == (2, ("services", 0))
    assert (shop.replicas.value, shop.replicas.source) == (3, Source.FILE)
    assert place(shop.replicas) == (9, 5, 20)
    assert (shop.health_check_path.value, place(shop.health_check_path)) == ("/healthz", (7, 5, 30))
    assert (shop.shutdown.grace_seconds.value, place(shop.shutdown.grace_seconds)) == (
        120,
        (8, 5, 33),
    )
    assert (shop.plan.value, shop.plan.source) == ("standard", Source.FILE)


def test_plan_gives_the_instance_size() -> None:
    size = only(SHOP).instance_size
    assert size.cpu_cores.value == 1.0
    assert size.memory_bytes.value == 2 * 1024**3
    assert size.memory_bytes.source is Source.PLATFORM_DEFAULT
    assert size.memory_bytes.reason == "plan standard (Render, Aug 2026)"
    assert place(size.memory_bytes) == (5, 5, 19)


def test_scaling_block() -> None:
    found = scaler(SHOP)
    assert (found.kind, found.target.kind, found.target.name) == ("scaling", "web", "shop")
    assert found.effective
    assert found.location.line == 10
    assert (found.min.value, place(found.min)) == (2, (11, 7, 22))
    assert (found.max.value, place(found.max)) == (10, (12, 7, 23))
    assert [(m.kind, m.name, m.target.value, m.unit, m.location.line) for m in found.metrics] == [
        ("cpu", "targetCPUPercent", 70, "utilization percent", 13),
        ("memory", "targetMemoryPercent", 80, "utilization percent", 14),
    ]
    [policy] = found.policies
    assert policy.kind == "target tracking"
    assert policy.scale_in.cooldown_seconds.source is None


def test_container() -> None:
    [container] = only(SHOP).containers
    assert container.name == "shop"
    assert container.command.value == "uvicorn shop:app --workers 2 --port $PORT"
    assert container.image.value is None
    assert not container.image.written
    assert container.env_from == ("render group:common",)


def test_environment_values_are_text_as_written() -> None:
    [container] = only(SHOP).containers
    values = {variable.name: variable.value for variable in container.environment}
    assert {name: value.value for name, value in values.items() if value.written} == {
        "WEB_CONCURRENCY": "2",
        "DEBUG": "false",
        "PRICE": "1.50",
    }
    assert place(values["PRICE"]) == (21, 9, 20)


def test_variables_without_a_value_say_why() -> None:
    [container] = only(SHOP).containers
    values = {variable.name: variable.value for variable in container.environment}
    for name in ("STRIPE_KEY", "SESSION_SECRET", "EMPTY"):
        assert values[name].value is None
        assert values[name].source is None
    assert values["STRIPE_KEY"].reason == "it is set in the dashboard"
    assert values["SESSION_SECRET"].reason == "Render generates it"
    assert values["EMPTY"].reason == ""


def test_references() -> None:
    [container] = only(SHOP).containers
    references = {
        variable.name: (variable.reference, variable.property)
        for variable in container.environment
        if variable.reference
    }
    assert references == {
        "DATABASE_URL": ("render database:main", "connectionPoolString"),
        "REDIS_URL": ("render keyvalue:cache", "connectionString"),
        "LEDGER_TOKEN": ("render service:ledger", "env:TOKEN"),
    }
    [url] = [v for v in container.environment if v.name == "DATABASE_URL"]
    assert url.value.value is None
    assert not url.value.written
    assert url.location.line == 26


def test_old_name_of_key_value_refers_to_the_same_thing() -> None:
    shop = only(
        """\
        services:
          - type: web
            name: shop
            envVars:
              - key: REDIS_URL
                fromService: {type: redis, name: cache, property: connectionString}
        """
    )
    assert shop.containers[0].environment[0].reference == "render keyvalue:cache"


def test_reference_to_a_placeholder_is_unknown() -> None:
    shop = only(
        """\
        services:
          - type: web
            name: shop
            envVars:
              - key: DATABASE_URL
                fromDatabase: {name: "${DB}", property: connectionString}
              - key: OTHER_URL
                fromDatabase: main
        """
    )
    for variable in shop.containers[0].environment:
        assert variable.reference == ""
        assert variable.value.unknown


def test_what_render_does_when_nothing_is_written() -> None:
    shop = only("services:\n  - type: web\n    name: shop\n")
    assert (shop.replicas.value, shop.replicas.source) == (1, Source.PLATFORM_DEFAULT)
    assert "numInstances is absent" in shop.replicas.reason
    assert shop.replicas.location is not None
    assert shop.replicas.location.path == ("services", 0, "numInstances")
    assert not shop.replicas.location.present
    assert (shop.plan.value, shop.plan.source) == ("starter", Source.PLATFORM_DEFAULT)
    assert shop.instance_size.cpu_cores.value == 0.5
    assert shop.instance_size.memory_bytes.value == 512 * 1024**2
    assert (shop.shutdown.grace_seconds.value, shop.shutdown.grace_seconds.source) == (
        30,
        Source.PLATFORM_DEFAULT,
    )
    assert shop.health_check_path.source is None
    assert shop.health_check_path.location is not None
    assert shop.health_check_path.location.line == 2
    assert not shop.disk.written
    assert read("services:\n  - type: web\n    name: shop\n").autoscalers == []


def test_deploy_runs_old_beside_new_as_an_assumption() -> None:
    surge = only("services:\n  - {type: web, name: shop}\n").rollout.surge_percent
    assert (surge.value, surge.source) == (100, Source.ASSUMED)
    assert "assumed" in surge.reason


@pytest.mark.parametrize(
    ("plan", "cores", "memory_bytes"),
    [
        ("free", 0.1, 512 * 1024**2),
        ("Standard", 1, 2 * 1024**3),
        ("pro plus", 4, 8 * 1024**3),
        ("pro_max", 4, 16 * 1024**3),
        ("pro ultra", 8, 32 * 1024**3),
        ("0.5c-512mb", 0.5, 512 * 1024**2),
        ("12c-96g", 12, 96 * 1024**3),
    ],
)
def test_sizes_of_plans(plan: str, cores: float, memory_bytes: int) -> None:
    size = only(f"services:\n  - {{type: web, name: shop, plan: {plan}}}\n").instance_size
    assert (size.cpu_cores.value, size.memory_bytes.value) == (cores, memory_bytes)


@pytest.mark.parametrize("plan", ["colossal", "${PLAN}", "[standard]", "2c-"])
def test_unknown_plan_says_nothing_about_the_size(plan: str) -> None:
    shop = only(f"services:\n  - {{type: web, name: shop, plan: '{plan}'}}\n")
    assert shop.instance_size.cpu_cores.value is None
    assert shop.unscalable_reason == ""


@pytest.mark.parametrize(
    ("kind", "role", "serves", "scalable"),
    [
        ("web", "service", True, True),
        ("pserv", "service", True, True),
        ("worker", "worker", False, True),
        ("cron", "job", False, False),
        ("workflow", "job", False, False),
    ],
)
def test_roles(kind: str, role: str, serves: bool, scalable: bool) -> None:
    found = only(f"services:\n  - {{type: {kind}, name: shop, runtime: docker}}\n")
    assert (found.kind, found.role) == (kind, role)
    assert (found.serves_traffic, found.can_autoscale) == (serves, scalable)


@pytest.mark.parametrize(
    "service",
    [
        "type: web, runtime: static",
        "type: web, env: static",
        "type: static",
        "type: web, staticPublishPath: dist",
        "type: web, staticPublishPath: dist, env: {API: shop.example}",
    ],
)
def test_static_site_runs_no_instance(service: str) -> None:
    site = only(f"services:\n  - {{name: docs, {service}}}\n")
    assert (site.kind, site.role, site.serves_traffic) == ("static", "static", False)
    assert site.containers == ()
    assert site.replicas.value is None
    assert site.plan.value is None


def test_cron_job_is_one_run_at_a_time() -> None:
    job = only("services:\n  - {type: cron, name: nightly, schedule: '0 3 * * *'}\n")
    assert (job.replicas.value, job.replicas.source) == (1, Source.PLATFORM_DEFAULT)
    assert job.rollout.surge_percent.value is None
    assert job.shutdown.grace_seconds.value is None


def test_health_check_path_belongs_to_what_serves_traffic() -> None:
    text = "services:\n  - {{type: {0}, name: shop, healthCheckPath: /up}}\n"
    assert only(text.format("web")).health_check_path.value == "/up"
    assert only(text.format("pserv")).health_check_path.value == "/up"
    assert only(text.format("worker")).health_check_path.value is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("runtime: docker\n    dockerCommand: ./serve", "./serve"),
        ("runtime: docker\n    startCommand: ./old\n    dockerCommand: ./serve", "./serve"),
        ("runtime: python\n    dockerCommand: ./serve\n    startCommand: ./old", "./old"),
        ("runtime: image\n    image: {url: 'shop/web:1.2'}", None),
    ],
)
def test_command(body: str, expected: str | None) -> None:
    [container] = only(f"services:\n  - type: web\n    name: shop\n    {body}\n").containers
    assert container.command.value == expected


def test_image() -> None:
    [container] = only(
        """\
        services:
          - type: web
            name: shop
            runtime: image
            image:
              url: docker.io/shop/web:latest
        """
    ).containers
    assert container.image.value == "docker.io/shop/web:latest"
    assert place(container.image) == (6, 7, 37)


def test_disk_keeps_the_service_on_one_instance_and_ends_overlapping_deploys() -> None:
    ledger = only(
        """\
        services:
          - type: pserv
            name: ledger
            disk:
              name: data
              mountPath: /var/lib/ledger
              sizeGB: 20
            scaling: {minInstances: 1, maxInstances: 3, targetCPUPercent: 60}
        """
    )
    assert (ledger.disk.value, place(ledger.disk)) == ("/var/lib/ledger", (4, 5, 9))
    assert ledger.unscalable_reason == "a service with a disk has one instance"
    surge = ledger.rollout.surge_percent
    assert (surge.value, surge.source) == (0, Source.PLATFORM_DEFAULT)
    assert surge.location == ledger.disk.location


def test_free_plan_runs_one_instance_and_sleeps() -> None:
    free = only("services:\n  - {type: web, name: shop, plan: free}\n")
    assert free.unscalable_reason == "the free plan has one instance"
    assert (free.sleeps.value, free.sleeps.source) == (True, Source.PLATFORM_DEFAULT)
    paid = only("services:\n  - {type: web, name: shop, plan: pro}\n")
    assert paid.sleeps.value is False


def test_service_that_cannot_scale_keeps_its_scaling_effective() -> None:
    """That it cannot work is told by ``unscalable_reason``, not by taking the block away."""
    found = scaler(
        "services:\n  - type: web\n    name: shop\n    plan: free\n"
        "    scaling: {minInstances: 2, maxInstances: 3, targetCPUPercent: 60}\n"
    )
    assert found.effective


@pytest.mark.parametrize(
    ("service", "kind", "words"),
    [
        ("type: cron", "cron", "does not scale cron jobs"),
        ("type: web\n    runtime: static", "static", "does not scale static sites"),
        ("type: workflow", "workflow", "does not scale workflows"),
    ],
)
def test_scaling_without_effect(service: str, kind: str, words: str) -> None:
    fragments = read(
        f"services:\n  - name: shop\n    {service}\n    scaling:\n      minInstances: 4\n"
    )
    [found] = fragments.autoscalers
    [ignored] = fragments.ignored_settings
    [workload] = fragments.workloads
    assert not found.effective
    assert words in found.ineffective_reason
    assert found.target.kind == kind
    assert found.min.value == 4
    assert (ignored.platform, ignored.topic, ignored.key) == ("render", "scaling", "scaling")
    assert words in ignored.effect
    assert ignored.workload == workload.id
    line = 5 if "\n" in service else 4
    assert (ignored.location.line, ignored.location.span.column) == (line, 5)


def test_scaling_on_key_value_is_ignored_and_stands_for_no_workload() -> None:
    fragments = read(
        "services:\n  - type: keyvalue\n    name: cache\n    scaling: {minInstances: 2}\n"
    )
    [ignored] = fragments.ignored_settings
    assert "does not scale Key Value" in ignored.effect
    assert ignored.location.line == 4
    assert fragments.workloads == []
    assert fragments.autoscalers == []


def test_invented_autoscaling_key_is_no_autoscaler() -> None:
    fragments = read(
        "services:\n  - type: web\n    name: shop\n    autoscaling: {min: 2, max: 4}\n"
    )
    assert fragments.autoscalers == []
    assert fragments.ignored_settings == []


def test_scaling_with_parts_missing() -> None:
    found = scaler(
        "services:\n  - type: web\n    name: shop\n    scaling:\n      minInstances: 2\n"
    )
    assert found.max.source is None
    assert found.max.location is not None
    assert (found.max.location.line, found.max.location.path[-1]) == (4, "maxInstances")
    assert found.metrics == ()
    assert found.policies_complete


@pytest.mark.parametrize("scaling", ["${SCALING}", "true", "[1, 2]"])
def test_scaling_that_is_no_mapping_is_unknown(scaling: str) -> None:
    found = scaler(f"services:\n  - type: web\n    name: shop\n    scaling: {scaling}\n")
    assert found.min.unknown
    assert found.max.unknown
    assert not found.policies_complete


def test_values_of_a_wrong_type_are_unknown() -> None:
    shop = only(
        """\
        services:
          - type: web
            name: shop
            numInstances: many
            healthCheckPath: [/up]
            maxShutdownDelaySeconds: ${DELAY}
        """
    )
    assert shop.replicas.unknown
    assert shop.health_check_path.unknown
    assert shop.shutdown.grace_seconds.unknown


def test_services_stand_in_all_three_places() -> None:
    fragments = read(
        """\
        services:
          - {type: web, name: shop}
        ungrouped:
          services:
            - {type: worker, name: mailer}
        projects:
          - name: shop
            environments:
              - name: Staging
                services:
                  - {type: web, name: shop-staging}
                databases:
                  - {name: staging-db}
                envVarGroups:
                  - name: staging-common
                    envVars: [{key: LOG_LEVEL, value: debug}]
              - name: ${ENVIRONMENT}
                services:
                  - {type: web, name: shop-other}
        """
    )
    assert [(w.name, w.environment_hint, w.location.line) for w in fragments.workloads] == [
        ("shop", "", 2),
        ("mailer", "", 5),
        ("shop-staging", "Staging", 11),
        ("shop-other", "", 19),
    ]
    assert [(d.key, d.environment) for d in fragments.databases] == [
        ("render database:staging-db", "Staging")
    ]
    [group] = fragments.environment_groups
    assert group.identity == "render group:staging-common"


def test_environment_hint_reaches_the_autoscaler() -> None:
    [found] = read(
        """\
        projects:
          - environments:
              - name: staging
                services:
                  - {type: web, name: shop, scaling: {minInstances: 1, maxInstances: 2}}
        """
    ).autoscalers
    assert found.environment_hint == "staging"


def test_environment_groups() -> None:
    [group] = read(
        """\
        envVarGroups:
          - name: common
            envVars:
              - {key: DB_POOL_SIZE, value: 5}
              - {key: TOKEN, generateValue: true}
          - envVars:
              - {key: LOST, value: 1}
        """
    ).environment_groups
    assert group.identity == "render group:common"
    assert [(v.name, v.value.value) for v in group.variables] == [
        ("DB_POOL_SIZE", "5"),
        ("TOKEN", None),
    ]
    assert group.location.line == 2


def test_services_of_unknown_types_are_left_out_and_nameless_ones_are_told_apart() -> None:
    fragments = read(
        """\
        services:
          - {type: lambda, name: shop}
          - {name: untyped}
          - {type: web}
          - just a text
          - {type: web, name: 42}
        """
    )
    assert [workload.name for workload in fragments.workloads] == ["services[2]", "42"]


@pytest.mark.parametrize("file_name", [".render.yaml", "render.yml", "apps/shop/render.yml"])
def test_name_that_render_does_not_look_for(file_name: str) -> None:
    [note] = read("\n# shop\nservices:\n  - {type: web, name: shop}\n", file_name).notes
    assert (note.platform, note.kind) == ("render", "unread file name")
    assert note.location.line == 3
    base = file_name.rpartition("/")[2]
    assert f"Rename {base} to render.yaml" in note.detail
    assert "root" in note.detail


@pytest.mark.parametrize("file_name", ["render.yaml", "apps/shop/render.yaml", "infra.yaml"])
def test_other_names_are_nobodys_mistake(file_name: str) -> None:
    assert read("services:\n  - {type: web, name: shop}\n", file_name).notes == []


def test_anchors_and_merge_keys() -> None:
    fragments = read(
        """\
        services:
          - &base
            type: web
            name: shop
            scaling: &bounds {minInstances: 2, maxInstances: 4, targetCPUPercent: 60}
          - <<: *base
            name: admin
            scaling:
              <<: *bounds
              maxInstances: 6
        """
    )
    assert [(a.name, a.min.value, a.max.value) for a in fragments.autoscalers] == [
        ("shop", 2, 4),
        ("admin", 2, 6),
    ]
