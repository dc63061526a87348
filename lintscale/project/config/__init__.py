"""Settings, typed: ``lintscale.toml`` or ``[tool.lintscale]`` in ``pyproject.toml``.

Which of them holds for a path, what the project's root is, and what the command line changes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
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
    *,
    config: Path | None = None,
    isolated: bool = False,
    known_rules: KnownRules | None = None,
    policies: Sequence[Path] = (),
    profile: str | None = None,
    environment: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    min_severity: str | None = None,
    fail_on: str | None = None,
    render: bool = True,
    texts: Mapping[Path, str] | None = None,
) -> Settings:
    """The settings for a run that starts at ``start`` (the first path that is checked), by the
    configuration that :func:`located` finds.

    The arguments after ``known_rules`` are the command line's and win over the file; None and ()
    say nothing. ``policies`` are folders beside the file's. ``select`` replaces the file's; what it
    names is taken out of the file's ``ignore``, to which ``ignore`` adds. ``render`` False turns
    rendering off. Without ``known_rules`` the names of rules are taken as they are. ``texts`` are
    taken for what files hold.

    Raises ConfigError: one line per mistake, ``file:line:column: what is wrong; what to do``.
    """
    settings = located(start, config=config, isolated=isolated)
    file = settings.config_file
    if file is not None:
        from lintscale.project.config.reader import read_config

        settings = replace(settings, **read_config(file, known_rules, (texts or {}).get(file)))
    settings = replace(settings, policies=(*settings.policies, *policies))
    _check_names(select, "--select", known_rules, settings.policies)
    _check_names(ignore, "--ignore", known_rules, settings.policies)
    if profile and profile not in settings.profiles:
        raise ConfigError(f"--profile: {no_such('profile', profile, settings.profiles)}")
    return replace(
        settings,
        profile=profile or settings.profile,
        profile_of_run=bool(profile) and profile != settings.profile,
        environment=environment or settings.environment,
        select=tuple(select) or settings.select,
        ignore=(*(name for name in settings.ignore if name not in select), *ignore),
        min_severity=min_severity or settings.min_severity,
        fail_on=fail_on or settings.fail_on,
        rendering=replace(settings.rendering, enabled=render and settings.rendering.enabled),
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


def _check_names(
    names: Sequence[str],
    option: str,
    known_rules: KnownRules | None,
    policies: Sequence[Path],
) -> None:
    if not names or known_rules is None:
        return
    known = names_of(known_rules(policies))
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
