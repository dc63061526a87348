"""One package per platform, and the table of them: see ``base`` for the protocol.

A platform's ``__init__`` is light; what reads its documents is imported when the text of a file
looks like one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from typing import cast

from lintscale.platforms import ecs, kubernetes, railway, render
from lintscale.platforms.base import (
    Cargo,
    CarrierRequest,
    Platform,
    Reader,
    Rendered,
    RenderingRequest,
)
from lintscale.platforms.carriers import CARRIERS as CARRIERS
from lintscale.syntax.field import Field
from lintscale.syntax.tables import Mistakes

TABLE: dict[str, Platform] = {
    platform.name: platform
    for platform in (render.PLATFORM, railway.PLATFORM, ecs.PLATFORM, kubernetes.PLATFORM)
}
"""The platforms by name, in the order in which they are listed and asked about a document."""


def candidates(file_name: str, text: str) -> tuple[str, ...]:
    """The platforms that this text (a file's, or one YAML document's) may belong to, by a cheap
    look; the parsed document decides."""
    return tuple(each.name for each in TABLE.values() if each.may_hold(file_name, text))


def titles(conjunction: str, names: Iterable[str] | None = None) -> str:
    """The platforms (all, unless ``names`` are given) as people list them: "Render, Railway, ECS
    and Kubernetes"."""
    return _listed([TABLE[name].title for name in (TABLE if names is None else names)], conjunction)


def render_tools() -> str:
    """The programs that render files: "kustomize, kubectl or helm"."""
    return _listed([tool for each in TABLE.values() for tool in each.render_tools], "or")


def newest_versions() -> dict[str, str]:
    """The newest version of each platform that has versions, by its name."""
    return {each.name: each.versions[-1] for each in TABLE.values() if each.versions}


def is_well_known(file_name: str) -> bool:
    """Whether a file belongs to a platform by its name alone."""
    base = file_name.rpartition("/")[2]
    return any(base in each.well_known_names for each in TABLE.values())


def extensionless_names() -> frozenset[str]:
    """Files that are read although their name has no extension."""
    return frozenset().union(*(each.extensionless_names for each in TABLE.values()))


def program_of(file_name: str) -> str | None:
    """The platform whose resources the program of this name describes; None for other files."""
    return next((each.name for each in TABLE.values() if each.is_program(file_name)), None)


def is_extensionless(file_name: str) -> bool:
    """Whether a file is read although its name has no extension of a config."""
    names, patterns = _extensionless()
    base = file_name[file_name.rfind("/") + 1 :]
    return base in names or any(
        base.endswith(ending) and fnmatchcase("/".join(file_name.split("/")[-2:]), pattern)
        for ending, pattern in patterns
    )


@cache
def _extensionless() -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """The names, and the patterns with how they end."""
    written = extensionless_names()
    patterns = sorted(name for name in written if "/" in name)
    return written.difference(patterns), tuple(
        (p[max(p.rfind("*"), p.rfind("/")) + 1 :], p) for p in patterns
    )


def deploy_files() -> frozenset[str]:
    """Files that say which images a tool builds and puts into documents."""
    return frozenset().union(*(each.deploy_files for each in TABLE.values()))


def registries() -> tuple[str, ...]:
    """Where the makers of platforms publish images."""
    return tuple(each for platform in TABLE.values() for each in platform.registries)


@cache
def load(name: str) -> Reader:
    """How the platform reads documents."""
    return cast(Reader, _module(name, "normalise").READER)


def renderer(name: str) -> Callable[[RenderingRequest], Rendered]:
    """How the platform renders what its files are made of."""
    return cast(Callable[[RenderingRequest], Rendered], _module(name, "rendering").render)


def carrier_of(file_name: str, text: str) -> str:
    """The carrier that a file belongs to; "" for none."""
    return next((each.name for each in CARRIERS.values() if each.may_carry(file_name, text)), "")


def carry(name: str, request: CarrierRequest) -> Cargo:
    """What a carrier's files come to."""
    module = import_module(f"{CARRIERS[name].package}.carry")
    return cast(Callable[[CarrierRequest], Cargo], module.carry)(request)


def read_setting(name: str, key: str, value: Field, mistakes: Mistakes) -> object:
    """The value of one of the platform's own keys of the configuration."""
    return _module(name, "settings").read_setting(key, value, mistakes)


def _listed(names: list[str], conjunction: str) -> str:
    return f" {conjunction} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _module(name: str, module: str):  # type: ignore[no-untyped-def]
    return import_module(f"{TABLE[name].package}.{module}")
