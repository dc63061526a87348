"""Sizes in the connection strings of appsettings.json."""

from __future__ import annotations

import pytest

from lintscale.code.dotnet_settings import with_settings
from lintscale.model.declared import CodePool
from lintscale.model.location import Location, Span
from tests.code.reading import NOT_KNOWN, Texts, size

BASE, STAGING, PRODUCTION = (
    f"appsettings{middle}.json" for middle in ("", ".Staging", ".Production")
)


def settings(more: str) -> str:
    return f'{{ // the database\n"ConnectionStrings": {{"Default": "Host=db;{more}"}}}}'


@pytest.mark.parametrize(
    ("files", "environment", "expected"),
    [
        ({BASE: "Maximum Pool Size=40"}, {}, 40),
        ({BASE: "Max Pool Size=40", PRODUCTION: "MaxPoolSize=30"}, {}, 30),
        ({BASE: "Max Pool Size=40", PRODUCTION: "Database=x"}, {}, None),
        (
            {BASE: "Max Pool Size=40", STAGING: "MaxPoolSize=30"},
            {"ASPNETCORE_ENVIRONMENT": "Staging"},
            30,
        ),
        ({BASE: "Max Pool Size=40", STAGING: "MaxPoolSize=30"}, {}, 40),
        ({BASE: "Max Pool Size=40"}, {"CONNECTIONSTRINGS__DEFAULT": ""}, None),
        ({BASE: "Max Pool Size=many"}, {}, NOT_KNOWN),
        ({}, {}, None),
    ],
)
def test_the_string_of_a_name(
    files: dict[str, str], environment: dict[str, str], expected: object
) -> None:
    where = Location("a/Program.cs", Span(1, 1, 1, 2))
    pool = CodePool("Npgsql", "sql", None, None, ("ConnectionStrings__Default",), where)
    texts = Texts({f"a/{name}": settings(more) for name, more in files.items()})
    (found,) = with_settings(texts, "a", [pool], environment)
    assert size(found) == expected
