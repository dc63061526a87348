"""Connections in PHP: a process opens one to each database that it uses, and has no pool.

Laravel's config/database.php (laravel.com/docs/12.x/database, Dec 2026) names the variables of the
databases; PDO connects directly. Servers that keep a process with many coroutines (Swoole,
Hyperf) have pools: Hyperf's config/autoload/databases.php (``pool.max_connections``, 10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lintscale._record import replace
from lintscale.code.evaluate import Entries, Known, evaluate
from lintscale.code.expressions import Argument, Call, Name
from lintscale.code.pool_calls import Bound, PoolCall, by_origin, made
from lintscale.code.units import Place, Scope, Unit
from lintscale.model.declared import CodePool

CALLS = by_origin(
    (
        PoolCall(
            ("PDO", "mysqli", "mysqli_connect", "pg_connect", "DriverManager.getConnection"),
            "PHP",
            least_arguments=1,
        ),
    )
)

BOUNDS: Mapping[str, Bound] = {}

HINTS = (b"PDO(", b"mysqli", b"pg_connect", b"'driver'", b'"driver"', b"DriverManager")
"""A file without any of these texts connects to nothing."""

_SERVERS = frozenset({"pgsql", "mysql", "mariadb", "sqlsrv"})
_LARAVEL = PoolCall((), "PHP", address=((0, "url"), (0, "host")))
_HYPERF = PoolCall(
    (), "Hyperf", size=((0, "pool", "max_connections"),), address=((0, "url"), (0, "host"))
)


def configured(unit: Unit) -> Iterator[CodePool]:
    """The database that a file of settings has as its default."""
    node = unit.exports.get("default")
    settings = evaluate(Place(node, Scope(unit.top))) if node is not None else None
    if not isinstance(settings, Entries):
        return
    listed = settings.values.get("connections")
    connections = evaluate(listed) if listed is not None else settings
    chosen = settings.values.get("default")
    default = evaluate(chosen) if chosen is not None and listed is not None else None
    name = default.value if isinstance(default, Known) else getattr(default, "default", None)
    name = name.value if isinstance(name, Known) else name
    for key, place in connections.values.items() if isinstance(connections, Entries) else ():
        options = evaluate(place)
        driver = options.values.get("driver") if isinstance(options, Entries) else None
        kind = evaluate(driver) if driver is not None else None
        if not isinstance(options, Entries) or not isinstance(kind, Known):
            continue
        if kind.value not in _SERVERS or (listed is not None and name not in (None, key)):
            continue
        call = _HYPERF if "pool" in options.values else _LARAVEL
        pool = made(place.scope, Call(Name(""), (Argument(place.node),)), call, place.node)
        if pool is not None:
            yield replace(pool, choice="default connection", side=key)
