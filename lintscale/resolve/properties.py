"""What a container is given under a name: its environment variables, and the properties that
Spring Boot and other programs of the JVM take from arguments, options and JSON.

A name stands in one spelling here: "spring.datasource.hikari.maximum-pool-size",
SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE and SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE are one
(docs.spring.io/spring-boot/reference/features/external-config.html, "Relaxed Binding", Nov 2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from lintscale.code.commands import invocations
from lintscale.model.declared import Container, EnvironmentVariable
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.words import camel_words, words
from lintscale.syntax.regex import regex

_OPTIONS = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTS", "JAVA_OPTIONS",
            "JVM_OPTS", "JAVA_OPTS_APPEND", "CATALINA_OPTS")  # fmt: skip
"""Variables with options of the JVM: the first three java reads itself, the others the start
scripts of images and servers."""

_JSON = "SPRING_APPLICATION_JSON"

_PROPERTY = regex(r"(?:--|-D)(?P<name>[A-Za-z][\w-]*(?:\.[\w\[\]-]+)+)=(?P<value>.*)")

_GLUED = {
    "maximumpoolsize": "maximum_pool_size",
    "maxpoolsize": "max_pool_size",
    "poolsize": "pool_size",
    "maxsize": "max_size",
    "maxconnections": "max_connections",
    "maxopenconns": "max_open_conns",
    "maxoverflow": "max_overflow",
}


def plain_name(name: str) -> str:
    """In capitals, its words joined by underscores."""
    parts = words(name) if name.isupper() else camel_words(name)
    return "_".join(_GLUED.get(part, part) for part in parts).upper()


def variables_of(container: Container) -> list[EnvironmentVariable]:
    """The environment, and properties under the names that they would have there. Of several
    values for one name the one that wins: arguments before JSON, before options, before
    variables."""
    properties: dict[str, EnvironmentVariable] = {}
    for variable in _properties(container):
        properties.setdefault(plain_name(variable.name), variable)
    kept = [v for v in container.environment if plain_name(v.name) not in properties]
    return [*kept, *properties.values()] if properties else list(container.environment)


def _properties(container: Container) -> Iterator[EnvironmentVariable]:
    command = container.command.value or ""
    if "--" in command or "-D" in command:
        where = container.command.location or container.location
        for run in reversed(invocations(command)):
            yield from _in_arguments(run.arguments, where)
    given = {variable.name: variable for variable in container.environment}
    if _JSON in given:
        variable = given[_JSON]
        where = variable.value.location or variable.location
        for name, text in _in_json(variable.value.value or ""):
            yield _variable(name, text, where)
    for option in _OPTIONS:
        if option in given and given[option].value.value:
            variable = given[option]
            where = variable.value.location or variable.location
            yield from _in_arguments((variable.value.value or "").split(), where)


def _in_arguments(
    arguments: tuple[str, ...] | list[str], where: Location
) -> Iterator[EnvironmentVariable]:
    for argument in arguments:
        match = _PROPERTY.fullmatch(argument)
        if match is not None:
            yield _variable(match["name"], match["value"].strip("\"'"), where)


def _in_json(text: str) -> Iterator[tuple[str, str]]:
    try:
        pending = [("", json.loads(text))]
    except (ValueError, RecursionError):
        return
    while pending:
        name, value = pending.pop()
        if isinstance(value, dict):
            pending += [(f"{name}.{key}".lstrip("."), entry) for key, entry in value.items()]
        elif isinstance(value, str | int) and not isinstance(value, bool):
            yield name, str(value)


def _variable(name: str, text: str, where: Location) -> EnvironmentVariable:
    return EnvironmentVariable(name, Sourced(text, Source.FILE, where), where)
