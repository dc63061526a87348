"""Settings, typed: ``lintscale.toml`` or ``[tool.lintscale]`` in ``pyproject.toml``.

Which of them holds for a path, what the project's root is, and what the command line changes.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from lintscale._record import replace
from lintscale.project.config.settings import (
    AGGRESSIVE,
    BALANCED,
    BUILT_IN_PROFILES,
    CONSERVATIVE,
    EVERYTHING,
    FAIL_ON,
    FILE_NAME,
    PROVIDERS,
    PYPROJECT,
    SEVERITIES,
    ConfigError,
    DatabaseSettings,
    KnownRule,
    KnownRules,
    Profile,
    RenderingSettings,
    RunOptions,
    Settings,
    SuppressionSettings,
    names_of,
    no_such,
)

__all__ = [
    "AGGRESSIVE",
    "BALANCED",
    "BUILT_IN_PROFILES",
    "CONSERVATIVE",
    "EVERYTHING",
    "FAIL_ON",
    "FILE_NAME",
    "PROVIDERS",
    "PYPROJECT",
    "SEVERITIES",
    "ConfigError",
    "DatabaseSettings",
    "KnownRule",
    "KnownRules",
    "Profile",
    "RenderingSettings",
    "RunOptions",
    "Settings",
    "SuppressionSettings",
    "load_settings",
    "located",
    "names_of",
    "no_such",
    "repository_of",
]


def load_settings(
    start: Path,
    options: RunOptions = RunOptions(),  # noqa: B008 - frozen
    *,
    config: Path | None = None,
    isolated: bool = False,
    known_rules: KnownRules | None = None,
    texts: Mapping[Path, str] | None = None,
) -> Settings:
    """The settings for a run that starts at ``start`` (the first path that is checked), by the
    configuration that :func:`located` finds, and by its ``options``.

    Without ``known_rules`` the names of rules are taken as they are. ``texts`` are taken for what
    files hold.

    Raises ConfigError: one line per mistake, ``file:line:column: what is wrong; what to do``.
    """
    settings = located(start, config=config, isolated=isolated)
    file = settings.config_file
    if file is not None:
        from lintscale.project.config.reader import read_config

        settings = replace(settings, **read_config(file, known_rules, (texts or {}).get(file)))
    settings = replace(settings, policies=(*settings.policies, *options.policies))
    if known_rules is not None and (options.select or options.ignore):
        known = names_of(known_rules(settings.policies))
        _check_names(options.select, "--select", known)
        _check_names(options.ignore, "--ignore", known)
    profile, select = options.profile, options.select
    if profile and profile not in settings.profiles:
        raise ConfigError(f"--profile: {no_such('profile', profile, settings.profiles)}")
    rendering = settings.rendering
    return replace(
        settings,
        profile=profile or settings.profile,
        profile_of_run=bool(profile) and profile != settings.profile,
        environment=options.environment or settings.environment,
        select=tuple(select) or settings.select,
        ignore=(*(name for name in settings.ignore if name not in select), *options.ignore),
        min_severity=options.min_severity or settings.min_severity,
        fail_on=options.fail_on or settings.fail_on,
        rendering=replace(rendering, enabled=options.render and rendering.enabled),
    )


def located(start: Path, *, config: Path | None = None, isolated: bool = False) -> Settings:
    """Settings that only know what holds at ``start``: the root and the configuration file, which
    is not read.

    Without ``config``, the nearest ``lintscale.toml`` or ``pyproject.toml`` with a
    ``[tool.lintscale]`` table at or above ``start`` holds, not beyond the git repository that
    ``start`` lies in; ``isolated`` takes none. The root is that file's folder, else the git
    repository, else ``start`` itself (``whole_project`` is then False). A ``config`` from
    elsewhere, which does not stand above ``start``, leaves the root alone.
    """
    start = _absolute(start)
    folder = start if start.is_dir() else start.parent
    repository = repository_of(folder)
    settings = Settings(root=repository or folder, whole_project=repository is not None)
    found = None if isolated else config or _config_file(folder, repository)
    if found is None:
        return settings
    found = _absolute(found)
    if folder.is_relative_to(found.parent):
        settings = replace(settings, root=found.parent, whole_project=True)
    return replace(settings, config_file=found)


def _check_names(names: Sequence[str], option: str, known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise ConfigError(f"{option}: {no_such('rule or category', name, known)}")


def _absolute(path: Path) -> Path:
    """Without "..", so that ``parents`` are the folders above; symbolic links stay, since names
    are relative to what the user sees."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def repository_of(folder: Path) -> Path | None:
    """The folder with ``.git`` (in a worktree a file) at or above ``folder``."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def _config_file(folder: Path, repository: Path | None) -> Path | None:
    for each in (folder, *folder.parents):
        own = each / FILE_NAME
        if own.is_file():
            return own
        pyproject = each / PYPROJECT
        if pyproject.is_file() and _has_our_table(pyproject):
            return pyproject
        if each == repository:
            return None
    return None


def _has_our_table(pyproject: Path) -> bool:
    """A broken pyproject.toml that does not name us is other tools' business."""
    try:
        text = pyproject.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    if "lintscale" not in text:
        return False
    from lintscale.syntax import Field, parse

    result = parse(text, PYPROJECT, "toml")
    if not result.documents:
        return "[tool.lintscale" in text
    return Field.root(result.documents[0]).get("tool", "lintscale").present
