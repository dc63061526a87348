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

_SETTINGS_FILE = regex(r"appsettings(?:\.[\w-]+)?\.json")

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
    variables, and those before mounted files."""
    properties: dict[str, EnvironmentVariable] = {}
    for variable in _properties(container):
        properties.setdefault(plain_name(variable.name), variable)
    kept = [v for v in container.environment if plain_name(v.name) not in properties]
    for variable in _in_files(container):
        name = plain_name(variable.name)
        if name not in properties and all(plain_name(v.name) != name for v in kept):
            properties[name] = variable
    return [*kept, *properties.values()]


def _properties(container: Container) -> Iterator[EnvironmentVariable]:
    command = container.command.value or ""
    if "--" in command or "-D" in command:
        where = container.command.location or container.location
        for run in reversed(invocations(command)):
            # Arguments alone are for the program that the image starts.
            arguments = (run.program, *run.arguments)
            yield from _in_arguments(arguments, where)
            if run.program == "kc.sh" or "keycloak" in (container.image.value or ""):
                yield from _of_keycloak(arguments, where)
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


def _of_keycloak(arguments: tuple[str, ...], where: Location) -> Iterator[EnvironmentVariable]:
    """keycloak.org/server/all-config: the option --db-url is the variable KC_DB_URL."""
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if equals and name.startswith("--db-"):
            yield _variable(f"KC_{name[2:]}".replace("-", "_").upper(), value, where)


def _in_files(container: Container) -> Iterator[EnvironmentVariable]:
    """appsettings.json of .NET and application.properties of Spring Boot and Quarkus, where they
    are mounted."""
    for file in container.files:
        text, name = file.text.value, file.path.rpartition("/")[2]
        if text is None:
            continue
        where = file.text.location or container.location
        pairs: Iterator[tuple[str, str]] = iter(())
        if _SETTINGS_FILE.fullmatch(name):
            pairs = _in_json(text)
        elif name == "application.properties":
            pairs = _in_properties(text)
        for key, value in pairs:
            yield _variable(key, value, where)


def _in_properties(text: str) -> Iterator[tuple[str, str]]:
    """docs.oracle.com, java.util.Properties.load; lines that go on in the next are not read."""
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith(("#", "!")) and not value.endswith("\\"):
            yield name.strip(), value.strip()


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
