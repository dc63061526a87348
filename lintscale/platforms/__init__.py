"""One package per platform, and the table of them.

A platform's ``__init__`` is light: its name, and the look at text by which discovery decides
whether a file is worth parsing. Its ``normalise`` module is imported only when a file of it
turned up.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import cast

from lintscale.platforms import ecs, kubernetes, railway, render
from lintscale.platforms.base import Platform

_LOOKS: tuple[ModuleType, ...] = (render, railway, ecs, kubernetes)

NAMES: tuple[str, ...] = tuple(platform.NAME for platform in _LOOKS)


def candidates(file_name: str, text: str) -> tuple[str, ...]:
    """The platforms that this text (a file's, or one YAML chunk's) may belong to, by a cheap
    look; the parsed document decides."""
    return tuple(look.NAME for look in _LOOKS if look.may_hold(file_name, text))


def load(name: str) -> Platform:
    """The platform's reading functions."""
    return cast(Platform, import_module(f"lintscale.platforms.{name}.normalise"))
