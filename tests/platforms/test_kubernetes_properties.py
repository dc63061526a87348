"""What holds for every document: reading never raises, every value knows its place, and the
order in which lists are written says nothing."""

from __future__ import annotations

import functools
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintscale._record import fields, is_record
from lintscale.model.declared import Fragments
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes import kustomization, normalise
from lintscale.syntax import Document, parse
from lintscale.syntax.nodes import to_plain

STACK = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: web, labels: {env: prod}, annotations: {team: storefront}}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: shop, tier: web}}
    spec:
      terminationGracePeriodSeconds: 45
      initContainers:
      - {name: migrate, image: shop-migrate, env: [{name: A, value: b}]}
      - {name: proxy, image: proxy, restartPolicy: Always}
      containers:
      - name: web
        image: "shop:1.4"
        command: [gunicorn, -w, "4"]
        args: [app]
        ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]
        resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 1Gi}}
        env:
        - {name: DB_POOL_SIZE, value: "5"}
        - {name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}
        envFrom: [{configMapRef: {name: shop}}, {secretRef: {name: shop}}]
        readinessProbe: {httpGet: {path: /ready, port: http, httpHeaders: [{name: a, value: b}]}}
        livenessProbe: {exec: {command: [true]}, periodSeconds: 5}
        lifecycle: {preStop: {sleep: {seconds: 3}}}
      - name: agent
        image: agent
        ports: [{containerPort: 80}]
        startupProbe: {grpc: {port: 9000}}
        readinessProbe: {httpGet: {path: /agent, port: 80}}
        lifecycle: {preStop: {sleep: {seconds: 8}}}
      - name: cache
        image: cache
        lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
      volumes:
      - {name: a, persistentVolumeClaim: {claimName: z}}
      - {name: b, persistentVolumeClaim: {claimName: y}}
      topologySpreadConstraints:
      - {topologyKey: zone, labelSelector: {matchLabels: {app: other}}}
      - topologyKey: host
        labelSelector: {matchExpressions: [{key: app, operator: In, values: [shop, b]}]}
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {labelSelector: {}, namespaces: [a, web]}
          preferredDuringSchedulingIgnoredDuringExecution:
          - {weight: 1, podAffinityTerm: {mismatchLabelKeys: [app]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ledger}
spec:
  updateStrategy: {rollingUpdate: {maxUnavailable: 2}}
  volumeClaimTemplates: [{metadata: {name: wal}}, {metadata: {name: data}}]
  template: {spec: {containers: [{name: ledger, image: ledger}]}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: checkout}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: checkout}
  strategy: {canary: {maxSurge: 1, trafficRouting: {}, dynamicStableScale: true}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec: {jobTemplate: {spec: {parallelism: 2, template: {spec: {containers: [{name: r, image: r}]}}}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
  annotations: {autoscaling.alpha.kubernetes.io/metrics: '[{"type": "Resource"}]'}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 10
  targetCPUUtilizationPercentage: 50
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
  - type: ContainerResource
    containerResource: {name: memory, container: web, target: {averageValue: 1Gi}}
  - {type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: 1k}}}
  - {type: External, external: {metricName: lag, targetValue: 4}}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 60
      policies:
      - {type: Pods, value: 1, periodSeconds: 60}
      - {type: Percent, value: 10, periodSeconds: 60}
      selectPolicy: Min
    scaleUp: {selectPolicy: Disabled}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: worker, annotations: {autoscaling.keda.sh/paused: "true"}}
spec:
  scaleTargetRef: {name: worker}
  idleReplicaCount: 0
  minReplicaCount: 1
  maxReplicaCount: 5
  advanced: {horizontalPodAutoscalerConfig: {behavior: {scaleUp: {stabilizationWindowSeconds: 5}}}}
  triggers:
  - {type: cpu, metricType: Utilization, metadata: {value: "70"}}
  - {type: rabbitmq, name: orders, metadata: {value: "20"}}
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: shop}
spec:
  targetRef: {kind: Deployment, name: shop}
  updatePolicy: {updateMode: Auto}
  resourcePolicy:
    containerPolicies:
    - {containerName: web, controlledResources: [cpu, memory]}
    - {containerName: "*", mode: "Off"}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec:
  minAvailable: 1
  maxUnavailable: 10%
  selector:
    matchLabels: {app: shop}
    matchExpressions:
    - {key: a, operator: Exists}
    - {key: b, operator: NotIn, values: [c, d]}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {A: b, C: "4"}
---
apiVersion: v1
kind: LimitRange
metadata: {name: shop}
spec: {limits: [{type: Container, default: {cpu: 1}}, {type: Pod, max: {memory: 1Gi}}]}
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
replicas: [{name: shop, count: 4}, {name: ledger, count: 3}]
images: [{name: shop, newTag: v1}, {name: ledger, newName: l, digest: "sha256:0"}]
patches: [{path: a.yaml}, {patch: "x: y"}]
patchesStrategicMerge: [b.yaml]
"""

FILE = "k8s/kustomization.yaml"

DOCUMENTS: list[Any] = [
    to_plain(document.root) for document in parse(STACK, FILE, "yaml").documents
]
EVERYTHING: Any = {"apiVersion": "v1", "kind": "List", "items": DOCUMENTS}

_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["${VAR}", "<IMAGE>", "{{ x }}", "25%", "500m", "1e9", "-1", "Always", "Off"]),
)
_keys = st.one_of(
    _scalars,
    st.sampled_from(["name", "kind", "metadata", "spec", "template", "containers", "env", "items"]),
    st.sampled_from(["resources", "limits", "cpu", "type", "target", "path", "labels", "replicas"]),
)


class _Pairs(list[Any]):
    """A mapping as its entries, so that keys of all types, and the same key twice, occur."""


_trees = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(st.tuples(_keys, inner), max_size=4).map(_Pairs)
    ),
    max_leaves=12,
)


def as_yaml(tree: Any) -> str:
    """Flow style, with keys as they are: YAML knows more of them than JSON."""
    if isinstance(tree, dict):
        tree = _Pairs(tree.items())
    if isinstance(tree, _Pairs):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(value)}" for key, value in tree) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(as_yaml(item) for item in tree) + "]"
    if isinstance(tree, float):
        return repr(tree).replace("inf", ".inf").replace("nan", ".nan")
    return json.dumps(tree)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a tree."""
    entries: Any = ()
    if isinstance(tree, dict):
        entries = tree.items()
    elif isinstance(tree, list):
        entries = enumerate(tree)
    below = [place for key, value in entries for place in places(value, (*path, key))]
    return [path, *below]


PLACES = [(index, path) for index, tree in enumerate(DOCUMENTS) for path in places(tree) if path]


def replaced(tree: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    key, *rest = path
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[key] = replaced(tree[key], tuple(rest), new)
    return copy


def read(text: str) -> list[tuple[Document, Fragments]]:
    found = []
    for document in parse(text, FILE, "yaml").documents:
        normalise.recognise(document, FILE)
        kustomization.patch_files(document, FILE)
        normalise.left_out(document, FILE)
        found.append((document, normalise.normalise(document, FILE)))
    return found


def test_the_stack_is_read_in_full() -> None:
    ((_, found),) = read(as_yaml(EVERYTHING))
    kinds = [workload.kind for workload in found.workloads]
    assert kinds == ["Deployment", "StatefulSet", "Rollout", "CronJob"]
    assert len(found.autoscalers) == 2
    assert len(found.vertical_autoscalers) == len(found.disruption_budgets) == 1
    assert len(found.routes) == len(found.environment_groups) == len(found.resource_defaults) == 1


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), _trees), min_size=1, max_size=3))
def test_any_part_may_be_anything(mutations: list[tuple[tuple[int, Any], Any]]) -> None:
    for (index, path), tree in mutations:
        for _, fragments in read(as_yaml(replaced(DOCUMENTS[index], path, tree))):
            check_places(fragments)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(DOCUMENTS), _trees, _trees)
def test_any_object_may_hold_anything(document: Any, metadata: Any, spec: Any) -> None:
    tree = {key: document[key] for key in ("apiVersion", "kind")}
    for _, fragments in read(as_yaml({**tree, "metadata": metadata, "spec": spec})):
        check_places(fragments)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_trees)
def test_any_document_at_all(tree: Any) -> None:
    read(as_yaml(tree))


WRONG: list[Any] = [None, "${VAR}", True, [], {}, [None], {"name": ["x"]}, 10**30]


@pytest.mark.parametrize(
    "share", [0, *(pytest.param(share, marks=pytest.mark.slow) for share in range(1, 4))]
)
def test_every_part_may_be_missing_a_placeholder_or_the_wrong_thing(share: int) -> None:
    """A quarter of the combinations each, with all parts and all values in every quarter."""
    for turn, (index, path) in enumerate(PLACES):
        for new in WRONG[(turn + share) % 4 :: 4]:
            for _, fragments in read(as_yaml(replaced(DOCUMENTS[index], path, new))):
                check_places(fragments)


def check_places(fragments: Fragments) -> None:
    """Whatever has a value says where it comes from, and expressions can hold it."""
    for value in sourced(fragments):
        if value.source is None:
            assert value.value is None
            continue
        assert value.location is not None, value
        assert value.location.file == FILE
        assert value.location.line >= 1
        if value.source is Source.FILE:
            assert value.location.present or value.value is None, value
        else:
            assert value.reason, value
        if isinstance(value.value, int):
            assert -(2**63) <= value.value < 2**63


def sourced(thing: Any) -> list[Sourced[Any]]:
    if isinstance(thing, Sourced):
        return [thing]
    if is_record(thing):
        return [found for field in fields(thing) for found in sourced(getattr(thing, field))]
    if isinstance(thing, (list, tuple)):
        return [found for item in thing for found in sourced(item)]
    return []


# -- order ----------------------------------------------------------------------------------------


def shuffled(tree: Any, chance: random.Random, key: str = "") -> Any:
    """The same tree with all its lists in another order, but for the words of commands."""
    if isinstance(tree, dict):
        entries = list(tree.items())
        chance.shuffle(entries)
        return {key: shuffled(value, chance, key) for key, value in entries}
    if isinstance(tree, list):
        items = [shuffled(item, chance) for item in tree]
        if key not in ("command", "args"):
            chance.shuffle(items)
        return items
    return tree


def content(thing: Any) -> Any:
    """Everything but places, and lists without their order."""
    if isinstance(thing, Location):
        return None
    if is_record(thing):
        return {field: content(getattr(thing, field)) for field in fields(thing)}
    if isinstance(thing, dict):
        return sorted((key, content(value)) for key, value in thing.items())
    if isinstance(thing, (list, tuple)):
        return sorted((content(item) for item in thing), key=repr)
    return thing


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_order_says_nothing(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - any order will do
    for tree, expected in ((EVERYTHING, _everything()), (DOCUMENTS[-1], _kustomization())):
        ((_, found),) = read(as_yaml(shuffled(tree, chance)))
        assert content(found) == expected


@functools.cache
def _everything() -> Any:
    ((_, found),) = read(as_yaml(EVERYTHING))
    return content(found)


@functools.cache
def _kustomization() -> Any:
    ((_, found),) = read(as_yaml(DOCUMENTS[-1]))
    return content(found)
