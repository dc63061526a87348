"""Which environment a workload belongs to, and by what sign.

The signs, strongest first: the command line, the configuration's globs, the platform's own
environments, labels, the namespace, the path of the file, the workload's name, the configured
default. A wrong guess costs most where a test system is judged as production, so words are taken
as whole words, a word with two meanings counts only where it can hardly mean the other, and a
sign that names two environments is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Protocol

from lintscale.model.declared import Autoscaler, Workload
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.project.config import Settings
from lintscale.resolve.words import words
from lintscale.syntax.field import has_placeholder

PRODUCTION, STAGING, DEVELOPMENT, PREVIEW = "production", "staging", "development", "preview"

CLEAR_WORDS = {
    **dict.fromkeys(("prod", "prd", "production"), PRODUCTION),
    **dict.fromkeys(
        ("staging", "stg", "uat", "qa", "preprod", "preprd", "preproduction", "nonprod"), STAGING
    ),
    **dict.fromkeys(("dev", "devel", "development", "sandbox", "minikube"), DEVELOPMENT),
}
"""Words that name an environment wherever they stand. Whatever stands between development and
production (acceptance, quality assurance) is staging."""

AMBIGUOUS_WORDS = {
    "live": PRODUCTION,
    **dict.fromkeys(("stage", "test", "testing", "acceptance", "integration", "perf"), STAGING),
    **dict.fromkeys(("local", "localhost", "kind", "k3d", "playground", "demo"), DEVELOPMENT),
    **dict.fromkeys(("preview", "previews", "review"), PREVIEW),
}
"""Words that also are ordinary parts of names ("live-chat", "review-service"). "tests",
"fixtures", "examples" and the like are in neither table: whoever checks such a folder wants to
know what would become of it in production."""

_LAST_WORDS = frozenset({"live", "stage", "test", "local", "demo"})
"""Ambiguous words that mean an environment when they end a name of several words. Not
"preview", "integration" or "review": a "link-preview" is a service."""

_WHOLE_WORDS = _LAST_WORDS | {
    "acceptance", "k3d", "kind", "localhost", "perf", "playground", "preview", "previews",
    "testing",
}  # fmt: skip
"""Ambiguous words that mean an environment when they are all that a folder or a namespace is
called. Not "integration" or "review", which folders of services are called."""

_NOT = frozenset({"pre", "non", "not", "no"})
"""Before "prod" they make it another environment."""

_PULL_REQUESTS = frozenset({"pr", "mr", "preview", "review"})
"""With a number behind them: the preview of a change."""

_ENVIRONMENT_LABELS = frozenset({"environment", "env"})
_STAGE_LABELS = frozenset({"stage", "tier"})
"""Labels that some use for the environment and others for something else ("tier: backend")."""

_HOLDERS = frozenset(
    {"overlays", "overlay", "environments", "environment", "envs", "env", "stages", "clusters"}
)
"""Folders whose direct children are environments."""


def path_matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """A test whether a path relative to the project root matches one of ``patterns``, which are
    written like .gitignore's. A pattern that names a folder matches everything below it."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns).match_file


class _Placed(Protocol):
    """An object; its labels, namespace and hint are looked at where it has them."""

    @property
    def location(self) -> Location: ...


class EnvironmentFinder:
    """Answers for all workloads of a project; the configuration's globs are compiled once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.globs = [(name, path_matcher(globs)) for name, globs in settings.environments]
        self._known: dict[str, str | None] = {}

    def of_file(self, file: str) -> str | None:
        """What the path of a file alone says."""
        if self.settings.environment:
            return self.settings.environment
        configured = self._configured(file)
        if configured is not None:
            return configured
        return next((found for found, _ in _path(file) if found is not None), None)

    def told_apart(self, one: _Placed, other: _Placed) -> bool:
        """Whether the configuration, or the files, give two objects to different environments.
        The same sign of both is compared where both have one, else the strongest of each. A run's
        own ``environment`` says nothing of either, and a workload's name nothing either: whoever
        refers to it knows it."""
        overlay = one.location.rendered_by
        if overlay and overlay == other.location.rendered_by:
            return False
        first, second = self._environment_signs(one), self._environment_signs(other)
        for sign, its in zip(first, second, strict=True):
            if sign and its:
                return sign != its
        strongest = next(filter(None, first), None), next(filter(None, second), None)
        return None not in strongest and strongest[0] != strongest[1]

    def _environment_signs(self, thing: _Placed) -> tuple[str | None, ...]:
        """By the configuration, by the platform, by labels, by the file's path, by the
        namespace."""
        files = _homes(thing.location)
        hint: str = getattr(thing, "environment_hint", "")
        target = getattr(thing, "target", thing)
        namespace: str = getattr(target, "namespace", "")
        return (
            next(filter(None, map(self._configured, files)), None),
            _stated(hint) if hint else None,
            _labelled(thing),
            next((found for file in files for found, _ in _path(file) if found), None),
            _name(namespace, _WHOLE_WORDS) if namespace else None,
        )

    def _configured(self, file: str) -> str | None:
        if not self.globs:
            return None
        if file not in self._known:
            found = (name for name, matches in self.globs if matches(file))
            self._known[file] = next(found, None)
        return self._known[file]

    def of_autoscaler(self, autoscaler: Autoscaler) -> str | None:
        """What an autoscaler shows by itself; None where it shows nothing."""
        hint = autoscaler.environment_hint
        signs = [_stated(hint)] if hint else []
        signs.extend(_label(key, autoscaler.labels[key]) for key in sorted(autoscaler.labels))
        if autoscaler.target.namespace:
            signs.append(_name(autoscaler.target.namespace, _WHOLE_WORDS))
        signs += [self.of_file(file) for file in _homes(autoscaler.location)]
        return next((sign for sign in signs if sign is not None), None)

    def of_overlay(self, file: str, namespace: str | None) -> str | None:
        """What an overlay's path, or else the namespace that it sets, shows."""
        found = self._configured(file) or next((name for name, _ in _path(file) if name), None)
        return found or (_name(namespace, _WHOLE_WORDS) if namespace else None)

    def environment(self, workload: Workload, overlays: Sequence[str] = ()) -> Sourced[str]:
        """The name (production, staging, development, preview or one of the user's own) with
        the evidence in ``reason``. ``overlays`` are the files by which it is applied: where none
        of them can be the default's, it is one of theirs."""
        settings = self.settings
        if settings.environment:
            return Sourced(settings.environment, Source.CONFIG, None, "asked for on this run")
        for file in _homes(workload.location):
            name = self._configured(file)
            if name is not None:
                reason = f"the configuration's environment of {file}"
                return Sourced(name, Source.CONFIG, None, reason)
        for found, reason in _signs(workload):
            if found is not None:
                return Sourced(found, Source.FILE, workload.location, reason)
        found_in = {self.of_overlay(file, None): file for file in sorted(overlays, reverse=True)}
        if found_in and not {None, settings.default_environment} & found_in.keys():
            name = STAGING if STAGING in found_in else min(filter(None, found_in))
            return Sourced(
                name, Source.FILE, workload.location, f"the overlay {found_in[name]}, and no other"
            )
        return Sourced(
            settings.default_environment,
            Source.ASSUMED,
            workload.location,
            "no sign of another environment",
        )


def _homes(location: Location) -> tuple[str, ...]:
    """The files whose paths tell the environment: an overlay's own first, then what lies between
    it and the base, then the base."""
    rendering = location.rendering
    overlays = (rendering.by, *rendering.through) if rendering is not None else ()
    return tuple(dict.fromkeys((*overlays, location.file)))


def _signs(workload: Workload) -> Iterable[tuple[str | None, str]]:
    hint = workload.environment_hint
    if hint:
        yield _stated(hint), f"the platform's environment “{hint}”"
    for labels, whose in ((workload.object_labels, "its"), (workload.labels, "its instances'")):
        for key in sorted(labels):
            found = _label(key, labels[key])
            if found is not None:
                yield found, f"{whose} label {key}: {labels[key]}"
    cluster = workload.object_labels.get("cluster", "")
    if cluster:
        yield _name(cluster, _WHOLE_WORDS), f"the cluster “{cluster}”"
    elif workload.namespace:
        yield _name(workload.namespace, _WHOLE_WORDS), f"the namespace “{workload.namespace}”"
    for file in _homes(workload.location):
        yield from _path(file)
    yield _name(workload.name), f"its name “{workload.name}”"


def _labelled(thing: object) -> str | None:
    """What the labels of an object say, of a workload those of its instances too."""
    several = (getattr(thing, name, {}) for name in ("object_labels", "labels"))
    signs = (_label(key, labels[key]) for labels in several for key in sorted(labels))
    return next(filter(None, signs), None)


def _stated(text: str) -> str | None:
    """An environment that is called one: known words by their meaning, another name as it is."""
    if has_placeholder(text):
        return None
    found = _meanings(words(text), CLEAR_WORDS | AMBIGUOUS_WORDS)
    if len(found) == 1:
        return found.pop()
    if words(text) == ("pr",):
        return PREVIEW
    return "-".join(words(text)) or None


def _label(key: str, value: str) -> str | None:
    name = key.rsplit("/", 1)[-1].lower()
    if name in _ENVIRONMENT_LABELS:
        return _stated(value)
    if name in _STAGE_LABELS and len(words(value)) == 1:
        return _only(_meanings(words(value), CLEAR_WORDS | AMBIGUOUS_WORDS))
    return None


def _name(text: str, alone: frozenset[str] = frozenset()) -> str | None:
    """What a name of several words says. ``alone`` are the ambiguous words that count when they
    are the whole name."""
    parts = words(text)
    if not parts:
        return None
    # In a long name only the ends are about the environment; two words for "pre-prod".
    ends = parts if len(parts) <= 3 else (*parts[:2], *parts[-2:])
    clear = _only(_meanings(ends, CLEAR_WORDS))
    if clear is not None:
        return clear
    counting = alone if len(parts) == 1 else _LAST_WORDS
    return AMBIGUOUS_WORDS[parts[-1]] if parts[-1] in counting else None


@lru_cache(maxsize=4096)
def _path(file: str) -> tuple[tuple[str | None, str], ...]:
    """What each part of a path says, and where: from the file's own name up to the outermost
    folder, since what stands nearer says more."""
    path = PurePosixPath(file)
    stem = _name(path.name.split(".", 1)[0], _LAST_WORDS) or _suffixes(path)
    return ((stem, f"the file name {path.name}"), *_folders(path.parent.parts))


@lru_cache(maxsize=4096)
def _folders(folders: tuple[str, ...]) -> tuple[tuple[str | None, str], ...]:
    found = []
    for index in range(len(folders) - 1, -1, -1):
        if index and folders[index - 1].lower() in _HOLDERS:
            name = _only(_meanings(words(folders[index]), CLEAR_WORDS | AMBIGUOUS_WORDS))
        else:
            name = _name(folders[index], _WHOLE_WORDS)
        found.append((name, f"the folder {'/'.join(folders[: index + 1])}"))
    return tuple(found)


def _suffixes(path: PurePosixPath) -> str | None:
    """ "render.preview.yaml": what stands between dots before the extension."""
    known = CLEAR_WORDS | AMBIGUOUS_WORDS
    return _only(_meanings(tuple(path.name.lower().split(".")[1:-1]), known))


def _meanings(parts: tuple[str, ...], known: dict[str, str]) -> set[str]:
    found = set()
    for index, part in enumerate(parts):
        before = parts[index - 1] if index else ""
        after = parts[index + 1] if index + 1 < len(parts) else ""
        bare = part.rstrip("0123456789") or part
        if bare in _PULL_REQUESTS and (after.isdigit() or bare != part):
            found.add(PREVIEW)
            continue
        meaning = known.get(part) or known.get(bare)
        if meaning == PRODUCTION and before in _NOT:
            meaning = STAGING
        if meaning is not None:
            found.add(meaning)
    return found


def _only(found: set[str]) -> str | None:
    return found.pop() if len(found) == 1 else None
