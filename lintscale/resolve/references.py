"""Which databases a container talks to, as far as its environment tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lintscale._record import record, replace
from lintscale.model.declared import Container, EnvironmentVariable, Workload
from lintscale.model.images import parse_image
from lintscale.model.location import Location
from lintscale.model.resolved import UnreadParameters
from lintscale.model.sourced import ABSENT
from lintscale.resolve.libraries import SQLALCHEMY
from lintscale.resolve.properties import variables_of
from lintscale.resolve.url_parameters import Installed, unread_names
from lintscale.resolve.urls import (
    DEFAULT_PORTS,
    DatabaseUrl,
    host_and_port,
    is_pooler_name,
    known_host,
    parameters_behind_reference,
    parse_database_url,
)
from lintscale.resolve.variable_names import DatabaseName, database_in_name
from lintscale.resolve.words import words
from lintscale.syntax.regex import regex

_NOT_AT_RUNTIME = frozenset(
    {"test", "tests", "testing", "shadow", "direct", "unpooled", "pooling", "migration",
     "migrations", "migrate", "backup", "restore"}
)  # fmt: skip
"""In the name of a variable: a second way to a database that tests and migrations take, not the
one that the service holds its pool on ("POSTGRES_URL_NON_POOLING", "DIRECT_URL")."""

_HOST_WORD = regex(r"(?:host(?:name|port)?|server(?:name)?|addr(?:ess)?|endpoint)\Z", re.IGNORECASE)

_ENGINES_BY_PORT = {port: engine for engine, port in DEFAULT_PORTS.items()}

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "0.0.0.0"})  # noqa: S104 - compared only

_CLUSTER_HOST = regex(
    r"(?:[a-z0-9-]+\.)?(?P<name>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?\Z"
)

_SERVICE_REFERENCE = regex(r"(?:\A| )service:(?P<name>.+)\Z")

SERVERS = {
    **dict.fromkeys(
        ("postgres", "postgresql", "postgis", "timescaledb", "timescaledb-ha", "pgvector"),
        "postgresql",
    ),
    **dict.fromkeys(("mysql", "mysql-server", "mariadb", "percona"), "mysql"),
    **dict.fromkeys(("redis", "valkey", "redis-stack", "redis-stack-server"), "redis"),
    **dict.fromkeys(("mongo", "mongodb", "mongodb-community-server"), "mongodb"),
}
"""Engines by the last part of an image's name."""


@record
class DatabaseReference:
    """A container's way to a database. ``key`` identifies the database as well as this
    container alone can; ``names`` are what the configuration may call it. ``engine`` "" is an
    SQL server of whatever make. ``taken`` is the property that the variable takes of a database
    that is declared."""

    key: str
    label: str
    engine: str
    variable: str
    names: tuple[str, ...]
    location: Location
    url: DatabaseUrl | None = None
    reference: str = ""
    host: str = ""
    namespace: str = ""
    pooled: bool = False
    taken: str = ""

    @property
    def family(self) -> str:
        return family_of(self.engine)


def family_of(engine: str) -> str:
    """Which settings speak of an engine: "redis", "mongodb" or "sql"."""
    return engine if engine in ("redis", "mongodb") else "sql"


def server_engine(image: str) -> str | None:
    """The engine of the database server in an image; None when it is no server."""
    return SERVERS.get(parse_image(image).name.lower())


def database_references(
    workload: Workload, container: Container, databases: Iterable[str]
) -> list[DatabaseReference]:
    """The databases that a container holds pools on, by variable name. ``databases`` are the
    identities by which environment references name declared databases.

    A container that is a database server or an exporter itself has none.
    """
    image = (container.image.value or "").lower()
    if container.init or server_engine(image) is not None:
        return []
    if "exporter" in image:
        return []
    declared = frozenset(databases)
    variables = {
        variable.name: variable
        for variable in variables_of(container)
        if not _NOT_AT_RUNTIME & set(words(variable.name))
    }
    found: list[DatabaseReference] = []
    for name in sorted(variables):
        ref = _by_variable(workload, variables[name], declared)
        if ref is not None:
            found.append(ref)
    found = _without_other_ways(found)
    families = {ref.family for ref in found}
    # DB_HOST beside DATABASE_URL is the same database in pieces.
    parts = [ref for ref in _by_parts(workload, variables) if ref.family not in families]
    return [*found, *_without_other_ways(parts)]


def _without_other_ways(refs: Sequence[DatabaseReference]) -> list[DatabaseReference]:
    """Of several variables whose names say that they lead to one database, and whose values do
    not say otherwise, the one that says most ("DATABASE_URL" beside "DATABASE_PRIVATE_URL",
    "POSTGRES_PRISMA_URL" beside "POSTGRES_URL" of the same Secret)."""
    kept: list[DatabaseReference] = []
    for ref in sorted(refs, key=lambda ref: (not ref.host, len(ref.variable), ref.variable)):
        name = database_in_name(ref.variable)
        if name is None or not any(_is_other_way(ref, name, each) for each in kept):
            kept.append(ref)
    return sorted(kept, key=lambda ref: ref.variable)


def _is_other_way(ref: DatabaseReference, name: DatabaseName, known: DatabaseReference) -> bool:
    other = database_in_name(known.variable)
    if other is None or ref.key == known.key or ref.family != known.family:
        return False
    if ref.taken or known.taken:
        return False  # A database that is declared is known by what it is.
    if name.stem == other.stem and name.stem:
        # A public and a private host may be the same server's.
        return not ref.host or "public" in words(ref.variable)
    if ref.host or known.host or not name.may_be(other):
        return False
    return _object(ref.reference) == _object(known.reference)


def _object(reference: str) -> str:
    """What holds the value: the Secret of "secret:shop/db/url"."""
    return reference.rpartition("/")[0] or reference


def reference_by_variable(
    workload: Workload, name: str, family: str, location: Location
) -> DatabaseReference:
    """The use of a database whose address is in a variable that no scanned file sets; its engine
    is as much as the name and the ``family`` ("sql", "redis", "mongodb") tell."""
    engine = _engine_in_name(name) or ("" if family == "sql" else family)
    key, label = _variable_key(workload, EnvironmentVariable(name, ABSENT, location))
    return DatabaseReference(
        key=key, label=label, engine=engine, variable=name, names=(name,), location=location
    )


def _by_variable(
    workload: Workload, variable: EnvironmentVariable, declared: frozenset[str]
) -> DatabaseReference | None:
    location = variable.value.location or variable.location
    text = variable.value.value
    pooled = "pool" in variable.property.lower()
    if text is not None and not text.strip() and not variable.reference:
        return None
    url = parse_database_url(text) if text else None
    if variable.reference in declared:
        return DatabaseReference(
            key=variable.reference,
            label=variable.reference,
            engine=_engine_in_name(variable.name) or "",
            variable=variable.name,
            names=_names(variable),
            location=location,
            reference=variable.reference,
            pooled=pooled,
            taken=variable.property,
        )
    if url is not None:
        host, namespace = _in_cluster(url.host, workload)
        if url.host:
            key, label = _host_key(workload, url.host, url.port, url.engine)
        else:
            key, label = _variable_key(workload, variable)
        return DatabaseReference(
            key=key,
            label=label,
            engine=url.engine,
            variable=variable.name,
            names=(*_names(variable), *_host_names(url.host, url.port, url.database, host)),
            location=location,
            url=url,
            reference=variable.reference,
            host=host,
            namespace=namespace,
            pooled=url.pooled or pooled,
        )
    engine = _engine_in_name(variable.name)
    service = _service(variable)
    added = parameters_behind_reference(text or "")
    if added:
        url = DatabaseUrl("", engine or "", parameters=added)
    if engine is not None and service:
        return replace(_of_host(workload, variable, engine, service, None), url=url)
    if engine is None or (text and not variable.reference and not _may_be_url(text)):
        return None
    key, label = _variable_key(workload, variable)
    return DatabaseReference(
        key=key,
        label=label,
        engine=engine,
        variable=variable.name,
        names=_names(variable),
        location=location,
        url=url,
        reference=variable.reference,
        pooled=pooled or (url is not None and url.pooled),
    )


def _may_be_url(text: str) -> bool:
    """A placeholder, or a connection string in another language; not an HTTP address or a file:
    "DB_URL: https://admin.shop.example" is no database."""
    return "://" not in text and not text.lower().startswith(("sqlite", "file:", "/"))


def _engine_in_name(name: str) -> str | None:
    """The engine that the name of a URL variable speaks of; None when it is no such name."""
    found = database_in_name(name)
    return None if found is None or found.is_host else found.engine


def _by_parts(
    workload: Workload, variables: dict[str, EnvironmentVariable]
) -> Iterator[DatabaseReference]:
    """DB_HOST and its like, and the port behind a colon or in a variable like it."""
    for name in sorted(variables):
        found = database_in_name(name)
        if found is None or not found.is_host:
            continue
        variable = variables[name]
        text = variable.value.value or ""
        if "://" in text or (variable.value.value is not None and not text.strip()):
            continue
        host, port = host_and_port(text)
        port = port or _port(variables.get(_HOST_WORD.sub("PORT", name)))
        yield _of_host(workload, variable, found.engine, host or _service(variable), port)


def _service(variable: EnvironmentVariable) -> str:
    """The name of the service whose address a reference takes ("render service:cache"); that
    name is its host name too."""
    match = _SERVICE_REFERENCE.search(variable.reference)
    if match is None or variable.property.startswith("env:"):
        return ""
    return known_host(match["name"])


def _of_host(
    workload: Workload, variable: EnvironmentVariable, engine: str, host: str, port: int | None
) -> DatabaseReference:
    engine = engine or _ENGINES_BY_PORT.get(port or 0, "")
    if host:
        key, label = _host_key(workload, host, port, engine)
    else:
        key, label = _variable_key(workload, variable)
    in_cluster, namespace = _in_cluster(host, workload)
    return DatabaseReference(
        key=key,
        label=label,
        engine=engine,
        variable=variable.name,
        names=(*_names(variable), *_host_names(host, port, "", in_cluster)),
        location=variable.value.location or variable.location,
        reference=variable.reference,
        host=in_cluster,
        namespace=namespace,
        pooled=is_pooler_name(host) or ".proxy-" in host,
    )


def _port(variable: EnvironmentVariable | None) -> int | None:
    text = variable.value.value if variable else None
    return int(text) if text and re.fullmatch(r"[0-9]{1,5}", text) else None


# -- identity -------------------------------------------------------------------------------------


def _in_cluster(host: str, workload: Workload) -> tuple[str, str]:
    """The name and namespace of a host inside the workload's own network; a host elsewhere is
    its own name."""
    match = _CLUSTER_HOST.match(host)
    if match:
        return match["name"], match["namespace"]
    return host, workload.namespace if "." not in host else ""


def _host_key(workload: Workload, host: str, port: int | None, engine: str) -> tuple[str, str]:
    """A server is one by host and port, whatever databases it holds: its limit is one. Hosts
    without a dot mean something on their own platform only."""
    name, namespace = _in_cluster(host, workload)
    port_suffix = f":{port}" if port is not None and port != DEFAULT_PORTS.get(engine) else ""
    if host in _LOCAL:
        owner = "/".join(part for part in (workload.namespace, workload.name) if part)
        return f"host:{workload.platform}/{owner}/localhost{port_suffix}", f"localhost of {owner}"
    if "." in host and name == host:
        return f"host:{host}{port_suffix}", f"{host}{port_suffix}"
    where = f"{namespace}/{name}" if namespace else name
    return f"host:{workload.platform}/{where}{port_suffix}", f"{name}{port_suffix}"


def _variable_key(workload: Workload, variable: EnvironmentVariable) -> tuple[str, str]:
    """What stands behind a reference is one database for all that refer to it. Without one,
    nothing tells whether two workloads mean the same: each has its own."""
    if variable.reference:
        label = variable.reference.split(":", 1)[-1].strip("/")
        return variable.reference, label
    owner = "/".join(part for part in (workload.namespace, workload.name) if part)
    return (
        f"variable:{workload.platform}/{owner}/{variable.name}",
        f"{variable.name} of {workload.display_name}",
    )


def _names(variable: EnvironmentVariable) -> tuple[str, ...]:
    """What a person may call the database by: the variable, the reference, parts of it."""
    reference = variable.reference
    if not reference:
        return (variable.name,)
    inner = reference.split(":", 1)[-1]
    parts = inner.split("/")
    # "ns/secret/key": the secret alone, and the secret with its key.
    tails = tuple("/".join(parts[index:]) for index in range(1, len(parts)))
    return (variable.name, reference, inner, *tails, *(parts[-2:-1]))


def _host_names(host: str, port: int | None, database: str, in_cluster: str) -> tuple[str, ...]:
    if not host:
        return ()
    names = [host, f"host:{host}", in_cluster]
    if database:
        names += [f"{host}/{database}", f"host:{host}/{database}"]
    if port is not None:
        names.append(f"{host}:{port}")
    return tuple(dict.fromkeys(names))


def unread_parameters(
    refs: Iterable[DatabaseReference], program: str, installed: Installed
) -> tuple[UnreadParameters, ...]:
    """One for each URL that has such parameters, in the order of the files. ``program`` is what
    the container runs, with what is ``installed`` beside it."""
    found = []
    for ref in refs:
        if ref.url is None:
            continue
        names, client = unread_names(ref.url, program, installed)
        if names:
            driver = ref.url.driver if client == SQLALCHEMY.name else ""
            found.append(UnreadParameters(names, ref.variable, client, driver, ref.location))
    return tuple(
        sorted(
            found,
            key=lambda each: (
                each.location.file,
                each.location.document,
                each.location.span,
                each.variable,
            ),
        )
    )
