"""What a Blueprint still may say and Render wants said in another way.

All of it stands in render.com/docs/blueprint-spec as deprecated, with its successor (Aug 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.model.declared import Deprecation
from lintscale.platforms.render.shape import KEY_VALUE_TYPES, places
from lintscale.syntax.field import Field, has_placeholder

_GENERATION = {True: "automatic", False: "off"}
"""``previews.generation`` of a Blueprint for what ``previewsEnabled`` said."""

_TRIGGERS = {True: "commit", False: "off"}
"""``autoDeployTrigger`` for what ``autoDeploy`` said."""

_WITHOUT_PREVIEWS = {
    "generation": frozenset({"cron", "workflow"}),
    "plan": frozenset({"cron", "workflow", "static"}),
}
"""Types and runtimes of which it is not certain that they have this key in ``previews``."""

_MAX_SHOWN = 40
"""Characters of a value that a message repeats; a longer one is none of those that are meant."""


def deprecations(root: Field) -> Iterator[Deprecation]:
    """Everything of the kind in a Blueprint. What a YAML anchor shares is reported once."""
    seen = set()
    for field, found in _all(root):
        key = (field.key_span, id(field.node))
        if key not in seen:
            seen.add(key)
            yield found


_Found = tuple[Field, Deprecation]
"""Where it stands, and what is to be said of it."""


def _all(root: Field) -> Iterator[_Found]:
    enabled = root.get("previewsEnabled")
    if enabled.present:
        generation = _of(_GENERATION, enabled)
        yield enabled, _nested(root, enabled, "generation", generation)
    days = root.get("previewsExpireAfterDays")
    if days.present:
        yield days, _nested(root, days, "expireAfterDays", _shown(days))
    for place, _ in places(root):
        for service in place.get("services").items():
            yield from _service_deprecations(service, service.get("name").string() or "")


def _service_deprecations(service: Field, name: str) -> Iterator[_Found]:
    env = service.get("env")
    # Variables under "env" are no runtime by an old name: the schema says where they belong.
    if env.is_scalar:
        yield env, _renamed(service, env, "runtime", _shown(env), name)
    auto_deploy = service.get("autoDeploy")
    if auto_deploy.present:
        trigger = _of(_TRIGGERS, auto_deploy)
        yield auto_deploy, _renamed(service, auto_deploy, "autoDeployTrigger", trigger, name)
    for kind in _types(service):
        if kind.string() == "redis":
            yield kind, _made(kind, "type: keyvalue", name, new_value="keyvalue")
    pull_requests = service.get("pullRequestPreviewsEnabled")
    generation = _of(_GENERATION, pull_requests)
    if generation == "off" and not service.get("previews", "generation").present:
        detail = "Remove it: without previews.generation a service has no previews."
        yield pull_requests, _made(pull_requests, "", name, detail)
    elif pull_requests.present:
        yield pull_requests, _nested(service, pull_requests, "generation", generation, name)
    preview_plan = service.get("previewPlan")
    # A Key Value instance and a database do have a previewPlan of their own.
    if preview_plan.present and service.get("type").string() not in KEY_VALUE_TYPES:
        yield preview_plan, _nested(service, preview_plan, "plan", _shown(preview_plan), name)


def _of(words: dict[bool, str], field: Field) -> str | None:
    value = field.boolean().value
    return None if value is None else words[value]


def _types(service: Field) -> Iterator[Field]:
    """The service's own type, and those by which it refers to others."""
    yield service.get("type")
    for variable in service.get("envVars").items():
        yield variable.get("fromService", "type")


def _renamed(
    service: Field, field: Field, new_key: str, value: str | None, name: str
) -> Deprecation:
    """The same under another key; ``value`` None: what it would be is not to be known."""
    successor = service.get(new_key)
    if successor.present:
        says_it = value is not None and successor.string() == value
        detail = f"Remove it: {new_key} is set too."
        return _made(field, "" if says_it else new_key, name, detail)
    if value is None:
        return _made(field, new_key, name)
    new_value = "" if value == field.string() else value
    return _made(field, f"{new_key}: {value}", name, new_key=new_key, new_value=new_value)


def _nested(
    holder: Field, field: Field, inner: str, value: str | None, name: str = ""
) -> Deprecation:
    """The same in the mapping ``previews`` of its ``holder``."""
    shown = "…" if value is None else value
    replacement, detail = (
        f"previews.{inner}: {shown}",
        f"Use previews: {{{inner}: {shown}}}.",
    )
    if holder.get("previews", inner).present:
        return _made(field, replacement, name, f"Remove it: previews.{inner} is set too.")
    kinds = {
        holder.get("type").string(),
        holder.get("runtime").string(),
        holder.get("env").string(),
    }
    if value is None or kinds & _WITHOUT_PREVIEWS.get(inner, frozenset()):
        return _made(field, replacement, name, detail)
    new_value = "" if value == field.string() else value
    return _made(
        field, replacement, name, detail, new_key=inner, new_value=new_value, new_outer="previews"
    )


def _made(
    field: Field,
    replacement: str,
    name: str,
    detail: str = "",
    *,
    new_key: str = "",
    new_value: str = "",
    new_outer: str = "",
) -> Deprecation:
    shown = _shown(field)
    return Deprecation(
        platform="render",
        old=str(field.path[-1]) + (f": {shown}" if shown is not None else ""),
        replacement=replacement,
        location=field.location,
        detail=detail,
        new_key=new_key,
        new_value=new_value,
        new_outer=new_outer,
        workload=name,
    )


def _shown(field: Field) -> str | None:
    """A value as a message may repeat it; None for what is no single known word."""
    text = field.string()
    return None if text is None or len(text) > _MAX_SHOWN or has_placeholder(text) else text
