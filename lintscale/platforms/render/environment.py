"""Environment variables: values, references to other resources, groups."""

from __future__ import annotations

from collections.abc import Callable

from lintscale.model.declared import EnvironmentGroup, EnvironmentVariable
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.render.shape import KEY_VALUE_TYPES
from lintscale.syntax.field import Field


def database_key(name: str) -> str:
    return f"render database:{name}"


def key_value_key(name: str) -> str:
    return f"render keyvalue:{name}"


def group_identity(name: str) -> str:
    return f"render group:{name}"


def variables(env_vars: Field) -> tuple[EnvironmentVariable, ...]:
    """The single variables of an ``envVars`` list."""
    return tuple(
        _variable(item, item.get("key").string() or "")
        for item in env_vars.items()
        if item.get("key").is_scalar
    )


def groups(env_vars: Field) -> tuple[str, ...]:
    """The identities of the whole groups that an ``envVars`` list pulls in."""
    names = (item.get("fromGroup").string() for item in env_vars.items())
    return tuple(group_identity(name) for name in names if name)


def environment_group(group: Field) -> EnvironmentGroup | None:
    """None for one without a name: nothing can refer to it."""
    name = group.get("name").string()
    if not name:
        return None
    return EnvironmentGroup(group_identity(name), variables(group.get("envVars")), group.location)


def _variable(item: Field, name: str) -> EnvironmentVariable:
    from_database = item.get("fromDatabase")
    if from_database.present:
        return _reference(item, name, from_database, database_key)
    from_service = item.get("fromService")
    if from_service.present:
        is_key_value = from_service.get("type").string() in KEY_VALUE_TYPES
        return _reference(
            item, name, from_service, key_value_key if is_key_value else _service_identity
        )
    value = item.get("value").raw_text()
    if not value.written:
        value = Sourced(None, None, value.location, _why_without_value(item))
    return EnvironmentVariable(name, value, item.location)


def _service_identity(name: str) -> str:
    return f"render service:{name}"


def _reference(
    item: Field, name: str, source: Field, identity: Callable[[str], str]
) -> EnvironmentVariable:
    """A variable that Render fills in from another resource. ``property`` is the resource's
    property, or ``env:NAME`` for one of a service's own variables."""
    target = source.get("name").text()
    if not target.value:
        unknown: Sourced[str] = Sourced(
            None, Source.FILE, source.location, "it does not say from what"
        )
        return EnvironmentVariable(name, unknown, item.location)
    of_service = source.get("envVarKey").string()
    taken = source.get("property").string() or (f"env:{of_service}" if of_service else "")
    value: Sourced[str] = Sourced(None, None, source.location, "Render fills it in")
    return EnvironmentVariable(name, value, item.location, identity(target.value), taken)


def _why_without_value(item: Field) -> str:
    if item.get("generateValue").boolean().value:
        return "Render generates it"
    if item.get("sync").boolean().value is False:
        return "it is set in the dashboard"
    return ""
