"""The pools of Spring Boot, Quarkus and Micronaut applications, which their settings size:
``application.yml`` and ``application.properties``, with those of the active profiles.

docs.spring.io, "Externalized Configuration" and "Relaxed Binding"; quarkus.io, "Configuration
reference: datasource"; docs.micronaut.io, "Configuring JDBC" (Dec 2026).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lintscale._record import replace
from lintscale.code.files import Files, joined
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.model.location import Location
from lintscale.syntax.field import Field
from lintscale.syntax.properties import parse_properties
from lintscale.syntax.yaml import parse_yaml

_FOLDERS = ("src/main/resources/config", "src/main/resources", "config", "")
_ENDINGS = (".properties", ".yml", ".yaml")
_PROFILES = "spring.profiles.active"
_LONGEST = 7
"""Digits of a number."""


class _Kind(NamedTuple):
    """A pool by its settings, in lower case without dashes: that of its size, those of its address,
    and the variable that its library reads for the latter."""

    library: str
    size: str
    addresses: tuple[str, ...]
    implicit: str


_KINDS = (
    _Kind(
        "HikariCP",
        "spring.datasource.hikari.maximumpoolsize",
        ("spring.datasource.url", "spring.datasource.hikari.jdbcurl"),
        "SPRING_DATASOURCE_URL",
    ),
    _Kind("r2dbc-pool", "spring.r2dbc.pool.maxsize", ("spring.r2dbc.url",), "SPRING_R2DBC_URL"),
    _Kind(
        "Agroal",
        "quarkus.datasource.jdbc.maxsize",
        ("quarkus.datasource.jdbc.url",),
        "QUARKUS_DATASOURCE_JDBC_URL",
    ),
    _Kind(
        "HikariCP",
        "datasources.default.maximumpoolsize",
        ("datasources.default.url",),
        "DATASOURCES_DEFAULT_URL",
    ),
)


class _Setting(NamedTuple):
    text: str
    location: Location
    profile: str = ""


def jvm_pools_in(
    files: Files, folder: str, environment: Mapping[str, str], command: str
) -> Iterator[CodePool]:
    """The pools that an application's settings describe. ``environment`` are the variables that the
    program is given, with "" for a value that is not known."""
    settings = files.derived(f"jvm settings of {folder}", lambda files: _read(files, folder))
    if not settings:
        return
    active = _active(settings, environment, command)
    for kind in _KINDS:
        pool = _pool(kind, settings, active, environment, command)
        if pool is not None:
            yield pool


def _pool(
    kind: _Kind,
    settings: Mapping[str, list[_Setting]],
    active: tuple[str, ...] | None,
    environment: Mapping[str, str],
    command: str,
) -> CodePool | None:
    sizes, is_sure = _in_force(settings.get(kind.size, []), active)
    addresses = [
        setting for key in kind.addresses for setting in _in_force(settings.get(key, []), active)[0]
    ]
    if not sizes and not addresses:
        return None
    size: CodeNumber | None = None
    if sizes:
        size = _number(sizes[-1])
        if not is_sure:
            size = CodeNumber(sizes[-1].location, reason="active profile not known")
    location = (sizes or addresses)[-1].location
    override = _variable_of(kind.size, environment)
    if override:
        size = replace(size or CodeNumber(location), variable=override, reason="")
    given = _given(kind.size, environment, command)
    if given is not None:
        size = _number(_Setting(given, location))
    variables = tuple(
        dict.fromkeys(name for each in addresses for name, _ in _placeholders(each.text))
    )
    own = _variable_of(kind.addresses[0], environment)
    if own or not addresses:
        variables = (own or kind.implicit, *variables)
    return CodePool(kind.library, "sql", size, None, variables, location)


def _in_force(
    settings: list[_Setting], active: tuple[str, ...] | None
) -> tuple[list[_Setting], bool]:
    """Those of the active profiles behind those of none; and whether it is known which hold: where
    no profile is known to be active, those of one for production count, and may not hold."""
    base = [each for each in settings if not each.profile]
    if active is not None:
        return [*base, *(s for name in active for s in settings if s.profile == name)], True
    deployed = [each for each in settings if each.profile.startswith("prod")]
    is_same = not deployed or (bool(base) and base[-1].text == deployed[-1].text)
    return [*base, *deployed], is_same


def _active(
    settings: Mapping[str, list[_Setting]], environment: Mapping[str, str], command: str
) -> tuple[str, ...] | None:
    """The profiles that are active, the last of which wins; None where that is not known."""
    options = (
        f"{command} {environment.get('JAVA_TOOL_OPTIONS', '')} {environment.get('JAVA_OPTS', '')}"
    )
    for word in options.split():
        for flag in (f"--{_PROFILES}=", f"-D{_PROFILES}=", "-Dquarkus.profile="):
            if word.startswith(flag):
                return tuple(word[len(flag) :].strip("\"'").split(","))
    for name in ("SPRING_PROFILES_ACTIVE", "QUARKUS_PROFILE"):
        if name in environment:
            value = environment[name]
            return tuple(part.strip() for part in value.split(",")) if value else None
    written = [each for each in settings.get(_PROFILES, []) if not each.profile]
    if written and "$" not in written[-1].text and "@" not in written[-1].text:
        return tuple(part.strip() for part in written[-1].text.split(","))
    if any(key.startswith("quarkus.") for key in settings):
        return ("prod",)  # what "quarkus build" makes runs as
    return None


def _variable_of(key: str, environment: Mapping[str, str]) -> str:
    """The variable in the environment that sets a property; "" for none. Dots become underscores,
    and dashes may be left out."""
    wanted = key.replace(".", "").replace("_", "")
    return next(
        (name for name in sorted(environment) if name.replace("_", "").lower() == wanted), ""
    )


def _given(key: str, environment: Mapping[str, str], command: str) -> str | None:
    """What a property is given outside of files, before the environment's variables: by arguments
    of the program, else by SPRING_APPLICATION_JSON, else by system properties, of which those of
    the command hold before those that the JVM takes from variables."""
    words = command.split()
    if not key.startswith("quarkus."):
        found = _last(words, "--", key)
        if found is not None:
            return found
    if key.startswith("spring."):
        document = parse_yaml(environment.get("SPRING_APPLICATION_JSON", ""), "").documents
        fields = [each for one in document for each in _flat(Field.root(one), "")]
        values = [field.raw_text().value for name, field in fields if _canonical(name) == key]
        if values:
            return values[-1] or ""
    names = ["JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"]
    if not any(word.rpartition("/")[2] == "java" for word in words):
        names.insert(0, "JAVA_OPTS")  # read by the scripts that start applications
    for source in (words, *(environment.get(name, "").split() for name in names)):
        found = _last(source, "-D", key)
        if found is not None:
            return found
    return None


def _last(words: list[str], mark: str, key: str) -> str | None:
    found = None
    for word in words:
        name, sign, value = word.strip("\"'").removeprefix(mark).partition("=")
        if sign and word.strip("\"'").startswith(mark) and _canonical(name) == key:
            found = value.strip("\"'")
    return found


def _canonical(key: str) -> str:
    return key.lower().replace("-", "").replace("_", "")


def with_beans(
    files: Files, pools: list[CodePool], configured: Iterable[CodePool]
) -> list[CodePool]:
    """The pools of source code and of settings. Where the source makes the data source itself
    (``@Bean``), no other is made of the settings (DataSourceAutoConfiguration,
    ConditionalOnMissingBean); one that it does not size is sized by them."""
    settings = [*configured]
    own = [pool for pool in settings if pool.library == _KINDS[0].library]
    beans = [
        pool
        for pool in pools
        if pool.family == "sql"
        and pool.location.file.endswith((".java", ".kt"))
        and b"@Bean" in files.data(pool.location.file)
    ]
    if not own or not beans:
        return [*pools, *settings]
    if any(pool.size is not None for pool in beans) or all(pool.size is None for pool in own):
        addressed = [
            replace(pool, variables=own[0].variables)
            if pool in beans and not pool.variables
            else pool
            for pool in pools
        ]
        return [*addressed, *(pool for pool in settings if pool not in own)]
    return [*(pool for pool in pools if pool not in beans), *settings]


# -- values ---------------------------------------------------------------------------------------


def _number(setting: _Setting) -> CodeNumber:
    text = setting.text.strip()
    found = _placeholders(text)
    if len(found) == 1 and text == "${" + ":".join(filter(None, _parts(text))) + "}":
        name, default = found[0]
        variable = name if name.isupper() else name.upper().replace(".", "_").replace("-", "")
        return CodeNumber(setting.location, _integer(default), variable)
    number = _integer(text)
    reason = "" if number is not None else "not a number"
    return CodeNumber(setting.location, number, reason=reason)


def _integer(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def _parts(text: str) -> tuple[str, ...]:
    """The name and the default of a text that is one placeholder."""
    return tuple(text.removeprefix("${").removesuffix("}").partition(":")[::2])


def _placeholders(text: str) -> list[tuple[str, str]]:
    """``${NAME:default}``: the names and defaults in a text."""
    found = []
    at = text.find("${")
    while at >= 0:
        end = text.find("}", at)
        if end < 0:
            break
        name, _, default = text[at + 2 : end].partition(":")
        found.append((name.strip(), default.strip()))
        at = text.find("${", end)
    return found


# -- files ----------------------------------------------------------------------------------------


def _read(files: Files, folder: str) -> dict[str, list[_Setting]]:
    """All settings by their names, in lower case without dashes and underscores."""
    found: dict[str, list[_Setting]] = {}
    for inside in _FOLDERS:
        place = joined(folder, inside)
        prefix = f"{place}/" if place else ""
        for ending in reversed(_ENDINGS):  # of two formats .properties wins
            for name in _names(files, prefix, ending):
                stem = name.rpartition("/")[2].removesuffix(ending)
                profile = stem.partition("-")[2]
                for key, setting in _settings(files, name, profile):
                    canonical = _canonical(key)
                    if canonical.startswith("%"):  # Quarkus: %prod.quarkus.datasource…
                        own, _, canonical = canonical[1:].partition(".")
                        setting = setting._replace(profile=own)  # noqa: PLW2901 - with its profile
                    found.setdefault(canonical, []).append(setting)
    return found


def _names(files: Files, prefix: str, ending: str) -> Iterator[str]:
    plain = f"{prefix}application{ending}"
    if files.exists(plain):
        yield plain
    for name in files.below(prefix.rstrip("/")):
        last = name[len(prefix) :]
        if last.startswith("application-") and last.endswith(ending) and "/" not in last:
            yield name


def _settings(files: Files, name: str, profile: str) -> Iterator[tuple[str, _Setting]]:
    text = files.text(name)
    if name.endswith(".properties"):
        for each in parse_properties(text):
            yield each.key, _Setting(each.value, Location(name, each.span), profile)
        return
    for document in parse_yaml(text, name).documents:
        flat = list(_flat(Field.root(document), ""))
        activated = {"spring.config.activate.on-profile", "spring.profiles"}
        own = next((field for key, field in flat if key in activated), None)
        inside = (own.raw_text().value or "?") if own is not None else profile
        for key, field in flat:
            value = field.raw_text().value
            if value is not None:
                yield key, _Setting(value, field.location, inside)


def _flat(field: Field, prefix: str, depth: int = 20) -> Iterator[tuple[str, Field]]:
    for key, value in field.entries():
        if value.is_mapping and depth:
            yield from _flat(value, f"{prefix}{key}.", depth - 1)
        else:
            yield f"{prefix}{key}", value
