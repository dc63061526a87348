"""The settings, typed, and the names that a config file may use.

Every field has the value that holds without a config file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lintscale._record import field, record
from lintscale.model.location import Span
from lintscale.platforms import newest_versions
from lintscale.syntax.text import closest

FILE_NAME = "lintscale.toml"
PYPROJECT = "pyproject.toml"

SEVERITIES = ("error", "warning", "info")
FAIL_ON = (*SEVERITIES, "never")
EVERYTHING = "all"
"""What ``select`` and ``ignore`` take beside rules and categories."""

PROVIDERS = ("rds", "aurora", "elasticache", "neon", "supabase", "azure", "cloud-sql",
             "digitalocean", "heroku")  # fmt: skip
"""Hosts of databases whose plans lintscale knows; the figures are the facts' (hosted_limits.toml).
"""


@record
class Profile:
    """What a team expects of a production service. Percentages are 0-100.

    ``scale_in_seconds`` is how long load must stay low before instances are taken away;
    ``scale_in_cpu_percent`` and ``scale_in_memory_percent`` say what low is. None: the profile
    does not speak of it.
    """

    name: str
    min_instances: int
    max_instances: int
    cpu_percent: int
    memory_percent: int
    queue_length: int | None
    p95_seconds: float | None
    scale_in_cpu_percent: int
    scale_in_memory_percent: int | None
    scale_in_seconds: int
    scale_out_seconds: int


# The scaling guide's three policies: docs/profiles.md. Where a policy names no memory target,
# balanced's 80 % holds.
BALANCED = Profile("balanced", 2, 10, 70, 80, 100, None, 40, 50, 600, 60)
CONSERVATIVE = Profile("conservative", 1, 5, 80, 80, None, None, 30, None, 900, 300)
AGGRESSIVE = Profile("aggressive", 3, 20, 60, 80, None, 1.0, 50, 60, 1200, 60)
BUILT_IN_PROFILES = {profile.name: profile for profile in (BALANCED, CONSERVATIVE, AGGRESSIVE)}


@record
class DatabaseSettings:
    """What the config says of a database that no scanned file declares, or declares in part.
    ``match`` are globs against a database's name, host, secret or environment reference.
    ``provider`` (else the host name tells) and ``plan`` say which of the known limits holds."""

    name: str
    match: tuple[str, ...] = ()
    max_connections: int | None = None
    reserved: int | None = None
    engine: str = ""
    pooler: str = ""
    provider: str = ""
    plan: str = ""


@record
class SuppressionSettings:
    """A table of ``ignore``: findings of ``rules`` (ids, categories, "all") that are not wanted.

    ``paths`` are globs as in a .gitignore, ``workloads`` shell patterns for a workload's name;
    empty, they leave nothing out. ``expires`` is the last day (ISO) on which it holds, "" for
    ever. ``span`` is where it stands in the config file, ``rule_spans`` where its rules do.
    """

    rules: tuple[str, ...]
    paths: tuple[str, ...] = ()
    workloads: tuple[str, ...] = ()
    reason: str = ""
    expires: str = ""
    span: Span = Span(1, 1, 1, 1)
    rule_spans: tuple[Span, ...] = ()


@record
class RenderingSettings:
    """``time_limit_seconds`` is for each overlay and each chart."""

    enabled: bool = True
    time_limit_seconds: int = 10


@record
class RunOptions:
    """What one run asks for; it wins over the configuration. None and () say nothing. ``policies``
    are folders beside the configuration's. ``select`` replaces the configuration's; what it names
    is taken out of its ``ignore``, to which ``ignore`` adds. ``render`` False turns rendering
    off."""

    policies: Sequence[Path] = ()
    profile: str | None = None
    environment: str | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    min_severity: str | None = None
    fail_on: str | None = None
    render: bool = True


@record
class Settings:
    """All settings of a run. ``root`` is what paths are relative to and what is read."""

    root: Path
    whole_project: bool = True
    """False where ``root`` is only the folder that was named: nothing else is read then."""
    config_file: Path | None = None
    profile: str = ""
    profile_of_run: bool = False
    """Whether it is this run that asks for the profile, and not the config file."""
    profiles: dict[str, Profile] = field(default_factory=lambda: dict(BUILT_IN_PROFILES))
    environment: str = ""
    """The environment of every workload, whatever the files say; "" leaves it to them."""
    default_environment: str = "production"
    environments: tuple[tuple[str, tuple[str, ...]], ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    suppressions: tuple[SuppressionSettings, ...] = ()
    strict: tuple[str, ...] = ()
    """Rules, categories or "all" that no suppression may name."""
    exclude: tuple[str, ...] = ()
    severity: dict[str, str] = field(default_factory=dict)
    databases: tuple[DatabaseSettings, ...] = ()
    services: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rendering: RenderingSettings = field(default_factory=RenderingSettings)
    params: dict[str, dict[str, object]] = field(default_factory=dict)
    policies: tuple[Path, ...] = ()
    """Folders of the team's own rules, in the format of those that ship."""
    baseline: str = ""
    """The file of findings that are known and not reported, relative to ``root``."""
    fixable: tuple[str, ...] = ()
    """Rules, categories or "all" whose fixes are offered; empty: all."""
    unfixable: tuple[str, ...] = ()
    """Those whose fixes are not."""
    unsafe_fixes: bool = False
    """Whether fixes that may change what a service does are applied too."""
    fail_on: str = "warning"
    min_severity: str = "info"
    what_if: tuple[Any, ...] = ()
    """Changes (facts.what_if.Change) that stand in the place of what the files say."""
    versions: dict[str, str] = field(default_factory=newest_versions)
    """Which version of a platform the files are for, by the platform's name."""
    platform_settings: dict[str, Any] = field(default_factory=dict)
    """The values of the keys that platforms contribute."""

    @property
    def supposes(self) -> bool:
        """Whether this run takes for granted what the project does not say, so that what it does
        not find may be there at other times."""
        return bool(self.environment) or self.profile_of_run

    @property
    def chose_profile(self) -> bool:
        """Whether this run or the config names a profile, or changes one."""
        return bool(self.profile) or self.profiles != BUILT_IN_PROFILES

    def profile_for(self, environment: str) -> Profile:
        """The profile by which a workload of this environment is judged: the one asked for, else
        conservative for development and previews, else balanced."""
        if self.profile:
            return self.profiles[self.profile]
        if environment in ("development", "preview"):
            return self.profiles["conservative"]
        return self.profiles["balanced"]


class ConfigError(Exception):
    """The configuration cannot be used. ``str()`` is for people and names file, line, column."""


@record
class KnownRule:
    """What the settings must know of a rule to be checked: its category and its parameters with
    their defaults; None where its file cannot be read, which is reported elsewhere."""

    category: str
    params: Mapping[str, Any] | None = field(default_factory=dict)


KnownRules = Callable[[Sequence[Path]], Mapping[str, KnownRule]]
"""Gives the rules by id, those in these folders of policies included. Asked only when something
names a rule, since reading them costs."""


def no_such(what: str, name: str, known: Iterable[str]) -> str:
    """There is none of that name; what may have been meant, or what there is."""
    names = sorted(known)
    if close := closest(name, names):
        return f"there is no {what} “{name}”; did you mean “{close}”?"
    if len(names) > 12:
        return f"there is no {what} “{name}”; “lintscale rules” lists them all"
    return f"there is no {what} “{name}”; there is {', '.join(names)}"


def names_of(rules: Mapping[str, KnownRule]) -> set[str]:
    """All that ``select`` and ``ignore`` may name."""
    return {*rules, *(rule.category for rule in rules.values()), EVERYTHING}
