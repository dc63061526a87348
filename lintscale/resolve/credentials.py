"""Secrets in plain sight, in containers' environments and commands and anywhere else in the
scanned documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from lintscale.model.location import Location
from lintscale.model.resolved import Credential, Workload
from lintscale.resolve.matching import grouped
from lintscale.resolve.secrets import Secret, is_secret_name, secret_in_variable, secrets_in_text
from lintscale.resolve.words import words
from lintscale.syntax import Document, Field, Scalar, SourceFile
from lintscale.syntax import Mapping as MappingNode
from lintscale.syntax import Sequence as SequenceNode
from lintscale.syntax.regex import regex

_RELAXED = frozenset({"development", "preview"})
"""Environments in which a password that everybody knows hides nothing worth hiding."""

_VARIABLES = frozenset(
    {"env", "environment", "Environment", "envVars", "variables", "data", "stringData"}
)
"""Keys whose entries, or whose items with a name and a value, are variables."""

_TO_BE_COPIED = frozenset({"example", "sample", "template", "tmpl", "tpl", "dist", "placeholder"})

_NAME_KEYS = ("name", "key", "Name", "Key")
_VALUE_KEYS = ("value", "previewValue", "Value")

_WORTH_A_WALK = regex(
    r"://|passw|pwd|token|secret|passphrase|(?:api|private|access|signing|encryption)[ _-]?key",
    re.IGNORECASE,
)


def credentials_of(
    workloads: Sequence[Workload],
    platforms: Mapping[str, str],
    files: Mapping[str, SourceFile],
    environment_of_file: Callable[[str], str | None],
) -> tuple[Credential, ...]:
    """Every secret once, sorted by place. ``platforms`` are those of the files that hold objects.

    Without ``files`` (the parsed ones, by path), only what containers hold is seen.
    ``environment_of_file`` tells what the path alone says, for files without workloads.
    """
    found: dict[tuple[object, ...], Credential] = {}

    def hides_nothing(secret: Secret, where: Location) -> bool:
        return not secret.random and is_to_be_copied(where.file)

    # By name first: what is found must not depend on whether overlays are rendered.
    for workload in sorted(workloads, key=lambda each: (each.display_name, each.id)):
        for secret, credential in _of_workload(workload, files):
            if not hides_nothing(secret, credential.location):
                found.setdefault(_key(credential), credential)
    owners = grouped(workloads, lambda each: (each.location.file, each.location.document))
    for path in sorted(files):
        if not _WORTH_A_WALK.search(files[path].text):
            continue
        for document in files[path].documents:
            of_document = owners.get((path, document.index), [])
            platform = platforms.get(path, files[path].platform)
            owner = _owner(of_document)
            for name, secret, where in _of_document(document):
                if hides_nothing(secret, where):
                    continue
                if secret.well_known:
                    environments = {workload.environment.value for workload in of_document}
                    if (environments or {environment_of_file(path)}) <= _RELAXED:
                        continue
                credential = Credential(platform, name, secret.kind, secret.masked, where, owner)
                found.setdefault(_key(credential), credential)
    return tuple(sorted(found.values(), key=_order))


def is_to_be_copied(path: str) -> bool:
    """Whether the file's name says that people fill in a copy of it: secrets.example.yaml. What
    stands there is a placeholder, unless nobody would make it up."""
    stem = path.rpartition("/")[2].partition(".")[0]
    if stem == "template" and "secret" not in path.lower():
        return False  # what a stack is made of, and no copy of it
    telling = words(path.rpartition("/")[2])
    found = _TO_BE_COPIED & set(telling)
    # "template.yaml" alone is a template of CloudFormation.
    is_last = len(telling) > 2 and telling[-2] in found
    return bool(found) and bool(is_last or found - set(words(stem)) or "secret" in path.lower())


def _key(credential: Credential) -> tuple[object, ...]:
    where = credential.location
    return (where.file, where.document, where.span, credential.kind, credential.masked)


def _order(credential: Credential) -> tuple[object, ...]:
    where = credential.location
    return (where.file, where.span, where.document, credential.name, credential.masked)


# -- containers -----------------------------------------------------------------------------------


def _of_workload(
    workload: Workload, files: Mapping[str, SourceFile]
) -> Iterator[tuple[Secret, Credential]]:
    relaxed = workload.environment.value in _RELAXED
    for container in workload.containers:
        for variable in container.environment:
            value = variable.value.value
            if value is None or not variable.value.written:
                continue
            secret = secret_in_variable(variable.name, value)
            where = variable.value.location or variable.location
            if secret is not None and not (relaxed and secret.well_known):
                yield secret, _credential(workload, variable.name, secret, where)
        command = container.command
        where = command.location or container.location
        # Where the document is at hand, the very argument is found there.
        if command.value is not None and where.file not in files:
            for secret in secrets_in_text(command.value):
                if not (relaxed and secret.well_known):
                    yield secret, _credential(workload, "command", secret, where)


def _credential(workload: Workload, name: str, secret: Secret, where: Location) -> Credential:
    return Credential(workload.platform, name, secret.kind, secret.masked, where, workload.id)


# -- documents ------------------------------------------------------------------------------------


def _of_document(document: Document) -> Iterator[tuple[str, Secret, Location]]:
    """Name, secret and place. A node that aliases repeat is looked at once."""
    seen: set[int] = set()
    pending: list[tuple[Field, str, bool]] = [(Field.root(document), "", False)]
    while pending:
        field, name, is_variable = pending.pop()
        node = field.node
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                yield from _of_scalar(field, node.value, name, is_variable)
        elif isinstance(node, SequenceNode):
            pending.extend((item, name, False) for item in field.items())
        elif isinstance(node, MappingNode):
            pending.extend(_entries(field))


def _of_scalar(
    field: Field, text: str, name: str, is_variable: bool
) -> Iterator[tuple[str, Secret, Location]]:
    if is_variable and is_secret_name(name):
        secret = secret_in_variable(name, text)
        if secret is not None:
            yield name, secret, field.location
        return
    for secret in secrets_in_text(text):
        yield name, secret, field.location


def _entries(field: Field) -> Iterator[tuple[Field, str, bool]]:
    """The entries of a mapping with the name of the variable they hold, if they hold one."""
    path = field.path
    if field.get("kind").string() == "Secret":
        # What is encoded may be encrypted as well, or a placeholder of whatever fills it in.
        yield field.get("stringData"), "stringData", False
        return
    if len(path) >= 2 and path[-2] in _VARIABLES:
        own_name = next((text for key in _NAME_KEYS if (text := field.get(key).string())), "")
        for key, value in field.entries():
            is_value = bool(own_name) and key in _VALUE_KEYS
            yield value, own_name if is_value else key, is_value
        return
    holds_variables = bool(path) and path[-1] in _VARIABLES
    for key, value in field.entries():
        yield value, key, holds_variables


# -- what a document belongs to -------------------------------------------------------------------


def _owner(workloads: list[Workload]) -> str:
    """The one workload of a document; where overlays render it each in their own way, the first,
    production's before others."""
    names = {workload.display_name for workload in workloads}
    rendered = all(workload.location.rendering is not None for workload in workloads)
    if len(workloads) > 1 and not (rendered and len(names) == 1):
        return ""
    first = min(
        workloads,
        key=lambda workload: (workload.environment.value != "production", workload.id),
        default=None,
    )
    return first.id if first is not None else ""
