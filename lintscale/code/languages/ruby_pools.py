"""The calls that make connection pools in Ruby. Rails' own are in config/database.yml.

Options as of Active Record 8.1 (``max_connections``; before it ``pool``, which still is read),
Sequel 5.94 (opening_databases.rdoc: max_connections, 4) and connection_pool 2.5 (size, 5), read in
their documentation in December 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lintscale.code.pool_calls import Bound, PoolCall, by_origin
from lintscale.code.units import Unit
from lintscale.model.declared import CodePool

CALLS = by_origin(
    (
        PoolCall(
            ("Sequel.connect",),
            "Sequel",
            size=(("max_connections",), (0, "max_connections"), (1, "max_connections")),
            address=((0,), ("host",), (0, "host")),
            kind=(("adapter",),),
        ),
        PoolCall(
            ("ActiveRecord.Base.establish_connection", "ApplicationRecord.establish_connection"),
            "Active Record",
            size=(("max_connections",), ("pool",), (0, "max_connections"), (0, "pool")),
            address=((0,), ("url",), ("host",), (0, "url"), (0, "host")),
            kind=(("adapter",),),
            least_arguments=1,
        ),
        PoolCall(
            ("Mongo.Client.new",),
            "the MongoDB driver",
            "mongodb",
            size=(("max_pool_size",), (1, "max_pool_size")),
        ),
    )
)

BOUNDS: Mapping[str, Bound] = {}

HINTS = (b"Sequel", b"establish_connection", b"Mongo::Client")
"""A file without any of these words makes no pool."""


def configured(unit: Unit) -> Iterable[CodePool]:
    return ()
