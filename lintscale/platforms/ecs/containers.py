"""Container definitions of a task definition, with their health checks."""

from __future__ import annotations

import shlex

from lintscale.model.declared import Container, EnvironmentVariable, Port, Probe
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.asked_urls import asked_url
from lintscale.platforms.ecs.names import child
from lintscale.platforms.ecs.sizes import CPU_UNITS_PER_CORE, MIB
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.regex import regex

_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_SHELL_SCRIPT_FLAG = regex(r"-[a-z]*c")
DEFAULT_STOP_TIMEOUT_SECONDS = 30
"""Between SIGTERM and SIGKILL. ECS API reference, ContainerDefinition, read Aug 2026."""

_SECRET_ARN = regex(r"(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*))?")


def containers(definition: Field) -> tuple[Container, ...]:
    """The task's containers, in the order of the file."""
    return tuple(
        _container(item)
        for item in child(definition, "containerDefinitions").items()
        if item.is_mapping
    )


def _container(item: Field) -> Container:
    name = child(item, "name")
    memory = _mebibytes(child(item, "memory"))
    reservation = _mebibytes(child(item, "memoryReservation"))
    if not reservation.written and memory.written:
        reservation = Sourced(
            memory.value,
            Source.FILE if memory.value is None else Source.PLATFORM_DEFAULT,
            reservation.location,
            "ECS reserves the hard limit when memoryReservation is absent",
        )
    files = _environment_files(child(item, "environmentFiles"))
    probe = child(item, "healthCheck")
    essential = child(item, "essential").boolean(
        True, "a container is essential unless it says otherwise"
    )
    return Container(
        name=name.string() or "",
        image=child(item, "image").raw_text(),
        location=name.location if name.present else item.location,
        command=_command(child(item, "entryPoint"), child(item, "command")),
        command_is_arguments=not child(item, "entryPoint").present
        and child(item, "command").present,
        cpu_request_cores=_cores(child(item, "cpu")),
        memory_request_bytes=reservation,
        memory_limit_bytes=memory,
        ports=_ports(child(item, "portMappings")),
        environment=(
            *_environment(child(item, "environment")),
            *_secrets(child(item, "secrets")),
        ),
        env_from=files,
        env_complete=not files,
        health_check=health_check(probe),
        readiness_location=probe.location,
        essential=essential.value is not False,
        stop_timeout_seconds=stop_timeout(item),
    )


def stop_timeout(container: Field) -> Sourced[int]:
    return child(container, "stopTimeout").integer(
        DEFAULT_STOP_TIMEOUT_SECONDS,
        f"ECS kills a container {DEFAULT_STOP_TIMEOUT_SECONDS} s after asking it to stop",
    )


def _cores(field: Field) -> Sourced[float]:
    """CPU units reserved; 0 is ECS's way to say that none are."""
    units = field.integer()
    cores = units.value / CPU_UNITS_PER_CORE if units.value else None
    source = None if units.value == 0 else units.source
    return Sourced(cores, source, units.location, units.reason)


def _mebibytes(field: Field) -> Sourced[int]:
    """MiB as bytes; an amount that no machine has is unknown."""
    amount = field.integer()
    size = amount.value * MIB if amount.value is not None else None
    if size is not None and not 0 <= size < 2**63:
        return Sourced(None, amount.source, amount.location, "not an amount of memory")
    return Sourced(size, amount.source, amount.location, amount.reason)


def _ports(field: Field) -> tuple[Port, ...]:
    return tuple(
        Port(child(item, "containerPort").integer().value, child(item, "name").string() or "")
        for item in field.items()
        if item.is_mapping
    )


# -- the command ----------------------------------------------------------------------------------


def _command(entry_point: Field, command: Field) -> Sourced[str]:
    """Entry point and command as one shell line; a script handed to ``sh -c`` is that line."""
    written = [field for field in (entry_point, command) if field.present]
    if not written:
        return command.raw_text()
    location = written[-1].location
    words: list[str] = []
    for field in written:
        texts = [field.string()] if field.is_scalar else [item.string() for item in field.items()]
        if field.is_mapping or any(text is None for text in texts):
            return Sourced(None, Source.FILE, location, "not a list of strings")
        words += [text for text in texts if text is not None]
    return Sourced(_shell_line(words), Source.FILE, location)


def _shell_line(words: list[str]) -> str:
    if len(words) == 1:
        # A whole line as one word is what an image whose entry point is a shell is given.
        return words[0]
    for shell, flag, script in zip(words, words[1:], words[2:], strict=False):
        if shell.rpartition("/")[2] in _SHELLS and _SHELL_SCRIPT_FLAG.fullmatch(flag):
            return script
    return shlex.join(words)


# -- the environment ------------------------------------------------------------------------------


def _environment(field: Field) -> list[EnvironmentVariable]:
    found = []
    for item in field.items():
        name, value = child(item, "name").string(), child(item, "value")
        if name:
            found.append(EnvironmentVariable(name, value.raw_text(), _place(value, item)))
    return found


def _secrets(field: Field) -> list[EnvironmentVariable]:
    found = []
    for item in field.items():
        name, origin = child(item, "name").string(), child(item, "valueFrom")
        if not name:
            continue
        value: Sourced[str] = Sourced(None, Source.FILE, origin.location, "kept as a secret")
        reference = f"secret:{_secret_identity(origin.string() or '')}"
        found.append(EnvironmentVariable(name, value, _place(origin, item), reference))
    return found


def _place(value: Field, item: Field) -> Location:
    return value.location if value.present else item.location


def _secret_identity(text: str) -> str:
    """A secret's ARN or a parameter's name, with the JSON key that is taken of it. Version stage
    and version id, which follow it in a Secrets Manager ARN, do not make it another secret (ECS
    developer guide, "Pass Secrets Manager secrets", read Aug 2026)."""
    found = _SECRET_ARN.match(text)
    if found is None:
        return text
    arn, json_key = found.groups()
    return f"{arn}:{json_key}" if json_key else arn


def _environment_files(field: Field) -> tuple[str, ...]:
    return tuple(
        f"environment file:{child(item, 'value').string() or ''}"
        for item in field.items()
        if item.is_mapping
    )


# -- what the command of a health check asks -------------------------------------------------------

DEFAULT_INTERVAL_SECONDS = 30
DEFAULT_TIMEOUT_SECONDS = 5
DEFAULT_RETRIES = 3
DEFAULT_START_PERIOD_SECONDS = 0
"""ECS API reference, HealthCheck, read Aug 2026; without startPeriod the first failure counts."""

_MAX_COMMAND = 4000
"""Characters of a command that are searched; no health check says more."""

_SHELL_FORM = regex(r"\s*CMD(?:-SHELL)?\s*,\s*")


def health_check(field: Field) -> Probe | None:
    """The container's health check; None where there is none (``["NONE"]`` switches off the
    image's own)."""
    if not field.present:
        return None
    command = child(field, "command")
    line = _command_line(command)
    if line == "NONE":
        return None
    action, path, port, host = _asked(line, command)
    return Probe(
        kind="health check",
        action=action,
        path=path,
        port=port,
        initial_delay_seconds=_seconds(field, "startPeriod", DEFAULT_START_PERIOD_SECONDS),
        period_seconds=_seconds(field, "interval", DEFAULT_INTERVAL_SECONDS),
        timeout_seconds=_seconds(field, "timeout", DEFAULT_TIMEOUT_SECONDS),
        failure_threshold=child(field, "retries").integer(
            DEFAULT_RETRIES, f"ECS gives up after {DEFAULT_RETRIES} failures in a row"
        ),
        success_threshold=Sourced(None),
        location=field.location,
        host=host,
        purpose="health check",
    )


def _seconds(field: Field, key: str, default: int) -> Sourced[int]:
    if field.present and not field.is_mapping:
        return Sourced(None, Source.FILE, field.location, "not a health check")
    return child(field, key).integer(default, f"ECS takes {default} s when {key} is absent")


def _command_line(command: Field) -> str | None:
    """What the shell or the kernel runs, as one line; None when it is not to be known."""
    if command.is_scalar:
        return _SHELL_FORM.sub("", command.string() or "", count=1).strip()[:_MAX_COMMAND]
    words = [item.string() for item in command.items()]
    if not command.is_sequence or any(word is None for word in words):
        return None
    texts = [word for word in words if word is not None]
    if texts and texts[0] == "CMD":
        return shlex.join(texts[1:])[:_MAX_COMMAND]
    if texts and texts[0] == "CMD-SHELL":
        return " ".join(texts[1:])[:_MAX_COMMAND]
    if len(texts) == 1:
        return _SHELL_FORM.sub("", texts[0], count=1).strip()[:_MAX_COMMAND]
    return shlex.join(texts)[:_MAX_COMMAND]


def _asked(line: str | None, command: Field) -> tuple[str, Sourced[str], Sourced[str], str]:
    """(action, path, port, host). A URL anywhere in the command counts, whatever program asks."""
    if line is None:
        unknown: Sourced[str] = Sourced(
            None, Source.FILE if command.present else None, command.location
        )
        return "exec", unknown, unknown, ""
    asked = asked_url(line)
    if asked is None:
        absent: Sourced[str] = Sourced(None, None, command.location, "the command asks no URL")
        return f"exec {line}".strip(), absent, absent, ""
    return (
        f"http get {asked.scheme}://{asked.host}:{asked.port}{asked.path}",
        _known(asked.path, command),
        _known(asked.port, command),
        asked.host,
    )


def _known(text: str, command: Field) -> Sourced[str]:
    if has_placeholder(text) or "$" in text:
        return Sourced(None, Source.FILE, command.location, "a placeholder")
    return Sourced(text, Source.FILE, command.location)
