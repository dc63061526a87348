"""What is said of Kubernetes objects that break their schemas, in whole runs."""
# ruff: noqa: E501 - a table of whole messages

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lintscale import api
from lintscale.engine.finding import Finding
from lintscale.platforms.kubernetes import VERSIONS
from lintscale.project.config import ConfigError, load_settings
from tests.manifests import as_yaml, autoscaler, budget, deployment, service

HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: shop}}}
      containers:
        - name: shop
          image: registry.example/shop:1.4.2
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet: {path: /ready, port: 8080}
          resources:
            requests: {cpu: 250m, memory: 256Mi}
            limits: {memory: 1Gi}
"""
BUDGET = as_yaml(budget())
CONFIG_RULES = ("schema-violation", "unknown-key", "removed-api-version")


class Said(NamedTuple):
    rule: str
    severity: str
    line: int
    column: int
    message: str


def findings(folder: Path, files: dict[str, str] | str, config: str = "") -> list[Finding]:
    files = {"shop.yaml": files} if isinstance(files, str) else files
    for name, text in {"lintscale.toml": config, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    result = api.check([str(folder)], settings=load_settings(folder))
    assert not result.failed_rules
    return result.findings


def said(folder: Path, files: dict[str, str] | str, config: str = "") -> list[Said]:
    """What the rules about form say."""
    return [
        Said(f.rule, f.severity.value, f.location.line, f.location.span.column, f.message)
        for f in findings(folder, files, config)
        if f.rule in CONFIG_RULES
    ]


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


REJECTS = "; the API server rejects the object"
CONTAINER = "spec.template.spec.containers[shop]"

ONE_MISTAKE = [
    (
        "a number in quotes", HPA, "averageUtilization: 70", 'averageUtilization: "70"',
        ("schema-violation", 11, 57, "spec.metrics[0].resource.target.averageUtilization must be a "
         "whole number, not the text “70”"),
    ),
    (
        "a word for a number", HPA, "maxReplicas: 8", "maxReplicas: eight",
        ("schema-violation", 8, 3, "spec.maxReplicas must be a whole number, not the text “eight”"),
    ),
    (
        "a fraction for a number", HPA, "minReplicas: 2", "minReplicas: 2.5",
        ("schema-violation", 7, 3, "spec.minReplicas must be a whole number, not the number 2.5"),
    ),
    (
        "out of range", HPA, "  maxReplicas: 8\n",
        "  maxReplicas: 8\n  behavior: {scaleDown: {stabilizationWindowSeconds: 7200}}\n",
        ("schema-violation", 9, 26, "spec.behavior.scaleDown.stabilizationWindowSeconds must be "
         "between 0 and 3600, not 7200"),
    ),
    (
        "a misspelt choice", HPA, "type: Utilization", "type: Utilisation",
        ("schema-violation", 11, 38, "spec.metrics[0].resource.target.type must be Utilization, "
         "AverageValue or Value, not “Utilisation”; did you mean “Utilization”?"),
    ),
    (
        "a metric without its settings", HPA,
        "resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}",
        "pods: {metric: {name: requests}, target: {type: AverageValue, averageValue: 50}}",
        ("schema-violation", 10, 7, "spec.metrics[0] has no “resource”, which Kubernetes requires"),
    ),
    (
        "what autoscaling/v2beta1 called it", HPA, "target: {type: Utilization, averageUtilization: 70}",
        "targetAverageUtilization: 70",
        ("unknown-key", 11, 29, "unknown key “targetAverageUtilization” in spec.metrics[0].resource "
         f"(it is “target.averageUtilization” here){REJECTS}"),
    ),
    (
        "metrics under v1", HPA, "apiVersion: autoscaling/v2", "apiVersion: autoscaling/v1",
        ("unknown-key", 9, 3, f"unknown key “metrics” in spec (it is a key of autoscaling/v2){REJECTS}"),
    ),
    (
        "a version that does not exist", HPA, "autoscaling/v2", "autoscaling/v3",
        ("schema-violation", 1, 1, "apiVersion must be autoscaling/v2 or autoscaling/v1, not "
         "“autoscaling/v3”; did you mean “autoscaling/v2”?"),
    ),
    (
        "a removed version", HPA, "autoscaling/v2", "autoscaling/v2beta2",
        ("removed-api-version", 1, 1, "HorizontalPodAutoscaler shop has apiVersion "
         "autoscaling/v2beta2, which Kubernetes removed in 1.26; autoscaling/v2 accepts it unchanged"),
    ),
    (
        "the wrong group", DEPLOYMENT, "apiVersion: apps/v1", "apiVersion: v1",
        ("schema-violation", 1, 1, "apiVersion must be apps/v1, not “v1”"),
    ),
    (
        "a misspelt group", DEPLOYMENT, "apiVersion: apps/v1", "apiVersion: app/v1",
        ("schema-violation", 1, 1, "apiVersion must be apps/v1, not “app/v1”; did you mean “apps/v1”?"),
    ),
    (
        "a misspelt probe", DEPLOYMENT, "readinessProbe:", "readynessProbe:",
        ("unknown-key", 18, 11, f"unknown key “readynessProbe” in {CONTAINER} "
         f"(did you mean “readinessProbe”?){REJECTS}"),
    ),
    (
        "another case", DEPLOYMENT, "readinessProbe:", "readinessprobe:",
        ("unknown-key", 18, 11, f"unknown key “readinessprobe” in {CONTAINER} "
         f"(did you mean “readinessProbe”?){REJECTS}"),
    ),
    (
        "requests beside resources", DEPLOYMENT,
        "          resources:\n            requests: {cpu: 250m, memory: 256Mi}\n"
        "            limits: {memory: 1Gi}\n",
        "          requests: {cpu: 250m, memory: 256Mi}\n"
        "          resources:\n            limits: {memory: 1Gi}\n",
        ("unknown-key", 20, 11, f"unknown key “requests” in {CONTAINER} "
         f"(it belongs under “resources”){REJECTS}"),
    ),
    (
        "a key of the pod in a container", DEPLOYMENT, "          ports:\n",
        "          terminationGracePeriodSeconds: 60\n          ports:\n",
        ("unknown-key", 16, 11, f"unknown key “terminationGracePeriodSeconds” in {CONTAINER} "
         f"(it belongs in spec.template.spec){REJECTS}"),
    ),
    (
        "an amount right under resources", DEPLOYMENT, "            limits: {memory: 1Gi}\n",
        "            memory: 1Gi\n            limits: {memory: 1Gi}\n",
        ("unknown-key", 22, 13, f"unknown key “memory” in {CONTAINER}.resources "
         f"(it belongs under “limits” or “requests”){REJECTS}"),
    ),
    (
        "a key that is like no other", DEPLOYMENT, "  replicas: 2\n", "  replicas: 2\n  zone: b\n",
        ("unknown-key", 7, 3, f"unknown key “zone” in spec{REJECTS}"),
    ),
    (
        "a unit that there is not", DEPLOYMENT, "memory: 256Mi", "memory: 256MB",
        ("schema-violation", 21, 35, f"{CONTAINER}.resources.requests.memory must be a quantity "
         "such as 500m, 2 or 1Gi, not “256MB”"),
    ),
    (
        "a mapping for a list", DEPLOYMENT, "            - containerPort", "              containerPort",
        ("schema-violation", 16, 11, f"{CONTAINER}.ports must be a list, not a mapping"),
    ),
    (
        "a number for a port's name", DEPLOYMENT, "port: 8080}", 'port: "8080"}',
        ("schema-violation", 19, 37, f"{CONTAINER}.readinessProbe.httpGet.port must be a number from "
         "1 to 65535 or a port's name, not “8080”"),
    ),
    (
        "a restart policy that a Deployment cannot have", DEPLOYMENT, "      containers:\n",
        "      restartPolicy: Never\n      containers:\n",
        ("schema-violation", 13, 7, "spec.template.spec.restartPolicy must be Always, not “Never”"),
    ),
    (
        "no selector", DEPLOYMENT, "  selector: {matchLabels: {app: shop}}\n", "",
        ("schema-violation", 5, 1, "spec has no “selector”, which Kubernetes requires"),
    ),
    (
        "a key beside its mapping", HPA, "name: shop\nspec:\n", "name: shop\n  minReplicas: 2\nspec:\n",
        ("unknown-key", 5, 3, f"unknown key “minReplicas” in metadata (it belongs in spec){REJECTS}"),
    ),
    (
        "an annotation that is no text", DEPLOYMENT, "  name: shop\nspec:",
        "  name: shop\n  annotations: {example.com/scrape: true}\nspec:",
        ("schema-violation", 5, 17, 'metadata.annotations["example.com/scrape"] must be text, not true'),
    ),
    (
        "a label that is no text", DEPLOYMENT, "  name: shop\nspec:",
        "  name: shop\n  labels:\n    release: 12\nspec:",
        ("schema-violation", 6, 5, "metadata.labels.release must be text, not a number"),
    ),
    (
        "a word that YAML takes for a boolean", DEPLOYMENT, "          ports:\n",
        "          env: [{name: DEBUG, value: no}]\n          ports:\n",
        ("schema-violation", 16, 31, f"{CONTAINER}.env[DEBUG].value must be text, not no, which YAML "
         "reads as false"),
    ),
    (
        "a letter that YAML takes for a boolean", DEPLOYMENT, "          ports:\n",
        "          env: [{name: LEGACY, value: y}]\n          ports:\n",
        ("schema-violation", 16, 32, f"{CONTAINER}.env[LEGACY].value must be text, not y, which YAML "
         "reads as true"),
    ),
    (
        "more than 32 bits hold", DEPLOYMENT, "  replicas: 2\n",
        "  replicas: 2\n  minReadySeconds: 2147483648\n",
        ("schema-violation", 7, 3, "spec.minReadySeconds must be between 0 and 2147483647, not 2147483648"),
    ),
    (
        "more than 64 bits hold", DEPLOYMENT, "  replicas: 2\n",
        "  replicas: 2\n  minReadySeconds: 99999999999999999999\n",
        ("schema-violation", 7, 3, "spec.minReadySeconds must be between 0 and 2147483647, not "
         "99999999999999999999"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [case[1:] for case in ONE_MISTAKE],
    ids=[case[0].replace(" ", "-") for case in ONE_MISTAKE],
)
def test_one_mistake_is_one_finding(
    text: str, old: str, new: str, expected: tuple[str, int, int, str], tmp_path: Path
) -> None:
    beside = {"hpa.yaml": HPA, "shop.yaml": DEPLOYMENT, "budget.yaml": BUDGET}
    name = "hpa.yaml" if text is HPA else "shop.yaml"
    before = [(f.rule, f.message) for f in findings(tmp_path, beside)]
    after = findings(tmp_path, {**beside, name: changed(text, old, new)})
    added = [f for f in after if (f.rule, f.message) not in before]
    rule, line, column, message = expected
    assert [(f.rule, f.message) for f in added] == [(rule, message)]
    assert (added[0].location.file, added[0].location.line) == (name, line)
    assert added[0].location.span.column == column
    assert added[0].severity.value == "error"
    assert added[0].platform == "kubernetes"


def test_a_secret_that_is_a_number_is_not_repeated(tmp_path: Path) -> None:
    env = "          env: [{name: DB_PASSWORD, value: 48151623}]\n          ports:\n"
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {PASSWORD: 48151623}\n"
    text = changed(DEPLOYMENT, "          ports:\n", env)
    found = said(tmp_path, {"shop.yaml": text, "config.yaml": config})
    assert [each.rule for each in found] == ["schema-violation", "schema-violation"]
    assert not any("48151623" in each.message for each in found)


QUIET = {
    "numbers as quantities": changed(DEPLOYMENT, "{cpu: 250m, memory: 256Mi}", "{cpu: 1, memory: 1e9}"),
    "fractions as quantities": changed(DEPLOYMENT, "cpu: 250m", "cpu: .5"),
    "nulls": changed(
        DEPLOYMENT, "          ports:\n",
        "          env:\n          livenessProbe: null\n          securityContext: ~\n          ports:\n",
    ),
    "what a cluster prints": changed(
        DEPLOYMENT, "  name: shop\nspec:",
        "  name: shop\n  creationTimestamp: null\n  uid: 1-2\n  selfLink: /apis\n  managedFields: [{a: b}]\n"
        "  generation: 2\n  resourceVersion: '8'\nspec:",
    ) + "status: {replicas: 2, conditions: []}\n",
    "placeholders of any type": changed(
        changed(DEPLOYMENT, "replicas: 2", "replicas: ${REPLICAS}"),
        "            - containerPort: 8080\n", "            - containerPort: $(PORT)\n",
    ),
    "a placeholder for a block": changed(
        DEPLOYMENT,
        "            requests: {cpu: 250m, memory: 256Mi}\n            limits: {memory: 1Gi}\n",
        "            ${RESOURCES}\n",
    ),
    "a placeholder for a key": changed(DEPLOYMENT, "  replicas: 2\n", "  ${KEY}: 2\n"),
    "a mode in octal": changed(
        DEPLOYMENT, "      containers:\n",
        "      volumes: [{name: a, configMap: {name: b, defaultMode: 0644}}]\n      containers:\n",
    ),
    "a named port, and a number": as_yaml(service()),
    "a percentage and a number": as_yaml(
        deployment(strategy={"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1}})
    ),
    "a key that is a number": changed(DEPLOYMENT, "  name: shop\nspec:", "  name: shop\n  labels: {8: a}\nspec:"),
    "a custom resource that nobody knows": (
        "apiVersion: shop.example/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replica: x}\n"
    ),
    "somebody else's autoscaler": (
        "apiVersion: autoscaling.example.com/v9\nkind: HorizontalPodAutoscaler\nspec: {max: x}\n"
    ),
    "a kind that is not read": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nsecretz: []\n",
    "a strategic merge patch that nobody names": changed(
        DEPLOYMENT, "        - name: shop\n", "        - $patch: replace\n          naem: shop\n"
    ),
    "words that a script replaces": changed(
        changed(DEPLOYMENT, "containerPort: 8080", "containerPort: PORT"),
        "  name: shop\nspec:", "  name: {name}\n  namespace: {{ namespace }}\nspec:",
    ),
    "what Chainsaw expects": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {(length(containers)): 2, containers: {}}\n"
    ),
    "an encrypted object": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: 'ENC[x]'}\nimmutable: 'ENC[y]'\n"
        "sops: {version: 3.9.1, mac: 'ENC[z]'}\n"
    ),
    "an object that another one made": (
        "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: a, ownerReferences: [{name: b}]}\n"
        "spec: {x: 1}\n"
    ),
    "part of an object": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {replicas: 3}\n"
    ),
    "a patch with a container": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
        "spec: {template: {spec: {containers: [{name: shop, env: [{name: A, value: b}]}]}}}\n"
    ),
    "a Knative service, which has defaults of its own": (
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n"
        "spec: {template: {spec: {containerConcurrency: 5, containers: [{image: a, readinessProbe: "
        "{tcpSocket: {port: 0}}}]}}}\n"
    ),
}  # fmt: skip


def test_custom_resources_are_held_to_32_bits_and_known_triggers(tmp_path: Path) -> None:
    scaled = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: mailer}
spec:
  scaleTargetRef: {name: mailer}
  maxReplicaCount: 9
  fallback: {failureThreshold: 3, replicas: 4, behavior: scalingModifiers}
  triggers: [{type: rabbitmq, metadata: {queueName: mails, value: "20"}}]
"""
    assert not said(tmp_path, scaled)
    (large,) = said(tmp_path, changed(scaled, "Count: 9", "Count: 2147483648"))
    assert "must be between -2147483648 and 2147483647" in large.message
    (typo,) = said(tmp_path, changed(scaled, "type: rabbitmq", "type: rabitmq"))
    assert (typo.severity, typo.message) == (
        "error",
        "spec.triggers[0].type must be a trigger type of KEDA 2.21, not “rabitmq”; did you mean "
        "“rabbitmq”?",
    )
    (newer,) = said(tmp_path, changed(scaled, "type: rabbitmq", "type: warehouse"))
    assert newer.severity == "warning"


def test_only_an_objects_own_status_is_the_servers(tmp_path: Path) -> None:
    job = """\
apiVersion: batch/v1
kind: Job
metadata: {name: import}
spec:
  podFailurePolicy:
    rules:
      - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
  template:
    spec:
      restartPolicy: Never
      containers: [{name: import, image: "registry.example/import:1.2.3"}]
status: {whatever: {a: 1}}
"""
    assert not said(tmp_path, job)
    (problem,) = said(tmp_path, changed(job, 'status: "True"', "status: {}"))
    assert "onPodConditions[0].status must be text, not a mapping" in problem.message


@pytest.mark.parametrize("text", QUIET.values(), ids=[name.replace(" ", "-") for name in QUIET])
def test_nothing_is_said_of(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == []


def test_what_tests_of_clusters_expect_is_part_of_objects(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{name: http}]}\n"
    assert len(said(tmp_path / "a", {"service.yaml": text})) == 1
    names = ("00-assert.yaml", "01-assert-scaled.yaml", "assert-service.yaml", "02-errors.yaml")
    assert said(tmp_path / "b", dict.fromkeys(names, text)) == []


def test_objects_in_lists_of_lists_are_checked_where_they_stand(tmp_path: Path) -> None:
    hpa = json.loads(json.dumps(autoscaler()))
    hpa["spec"]["maxReplicas"] = "8"
    inner = {"apiVersion": "v1", "kind": "List", "items": [deployment(), hpa]}
    outer = {"apiVersion": "v1", "kind": "List", "items": [service(), inner]}
    found = findings(tmp_path, {"all.json": json.dumps(outer, indent=1)})
    mine = [f for f in found if f.rule == "schema-violation"]
    assert [f.message for f in mine] == [
        "spec.maxReplicas must be a whole number, not the text “8”"
    ]
    assert mine[0].location.path == ("items", 1, "items", 1, "spec", "maxReplicas")
    assert mine[0].workload == "HorizontalPodAutoscaler/shop"


def test_an_invalid_object_keeps_its_other_findings(tmp_path: Path) -> None:
    text = changed(
        DEPLOYMENT,
        "image: registry.example/shop:1.4.2",
        "image: registry.example/shop\n          cmd: a",
    )
    rules = {finding.rule for finding in findings(tmp_path, text)}
    assert rules >= {"unknown-key", "unpinned-image"}


def test_a_finding_says_whose_it_is(tmp_path: Path) -> None:
    found = findings(tmp_path, changed(DEPLOYMENT, "replicas: 2", "replica: 2"))
    mine = next(finding for finding in found if finding.rule == "unknown-key")
    assert (mine.service, mine.workload, mine.environment) == (
        "shop",
        "Deployment/shop",
        "production",
    )
    assert mine.fix is not None
    assert mine.fix.safety == "unsafe"
    assert mine.fix.description == "Rename “replica” to “replicas”"
    assert [(e.start, e.end, e.text) for e in mine.fix.edits] == [((6, 3), (6, 10), "replicas")]


def test_a_key_twice_or_a_broken_file_is_told_once(tmp_path: Path) -> None:
    twice = changed(HPA, "  maxReplicas: 8\n", "  maxReplicas: 8\n  maxReplicas: 9\n")
    assert [f.rule for f in findings(tmp_path, twice) if f.rule != "dangling-autoscaler"] == [
        "duplicate-key"
    ]
    broken = changed(HPA, "  maxReplicas: 8\n", "  maxReplicas: [8\n")
    assert [f.rule for f in findings(tmp_path, broken)] == ["syntax-error"]


def test_two_merge_keys_are_told_with_what_kubectl_and_kustomize_do(tmp_path: Path) -> None:
    text = """\
apiVersion: v1
kind: Service
metadata: {name: shop, labels: &base {team: red}, annotations: &more {owner: ann}}
spec:
  ports: [{port: 80}]
  selector:
    <<: *base
    <<: *more
"""
    (twice,) = [f for f in findings(tmp_path, text) if f.rule == "duplicate-key"]
    assert "“kubectl apply” merges both mappings, and kustomize rejects the file" in twice.message
    assert twice.help == "Merge a list under one key: “<<: [*first, *second]”."


def test_an_alias_is_mended_in_one_place(tmp_path: Path) -> None:
    text = changed(DEPLOYMENT, "{cpu: 250m, memory: 256Mi}", "&amount {cpu: 1cpu}")
    text = changed(text, "            limits: {memory: 1Gi}", "            limits: *amount")
    assert [(each.line, each.column) for each in said(tmp_path, text)] == [(21, 32)]


# -- kustomize ------------------------------------------------------------------------------------

KUSTOMIZATION = "resources: [shop.yaml]\ncommonLabels: {app: shop}\npatches: [{path: more.yaml}]\n"
PATCH = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {repl: x}\n"


def test_a_patch_is_not_judged_alone(tmp_path: Path) -> None:
    files = {"kustomization.yaml": KUSTOMIZATION, "shop.yaml": DEPLOYMENT, "more.yaml": PATCH}
    assert said(tmp_path, files) == []


def test_a_kustomization_may_add_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    text = changed(DEPLOYMENT, "  selector: {matchLabels: {app: shop}}\n", "  selectr: 1\n")
    files = {"kustomization.yaml": KUSTOMIZATION, "shop.yaml": text, "more.yaml": PATCH}
    assert [each.rule for each in said(tmp_path, files)] == ["unknown-key"]


# -- versions -------------------------------------------------------------------------------------

SIDECAR = changed(
    DEPLOYMENT,
    "      containers:\n",
    "      initContainers: [{name: proxy, image: 'proxy:1', restartPolicy: Always}]\n"
    "      containers:\n",
)


def test_a_key_that_the_cluster_is_too_old_for(tmp_path: Path) -> None:
    assert said(tmp_path, SIDECAR, 'kubernetes-version = "1.28"') == []
    found = said(tmp_path, SIDECAR, 'kubernetes-version = "1.27"')
    assert [each.message for each in found] == [
        "unknown key “restartPolicy” in spec.template.spec.initContainers[proxy] (known from Kubernetes "
        f"1.28 on; kubernetes-version is 1.27){REJECTS}"
    ]


def test_a_key_that_is_gone(tmp_path: Path) -> None:
    text = changed(DEPLOYMENT, "  name: shop\nspec:", "  name: shop\n  clusterName: ''\nspec:")
    assert [each.message for each in said(tmp_path, text)] == [
        "unknown key “clusterName” in metadata (known up to Kubernetes 1.23; kubernetes-version is "
        f"{VERSIONS[-1]}){REJECTS}"
    ]


@pytest.mark.parametrize(
    ("version", "removed"),
    [("1.25", []), ("1.26", ["removed-api-version"]), ("1.37", ["removed-api-version"])],
)
def test_removal_is_judged_by_the_clusters_version(
    version: str, removed: list[str], tmp_path: Path
) -> None:
    text = changed(HPA, "autoscaling/v2", "autoscaling/v2beta2")
    found = said(tmp_path, text, f'kubernetes-version = "{version}"')
    assert [each.rule for each in found] == removed


OLD = DEPLOYMENT.replace("apps/v1", "extensions/v1beta1")


@pytest.mark.parametrize(
    ("text", "successor"),
    [
        (changed(HPA, "autoscaling/v2", "autoscaling/v2beta2"), "autoscaling/v2"),
        (changed(HPA, "autoscaling/v2", "autoscaling/v2beta1"), None),
        (OLD, "apps/v1"),
        (changed(OLD, "  selector: {matchLabels: {app: shop}}\n", ""), None),
        (changed(BUDGET, "policy/v1", "policy/v1beta1"), "policy/v1"),
        ("apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"
         "spec: {selector: {}, minAvailable: 1}\n", None),
        ("apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\nspec: {schedule: '@daily', "
         "jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "
         "'a:1'}]}}}}}\n", "batch/v1"),
        (OLD.replace("Deployment", "DaemonSet").replace("  replicas: 2\n", ""), None),
        ("apiVersion: scheduling.k8s.io/v1beta1\nkind: PriorityClass\nmetadata: {name: a}\nvalue: 7\n",
         "scheduling.k8s.io/v1"),
    ],
)  # fmt: skip
def test_a_removed_version_is_replaced_where_nothing_else_changes(
    text: str, successor: str | None, tmp_path: Path
) -> None:
    found = [f for f in findings(tmp_path, text) if f.rule in CONFIG_RULES]
    assert [finding.rule for finding in found] == ["removed-api-version"]
    fix = found[0].fix
    assert [edit.text for edit in fix.edits] == [successor] if fix else successor is None


@pytest.mark.parametrize("version", ["1.31", "v1.31", "1.31.4", " 1.31 ", "v1.31.4-gke.100"])
def test_the_version_may_be_written_as_clusters_print_it(version: str, tmp_path: Path) -> None:
    (tmp_path / "lintscale.toml").write_text(f'kubernetes-version = "{version}"\n')
    assert load_settings(tmp_path).versions == {"kubernetes": "1.31"}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('"latest"', "“kubernetes-version” must be a version as in \"1.37\", not “latest”; lintscale "
         "knows 1.25 to 1.37"),
        ('"1.99"', "“kubernetes-version” is 1.99; lintscale knows 1.25 to 1.37"),
        ('"1.12"', "“kubernetes-version” is 1.12; lintscale knows 1.25 to 1.37"),
        ("1.31", "“kubernetes-version” must be text in quotes, not 1.31; write \"1.31\""),
        ('""', "“kubernetes-version” is empty; give it a value or leave it out"),
    ],
)  # fmt: skip
def test_a_version_that_is_none(written: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "lintscale.toml").write_text(f"kubernetes-version = {written}\n")
    with pytest.raises(ConfigError) as error:
        load_settings(tmp_path)
    assert str(error.value).endswith(f"lintscale.toml:1:1: {message}")


# -- custom resources -----------------------------------------------------------------------------


def scaled(**spec: Any) -> str:
    trigger = {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}}
    return json.dumps(
        {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "ScaledObject",
            "metadata": {"name": "shop"},
            "spec": {"scaleTargetRef": {"name": "shop"}, "triggers": [trigger], **spec},
        }
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"maxReplicaCount": "9"}, ("schema-violation", "error", "must be a whole number")),
        ({"coolDownPeriod": 30}, ("unknown-key", "error", "did you mean “cooldownPeriod”?")),
        (
            {"newInTheNextRelease": 1},
            ("unknown-key", "warning", "as far as lintscale knows KEDA of September 2026"),
        ),
        (
            {"triggers": [{"type": "cpu", "metadata": {"value": 70}}]},
            (
                "schema-violation",
                "error",
                "spec.triggers[0].metadata.value must be text, not a number",
            ),
        ),
        ({"fallback": {"replicas": 3}}, ("schema-violation", "error", "which KEDA requires")),
    ],
)
def test_a_scaled_object(
    spec: dict[str, Any], expected: tuple[str, str, str], tmp_path: Path
) -> None:
    found = said(tmp_path, {"shop.json": scaled(**spec)})
    assert [(each.rule, each.severity) for each in found] == [expected[:2]]
    assert expected[2] in found[0].message


def test_a_newer_version_of_a_custom_resource_may_exist(tmp_path: Path) -> None:
    found = said(tmp_path, {"shop.json": scaled().replace("v1alpha1", "v1")})
    assert [(each.rule, each.severity) for each in found] == [("schema-violation", "warning")]


def test_off_is_a_boolean_to_yaml(tmp_path: Path) -> None:
    text = (
        "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: shop}\n"
        "spec:\n  targetRef: {kind: Deployment, name: shop}\n  updatePolicy: {updateMode: Off}\n"
    )
    found = findings(tmp_path, text)
    mine = [finding for finding in found if finding.rule == "schema-violation"]
    assert [finding.message for finding in mine] == [
        "spec.updatePolicy.updateMode must be Off, Initial, Recreate, InPlaceOrRecreate, InPlace or "
        "Auto, not Off, which YAML reads as false"
    ]
    assert mine[0].help == "Put it in quotes."
