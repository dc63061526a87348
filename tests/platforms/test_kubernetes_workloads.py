"""Workloads, containers, probes and what surrounds them, with provenance and positions."""

from __future__ import annotations

import shlex
from textwrap import dedent, indent

import pytest

from lintscale.model.declared import (
    Container,
    EnvironmentVariable,
    Fragments,
    Requirement,
    Selector,
    Workload,
)
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.normalise import normalise, recognise
from lintscale.syntax import parse


def read(text: str) -> Fragments:
    result = parse(dedent(text), "k8s/shop.yaml", "yaml")
    assert not result.problems
    fragments = Fragments()
    for document in result.documents:
        assert recognise(document, document.file)
        fragments.extend(normalise(document, document.file))
    return fragments


def one(text: str) -> Workload:
    (workload,) = read(text).workloads
    return workload


def where(value: Sourced[object] | Location | None) -> tuple[int, int, int, int]:
    location = value.location if isinstance(value, Sourced) else value
    assert location is not None
    return tuple(location.span)  # type: ignore[return-value]


def path(value: Sourced[object]) -> str:
    assert value.location is not None
    return ".".join(str(step) for step in value.location.path)


SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: web
  labels:
    team: storefront
spec:
  replicas: 3
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
        tier: web
    spec:
      containers:
      - name: backend
        image: registry.example/shop:1.4.2
        ports:
        - name: http
          containerPort: 8080
        resources:
          requests:
            cpu: 500m
            memory: 512Mi
          limits:
            memory: 1Gi
        readinessProbe:
          httpGet:
            path: /health/ready
            port: http
          periodSeconds: 5
"""


def test_a_deployment_as_a_whole() -> None:
    shop = one(SHOP)
    assert shop.platform == "kubernetes"
    assert (shop.kind, shop.name, shop.namespace, shop.role) == (
        "Deployment",
        "shop",
        "web",
        "service",
    )
    assert shop.labels == {"app": "shop", "tier": "web"}
    assert shop.object_labels == {"team": "storefront"}
    assert shop.serves_traffic is None
    assert shop.can_autoscale
    assert shop.unscalable_reason == ""
    assert where(shop.location) == (4, 3, 4, 13)
    assert shop.location.path == ("metadata", "name")


def test_written_values_stand_where_they_are_written() -> None:
    shop = one(SHOP)
    assert (shop.replicas.value, shop.replicas.source) == (3, Source.FILE)
    assert where(shop.replicas) == (9, 3, 9, 14)
    (backend,) = shop.containers
    assert where(backend.location) == (20, 9, 20, 22)
    assert backend.location.path == ("spec", "template", "spec", "containers", 0)
    assert backend.image.value == "registry.example/shop:1.4.2"
    assert where(backend.image) == (21, 9, 21, 43)
    assert backend.cpu_request_cores.value == 0.5
    assert where(backend.cpu_request_cores) == (27, 13, 27, 22)
    assert backend.memory_request_bytes.value == 512 * 1024**2
    assert backend.memory_limit_bytes.value == 1024**3
    assert [(port.number, port.name) for port in backend.ports] == [(8080, "http")]
    assert shop.health_check_path.value == "/health/ready"
    assert where(shop.health_check_path) == (33, 13, 33, 32)


def test_defaults_say_that_they_are_the_platforms() -> None:
    shop = one(SHOP.replace("  replicas: 3\n", ""))
    assert (shop.replicas.value, shop.replicas.source) == (1, Source.PLATFORM_DEFAULT)
    assert shop.replicas.reason
    assert path(shop.replicas) == "spec.replicas"
    assert where(shop.replicas) == (8, 1, 8, 5)  # the spec that would hold it
    for value, expected, place in (
        (shop.shutdown.grace_seconds, 30, "spec.template.spec.terminationGracePeriodSeconds"),
        (shop.rollout.strategy, "RollingUpdate", "spec.strategy.type"),
        (shop.rollout.max_unavailable, "25%", "spec.strategy.rollingUpdate.maxUnavailable"),
        (shop.rollout.max_surge, "25%", "spec.strategy.rollingUpdate.maxSurge"),
    ):
        assert (value.value, value.source) == (expected, Source.PLATFORM_DEFAULT)
        assert path(value) == place  # type: ignore[arg-type]
        assert value.reason
    limit = shop.containers[0].cpu_limit_cores
    assert (limit.value, limit.source) == (None, None)


@pytest.mark.parametrize("written", ["${REPLICAS}", "<REPLICAS>", "[3]", "three", "true", "1.5"])
def test_a_count_that_cannot_be_known_is_unknown(written: str) -> None:
    assert one(SHOP.replace("replicas: 3", f"replicas: {written}")).replicas.unknown


def test_null_is_as_good_as_absent() -> None:
    shop = one(SHOP.replace("replicas: 3", "replicas:"))
    assert (shop.replicas.value, shop.replicas.source) == (1, Source.PLATFORM_DEFAULT)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("default", ""), ("${NAMESPACE}", ""), ("web-${STAGE}", ""), ("web", "web"), ("", "")],
)
def test_namespaces(written: str, meant: str) -> None:
    assert one(SHOP.replace("namespace: web", f"namespace: {written}")).namespace == meant


# -- kinds ----------------------------------------------------------------------------------------

POD = """\
spec:
  containers:
  - name: backend
    image: shop:1
"""


def manifest(api_version: str, kind: str, spec: str = "", levels: str = "template") -> str:
    """An object of the kind whose pod template stands below ``spec`` at ``levels``."""
    body = POD
    for level in reversed(levels.split(".")):
        body = f"{level}:\n{indent(body, '  ')}"
    if spec:
        body = f"{spec}\n{body}"
    spec_block = f"spec:\n{indent(body, '  ')}"
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: shop}}\n{spec_block}"


@pytest.mark.parametrize(
    ("api_version", "kind", "levels", "role", "replicas"),
    [
        ("apps/v1", "StatefulSet", "template", "service", 1),
        ("apps/v1", "ReplicaSet", "template", "service", 1),
        ("v1", "ReplicationController", "template", "service", 1),
        ("argoproj.io/v1alpha1", "Rollout", "template", "service", 1),
        ("apps/v1", "DaemonSet", "template", "daemon", None),
        ("batch/v1", "Job", "template", "job", 1),
        ("batch/v1", "CronJob", "jobTemplate.spec.template", "job", 1),
    ],
)
def test_every_kind_finds_its_pods(
    api_version: str, kind: str, levels: str, role: str, replicas: int | None
) -> None:
    shop = one(manifest(api_version, kind, levels=levels))
    assert (shop.kind, shop.role, shop.replicas.value) == (kind, role, replicas)
    assert [container.name for container in shop.containers] == ["backend"]
    assert shop.serves_traffic is (False if role == "job" else None)
    scalable = role == "service"
    assert shop.can_autoscale is scalable
    assert (shop.unscalable_reason == "") is scalable
    assert shop.count_known is (kind != "DaemonSet")


def test_a_bare_pod() -> None:
    shop = one("apiVersion: v1\nkind: Pod\nmetadata: {name: shop, labels: {app: shop}}\n" + POD)
    assert (shop.role, shop.replicas.value, shop.labels) == ("pod", 1, {"app": "shop"})
    assert shop.unscalable_reason
    assert shop.containers[0].name == "backend"


def test_a_job_counts_by_its_parallelism() -> None:
    assert one(manifest("batch/v1", "Job", "parallelism: 4")).replicas.value == 4


def test_a_rollout_that_borrows_its_template() -> None:
    shop = one(
        """\
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: shop-rollout, namespace: web}
        spec:
          replicas: 4
          workloadRef:
            apiVersion: apps/v1
            kind: Deployment
            name: shop
          strategy: {canary: {}}
        """
    )
    assert shop.template is not None
    assert (shop.template.kind, shop.template.name) == ("Deployment", "shop")
    assert shop.template.namespace == "web"
    assert where(shop.template.location) == (9, 5, 9, 15)
    assert shop.containers == ()
    assert shop.placement.spreads is None
    assert shop.replicas.value == 4


# -- rollouts -------------------------------------------------------------------------------------


def amounts(workload: Workload) -> tuple[str | None, str | None, str | None]:
    rollout = workload.rollout
    return rollout.strategy.value, rollout.max_unavailable.value, rollout.max_surge.value


@pytest.mark.parametrize(
    ("api_version", "kind", "spec", "expected"),
    [
        ("apps/v1", "Deployment", "", ("RollingUpdate", "25%", "25%")),
        ("extensions/v1beta1", "Deployment", "", ("RollingUpdate", "1", "1")),
        ("apps/v1", "Deployment", "strategy: {type: Recreate}", ("Recreate", None, "0")),
        (
            "apps/v1",
            "Deployment",
            "strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 50%}}",
            ("RollingUpdate", "0", "50%"),
        ),
        ("apps/v1", "Deployment", "strategy: {type: '${STRATEGY}'}", (None, None, None)),
        ("apps/v1", "Deployment", "strategy: <STRATEGY>", (None, None, None)),
        (
            "apps/v1",
            "Deployment",
            "strategy: {rollingUpdate: {maxSurge: much, maxUnavailable: -1}}",
            ("RollingUpdate", None, None),
        ),
        ("apps/v1", "StatefulSet", "", ("RollingUpdate", "1", "0")),
        ("apps/v1beta1", "StatefulSet", "", ("OnDelete", None, "0")),
        (
            "apps/v1",
            "StatefulSet",
            "updateStrategy: {type: OnDelete}",
            ("OnDelete", None, "0"),
        ),
        (
            "apps/v1",
            "StatefulSet",
            "updateStrategy: {rollingUpdate: {maxUnavailable: 2}}",
            ("RollingUpdate", "2", "0"),
        ),
        ("apps/v1", "DaemonSet", "", ("RollingUpdate", "1", "0")),
        (
            "apps/v1",
            "DaemonSet",
            "updateStrategy: {rollingUpdate: {maxSurge: 10%, maxUnavailable: 0}}",
            ("RollingUpdate", "0", "10%"),
        ),
        ("apps/v1", "ReplicaSet", "", (None, None, None)),
        ("argoproj.io/v1alpha1", "Rollout", "strategy: {canary: {}}", ("Canary", "25%", "25%")),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            "strategy: {canary: {maxSurge: 2, maxUnavailable: 0}}",
            ("Canary", "0", "2"),
        ),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            "strategy: {canary: {maxSurge: 1, trafficRouting: {nginx: {}}}}",
            ("Canary", "0", "100%"),
        ),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            "strategy: {canary: {dynamicStableScale: true, trafficRouting: {nginx: {}}}}",
            ("Canary", "25%", "25%"),
        ),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            "strategy: {blueGreen: {activeService: shop}}",
            ("BlueGreen", "0", "100%"),
        ),
        ("argoproj.io/v1alpha1", "Rollout", "", (None, None, None)),
    ],
)
def test_rollouts(
    api_version: str, kind: str, spec: str, expected: tuple[str | None, str | None, str | None]
) -> None:
    assert amounts(one(manifest(api_version, kind, spec))) == expected


def test_a_strategy_that_is_filled_in_later_is_unknown_not_absent() -> None:
    rollout = one(manifest("apps/v1", "Deployment", "strategy: <STRATEGY>")).rollout
    assert rollout.strategy.unknown
    assert rollout.max_unavailable.unknown
    assert rollout.max_surge.unknown


# -- containers -----------------------------------------------------------------------------------


def pod_with(container: str, spec: str = "") -> Workload:
    """A Deployment with one container that has these lines, and a pod spec with those."""
    body = f"name: backend\nimage: shop:1\n{dedent(container)}"
    item = "- " + indent(body, "  ").lstrip()
    pod_spec = f"{dedent(spec)}\ncontainers:\n{item}"
    return one(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n"
        "    metadata: {labels: {app: shop}}\n"
        f"    spec:\n{indent(pod_spec, '      ')}\n"
    )


def container_with(container: str) -> Container:
    (found,) = pod_with(container).containers
    return found


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("command: [gunicorn, -w, '4', app]", ["gunicorn", "-w", "4", "app"]),
        ("command: [gunicorn]\nargs: [--workers, 2]", ["gunicorn", "--workers", "2"]),
        ("args: [--workers=2]", ["--workers=2"]),
        (
            "command: [sh, -c, 'exec uvicorn app:app --workers $WORKERS']",
            ["sh", "-c", "exec uvicorn app:app --workers $WORKERS"],
        ),
        (
            "command: [/bin/sh, -c]\nargs:\n- |\n  migrate &&\n  gunicorn -w 3 app\n",
            ["/bin/sh", "-c", "migrate &&\ngunicorn -w 3 app\n"],
        ),
        ("args: [serve, --db=$(DB_HOST)]", ["serve", "--db=$(DB_HOST)"]),
    ],
)
def test_commands_read_back_as_a_shell_reads_them(written: str, words: list[str]) -> None:
    command = container_with(written).command
    assert command.value is not None
    assert shlex.split(command.value) == words
    assert command.written


def test_no_command_is_absent_and_a_wrong_one_unknown() -> None:
    assert container_with("").command.source is None
    assert container_with("command: npm start").command.unknown
    assert container_with("command: [{a: b}]").command.unknown


def test_init_containers_and_sidecars() -> None:
    shop = pod_with(
        "",
        """\
        initContainers:
        - {name: migrate, image: shop-migrate}
        - {name: proxy, image: proxy, restartPolicy: Always}
        - a stray line
        """,
    )
    assert [(c.name, c.init) for c in shop.containers] == [
        ("migrate", True),
        ("proxy", False),
        ("backend", False),
    ]


def test_the_limit_is_the_request_when_only_it_is_written() -> None:
    found = container_with("resources: {limits: {cpu: 2, memory: 1Gi}, requests: {memory: 256Mi}}")
    request = found.cpu_request_cores
    assert (request.value, request.source) == (2.0, Source.PLATFORM_DEFAULT)
    assert "limit" in request.reason
    assert path(request).endswith("containers.0.resources.requests.cpu")
    assert found.memory_request_bytes.value == 256 * 1024**2
    assert found.memory_request_bytes.written


@pytest.mark.parametrize(
    "resources",
    [
        "${RESOURCES}",
        "{requests: '${REQUESTS}'}",
        "{requests: {cpu: '${CPU}'}}",
        "{limits: {cpu: '${CPU}'}}",
    ],
)
def test_requests_behind_placeholders_are_not_missing(resources: str) -> None:
    assert container_with(f"resources: {resources}").cpu_request_cores.unknown


def test_requests_of_the_whole_pod_are_nobodys_missing_request() -> None:
    shop = pod_with("", "resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}")
    (found,) = shop.containers
    assert found.cpu_request_cores.unknown
    assert found.memory_request_bytes.unknown
    assert found.memory_limit_bytes.unknown
    assert found.cpu_limit_cores.source is None


def variables(container: Container) -> dict[str, EnvironmentVariable]:
    return {variable.name: variable for variable in container.environment}


def test_environment() -> None:
    shop = pod_with(
        """\
        env:
        - name: DB_POOL_SIZE
          value: "5"
        - name: WORKERS
          value: 2
        - name: EMPTY
        - name: DATABASE_URL
          valueFrom: {secretKeyRef: {name: shop-db, key: url}}
        - name: REGION
          valueFrom: {configMapKeyRef: {name: shop-config, key: region}}
        - name: POD_IP
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
        - value: nameless
        - stray
        envFrom:
        - configMapRef: {name: shop-config}
        - secretRef: {name: shop-secrets}
        """
    )
    found = shop.containers[0]
    env = variables(found)
    assert list(env) == ["DB_POOL_SIZE", "WORKERS", "EMPTY", "DATABASE_URL", "REGION", "POD_IP"]
    assert (env["DB_POOL_SIZE"].value.value, env["WORKERS"].value.value) == ("5", "2")
    assert where(env["DB_POOL_SIZE"].location) == (14, 11, 14, 21)
    assert (env["EMPTY"].value.value, env["EMPTY"].value.source) == ("", Source.PLATFORM_DEFAULT)
    assert env["DATABASE_URL"].reference == "secret:/shop-db/url"
    assert env["DATABASE_URL"].value.unknown
    assert env["REGION"].reference == "configmap:/shop-config/region"
    assert (env["POD_IP"].reference, env["POD_IP"].value.unknown) == ("", True)
    assert found.env_from == ("configmap:/shop-config", "secret:/shop-secrets")
    assert found.env_complete


def test_references_carry_the_namespace() -> None:
    text = SHOP + "        envFrom:\n        - secretRef: {name: shop-secrets}\n"
    assert one(text).containers[0].env_from == ("secret:web/shop-secrets",)


@pytest.mark.parametrize(
    "written",
    [
        "envFrom: [{prefix: SHOP_, configMapRef: {name: shop-config}}]",
        "envFrom: ['${GROUP}']",
        "envFrom: ${GROUPS}",
        "env: ${ENV}",
    ],
)
def test_an_environment_that_is_not_all_known_says_so(written: str) -> None:
    found = container_with(written)
    assert not found.env_complete
    assert found.env_from == ()


# -- probes ---------------------------------------------------------------------------------------


def test_probe_defaults() -> None:
    probe = container_with("readinessProbe: {tcpSocket: {port: 5432}}").readiness
    assert probe is not None
    for value, expected in (
        (probe.initial_delay_seconds, 0),
        (probe.period_seconds, 10),
        (probe.timeout_seconds, 1),
        (probe.success_threshold, 1),
        (probe.failure_threshold, 3),
    ):
        assert (value.value, value.source) == (expected, Source.PLATFORM_DEFAULT)
        assert value.reason
    assert (probe.kind, probe.action, probe.port.value) == ("tcp", "tcp :5432", "5432")


def test_zero_is_the_default_where_the_api_server_fills_it_in() -> None:
    probe = container_with(
        "livenessProbe: {exec: {command: [pg_isready]}, periodSeconds: 0, initialDelaySeconds: 0}"
    ).liveness
    assert probe is not None
    assert (probe.period_seconds.value, probe.period_seconds.source) == (
        10,
        Source.PLATFORM_DEFAULT,
    )
    assert (probe.initial_delay_seconds.value, probe.initial_delay_seconds.source) == (
        0,
        Source.FILE,
    )


@pytest.mark.parametrize(
    ("written", "kind", "action"),
    [
        ("{httpGet: {path: /ready, port: 8080}}", "http", "http get http://:8080/ready"),
        ("{httpGet: {path: ready, port: http}}", "http", "http get http://:8080/ready"),
        ("{httpGet: {port: 8080}}", "http", "http get http://:8080/"),
        (
            "{httpGet: {path: /r, port: 8443, scheme: HTTPS, host: shop.local}}",
            "http",
            "http get https://shop.local:8443/r",
        ),
        (
            "{httpGet: {port: 1, httpHeaders: [{name: b, value: 2}, {name: a, value: 1}]}}",
            "http",
            "http get http://:1/ a: 1 b: 2",
        ),
        ("{tcpSocket: {port: http}}", "tcp", "tcp :8080"),
        ("{grpc: {port: 9000, service: shop}}", "grpc", "grpc :9000/shop"),
        ("{exec: {command: [sh, -c, test -f /ok]}}", "exec", "exec sh -c 'test -f /ok'"),
        ("{}", "", ""),
        ("${PROBE}", "", ""),
    ],
)
def test_what_a_probe_asks(written: str, kind: str, action: str) -> None:
    found = container_with(
        f"ports: [{{name: http, containerPort: 8080}}]\nstartupProbe: {written}"
    ).startup
    assert found is not None
    assert (found.kind, found.action) == (kind, action)


def test_no_probe_knows_where_it_would_be_written() -> None:
    found = container_with("ports: [{containerPort: 80}]")
    assert found.readiness is None
    assert found.liveness is None
    assert found.readiness_location is not None
    assert not found.readiness_location.present
    assert found.readiness_location.path[-1] == "readinessProbe"
    assert found.liveness_location is not None
    assert found.liveness_location.path[-1] == "livenessProbe"


def test_probes_know_what_they_are_for_and_whom_they_ask() -> None:
    found = container_with(
        "livenessProbe: {httpGet: {host: 10.0.0.1, port: 80}}\n"
        "readinessProbe: {tcpSocket: {host: shop, port: 80}}\n"
        "startupProbe: {httpGet: {port: 80}}"
    )
    assert [(probe.purpose, probe.host) for probe in found.probes] == [
        ("liveness", "10.0.0.1"),
        ("readiness", "shop"),
        ("startup", ""),
    ]


def test_ports_in_words_have_an_order_of_their_own() -> None:
    found = container_with(
        "ports: [{containerPort: 9090}, {containerPort: 8080, name: http}, {name: hidden}]"
    )
    assert found.ports_text == "hidden, 8080 (http), 9090"


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("livenessProbe: {httpGet: {port: 80}}", False),
        ("livenessProbe: {httpGet: {port: 80}}\nreadinessProbe: {tcpSocket: {port: 80}}", True),
        ("livenessProbe: {httpGet: {port: 80}}\nreadinessProbe: {httpGet: {port: 81}}", False),
        ("livenessProbe: {httpGet: {port: 80}}\nreadinessProbe: {exec: {command: [ok]}}", False),
        (
            "livenessProbe: {httpGet: {port: '${A}'}}\nreadinessProbe: {httpGet: {port: '${B}'}}",
            False,
        ),
    ],
)
def test_whether_probes_share_a_port(written: str, share: bool) -> None:
    assert container_with(written).probes_share_port is share


@pytest.mark.parametrize(
    ("written", "patience", "gives_up"),
    [
        ("", 30, 30),
        ("initialDelaySeconds: 60, periodSeconds: 5, failureThreshold: 2, ", 10, 70),
        ("initialDelaySeconds: '${DELAY}', ", 30, None),
        ("periodSeconds: '${PERIOD}', ", None, None),
        ("failureThreshold: 9223372036854775807, ", None, None),
    ],
)
def test_how_long_a_probe_waits(written: str, patience: int | None, gives_up: int | None) -> None:
    found = container_with(f"livenessProbe: {{{written}httpGet: {{port: 80}}}}").liveness
    assert found is not None
    assert (found.patience_seconds, found.gives_up_seconds) == (patience, gives_up)


def test_health_path_is_that_of_the_container_with_ports() -> None:
    text = """\
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          template:
            spec:
              containers:
              - {name: agent, image: a, readinessProbe: {httpGet: {path: /agent, port: 1}}}
              - name: web
                image: b
                ports: [{containerPort: 80}]
                readinessProbe: {httpGet: {path: /ready, port: 80}}
        """
    shop = one(text)
    assert shop.health_check_path.value == "/ready"
    assert path(shop.health_check_path).endswith("containers.1.readinessProbe.httpGet.path")
    without = one(text.replace("readinessProbe: {httpGet: {path: /ready, port: 80}}", ""))
    assert without.health_check_path.value == "/agent"


# -- pods -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lifecycle", "seconds"),
    [
        ("lifecycle: {preStop: {sleep: {seconds: 12}}}", 12),
        ("lifecycle: {preStop: {exec: {command: [sleep, '15']}}}", 15),
        ("lifecycle: {preStop: {exec: {command: [sh, -c, 'sleep 5 && nginx -s quit']}}}", 5),
        ("lifecycle: {preStop: {exec: {command: [sh, -c, 'sleep 1m; sleep 2s']}}}", 62),
        ("lifecycle: {preStop: {httpGet: {path: /drain, port: 80}}}", None),
        ("lifecycle: {preStop: {exec: {command: [asleep, '9']}}}", None),
        ("", None),
    ],
)
def test_pre_stop_waits(lifecycle: str, seconds: int | None) -> None:
    shutdown = pod_with(lifecycle, "terminationGracePeriodSeconds: 60").shutdown
    assert shutdown.pre_stop_seconds.value == seconds
    assert (shutdown.grace_seconds.value, shutdown.grace_seconds.written) == (60, True)


def test_each_container_waits_for_itself_and_the_pod_for_the_longest() -> None:
    shop = pod_with(
        "lifecycle: {preStop: {sleep: {seconds: 5}}}",
        "initContainers:\n"
        "- {name: proxy, restartPolicy: Always, lifecycle: {preStop: {sleep: {seconds: 20}}}}\n"
        "- {name: migrate}\n",
    )
    waits = {part.name: part.pre_stop_seconds.value for part in shop.containers}
    assert waits == {"backend": 5, "proxy": 20, "migrate": None}
    assert shop.shutdown.pre_stop_seconds.value == 20


@pytest.mark.parametrize("seconds", ["-1", "${WAIT}", str(2**62), "soon"])
def test_waits_that_are_none(seconds: str) -> None:
    found = container_with(f"lifecycle: {{preStop: {{sleep: {{seconds: {seconds!r}}}}}}}")
    assert found.pre_stop_seconds.value is None


@pytest.mark.parametrize(
    ("resources", "exceeding"),
    [
        ("{requests: {memory: 2Gi}, limits: {memory: 1Gi}}", {"memory": True}),
        ("{requests: {memory: 64Mi}, limits: {memory: 64M}}", {"memory": True}),
        ("{requests: {memory: 1024Mi}, limits: {memory: 1Gi}}", {"memory": False}),
        ("{requests: {cpu: 1500m}, limits: {cpu: 1}}", {"cpu": True}),
        ("{requests: {cpu: '1'}, limits: {cpu: 1000m}}", {"cpu": False}),
        (
            "{requests: {cpu: 2, nvidia.com/gpu: 2}, limits: {cpu: 4, nvidia.com/gpu: 1}}",
            {"cpu": False, "nvidia.com/gpu": True},
        ),
        ("{requests: {cpu: 2}, limits: {memory: 1Gi}}", {}),
        ("{requests: {cpu: '${CPU}'}, limits: {cpu: 1}}", {"cpu": None}),
        ("{requests: {cpu: -1}, limits: {cpu: 1}}", {"cpu": None}),
        ("{requests: {cpu: many}, limits: {cpu: 1}}", {"cpu": None}),
        ("{requests: {cpu: [1]}, limits: {cpu: 1}}", {}),
        ("{requests: <REQUESTS>, limits: {cpu: 1}}", {}),
        ("<RESOURCES>", {}),
    ],
)
def test_requests_beside_limits(resources: str, exceeding: dict[str, bool | None]) -> None:
    found = container_with(f"resources: {resources}").resources
    assert {each.name: each.exceeds for each in found} == exceeding


def test_amounts_stand_as_they_are_written() -> None:
    (memory,) = container_with(
        "resources:\n  requests: {memory: 2Gi}\n  limits: {memory: 1Gi}"
    ).resources
    assert (memory.request.value, memory.limit.value) == ("2Gi", "1Gi")
    assert memory.location == memory.request.location
    assert path(memory.limit).endswith("resources.limits.memory")


SPREAD = "topologySpreadConstraints:\n- {maxSkew: 1, topologyKey: zone, "
ANTI = "affinity: {podAntiAffinity: {"
REQUIRED = ANTI + "requiredDuringSchedulingIgnoredDuringExecution: [{"
PREFERRED = (
    ANTI + "preferredDuringSchedulingIgnoredDuringExecution: [{weight: 9, podAffinityTerm: {"
)


@pytest.mark.parametrize(
    ("spec", "spreads"),
    [
        ("", False),
        (SPREAD + "labelSelector: {matchLabels: {app: shop}}}", True),
        (SPREAD + "labelSelector: {}}", True),
        (SPREAD + "labelSelector: {matchLabels: {app: other}}}", False),
        (SPREAD + "labelSelector: {matchLabels: {app: '${APP}'}}}", None),
        (SPREAD + "matchLabelKeys: [pod-template-hash]}", True),
        (SPREAD + "whenUnsatisfiable: DoNotSchedule}", False),
        ("topologySpreadConstraints: ${SPREAD}", None),
        (REQUIRED + "labelSelector: {matchLabels: {app: shop}}, topologyKey: host}]}}", True),
        (
            REQUIRED
            + "labelSelector: {matchExpressions: [{key: app, operator: In, values: [shop]}]}}]}}",
            True,
        ),
        (REQUIRED + "labelSelector: {matchLabels: {app: cache}}}]}}", False),
        (REQUIRED + "topologyKey: host}]}}", False),
        (REQUIRED + "labelSelector: {}, mismatchLabelKeys: [app]}]}}", False),
        (PREFERRED + "labelSelector: {matchLabels: {app: shop}}, topologyKey: host}}]}}", True),
        (PREFERRED + "labelSelector: {matchLabels: {app: cache}}, topologyKey: host}}]}}", False),
        ("affinity: {podAffinity: {}}", False),
        ("affinity: ${AFFINITY}", None),
    ],
)
def test_spread(spec: str, spreads: bool | None) -> None:
    placement = pod_with("", spec).placement
    assert placement.spreads is spreads
    assert placement.location is not None
    assert placement.location.path == ("spec", "template", "spec", "topologySpreadConstraints")


def test_spread_would_be_written_under_the_pod_spec() -> None:
    location = one(SHOP).placement.location
    assert where(location) == (18, 5, 18, 9)


def test_anti_affinity_against_another_namespace_separates_nothing() -> None:
    term = "labelSelector: {matchLabels: {app: shop}}, namespaces: [billing]}]}}"
    assert pod_with("", REQUIRED + term).placement.spreads is True  # it may land in billing
    text = SHOP.replace("      containers:", f"      {REQUIRED}{term}\n      containers:")
    assert one(text).placement.spreads is False


def test_disks() -> None:
    claim = (
        "volumes: [{name: a, emptyDir: {}}, {name: b, persistentVolumeClaim: {claimName: files}}]"
    )
    assert pod_with("", claim).disk.value == "files"
    assert pod_with("", "volumes: [{name: a, emptyDir: {}}]").disk.value is None
    templates = "volumeClaimTemplates:\n- metadata: {name: wal}\n- metadata: {name: data}"
    ledger = one(manifest("apps/v1", "StatefulSet", templates))
    assert (ledger.disk.value, ledger.disk.written) == ("data", True)


# -- around workloads -----------------------------------------------------------------------------


def budget(spec: str, version: str = "policy/v1") -> str:
    return (
        f"apiVersion: {version}\nkind: PodDisruptionBudget\n"
        f"metadata:\n  name: shop\n  namespace: web\nspec: {spec}\n"
    )


def test_disruption_budgets() -> None:
    (found,) = read(
        budget("{minAvailable: 50%, selector: {matchLabels: {app: shop}}}")
    ).disruption_budgets
    assert (found.name, found.namespace) == ("shop", "web")
    assert (found.min_available.value, found.max_unavailable.source) == ("50%", None)
    assert found.selector == Selector((Requirement("app", "In", ("shop",)),))
    assert where(found.min_available) == (6, 8, 6, 25)
    assert where(found.location) == (4, 3, 4, 13)


def test_a_budget_that_says_nothing_blocks_everything() -> None:
    (found,) = read(budget("{selector: {matchLabels: {app: shop}}}")).disruption_budgets
    assert (found.max_unavailable.value, found.max_unavailable.source) == (
        "0",
        Source.PLATFORM_DEFAULT,
    )
    assert found.min_available.source is None
    assert path(found.max_unavailable) == "spec.maxUnavailable"


@pytest.mark.parametrize(
    ("selector", "version", "expected"),
    [
        ("selector: {}", "policy/v1", Selector(everything=True)),
        ("selector: {}", "policy/v1beta1", Selector()),
        ("minAvailable: 1", "policy/v1", Selector()),
        ("selector: <SELECTOR>", "policy/v1", Selector(unknown=True)),
        ("selector: {matchLabels: <L>}", "policy/v1", Selector(unknown=True)),
        (
            "selector: {matchExpressions: [{key: app, operator: NotIn, values: [a, b]}, "
            "{key: tier, operator: Exists}, {key: x, operator: DoesNotExist}]}",
            "policy/v1",
            Selector(
                (
                    Requirement("app", "NotIn", ("a", "b")),
                    Requirement("tier", "Exists"),
                    Requirement("x", "DoesNotExist"),
                )
            ),
        ),
        (
            "selector: {matchExpressions: [{key: app, operator: in, values: [a]}]}",
            "policy/v1",
            Selector(unknown=True),
        ),
        (
            "selector: {matchExpressions: [{key: app, operator: In}]}",
            "policy/v1",
            Selector(unknown=True),
        ),
        (
            "selector: {matchLabels: {app: '${APP}'}}",
            "policy/v1",
            Selector((Requirement("app", "In", ("${APP}",)),), unknown=True),
        ),
    ],
)
def test_selectors(selector: str, version: str, expected: Selector) -> None:
    (found,) = read(budget("{" + selector + "}", version)).disruption_budgets
    assert found.selector == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{selector: {app: shop}}", Selector((Requirement("app", "In", ("shop",)),))),
        ("{selector: {}}", Selector()),
        ("{type: ExternalName}", Selector()),
        ("{selector: [app]}", Selector(unknown=True)),
        ("{selector: {port: 80}}", Selector((Requirement("port", "In", ("80",)),))),
    ],
)
def test_services(spec: str, expected: Selector) -> None:
    (found,) = read(
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: shop, namespace: web}}\nspec: {spec}\n"
    ).routes
    assert (found.name, found.namespace, found.selector) == ("shop", "web", expected)


def test_config_maps() -> None:
    (group,) = read(
        """\
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: shop-config, namespace: web}
        data:
          DB_POOL_SIZE: "5"
          WEB_CONCURRENCY: 2
          LATER: ${LATER}
          BROKEN: [1]
        """
    ).environment_groups
    assert group.identity == "configmap:web/shop-config"
    assert {v.name: v.value.value for v in group.variables} == {
        "DB_POOL_SIZE": "5",
        "WEB_CONCURRENCY": "2",
        "LATER": "${LATER}",
        "BROKEN": None,
    }
    assert where(group.variables[0].location) == (5, 3, 5, 20)


@pytest.mark.parametrize(
    ("limits", "cpu", "memory"),
    [
        ("[{type: Container, defaultRequest: {cpu: 100m, memory: 64Mi}}]", True, True),
        ("[{type: Container, default: {memory: 64Mi}}]", False, True),
        ("[{type: Container, max: {cpu: 2}}]", True, False),
        ("[{type: Container, min: {cpu: 10m}}]", True, False),
        ("[{type: Pod, max: {cpu: 2, memory: 1Gi}}]", False, False),
        (
            "[{type: Container, default: {cpu: 1}}, {type: Container, min: {memory: 1Mi}}]",
            True,
            True,
        ),
        ("<LIMITS>", True, True),
        ("[{type: Container, default: <LIMITS>}]", True, True),
    ],
)
def test_limit_ranges_give_requests_or_may_do_so(limits: str, cpu: bool, memory: bool) -> None:
    (found,) = read(
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: defaults, namespace: web}\n"
        f"spec: {{limits: {limits}}}\n"
    ).resource_defaults
    assert (found.namespace, found.cpu, found.memory) == ("web", cpu, memory)


@pytest.mark.parametrize(
    ("limits", "given"),
    [
        ("[{type: Container, default: {memory: 1Gi}}]", True),
        ("[{type: Container, max: {memory: 1Gi}}]", True),
        ("[{type: Container, defaultRequest: {memory: 1Gi}}]", False),
        ("[{type: Container, min: {memory: 1Gi}}]", False),
        ("[{type: Container, default: {cpu: 1}}]", False),
        ("[{type: Pod, max: {memory: 1Gi}}]", False),
        ("[{type: Container, max: <LIMITS>}]", True),
        ("<LIMITS>", True),
    ],
)
def test_limit_ranges_give_memory_limits_or_may_do_so(limits: str, given: bool) -> None:
    (found,) = read(
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: defaults}\n"
        f"spec: {{limits: {limits}}}\n"
    ).resource_defaults
    assert found.memory_limit is given
