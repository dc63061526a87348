"""Settings: ``lintscale.toml`` or ``[tool.lintscale]`` in ``pyproject.toml``, typed."""

from lintscale.config.loader import KnownRule, load_settings, no_such
from lintscale.config.settings import (
    AGGRESSIVE,
    BALANCED,
    BUILT_IN_PROFILES,
    CONSERVATIVE,
    ConfigError,
    DatabaseSettings,
    Profile,
    Settings,
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
    "Settings",
    "load_settings",
    "no_such",
]
