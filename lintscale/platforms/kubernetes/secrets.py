"""What a Secret says of where databases are, and nothing else of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from lintscale.model.declared import EnvironmentGroup, EnvironmentVariable
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.manifest import Manifest
from lintscale.syntax.regex import regex

_LONGEST = 4096
"""Characters of a value; longer ones are certificates and files."""

_ADDRESS = regex(
    r"(?P<scheme>(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|rediss?|mongodb)(?:\+[a-z0-9_]+)?://)"
    r"(?:[^/?#\s]*@)?(?P<host>[A-Za-z0-9.,_-]+(?::\d{1,5})?)(?P<path>/[A-Za-z0-9_-]*)?"
    r"(?:\?(?P<query>[^#\s@]*))?\Z"
)
_SIZE = regex(r"(?:[a-z_]*(?:pool|conn|max)[a-z_]*=\d{1,6})\Z", 2)
"""A parameter that says how large a pool is."""

_HOST_KEY = regex(r"(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|REDIS|MONGO|MONGODB)_?HOST")
_HOST = regex(r"[A-Za-z][A-Za-z0-9.-]{0,252}\Z")


def secret_group(manifest: Manifest) -> EnvironmentGroup:
    """The addresses of databases among a Secret's entries, without users and passwords. All are
    said to stand at the Secret's name, since its lines are not to be shown."""
    return EnvironmentGroup(
        f"secret:{manifest.namespace}/{manifest.name}",
        tuple(_addresses(manifest)),
        manifest.location,
        complete=False,
    )


def _addresses(manifest: Manifest) -> Iterator[EnvironmentVariable]:
    here = manifest.location
    for section in ("data", "stringData"):
        for key, field in manifest.root.get(section).entries():
            text = field.string() or ""
            address = _address(key, text if section == "stringData" else _decoded(text))
            if address:
                value = Sourced(address, Source.FILE, here, "a Secret holds it")
                yield EnvironmentVariable(key, value, here)


def _decoded(text: str) -> str:
    """ "" for what is no base64 of a text."""
    if len(text) > 2 * _LONGEST:
        return ""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _address(key: str, text: str) -> str:
    """A database's URL with nothing in it but its host, its name and the sizes of pools, or the
    host alone; "" for everything else."""
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    if _HOST_KEY.fullmatch(key.upper()):
        return text if _HOST.match(text) else ""
    match = _ADDRESS.match(text)
    if match is None:
        return ""
    sizes = [part for part in (match["query"] or "").split("&") if _SIZE.match(part)]
    query = f"?{'&'.join(sizes)}" if sizes else ""
    return f"{match['scheme']}{match['host']}{match['path'] or ''}{query}"
