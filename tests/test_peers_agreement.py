"""What docs/peers.md says of lintscale's verdicts, pinned without the peers.

Each case is the smallest project that shows one row of that page: rules that must report it, and
rules that must not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from lintscale import api
from lintscale.project.config import RunOptions, load_settings

PAGE = Path(__file__).parent.parent / "docs" / "peers.md"

POD = """\
    metadata: {labels: {app: checkout}}
    spec:
      containers:
        - name: web
          image: shop/checkout:1.4.2
          ports: [{containerPort: 8080}]
          resources: {requests: {cpu: 250m, memory: 256Mi}}
"""
DEPLOYMENT = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: checkout}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: checkout}}}}
  template:
{POD}"""
UNCOUNTED = DEPLOYMENT.replace("  replicas: 2\n", "")
DAEMON_SET = UNCOUNTED.replace("kind: Deployment", "kind: DaemonSet")
JOB = f"""\
apiVersion: batch/v1
kind: Job
metadata: {{name: checkout}}
spec:
  template:
{POD}      restartPolicy: Never
"""
AUTOSCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: checkout}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: checkout}
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""
BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: checkout}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: checkout}}
"""
OTHER_SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: ledger}
spec:
  selector: {app: ledger}
  ports: [{port: 80}]
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: checkout}
data:
  LOG_LEVEL: info
"""
SPREAD = """\
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: checkout}}
"""
APART = """\
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {app: checkout}}
"""
SERVING = frozenset({"min-instances", "missing-readiness-probe"})
REQUESTS = frozenset({"missing-requests"})


@dataclass(frozen=True)
class Case:
    """``row`` stands in the page word for word."""

    row: str
    documents: tuple[str, ...]
    reports: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()


def case(
    row: str, *documents: str, reports: frozenset[str] | str = "", silent: frozenset[str] | str = ""
) -> Case:
    return Case(row, documents, _rules(reports), _rules(silent))


def _rules(names: frozenset[str] | str) -> frozenset[str]:
    return frozenset(names.split()) if isinstance(names, str) else names


def with_config(line: str) -> str:
    return CONFIG + f"  {line}\n"


CASES = (
    case(
        "a DeploymentConfig",
        UNCOUNTED.replace("apps/v1", "apps.openshift.io/v1").replace(
            "kind: Deployment", "kind: DeploymentConfig"
        ),
        silent=SERVING | REQUESTS,
    ),
    case(
        "a Job or CronJob",
        JOB.replace("shop/checkout:1.4.2", "shop/checkout:latest").replace(
            "requests: {cpu: 250m, memory: 256Mi}", ""
        ),
        silent=SERVING | REQUESTS | {"unpinned-image"},
    ),
    case("no Service of the project selects the pods", UNCOUNTED, OTHER_SERVICE, silent=SERVING),
    case("declared ports count as traffic", UNCOUNTED, reports=SERVING),
    case(
        "replicas absent or low, with an HPA",
        UNCOUNTED,
        AUTOSCALER,
        silent="min-instances",
    ),
    case(
        "a DaemonSet without probe or spread",
        DAEMON_SET,
        silent=SERVING | {"missing-spread"},
    ),
    case(
        "only a limit is set",
        DEPLOYMENT.replace("requests:", "limits:"),
        silent=REQUESTS,
    ),
    case("only a limit is set", DEPLOYMENT.replace("memory: 256Mi", ""), reports=REQUESTS),
    case(
        "an HPA whose target is not in the file",
        AUTOSCALER.replace("minReplicas: 2", "minReplicas: 1"),
        reports="dangling-autoscaler",
        silent="min-instances",
    ),
    case(
        "a container without any image",
        DEPLOYMENT.replace("          image: shop/checkout:1.4.2\n", ""),
        silent="unpinned-image",
    ),
    case(
        "anti-affinity instead of a topology spread constraint",
        DEPLOYMENT + APART,
        silent="missing-spread",
    ),
    case(
        "anti-affinity instead of a topology spread constraint",
        DEPLOYMENT,
        reports="missing-spread",
    ),
    case(
        "minAvailable together with maxUnavailable",
        DEPLOYMENT,
        BUDGET.replace("minAvailable: 1", "minAvailable: 100%\n  maxUnavailable: 1"),
        silent="blocking-disruption-budget",
    ),
    case(
        "a bare name without tag",
        DEPLOYMENT.replace("shop/checkout:1.4.2", "checkout"),
        silent="unpinned-image",
    ),
    case(
        "names with a registry or a namespace are reported",
        DEPLOYMENT.replace("shop/checkout:1.4.2", "shop/checkout"),
        reports="unpinned-image",
    ),
    case(
        "official images and names with a registry",
        DEPLOYMENT.replace("shop/checkout:1.4.2", "nginx"),
        reports="unpinned-image",
    ),
    case(
        "a placeholder as secret",
        with_config("DB_PASSWORD: xxxxx"),
        silent="plaintext-credential",
    ),
    case(
        "A PEM private key is reported under any name",
        with_config('deploy.pem: "-----BEGIN PRIVATE KEY-----\\n' + "MC4CAQAwBQYDK2Vw" * 3 + '"'),
        reports="plaintext-credential",
    ),
    case(
        "a variable whose name continues after SECRET",
        with_config("SECRET_SAUCE: oatmeal-and-rye"),
        silent="plaintext-credential",
    ),
    case(
        "an init container without request",
        DEPLOYMENT + "      initContainers: [{name: wait, image: 'shop/wait:2.0'}]\n",
        silent=REQUESTS,
    ),
    case(
        "a budget without a selector",
        DEPLOYMENT,
        BUDGET.replace("  selector: {matchLabels: {app: checkout}}\n", "").replace(
            "minAvailable: 1", "minAvailable: 5"
        ),
        reports="missing-disruption-budget",
        silent="blocking-disruption-budget",
    ),
    case(
        "a strategy type that does not exist",
        DEPLOYMENT.replace("  replicas: 2", "  replicas: 2\n  strategy: {type: Other}"),
        silent="rollout-stops-service",
    ),
    case(
        "a strategy type that does not exist",
        DEPLOYMENT.replace("  replicas: 2", "  replicas: 2\n  strategy: {type: Recreate}"),
        reports="rollout-stops-service",
    ),
    case(
        "5 of 5 blocks like 6 of 5",
        UNCOUNTED,
        AUTOSCALER,
        BUDGET.replace("minAvailable: 1", "minAvailable: 2"),
        reports="blocking-disruption-budget",
    ),
    case(
        "5 of 5 blocks like 6 of 5",
        DEPLOYMENT,
        BUDGET,
        silent="blocking-disruption-budget",
    ),
    case("absent replicas are 1", UNCOUNTED, BUDGET, reports="blocking-disruption-budget"),
    case(
        "above 100 %",
        DEPLOYMENT,
        BUDGET.replace("minAvailable: 1", "minAvailable: 150%"),
        reports="blocking-disruption-budget",
    ),
    case(
        "PASSWORD in a variable's name",
        with_config("MAIL_PASSWORD: oatmeal-and-rye"),
        reports="plaintext-credential",
    ),
    case(
        "an HPA without minReplicas",
        UNCOUNTED,
        AUTOSCALER.replace("  minReplicas: 2\n", ""),
        reports="min-instances",
    ),
    case(
        "a spread constraint whose selector does not match the pods themselves",
        DEPLOYMENT + SPREAD.replace("app: checkout", "app: ledger"),
        reports="missing-spread",
    ),
    case(
        "a spread constraint whose selector does not match the pods themselves",
        DEPLOYMENT + SPREAD,
        silent="missing-spread",
    ),
    case(
        "no budget for a workload with a single instance",
        UNCOUNTED,
        silent="missing-disruption-budget",
    ),
)


@pytest.mark.parametrize("one", CASES, ids=[one.row for one in CASES])
def test_the_page_tells_the_verdict(one: Case, tmp_path: Path) -> None:
    assert one.row in PAGE.read_text(encoding="utf-8")

    found = rules_found({"app.yaml": "---\n".join(one.documents)}, tmp_path)

    assert one.reports <= found
    assert not one.silent & found


def test_an_autoscaler_in_another_folder_is_not_dangling(tmp_path: Path) -> None:
    found = rules_found({"apps/web.yaml": UNCOUNTED, "scaling/web.yaml": AUTOSCALER}, tmp_path)

    assert "dangling-autoscaler" not in found
    assert "missing-readiness-probe" in found


def rules_found(files: dict[str, str], folder: Path) -> set[str]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = load_settings(folder, RunOptions(environment="production"))
    return {finding.rule for finding in api.check([str(folder)], settings=settings).findings}
