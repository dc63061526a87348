"""Settings: ``lintscale.toml`` or ``[tool.lintscale]`` in ``pyproject.toml``, typed."""

from lintscale.project.config.known import KnownRule, no_such
from lintscale.project.config.loader import load_settings, located
from lintscale.project.config.settings import (
    AGGRESSIVE,
    BALANCED,
    BUILT_IN_PROFILES,
    CONSERVATIVE,
    ConfigError,
    DatabaseSettings,
    Profile,
    RenderingSettings,
    Settings,
    SuppressionSettings,
)

__all__ = [
    "AGGRESSIVE",
    "BALANCED",
    "BUILT_IN_PROFILES",
    "CONSERVATIVE",
    "ConfigError",
    "DatabaseSettings",
    "KnownRule",
    "Profile",
    "RenderingSettings",
    "Settings",
    "SuppressionSettings",
    "load_settings",
    "located",
    "no_such",
]
