"""Probes: what the kubelet asks a container, how often, and how patient it is.

Defaults: ``SetDefaults_Probe`` and ``SetDefaults_HTTPGetAction`` in kubernetes/kubernetes,
pkg/apis/core/v1/defaults.go (read Aug 2026).
"""

from __future__ import annotations

import shlex

from lintscale.model.declared import Port, Probe
from lintscale.model.sourced import ABSENT, Sourced
from lintscale.platforms.kubernetes.manifest import positive_integer
from lintscale.syntax.field import Field


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
        return "exec", f"exec {shlex.join(words)}", ABSENT, ABSENT
    return "", "", ABSENT, ABSENT


def _number(port: Field, ports: tuple[Port, ...]) -> str:
    """The port's number as text, also where it is written by its name."""
    written = port.string() or ""
    numbers = sorted(p.number for p in ports if p.name == written and p.number is not None)
    return str(numbers[0]) if written and numbers else written
