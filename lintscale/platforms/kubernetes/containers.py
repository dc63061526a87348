"""Containers of a pod: image, command, resources, environment, ports and probes.

Defaults of probes: ``SetDefaults_Probe`` and ``SetDefaults_HTTPGetAction`` in
kubernetes/kubernetes, pkg/apis/core/v1/defaults.go (read Aug 2026).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from typing import Any

from lintscale._record import replace
from lintscale.model.declared import (
    Container,
    EnvironmentVariable,
    MountedFile,
    Port,
    Probe,
    Resource,
)
from lintscale.model.location import Location
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.asked_urls import asked_url
from lintscale.platforms.kubernetes.manifest import (
    is_written_otherwise,
    platform_default,
    positive_integer,
    unknown,
)
from lintscale.platforms.kubernetes.quantities import byte_count, cores, exceeds
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.regex import regex

_LONGEST_COMMAND = 4000
"""Characters of a probe's command that are searched; no health check says more."""

_LIMIT_AS_REQUEST = "the request defaults to the limit"


def containers(pod_spec: Field, namespace: str) -> tuple[Container, ...]:
    """All containers in the order they are written, init containers first. A sidecar (an init
    container that restarts always) runs as long as the pod and is no init container."""
    found = []
    for key in ("initContainers", "containers"):
        for item in pod_spec.get(key).items():
            if item.is_mapping:
                sidecar = item.get("restartPolicy").string() == "Always"
                container = _container(item, pod_spec, namespace)
                if key == "initContainers":
                    container = replace(container, init=not sidecar, sidecar=sidecar)
                found.append(container)
    return tuple(found)


def _container(item: Field, pod_spec: Field, namespace: str) -> Container:
    ports = _ports(item.get("ports"))
    liveness, readiness = item.get("livenessProbe"), item.get("readinessProbe")
    cpu_limit = _amount(item, "limits", "cpu", cores)
    memory_limit = _amount(item, "limits", "memory", byte_count)
    environment, env_from, complete = _environment(item, namespace)
    return Container(
        name=item.get("name").string() or "",
        image=item.get("image").raw_text(),
        location=_location(item),
        command=_command(item),
        command_is_arguments=item.get("args").present and not item.get("command").present,
        cpu_request_cores=_request(item, pod_spec, "cpu", cores, cpu_limit),
        cpu_limit_cores=_limit(pod_spec, "cpu", cpu_limit),
        memory_request_bytes=_request(item, pod_spec, "memory", byte_count, memory_limit),
        memory_limit_bytes=_limit(pod_spec, "memory", memory_limit),
        ports=ports,
        environment=environment,
        env_from=env_from,
        env_complete=complete,
        liveness=probe(liveness, "liveness", ports),
        readiness=probe(readiness, "readiness", ports),
        startup=probe(item.get("startupProbe"), "startup", ports),
        liveness_location=liveness.location,
        readiness_location=readiness.location,
        resources=_resources(item.get("resources")),
        pre_stop_seconds=pre_stop_seconds(item),
        files=_files(item, pod_spec, namespace),
    )


def _location(item: Field) -> Location:
    """The container as a whole, shown by its name."""
    name = item.get("name")
    return replace(name.location, path=item.path) if name.present else item.location


def _command(item: Field) -> Sourced[str]:
    """``command`` and ``args`` as one shell line; only ``args`` where the image's entry point
    runs. A script after ``sh -c`` is one quoted word of it."""
    words: list[str] = []
    first: Field | None = None
    for key in ("command", "args"):
        field = item.get(key)
        if not field.present:
            continue
        first = first or field
        if not field.is_sequence:
            return unknown(field, "not a list")
        for word in field.items():
            text = word.string()
            if text is None:
                return unknown(field, "not a list of strings")
            words.append(text)
    if first is None or not words:
        return Sourced(None, None, item.get("command").location)
    return Sourced(shlex.join(words), Source.FILE, first.location)


def _ports(field: Field) -> tuple[Port, ...]:
    return tuple(
        Port(item.get("containerPort").integer().value, item.get("name").string() or "")
        for item in field.items()
        if item.is_mapping
    )


def _files(item: Field, pod_spec: Field, namespace: str) -> tuple[MountedFile, ...]:
    """ConfigMaps that are mounted: as folders, or a single entry of one as a file."""
    mounts = list(item.get("volumeMounts").items())
    maps = {
        volume.get("name").string(): volume.get("configMap")
        for volume in (pod_spec.get("volumes").items() if mounts else ())
        if volume.get("configMap").present
    }
    found = []
    for mount in mounts:
        source, path = maps.get(mount.get("name").string()), mount.get("mountPath").string()
        name = source.get("name").string() if source is not None else None
        if source is None or not name or not path:
            continue
        entries = {
            key: inside
            for entry in source.get("items").items()
            if (key := entry.get("key").string()) and (inside := entry.get("path").string())
        }
        single = mount.get("subPath").string()
        if single:
            folder, _, last = path.rpartition("/")
            key = next((key for key, inside in entries.items() if inside == single), single)
            path, entries = folder, {key: last}
        found.append(
            MountedFile(path.rstrip("/"), f"configmap:{namespace}/{name}", entries=entries)
        )
    return tuple(found)


# -- resources ------------------------------------------------------------------------------------

_Reader = Callable[[Field], Sourced[Any]]


def _amount(owner: Field, section: str, resource: str, read: _Reader) -> Sourced[Any]:
    level = owner
    for key in ("resources", section):
        level = level.get(key)
        if is_written_otherwise(level):
            return unknown(level, "not a mapping")
    return read(level.get(resource))


def _request(
    item: Field, pod_spec: Field, resource: str, read: _Reader, limit: Sourced[Any]
) -> Sourced[Any]:
    """The request; the limit where only that is written (``SetDefaults_Pod``); not to be said
    of one container where the pod as a whole has one."""
    request = _amount(item, "requests", resource, read)
    if request.written:
        return request
    if limit.written:
        where = item.get("resources", "requests", resource)
        if limit.value is None:
            return unknown(where, _LIMIT_AS_REQUEST)
        return platform_default(limit.value, where, _LIMIT_AS_REQUEST)
    for section in ("requests", "limits"):
        of_pod = _amount(pod_spec, section, resource, read)
        if of_pod.written:
            return replace(of_pod, value=None, reason="set by the pod's resources")
    return request


def _limit(pod_spec: Field, resource: str, limit: Sourced[Any]) -> Sourced[Any]:
    if limit.written:
        return limit
    of_pod = pod_spec.get("resources", "limits", resource)
    return unknown(of_pod, "set by the pod's resources") if of_pod.present else limit


def _resources(resources: Field) -> tuple[Resource, ...]:
    """Every resource, an extended one too, of which a request and a limit are written."""
    requests, limits = resources.get("requests"), resources.get("limits")
    return tuple(
        Resource(
            name=name,
            request=request.text(),
            limit=limits.get(name).text(),
            location=request.location,
            exceeds=exceeds(request, limits.get(name)),
        )
        for name, request in requests.entries()
        if request.is_scalar and limits.get(name).is_scalar
    )


# -- environment ----------------------------------------------------------------------------------


def _environment(
    item: Field, namespace: str
) -> tuple[tuple[EnvironmentVariable, ...], tuple[str, ...], bool]:
    """Variables, identities of whole groups, and whether that is all there is."""
    env, groups = item.get("env"), item.get("envFrom")
    complete = not is_written_otherwise(env) and not is_written_otherwise(groups)
    variables = tuple(
        _variable(entry, namespace) for entry in env.items() if entry.get("name").present
    )
    identities = []
    for entry in groups.items():
        identity = _group(entry, namespace)
        if identity is None or entry.get("prefix").string():
            # Under a prefix the variables have other names than in their group.
            complete = False
        else:
            identities.append(identity)
    return variables, tuple(identities), complete


def _variable(entry: Field, namespace: str) -> EnvironmentVariable:
    value, source = entry.get("value"), entry.get("valueFrom")
    name = entry.get("name").string() or ""
    if value.present or not source.present:
        sourced = value.raw_text("", "an environment variable without a value is empty")
        location = value.location if value.present else entry.get("name").location
        return EnvironmentVariable(name, sourced, location)
    reference, reason = "", "the value is known only at runtime"
    for key, kind in (("secretKeyRef", "secret"), ("configMapKeyRef", "configmap")):
        target = source.get(key)
        if target.get("name").present:
            owner, item = target.get("name").string(), target.get("key").string() or ""
            reference = f"{kind}:{namespace}/{owner}/{item}"
            reason = "the value is in another object"
    return EnvironmentVariable(name, unknown(source, reason), source.location, reference)


def _group(entry: Field, namespace: str) -> str | None:
    for key, kind in (("configMapRef", "configmap"), ("secretRef", "secret")):
        name = entry.get(key, "name").string()
        if name is not None:
            return f"{kind}:{namespace}/{name}"
    return None


# -- how long a container waits ----------------------------------------------------------------

_SLEEP = regex(r"\bsleep\s+([0-9]{1,6})(?:\.[0-9]+)?([smh]?)\b")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}

LONGEST_WAIT = 10**9
"""Seconds; a longer wait is a mistake of typing, and no number to calculate with."""


def pre_stop_seconds(container: Field) -> Sourced[int]:
    """How long the container's preStop hook sleeps, of its own kind (``sleep``) or in a command;
    absent where it does not, or where nothing tells how long its command takes."""
    hook = container.get("lifecycle", "preStop")
    slept = hook.get("sleep", "seconds").integer()
    if slept.value is not None and 0 <= slept.value <= LONGEST_WAIT:
        return slept
    command = hook.get("exec", "command")
    text = " ".join(word.string() or "" for word in command.items())
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _SLEEP.findall(text))
    if 0 < seconds <= LONGEST_WAIT:
        return Sourced(seconds, Source.FILE, command.location)
    return Sourced(None, None, hook.location)


def longest_wait(containers: Iterable[Container], nowhere: Location) -> Sourced[int]:
    """The longest of the containers' waits: a pod is gone when its last container is."""
    waits = [
        (container.pre_stop_seconds.value, container.pre_stop_seconds.location)
        for container in containers
    ]
    known = [(seconds, place) for seconds, place in waits if seconds is not None and place]
    if not known:
        return Sourced(None, None, nowhere)
    seconds, place = max(known, key=lambda wait: (wait[0], wait[1].span))
    return Sourced(seconds, Source.FILE, place)


# -- probes ------------------------------------------------------------------------------------


def probe(field: Field, purpose: str, ports: tuple[Port, ...]) -> Probe | None:
    """The probe at ``field``; None when there is none. Its ``kind`` is "http", "tcp", "grpc" or
    "exec", and "" when it asks nothing that is known."""
    if not field.present:
        return None
    kind, action, path, port = _handler(field, ports)
    return Probe(
        kind=kind,
        action=action,
        path=path,
        port=port,
        initial_delay_seconds=field.get("initialDelaySeconds").integer(
            0, "a probe starts at once unless initialDelaySeconds says otherwise"
        ),
        period_seconds=positive_integer(
            field.get("periodSeconds"), 10, "a probe asks every 10 s unless told otherwise"
        ),
        timeout_seconds=positive_integer(
            field.get("timeoutSeconds"), 1, "a probe waits 1 s for its answer unless told otherwise"
        ),
        failure_threshold=positive_integer(
            field.get("failureThreshold"), 3, "a probe fails after 3 bad answers in a row"
        ),
        success_threshold=positive_integer(
            field.get("successThreshold"), 1, "a probe succeeds after one good answer"
        ),
        location=field.location,
        host=field.get("httpGet", "host").string() or field.get("tcpSocket", "host").string() or "",
        purpose=purpose,
    )


def _handler(field: Field, ports: tuple[Port, ...]) -> tuple[str, str, Sourced[str], Sourced[str]]:
    http = field.get("httpGet")
    if http.present:
        path = http.get("path").text("/", "the default path of httpGet is /")
        port = http.get("port").text()
        scheme = (http.get("scheme").string() or "HTTP").lower()
        host = http.get("host").string() or ""
        written_path = http.get("path").string() or "/"
        if not written_path.startswith("/"):
            written_path = "/" + written_path
        action = f"http get {scheme}://{host}:{_number(http.get('port'), ports)}{written_path}"
        headers = sorted(
            f"{header.get('name').string()}: {header.get('value').string()}"
            for header in http.get("httpHeaders").items()
        )
        return "http", " ".join([action, *headers]), path, port
    tcp = field.get("tcpSocket")
    if tcp.present:
        host = tcp.get("host").string() or ""
        return (
            "tcp",
            f"tcp {host}:{_number(tcp.get('port'), ports)}",
            ABSENT,
            tcp.get("port").text(),
        )
    grpc = field.get("grpc")
    if grpc.present:
        service = grpc.get("service").string() or ""
        action = f"grpc :{_number(grpc.get('port'), ports)}/{service}"
        return "grpc", action, ABSENT, grpc.get("port").text()
    command = field.get("exec", "command")
    if command.present:
        words = [item.string() or "" for item in command.items()]
        return "exec", f"exec {shlex.join(words)}", _asked_path(words, command), ABSENT
    return "", "", ABSENT, ABSENT


def _asked_path(words: Iterable[str], command: Field) -> Sourced[str]:
    """The path that a command asks the container itself for."""
    asked = asked_url(" ".join(words)[:_LONGEST_COMMAND])
    if asked is None or asked.host or has_placeholder(asked.path) or "$" in asked.path:
        return ABSENT
    return Sourced(asked.path, Source.FILE, command.location)


def _number(port: Field, ports: tuple[Port, ...]) -> str:
    """The port's number as text, also where it is written by its name."""
    written = port.string() or ""
    numbers = sorted(p.number for p in ports if p.name == written and p.number is not None)
    return str(numbers[0]) if written and numbers else written
