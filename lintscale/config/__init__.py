"""Settings: ``lintscale.toml`` or ``[tool.lintscale]`` in ``pyproject.toml``, typed."""

from lintscale.config.known import KnownRule, no_such
from lintscale.config.loader import load_settings
from lintscale.config.settings import (
    AGGRESSIVE,
    BALANCED,
    BUILT_IN_PROFILES,
    CONSERVATIVE,
    ConfigError,
    DatabaseSettings,
    Profile,
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
    "Settings",
    "SuppressionSettings",
    "load_settings",
    "no_such",
]
