"""Results as api.check gives them, made by hand: reports are tested apart from rules."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from lintscale._record import replace
from lintscale.api import CheckResult, Skipped, Summary
from lintscale.engine.finding import Edit, Finding, Fix, Related, Severity
from lintscale.model.location import Location
from lintscale.model.resolved import Credential
from lintscale.syntax import Field, SourceFile, parse
from tests.resolve.build import resolved_project

DEPLOYMENT = dedent("""\
    # The shop's checkout.
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: checkout
      namespace: prod
    spec:
      replicas: 2
      selector:
        matchLabels: {app: checkout}
      template:
        metadata:
          labels: {app: checkout}
        spec:
          containers:
            - name: checkout
              image: registry.example/checkout:latest
              ports:
                - containerPort: 8080
    """)

AUTOSCALER = dedent("""\
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: checkout
      namespace: prod
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: checkout
      minReplicas: 1
      maxReplicas: 10
    """)

RENDER = dedent("""\
    services:
      - type: web
        name: ledger
        runtime: python
        envVars:
          - key: DATABASE_URL
            value: postgres://ledger:hunter2-quite-secret@db.example/ledger
          - key: SMTP_PASSWORD
            value: swordfish-in-plain-sight
    """)


def source(path: str, text: str) -> SourceFile:
    kind = "json" if path.endswith(".json") else "yaml"
    result = parse(text, path, kind)
    return SourceFile(path, text, kind, result.documents, result.problems)


def at(file: SourceFile, *path: str | int) -> Location:
    """Where the value at a key path stands, or would."""
    here = Field.root(file.documents[0])
    for key in path:
        here = list(here.items())[key] if isinstance(key, int) else here.get(key)
    return here.location


def result(
    files: Sequence[SourceFile],
    findings: Sequence[Finding],
    *,
    skipped: Sequence[Skipped] = (),
    credentials: Sequence[Credential] = (),
    workloads: int = 1,
) -> CheckResult:
    def count(severity: Severity) -> int:
        return sum(1 for finding in findings if finding.severity is severity)

    project = resolved_project(credentials=tuple(credentials))
    summary = Summary(
        files_checked=len(files),
        workloads=workloads if files else 0,
        errors=count(Severity.ERROR),
        warnings=count(Severity.WARNING),
        infos=count(Severity.INFO),
        skipped=tuple(skipped),
        files_looked_at=len(files) + len(skipped),
    )
    ordered = sorted(findings, key=lambda f: (f.location.file, f.location.span, f.rule))
    texts = {file.path: file for file in files}
    return CheckResult(ordered, project, summary, texts, set(texts))


def sample() -> CheckResult:
    """One of everything: an absent key, related places in the same and in another file, a fix,
    secrets in the quoted lines, files left out."""
    deployment = source("k8s/checkout/deployment.yaml", DEPLOYMENT)
    autoscaler = source("k8s/checkout/hpa.yaml", AUTOSCALER)
    render = source("render.yaml", RENDER)
    shared = {
        "platform": "kubernetes",
        "service": "checkout",
        "workload": "Deployment/checkout",
        "environment": "production",
    }
    container = ("spec", "template", "spec", "containers", 0)
    replicas = at(deployment, "spec", "replicas")
    findings = [
        Finding(
            "min-instances",
            "availability",
            Severity.ERROR,
            "checkout may scale in to 1; production needs at least 2 (profile balanced)",
            at(autoscaler, "spec", "minReplicas"),
            **shared,
            help="Let it run at least 2 instances (raise the autoscaler's minimum).",
            why="With one instance, every crash, node drain and deploy that goes wrong is an "
            "outage.",
            related=(Related(replicas, "the Deployment's own count"),),
            fix=Fix(
                "unsafe",
                "Set “minReplicas” to 2",
                (Edit("k8s/checkout/hpa.yaml", (11, 16), (11, 17), "2"),),
            ),
            fingerprint="1b2c3d4e5f607182",
        ),
        Finding(
            "missing-readiness-probe",
            "availability",
            Severity.ERROR,
            "the container checkout has no readiness probe, so traffic reaches it before it can "
            "answer",
            at(deployment, *container, "readinessProbe"),
            **shared,
            help="Add a readinessProbe that asks a path which answers only once the instance can "
            "serve.",
            why="Without a readiness probe an instance gets traffic as soon as its process runs.",
            fingerprint="2b2c3d4e5f607182",
        ),
        Finding(
            "unpinned-image",
            "rollout",
            Severity.WARNING,
            "checkout runs registry.example/checkout:latest",
            at(deployment, *container, "image"),
            **shared,
            help="Pin the image to a version or a digest.",
            why="Instances that scale out later may run other code than those beside them.",
            related=(
                Related(at(deployment, "metadata", "name"), "in this Deployment"),
                Related(replicas, "2 instances"),
            ),
            fingerprint="3b2c3d4e5f607182",
        ),
        Finding(
            "no-autoscaling",
            "scaling",
            Severity.INFO,
            "ledger runs a fixed number of instances, and nothing scales it",
            at(render, "services", 0, "scaling"),
            platform="render",
            service="ledger",
            workload="ledger",
            environment="production",
            help="Add a scaling block.",
            why="Load that outgrows the instances there are is not answered.",
            fingerprint="4b2c3d4e5f607182",
        ),
        Finding(
            "plaintext-credential",
            "resources",
            Severity.WARNING,
            "SMTP_PASSWORD holds a secret in plain sight",
            at(render, "services", 0, "envVars", 1, "value"),
            platform="render",
            service="ledger",
            workload="ledger",
            environment="production",
            help="Read it from the platform's secrets.",
            why="Whoever reads the repository has the password.",
            fingerprint="5b2c3d4e5f607182",
        ),
    ]
    credentials = [
        Credential("render", "SMTP_PASSWORD", "password", "***", finding.location)
        for finding in findings
        if finding.rule == "plaintext-credential"
    ]
    helm = "a Helm template; check what it renders: helm template … | lintscale check -"
    skipped = [
        *(Skipped(f"charts/shop/templates/{name}.yaml", helm) for name in ("a", "b", "c", "d")),
        Skipped("notes.yaml", "nothing in it that Render, Railway, ECS or Kubernetes reads"),
    ]
    return result(
        [deployment, autoscaler, render],
        findings,
        skipped=skipped,
        credentials=credentials,
        workloads=2,
    )


HOSTILE = "x\x1b[31m\x07\r\n::error::pwned%0A,[bold]red[/bold]\u202e\x9b2J\x00\u2028<b>\ud800"
"""Escapes, line breaks, commands, markup, text direction, half a character."""


def hostile() -> CheckResult:
    """The same in every place where text of a file can stand."""
    deployment = source("k8s/deployment.yaml", DEPLOYMENT)
    name = f"::set-output name=a::{HOSTILE}.yaml"
    text = "# \x1b]0;title\x07 [red]\u202e ::error::pwned\nkind: \x9b2J\n"
    file = SourceFile(name, text, "yaml")
    location = Location(name, at(deployment, "kind").span, ("kind", HOSTILE, 3))
    location = replace(location, span=location.span._replace(line=2, end_line=2))
    finding = Finding(
        "min-instances",
        "availability",
        Severity.ERROR,
        f"{HOSTILE} may scale in",
        location,
        platform="kubernetes",
        service=HOSTILE,
        workload=HOSTILE,
        environment=HOSTILE,
        help=HOSTILE,
        why=HOSTILE,
        related=(
            Related(location, HOSTILE),
            Related(at(deployment, "kind"), HOSTILE),
        ),
        fix=Fix("safe", HOSTILE, (Edit(name, (1, 1), (1, 2), HOSTILE),)),
        fingerprint="0123456789abcdef",
    )
    return result([file, deployment], [finding], skipped=[Skipped(name, HOSTILE)])
