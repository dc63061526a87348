"""The databases of a project: declared in its files, described in the configuration, run as a
workload of its own, or known by a reference alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lintscale._record import replace
from lintscale.code.commands import invocations
from lintscale.model.declared import Database
from lintscale.model.images import parse_image
from lintscale.model.location import Location
from lintscale.model.resolved import Container
from lintscale.model.resolved import RunningWorkload as Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.project.config import DatabaseSettings, Settings
from lintscale.resolve.hosted_limits import hosted_limit, provider_of
from lintscale.resolve.limits import client_limit, is_pooler, is_read, setting
from lintscale.resolve.matching import place_of
from lintscale.resolve.references import DatabaseReference, server_engine
from lintscale.resolve.words import matches_glob
from lintscale.syntax.regex import regex

STOCK_LIMITS = {"postgresql": 100, "mysql": 151, "redis": 10_000}
"""max_connections of a server as it comes (Redis: maxclients). Sources, August 2026:
postgresql.org/docs/current/runtime-config-connection.html,
dev.mysql.com/doc/refman/8.4/en/server-system-variables.html, redis.io/docs, "Redis client
handling". MongoDB has no bound of its own."""

STOCK_RESERVED = {"postgresql": 3}
"""superuser_reserved_connections; the others keep nothing back from max_connections."""

_LIMIT_OPTION = regex(
    r"(?:-c|--)?(?:max[_-]connections|maxclients)(?:=(?P<value>.*))?\Z", re.IGNORECASE
)
_RESERVED_OPTION = regex(
    r"(?:-c|--)?superuser[_-]reserved[_-]connections=(?P<value>.*)\Z", re.IGNORECASE
)
_CONFIG_OPTION = regex(
    r"(?:-c|--)?config[_-]file(?:=|\Z)|--defaults(?:-extra)?-file|.*\.(?:conf|cnf)\Z", re.IGNORECASE
)


class Server(NamedTuple):
    """A database server that runs as one of the project's own workloads."""

    workload: Workload
    database: Database
    names: frozenset[str]

    def serves(self, ref: DatabaseReference, client: Workload) -> bool:
        workload = self.workload
        if workload.platform != client.platform or ref.host not in self.names:
            return False
        if ref.engine and ref.engine != self.database.engine:
            return False
        return not ref.namespace or not workload.namespace or ref.namespace == workload.namespace


class Registry:
    """All databases of a project by key, and which of them a :class:`DatabaseReference` means.
    ``undeclared`` are the keys of those that no scanned file describes."""

    def __init__(
        self, declared: Iterable[Database], workloads: Sequence[Workload], settings: Settings
    ) -> None:
        self.settings = settings.databases
        self.servers = servers_among(workloads)
        self.databases: dict[str, Database] = {}
        self.undeclared: set[str] = set()
        self._references: dict[str, list[Database]] = {}
        self._entries: dict[str, int] = {}
        self._aliases: dict[str, set[str]] = {}  # of undeclared ones, as they add up
        for database, distinct in _with_distinct_keys(declared):
            self.databases.setdefault(distinct.key, distinct)
            for reference in (database.key, *database.aliases):
                self._references.setdefault(reference, []).append(distinct)
        for pooler in [each for each in self.databases.values() if each.server]:
            self._reserve_for(pooler)
        for server in self.servers:
            self.databases.setdefault(server.database.key, server.database)
        for key, database in self.databases.items():
            self._note(key, names_of(database))

    def _reserve_for(self, pooler: Database) -> None:
        """What a declared pooler holds to the database behind it, others cannot have."""
        behind = self._references.get(pooler.server, [])
        held = pooler.server_connections
        for database in _nearest(behind, pooler.location.file)[:1]:
            known = self.databases[database.key]
            if held.value is not None and known.reserved.value is not None:
                number = replace(known.reserved, value=known.reserved.value + held.value)
                self.databases[database.key] = replace(known, reserved=number)

    @property
    def references(self) -> frozenset[str]:
        """What environment references call the declared databases."""
        return frozenset(self._references)

    def resolve(
        self, refs: Sequence[tuple[DatabaseReference, Workload]]
    ) -> list[DatabaseReference]:
        """The same uses, each under the key of the database that it means."""
        keys = [self._find(ref, client) for ref, client in refs]
        for (ref, _), key in zip(refs, keys, strict=True):
            if key is not None:
                self._note(key, ref.names)
        for key, index in self._entries.items():
            self.databases[key] = with_settings(self.databases[key], self.settings[index])
        resolved = [
            self._resolved(ref, client, key) for (ref, client), key in zip(refs, keys, strict=True)
        ]
        for key, aliases in self._aliases.items():
            self.databases[key] = replace(self.databases[key], aliases=tuple(sorted(aliases)))
        for key, database in self.databases.items():
            number = self._configured(names_of(database))
            entry = self.settings[number] if number is not None else DatabaseSettings("")
            self.databases[key] = with_hosted_limit(database, entry)
        return resolved

    def _find(self, ref: DatabaseReference, client: Workload) -> str | None:
        """The key of the declared or self-run database that ``use`` means."""
        file = client.location.file
        for known in (ref.reference, ref.key):
            if known in self._references:
                return _nearest(self._references[known], file)[0].key
        if not ref.host:
            return None
        found = [server for server in self.servers if server.serves(ref, client)]
        same = [s for s in found if s.workload.environment.value == client.environment.value]
        near = _nearest([server.database for server in same or found], file)
        return near[0].key if len(near) == 1 else None

    def _resolved(
        self, ref: DatabaseReference, client: Workload, key: str | None
    ) -> DatabaseReference:
        pooled = ref.pooled
        if key is None:
            index = self._configured((ref.key, ref.label, *ref.names))
            database = database_of(ref, client)
            if index is not None:
                entry = self.settings[index]
                # The declared database that the entry speaks of, if that is exactly one.
                same = [known for known, number in self._entries.items() if number == index]
                base = replace(database, key=f"config:{entry.name}", name=entry.name)
                database = self.databases[same[0]] if len(same) == 1 else with_settings(base, entry)
                pooled = pooled or bool(entry.pooler)
            key = database.key
            self._remember(database)
        elif key.startswith("pooler:"):
            pooled = False  # it counts against the pooler itself
        engine = ref.engine or self.databases[key].engine
        return replace(ref, key=key, engine=engine, pooled=pooled)

    def _remember(self, database: Database) -> None:
        known = self.databases.get(database.key)
        if known is None:
            self.undeclared.add(database.key)
            self.databases[database.key] = database
        elif database.key in self.undeclared:
            engine = known.engine or database.engine
            if engine != known.engine:
                self.databases[database.key] = replace(known, engine=engine)
            self._aliases.setdefault(database.key, set(known.aliases)).update(database.aliases)

    def _note(self, key: str, names: Sequence[str]) -> None:
        index = self._configured(names)
        if index is not None:
            self._entries[key] = min(index, self._entries.get(key, index))

    def _configured(self, names: Sequence[str]) -> int | None:
        """The index of the first configured database that goes by one of these names."""
        for index, entry in enumerate(self.settings):
            if matches_glob((entry.name, *entry.match), names):
                return index
        return None


def _with_distinct_keys(databases: Iterable[Database]) -> list[tuple[Database, Database]]:
    """Each database as it is, and under a key that no other has: two files may each describe
    one of the same name."""
    listed = sorted(databases, key=lambda database: (database.key, place_of(database.location)))
    keys = [database.key for database in listed]
    return [
        (database, replace(database, key=f"{database.key} in {database.location.file}"))
        if keys.count(database.key) > 1
        else (database, database)
        for database in listed
    ]


def _nearest(databases: Sequence[Database], file: str) -> list[Database]:
    """Those in the same file, else those with which it shares the deepest folder."""
    if len(databases) < 2:
        return list(databases)
    nearness = [_nearness(database.location.file, file) for database in databases]
    return [
        database
        for database, near in zip(databases, nearness, strict=True)
        if near == max(nearness)
    ]


def _nearness(one: str, other: str) -> tuple[bool, int]:
    if one == other:
        return True, 0
    folders, others = one.split("/")[:-1], other.split("/")[:-1]
    shared = 0
    while shared < min(len(folders), len(others)) and folders[shared] == others[shared]:
        shared += 1
    return False, shared


def names_of(database: Database) -> list[str]:
    """What the configuration may call a database."""
    keys = (database.key, *database.aliases)
    return [database.name, *keys, *(key.split(":", 1)[-1] for key in keys)]


def with_settings(database: Database, entry: DatabaseSettings) -> Database:
    """What the configuration says wins over what the files say."""
    engine = entry.engine or database.engine
    reason = f"the configuration's database “{entry.name}”"
    limit, reserved = database.limit, database.reserved
    if entry.max_connections is not None:
        limit = Sourced(entry.max_connections, Source.CONFIG, None, reason)
        if reserved.value is None:
            reserved = stock_reserved(engine, None)
    if entry.reserved is not None:
        reserved = Sourced(entry.reserved, Source.CONFIG, None, reason)
    pooler = Sourced(entry.pooler, Source.CONFIG, None, reason) if entry.pooler else database.pooler
    return replace(database, engine=engine, limit=limit, reserved=reserved, pooler=pooler)


def with_hosted_limit(database: Database, entry: DatabaseSettings) -> Database:
    """The limit of a provider's plan, where nothing else says it: the provider by the host name
    or the configuration, the plan by the configuration."""
    if database.limit.value is not None or database.limit.written:
        return database
    provider = entry.provider or database.provider or provider_of(names_of(database))
    plan = entry.plan or (database.provider and database.plan.value) or ""
    if entry.plan and database.plan.value is None:
        database = replace(database, plan=Sourced(entry.plan, Source.CONFIG, None, ""))
    found = hosted_limit(provider, database.engine, plan) if provider else None
    if found is None:
        return database
    source = Source.CONFIG if entry.plan else Source.PLATFORM_DEFAULT
    reserved = database.reserved
    if reserved.value is None:
        reserved = Sourced(found.reserved, source, None, found.reason)
    return replace(
        database, limit=Sourced(found.connections, source, None, found.reason), reserved=reserved
    )


def stock_reserved(engine: str, location: Location | None) -> Sourced[int]:
    """Every PostgreSQL keeps connections for superusers; what else a vendor keeps back is not
    known."""
    number = STOCK_RESERVED.get(engine, 0)
    reason = "superuser_reserved_connections" if number else ""
    return Sourced(number, Source.PLATFORM_DEFAULT, location, reason)


# -- servers in the scanned files -----------------------------------------------------------------


def servers_among(workloads: Sequence[Workload]) -> list[Server]:
    """The workloads that are database servers themselves."""
    found = []
    for workload in sorted(workloads, key=lambda workload: workload.id):
        if workload.role in ("job", "static"):
            continue
        for container in workload.containers:
            engine = server_engine(container.image.value or "")
            if container.init or (engine is None and not is_pooler(container)):
                continue
            server = _pooler(workload, container) if engine is None else None
            found.append(server or _server(workload, container, engine or ""))
            break
    distinct = _with_distinct_keys(server.database for server in found)
    renamed = {id(database): renamed for database, renamed in distinct}
    return [server._replace(database=renamed[id(server.database)]) for server in found]


def _server(workload: Workload, container: Container, engine: str) -> Server:
    where = "/".join(part for part in (workload.namespace, workload.name) if part)
    limit, reserved = _limits(container, engine)
    database = Database(
        key=f"server:{workload.platform}/{where}",
        name=workload.name,
        engine=engine,
        platform=workload.platform,
        location=workload.location,
        limit=limit,
        reserved=reserved,
    )
    return Server(workload, database, _host_names(workload))


def _pooler(workload: Workload, container: Container) -> Server:
    """A pooler is what its clients connect to: its limit is how many of them it takes."""
    where = "/".join(part for part in (workload.namespace, workload.name) if part)
    each, instances = client_limit(container), workload.min_instances.value
    limit = each
    if each.value is not None and instances is not None and instances > 1:
        limit = replace(each, value=each.value * instances)
    database = Database(
        key=f"pooler:{workload.platform}/{where}",
        name=workload.name,
        engine="postgresql",
        platform=workload.platform,
        location=workload.location,
        limit=limit,
        reserved=Sourced(0, Source.PLATFORM_DEFAULT, workload.location, ""),
        pooler=replace(container.image, value=parse_image(container.image.value or "").name),
    )
    return Server(workload, database, _host_names(workload))


def _host_names(workload: Workload) -> frozenset[str]:
    """How others in the same network may call it: the names of the routes to it, and its own
    name and label, which those routes nearly always bear too."""
    labels = {**workload.object_labels, **workload.labels}
    names = {workload.name, *workload.host_names, labels.get("app", "")}
    for suffix in ("-service", "-svc", "-headless", "-hl"):
        names.add(f"{workload.name}{suffix}")
    return frozenset(name.lower() for name in names if name)


def _limits(container: Container, engine: str) -> tuple[Sourced[int], Sourced[int]]:
    place = container.command.location or container.location
    if engine not in STOCK_LIMITS:
        unknown: Sourced[int] = Sourced(None, None, container.location)
        return unknown, unknown
    arguments = _arguments(container)
    limit = _option(arguments, _LIMIT_OPTION)
    reserved = _option(arguments, _RESERVED_OPTION)
    bitnami = next(
        (v for v in container.environment if v.name == "POSTGRESQL_MAX_CONNECTIONS"), None
    )
    held = stock_reserved(engine, container.location)
    if reserved is not None:
        held = Sourced(_number(reserved), Source.FILE, place, "its command line")
    elif engine in STOCK_RESERVED:
        held = setting(container, engine, arguments, "superuser_reserved_connections") or held
    if limit is None and bitnami is not None:
        limit, place = bitnami.value.value or "", bitnami.location
    if limit is not None:
        return Sourced(_number(limit), Source.FILE, place, "set on the server"), held
    in_file = setting(container, engine, arguments, "max_connections", "maxclients")
    if in_file is not None:
        return in_file, held
    if not is_read(container, engine, arguments) and any(
        _CONFIG_OPTION.match(argument) for argument in arguments
    ):
        return Sourced(None, None, place, "configuration file not read"), held
    reason = "the server's own default"
    stock = STOCK_LIMITS[engine]
    return Sourced(stock, Source.PLATFORM_DEFAULT, container.location, reason), held


def _arguments(container: Container) -> list[str]:
    runs = invocations(container.command.value or "")
    return [word for run in runs for word in (run.program, *run.arguments)]


def _option(arguments: list[str], pattern: re.Pattern[str]) -> str | None:
    """The text of the last such option; its value may be the next argument."""
    found = None
    for index, argument in enumerate(arguments):
        match = pattern.match(argument)
        if match is None:
            continue
        found = match["value"]
        if found is None:
            found = arguments[index + 1] if index + 1 < len(arguments) else ""
    return found


def _number(text: str) -> int | None:
    """None for what is decided elsewhere (a placeholder)."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


# -- databases that nothing declares --------------------------------------------------------------


def database_of(ref: DatabaseReference, client: Workload) -> Database:
    """A database of which no more is known than a way to it."""
    return Database(
        key=ref.key,
        name=ref.label,
        engine=ref.engine,
        platform=client.platform,
        location=ref.location,
        aliases=tuple(name for name in ref.names if name != ref.key),
    )
