"""``show``'s two views of the model, on a project made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale._record import fields, replace
from lintscale.api import CheckResult, Skipped, Summary
from lintscale.model import declared
from lintscale.model.declared import (
    EnvironmentVariable,
    Probe,
    Reference,
    Rollout,
    Selector,
    Shutdown,
    StepLimit,
)
from lintscale.model.location import Location, Span
from lintscale.model.resolved import (
    Autoscaler,
    ConnectionShare,
    Consumer,
    Container,
    Database,
    DisruptionBudget,
    Metric,
    Pool,
    ProcessPool,
    Project,
    RunningWorkload,
    ScalingBehavior,
    ScalingPolicy,
    Workload,
)
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.reports import Style, model_json, model_table
from tests.reports.sample import HOSTILE
from tests.resolve.build import extended, resolved_project
from tests.snapshots import matches_stored

STORED = Path(__file__).parent / "snapshots"
DEPLOYMENT, HPA = "k8s/checkout/deployment.yaml", "k8s/checkout/hpa.yaml"


def at(line: int, file: str = DEPLOYMENT) -> Location:
    return Location(file, Span(line, 3, line, 9))


def written(value: Any, line: int, file: str = DEPLOYMENT, reason: str = "") -> Sourced[Any]:
    return Sourced(value, Source.FILE, at(line, file), reason)


def default(value: Any, reason: str) -> Sourced[Any]:
    return Sourced(value, Source.PLATFORM_DEFAULT, at(7), reason)


def assumed(value: Any, reason: str) -> Sourced[Any]:
    return Sourced(value, Source.ASSUMED, None, reason)


def probe(kind: str, path: str, line: int) -> Probe:
    return Probe(
        kind, f"http get http://:8080{path}", written(path, line), written("8080", line),
        written(5, line), written(10, line), ABSENT, ABSENT, ABSENT, at(line),
    )  # fmt: skip


def _resolved(workload: declared.Workload, **given: Any) -> Workload:
    own = set(fields(Workload)) - set(fields(RunningWorkload))
    others = {name: given.pop(name) for name in own if name in given}
    return extended(Workload, extended(RunningWorkload, workload, **given), **others)


def project() -> Project:
    """A Deployment with its autoscaler, budget and database, and a Railway service of which
    hardly anything is written."""
    policy = declared.ScalingPolicy(
        "target tracking",
        "",
        (
            declared.Metric(
                "cpu", "cpu", written(70.0, 20, HPA), "utilization percent", at(19, HPA)
            ),
            declared.Metric(
                "memory", "memory", written(1.5 * 1024**3, 24, HPA), "average value", at(23, HPA)
            ),
            declared.Metric(
                "queue", "jobs", written(None, 28, HPA, "a placeholder"), "value", at(27, HPA)
            ),
        ),
        declared.ScalingBehavior(
            default(0, "an HPA scales out at once unless told otherwise"),
            "stabilization window",
            (
                StepLimit("percent", written(100, 33, HPA), written(60, 34, HPA)),
                StepLimit("instances", written(4, 36, HPA), written(60, 37, HPA)),
            ),
        ),
        declared.ScalingBehavior(written(300, 30, HPA), "stabilization window"),
        at(10, HPA),
    )
    scaler = declared.Autoscaler(
        "kubernetes", "HorizontalPodAutoscaler", "checkout", Reference("Deployment", "checkout"),
        written(2, 11, HPA), written(10, 12, HPA), (policy,), at(4, HPA),
    )  # fmt: skip
    resolved_policy = extended(
        ScalingPolicy,
        policy,
        metrics=tuple(extended(Metric, metric) for metric in policy.metrics),
        scale_out=extended(ScalingBehavior, policy.scale_out),
        scale_in=extended(ScalingBehavior, policy.scale_in),
    )
    autoscaler = extended(Autoscaler, scaler, policies=(resolved_policy,))
    pool = extended(Pool, ProcessPool(
        "secret:shop-db", "SQLAlchemy", written(5, 30), written(10, 31), written(15, 30),
        "declared", "checkout", at(30),
    ))  # fmt: skip
    container = declared.Container(
        "checkout",
        written("registry.example/checkout:1.4.2", 17),
        at(16),
        command=written("gunicorn shop:app --db-password hunter2 -w 3", 18),
        cpu_request_cores=written(0.5, 20),
        memory_request_bytes=written(512 * 1024**2, 21),
        memory_limit_bytes=written(None, 22, reason="a placeholder"),
        environment=(EnvironmentVariable("SMTP_PASSWORD", written("swordfish", 27), at(27)),),
        liveness=probe("http", "/health", 40),
        readiness=probe("http", "/ready", 44),
    )
    checkout = declared.Workload(
        "kubernetes",
        "Deployment",
        "checkout",
        at(5),
        namespace="prod",
        replicas=written(2, 8),
        containers=(container,),
        serves_traffic=True,
        rollout=Rollout(default("RollingUpdate", "what a Deployment does unless told otherwise")),
        shutdown=Shutdown(default(30, "Kubernetes waits 30 s unless told otherwise")),
    )  # fmt: skip
    budget = declared.DisruptionBudget(
        "kubernetes", "checkout", "prod", Selector(), ABSENT,
        written("1", 7, "k8s/budget.yaml"), at(4, "k8s/budget.yaml"),
    )  # fmt: skip
    checkout = _resolved(
        checkout,
        containers=(extended(Container, container, processes=written(3, 18)),),
        autoscalers=(autoscaler,),
        disruption_budgets=(extended(DisruptionBudget, budget),),
        service="checkout",
        environment=written("production", 6, reason="the namespace prod"),
        min_instances=autoscaler.min,
        max_instances=autoscaler.max,
        deploy_instances=written(13, 12, HPA, "10 and a surge of 25%"),
        pools=(pool,),
    )
    railway = _resolved(
        declared.Workload(
            "railway",
            "service",
            ".",
            at(1, "ledger/railway.json"),
            health_check_path=Sourced(None, None, at(3, "ledger/railway.json")),
        ),
        containers=(),
        service="ledger",
        environment=assumed("production", "no sign of another environment"),
        autoscalers=(
            replace(
                autoscaler,
                platform="railway",
                kind="scaling",
                name="",
                location=at(9, "ledger/railway.json"),
                policies=(),
                effective=False,
                ineffective_reason="Railway has no autoscaler",
            ),
        ),
        min_instances=default(1, "Railway runs one replica unless told otherwise"),
        max_instances=default(1, "Railway runs one replica unless told otherwise"),
    )
    share = ConnectionShare(
        checkout.id, "checkout", "checkout", "kubernetes", pool, written(3, 18), 2, 10, 13, 45,
        at(30),
    )  # fmt: skip
    consumer = Consumer(
        share, max_instances_that_fit=2, max_instances_that_fit_outside_deploy=2, pool_that_fits=3
    )
    referred = declared.Database(
        "secret:shop-db", "shop-db", "postgresql", "kubernetes", at(30),
        limit=Sourced(100, Source.CONFIG, None, "databases.shop-db"),
        reserved=assumed(3, "what a stock server keeps for superusers"),
        environment="production",
    )  # fmt: skip
    database = Database(
        referred, consumers=(consumer,), total_min=90, total_max=450, total_deploy=585,
        available=97, stock_available=97,
        shares=(), instances_that_fit=(), evidence=(), adjustable=None,
    )  # fmt: skip
    return resolved_project(
        workloads=(checkout, railway), autoscalers=(autoscaler,), databases=(database,)
    )


def result(of: Project) -> CheckResult:
    skipped = (Skipped("charts/web/templates/web.yaml", "a Helm template"),)
    summary = Summary(4, len(of.workloads), skipped=skipped, files_looked_at=5)
    return CheckResult([], of, summary)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_table_at_width(width: int) -> None:
    table = model_table.render(result(project()), Style(width=width))
    assert max(len(line) for line in table.splitlines()) <= width
    matches_stored(table, STORED / f"show-{width}.txt")


def test_table_marks_what_nobody_wrote() -> None:
    table = model_table.render(result(project()), Style(width=120, color=True))
    lines = table.splitlines()
    (grace,) = [line for line in lines if "  grace" in line]
    (minimum,) = [line for line in lines if "min instances  " in line][:1]
    assert "\x1b[90m30 s" in grace
    assert "\x1b[90m2 " not in minimum


def test_json() -> None:
    report = json.loads(model_json.render(result(project())))
    assert sorted(report) == ["databases", "version", "workloads"]
    assert report["version"] == 1
    checkout, ledger = report["workloads"]
    assert checkout["name"] == "checkout"
    assert (checkout["file"], checkout["line"]) == (DEPLOYMENT, 5)
    assert checkout["min_instances"] == {"value": 2, "source": "file", "file": HPA, "line": 11}
    assert checkout["rollout"]["strategy"] == {
        "value": "RollingUpdate", "source": "platform default", "file": DEPLOYMENT, "line": 7,
    }  # fmt: skip
    assert ledger["environment"] == {
        "value": "production", "source": "assumed", "file": None, "line": None,
    }  # fmt: skip
    assert ledger["disk"] == {"value": None, "source": None, "file": None, "line": None}
    metric = checkout["autoscalers"][0]["policies"][0]["metrics"][0]
    assert metric["target"] == {"value": 70.0, "source": "file", "file": HPA, "line": 20}
    database = report["databases"][0]
    assert database["limit"]["source"] == "config"
    assert database["consumers"][0]["workload"] == checkout["id"]


@pytest.mark.parametrize("view", [model_json, model_table])
def test_no_secret_is_shown(view: Any) -> None:
    text = view.render(result(project()), Style(width=160))
    assert "hunter2" not in text
    assert "swordfish" not in text
    assert "--db-password ***" in text


@pytest.mark.parametrize("view", [model_json, model_table])
def test_hostile_text_stays_text(view: Any) -> None:
    checkout = replace(project().workloads[0], name=HOSTILE, namespace=HOSTILE, service=HOSTILE)
    hostile = replace(project(), workloads=(checkout,))
    text = view.render(result(hostile), Style(width=80))
    assert not set(text) & set("\x1b\x07\r\x00\u202e\x9b\u2028\ud800")
    assert text.encode("utf-8")
