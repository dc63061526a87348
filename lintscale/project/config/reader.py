"""A config file into the settings that it sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lintscale import platforms
from lintscale._record import fields, replace
from lintscale.platforms.base import Platform
from lintscale.project.config import suppressions
from lintscale.project.config.settings import (
    BALANCED,
    BUILT_IN_PROFILES,
    FAIL_ON,
    PROVIDERS,
    PYPROJECT,
    SEVERITIES,
    ConfigError,
    DatabaseSettings,
    KnownRule,
    KnownRules,
    Profile,
    RenderingSettings,
    SuppressionSettings,
    names_of,
    no_such,
)
from lintscale.syntax import Field, ParseResult, parse, tables
from lintscale.syntax.tables import Mistakes

_MOST_SECONDS = 600
"""Of a time limit for rendering."""

_PERCENTAGES = ("cpu_percent", "memory_percent", "scale_in_cpu_percent", "scale_in_memory_percent")


def read_config(
    path: Path, known_rules: KnownRules | None, text: str | None = None
) -> dict[str, Any]:
    """The fields of Settings that the file sets; ``text`` is taken for what it holds. Raises
    ConfigError with all its mistakes."""
    name = _shown_name(path)
    try:
        text = path.read_text(encoding="utf-8-sig") if text is None else text
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}:1:1: not UTF-8, which TOML must be; save it as UTF-8") from error
    mistakes = Mistakes(name)
    result = parse(text, name, "toml")
    _add_problems(result, mistakes)
    read: dict[str, Any] = {}
    if result.documents and result.documents[0].root is not None:
        root = Field.root(result.documents[0])
        if path.name == PYPROJECT:
            root = root.get("tool", "lintscale")
        if root.present:
            read = ConfigReader(mistakes, known_rules, path.parent).settings(root)
    if mistakes.found:
        raise ConfigError(mistakes.lines())
    return read


def _shown_name(path: Path) -> str:
    """Relative to the working folder where it lies in it."""
    current = Path.cwd()
    return path.relative_to(current).as_posix() if path.is_relative_to(current) else str(path)


def _add_problems(result: ParseResult, mistakes: Mistakes) -> None:
    for problem in result.problems:
        if problem.kind == "duplicate-key":
            first = f"the first is on line {problem.related.line}" if problem.related else ""
            key = problem.path[-1] if problem.path else ""
            mistakes.add(problem.span, f"“{key}” is defined twice ({first}); keep one of them")
        else:
            mistakes.add(problem.span, f"{problem.message}; correct it, then run again")


class ConfigReader:
    """``readers`` gives the values of the keys, in the order in which they are read."""

    def __init__(self, mistakes: Mistakes, known_rules: KnownRules | None, folder: Path) -> None:
        self.mistakes = mistakes
        self.folder = folder
        self.policies: tuple[Path, ...] = ()
        self.profiles = dict(BUILT_IN_PROFILES)
        self.profile_tables: dict[str, Field] = {}
        self.ignored: list[tuple[str, Field]] = []
        self.suppressions: tuple[SuppressionSettings, ...] = ()
        self.known_rules = known_rules
        self._rules: Mapping[str, KnownRule] | None = None
        self._finished: set[str] = set()
        self.readers: dict[str, Callable[[Field], Any]] = {
            # First: what they hold may be named by everything else.
            "policies": self._policies,
            "profiles": self._profiles,
            "profile": self._profile_name,
            "ignore": self._ignored,
            "strict": self._strict,
            "default-environment": self._text,
            "environments": self._environments,
            "select": self._rule_names,
            "exclude": self._patterns,
            "severity": self._severities,
            "databases": self._databases,
            "services": self._services,
            "rules": self._params,
            "baseline": self._text,
            "fixable": self._rule_names,
            "unfixable": self._rule_names,
            "unsafe-fixes": self._flag,
            "rendering": self._rendering,
            "fail-on": lambda value: tables.one_of(value, FAIL_ON, self.mistakes),
            "min-severity": lambda value: tables.one_of(value, SEVERITIES, self.mistakes),
        }

    def settings(self, root: Field) -> dict[str, Any]:
        own = {
            key: platform
            for platform in platforms.TABLE.values()
            for key in (platform.version_key, *platform.setting_keys)
            if key
        }
        found = dict(tables.known_entries(root, (*self.readers, *own), self.mistakes))
        read = self._of_platforms({key: found.pop(key) for key in own if key in found}, own)
        for key in sorted(found, key=list(self.readers).index):
            name = {"rules": "params"}.get(key, key.replace("-", "_"))
            read[name] = self.readers[key](found[key])
        return {**read, "suppressions": self.suppressions}

    def _text(self, value: Field) -> str:
        return tables.text(value, self.mistakes)

    def _flag(self, value: Field) -> bool:
        return bool(tables.like(value, False, self.mistakes))

    # -- rules ------------------------------------------------------------------------------------

    def _known(self) -> Mapping[str, KnownRule] | None:
        if self._rules is None and self.known_rules is not None:
            self._rules = self.known_rules(self.policies)
        return self._rules

    def _rule_names(self, value: Field) -> tuple[str, ...]:
        return tuple(name for name, _ in self._located_names(value))

    def _located_names(self, value: Field) -> list[tuple[str, Field]]:
        return self._checked(list(tables.located_texts(value, self.mistakes)))

    def _checked(self, names: list[tuple[str, Field]]) -> list[tuple[str, Field]]:
        for name, item in names:
            known = self._known()
            if known is not None and name not in names_of(known):
                self.mistakes.add(item, no_such("rule or category", name, names_of(known)))
        return names

    def _ignored(self, value: Field) -> tuple[str, ...]:
        texts, found = suppressions.split_entries(value, self.mistakes)
        self.ignored = self._checked(texts)
        read = (
            suppressions.suppression(
                table, self._located_names, self._patterns, self._workloads, self.mistakes
            )
            for table in found
        )
        self.suppressions = tuple(each for each in read if each is not None)
        return tuple(name for name, _ in self.ignored)

    def _strict(self, value: Field) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        for _, rules in tables.known_entries(value, ("rules",), self.mistakes):
            names = self._rule_names(rules)
            suppressions.check_strict(names, self.ignored, self._known(), self.mistakes)
        return names

    def _patterns(self, value: Field) -> tuple[str, ...]:
        """Of files, as in a .gitignore."""
        from pathspec import GitIgnoreSpec

        patterns = list(tables.located_texts(value, self.mistakes))
        for pattern, item in patterns:
            try:
                GitIgnoreSpec.from_lines([pattern])
            except ValueError:
                self.mistakes.add(item, f"“{pattern}” is no pattern as .gitignore has them")
        return tuple(pattern for pattern, _ in patterns)

    def _is_rule(self, name: str, where: Field) -> bool:
        known = self._known()
        if known is None or name in known:
            return True
        if name in names_of(known):
            self.mistakes.add(where, f"“{name}” is a category; name its rules one by one")
        else:
            self.mistakes.add(where, no_such("rule", name, known))
        return False

    def _severities(self, value: Field) -> dict[str, str]:
        hint = "; “ignore” turns a rule off"
        return {
            rule: tables.one_of(severity, SEVERITIES, self.mistakes, hint)
            for rule, severity in tables.entries(value, self.mistakes)
            if self._is_rule(rule, severity)
        }

    def _params(self, value: Field) -> dict[str, dict[str, object]]:
        params: dict[str, dict[str, object]] = {}
        for rule, table in tables.entries(value, self.mistakes):
            if not self._is_rule(rule, table):
                continue
            known = self._known()
            defaults = known[rule].params if known is not None else None
            if defaults is None:
                entries = tables.entries(table, self.mistakes)
                params[rule] = {key.replace("-", "_"): each.plain() for key, each in entries}
            else:
                params[rule] = self._params_of(rule, table, defaults)
        return params

    def _params_of(self, rule: str, table: Field, defaults: Mapping[str, Any]) -> dict[str, object]:
        if not defaults:
            self.mistakes.add(table, f"the rule {rule} has no options; leave this out")
            return {}
        spelled = {name.replace("_", "-"): name for name in defaults}
        return {
            spelled[key]: tables.like(each, defaults[spelled[key]], self.mistakes)
            for key, each in tables.known_entries(table, spelled, self.mistakes)
        }

    # -- profiles ---------------------------------------------------------------------------------

    def _profile_name(self, value: Field) -> str:
        name = self._text(value)
        if name and name not in self.profiles:
            self.mistakes.add(value, no_such("profile", name, self.profiles))
        return name

    def _profiles(self, value: Field) -> dict[str, Profile]:
        self.profile_tables = dict(tables.entries(value, self.mistakes))
        for name in self.profile_tables:
            self._profile(name, ())
        return self.profiles

    def _profile(self, name: str, above: tuple[str, ...]) -> None:
        """Adds the profile to ``profiles``, and first what it extends. ``above`` are those that
        wait for it."""
        if name in self._finished:
            return
        table = self.profile_tables[name]
        before = len(self.mistakes.found)
        keys = ("extends", *(each for each in fields(Profile) if each != "name"))
        spelled = {key.replace("_", "-"): key for key in keys}
        found = dict(tables.known_entries(table, spelled, self.mistakes))
        base = BUILT_IN_PROFILES.get(name, BALANCED)
        if "extends" in found:
            wanted = found.pop("extends")
            base = self._base(tables.text(wanted, self.mistakes), wanted, (*above, name))
        changes = {
            spelled[key]: self._profile_value(spelled[key], each) for key, each in found.items()
        }
        profile = replace(base, name=name, **changes)
        unbroken = len(self.mistakes.found) == before
        if unbroken and profile.min_instances > profile.max_instances:
            at = found.get("min-instances") or found.get("max-instances") or table
            self.mistakes.add(
                at,
                f"the profile {name} wants at least {profile.min_instances} and at most "
                f"{profile.max_instances} instances; set both min-instances and max-instances",
            )
        self.profiles[name] = profile
        self._finished.add(name)

    def _base(self, name: str, where: Field, above: tuple[str, ...]) -> Profile:
        if name == above[-1] and name in BUILT_IN_PROFILES:
            return BUILT_IN_PROFILES[name]
        if name in above:
            circle = " → ".join((*above[above.index(name) :], name))
            self.mistakes.add(where, f"profiles extend each other in a circle: {circle}; break it")
            return BALANCED
        if name in self.profile_tables:
            self._profile(name, above)
        if name and name not in self.profiles:
            names = {*self.profiles, *self.profile_tables}
            self.mistakes.add(where, no_such("profile", name, names))
        return self.profiles.get(name, BALANCED)

    def _profile_value(self, name: str, value: Field) -> Any:
        if name == "p95_seconds":
            return tables.number(value, self.mistakes)
        if name in _PERCENTAGES:
            return tables.whole_number(value, self.mistakes, least=1, most=100)
        return tables.whole_number(value, self.mistakes)

    # -- platforms --------------------------------------------------------------------------------

    def _of_platforms(self, found: dict[str, Field], owners: dict[str, Platform]) -> dict[str, Any]:
        """The settings that platforms contribute."""
        if not found:
            return {}
        versions, own = platforms.newest_versions(), {}
        for key, value in found.items():
            platform = owners[key]
            if key == platform.version_key:
                versions[platform.name] = self._version(platform, value)
            else:
                own[key] = platforms.read_setting(platform.name, key, value, self.mistakes)
        return {"versions": versions, "platform_settings": own}

    def _version(self, platform: Platform, value: Field) -> str:
        """As "1.31"; a leading "v" and a patch version change nothing."""
        oldest, newest = platform.versions[0], platform.versions[-1]
        written = tables.text(value, self.mistakes)
        found = re.fullmatch(r"v?(\d{1,3}\.\d{1,3})(\.\d{1,4})?(?:[-+].{0,50})?", written.strip())
        version = found[1] if found else ""
        if not written or version in platform.versions:
            return version or newest
        known = f"lintscale knows {oldest} to {newest}"
        if not found:
            said = f'must be a version as in "{newest}", not “{written}”; {known}'
        else:
            said = f"is {written}; {known}"
        self.mistakes.add(value, f"“{platform.version_key}” {said}")
        return newest

    # -- the project ------------------------------------------------------------------------------

    def _rendering(self, table: Field) -> RenderingSettings:
        readers: dict[str, Callable[[Field], Any]] = {
            "enabled": self._flag,
            "time-limit": lambda value: tables.whole_number(value, self.mistakes, 1, _MOST_SECONDS),
        }
        read = self._read(table, readers)
        if "time_limit" in read:
            read["time_limit_seconds"] = read.pop("time_limit")
        return RenderingSettings(**read)

    def _read(self, table: Field, readers: Mapping[str, Callable[[Field], Any]]) -> dict[str, Any]:
        """The values of a table's entries."""
        return {
            key.replace("-", "_"): readers[key](value)
            for key, value in tables.known_entries(table, readers, self.mistakes)
        }

    def _environments(self, value: Field) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (name, self._patterns(globs)) for name, globs in tables.entries(value, self.mistakes)
        )

    def _policies(self, value: Field) -> tuple[Path, ...]:
        named = list(tables.located_texts(value, self.mistakes))
        for name, item in named:
            if not (self.folder / name).is_dir():
                self.mistakes.add(item, f"there is no folder “{name}” beside this file")
        self.policies = tuple(path for name, _ in named if (path := self.folder / name).is_dir())
        return self.policies

    def _services(self, value: Field) -> dict[str, tuple[str, ...]]:
        return {
            name: self._workloads(patterns)
            for name, patterns in tables.entries(value, self.mistakes)
        }

    def _workloads(self, value: Field) -> tuple[str, ...]:
        """Patterns for workloads: a name, Kind/name, either after a platform and a colon."""
        patterns = list(tables.located_texts(value, self.mistakes))
        for pattern, item in patterns:
            platform, colon, _ = pattern.partition(":")
            if colon and platform not in platforms.TABLE:
                self.mistakes.add(item, no_such("platform", platform, platforms.TABLE))
        return tuple(pattern for pattern, _ in patterns)

    def _databases(self, value: Field) -> tuple[DatabaseSettings, ...]:
        return tuple(
            self._database(name, table) for name, table in tables.entries(value, self.mistakes)
        )

    def _database(self, name: str, table: Field) -> DatabaseSettings:
        readers: dict[str, Callable[[Field], Any]] = {
            "match": lambda value: tables.texts(value, self.mistakes),
            "max-connections": lambda value: tables.whole_number(value, self.mistakes, 1),
            "reserved": lambda value: tables.whole_number(value, self.mistakes),
            "engine": self._text,
            "pooler": self._text,
            "provider": lambda value: tables.one_of(value, PROVIDERS, self.mistakes),
            "plan": self._text,
        }
        before = len(self.mistakes.found)
        database = DatabaseSettings(name, **self._read(table, readers))
        limit, reserved = database.max_connections, database.reserved
        is_sound = len(self.mistakes.found) == before
        if is_sound and limit is not None and reserved is not None and reserved >= limit:
            text = f"{reserved} reserved of {limit} connections leave none; correct one of them"
            self.mistakes.add(table.get("reserved"), text)
        return database
