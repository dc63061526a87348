"""The connection strings that .NET applications read from appsettings.json.

learn.microsoft.com, "Configuration in ASP.NET Core" (Dec 2026): the file of the environment, by
default that of Production, holds before appsettings.json, and variables before both; comments may
stand in either. Keys are compared without case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lintscale._record import replace
from lintscale.code.files import Files, joined
from lintscale.code.languages.csharp_pools import SIZE
from lintscale.code.pool_calls import size_in
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.syntax.field import Field
from lintscale.syntax.json import parse_json

_SECTION = "connectionstrings"
_PREFIX = f"{_SECTION}__"
_ENVIRONMENTS = ("ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT")


def with_settings(
    files: Files, folder: str, pools: Sequence[CodePool], environment: Mapping[str, str]
) -> list[CodePool]:
    """The pools with the sizes in the connection strings that their names mean. ``environment``
    are the variables that the program is given, with "" for a value that is not known."""
    given = {name.lower() for name in environment}
    found = []
    for pool in pools:
        names = {name.lower() for name in pool.variables if name.lower().startswith(_PREFIX)}
        if pool.size is None and len(names) == 1 and not names & given:
            size = _size(files, folder, names.pop().removeprefix(_PREFIX), environment)
            found.append(replace(pool, size=size))
        else:
            found.append(pool)
    return found


def _size(
    files: Files, folder: str, name: str, environment: Mapping[str, str]
) -> CodeNumber | None:
    chosen = next((environment[e] for e in _ENVIRONMENTS if e in environment), "Production")
    for file in (f"appsettings.{chosen}.json", "appsettings.json"):
        string = _string(files, joined(folder, file), name)
        if string is not None:
            text = string.raw_text().value
            return size_in(text or "", SIZE, string.location)[0]
    return None


def _string(files: Files, file: str, name: str) -> Field | None:
    if file not in files:
        return None
    for document in parse_json(files.text(file), file).documents:
        for key, section in Field.root(document).entries():
            for own, value in section.entries() if key.lower() == _SECTION else ():
                if own.lower() == name:
                    return value
    return None
