"""The releases of a helmfile, for each of its environments.

A helmfile is a template: of its actions only the name of the environment and of the release are
filled in; lines that hold nothing but an action are passed over.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator
from re import Match

from lintscale._record import replace
from lintscale.platforms.kubernetes.rendering.deployments import (
    Deployment,
    Inline,
    Plain,
    as_json,
    at,
    text,
)
from lintscale.platforms.kubernetes.rendering.library import Library, joined
from lintscale.syntax import Field
from lintscale.syntax.regex import regex
from lintscale.syntax.yaml import parse_yaml

_ACTION = regex(r"\{\{-?\s*(?:`\{\{\s*)?(.{0,300}?)\s*(?:\}\}`\s*)?-?\}\}")
_ALONE = regex(r"\s*(?:-\s+)?(?:\{\{.{0,300}?\}\}\s*)+\Z")
_NAMED = regex(r"\.[A-Za-z][\w.]*")
_OPENED, _CLOSED = "\u27e6", "\u27e7"
"""In the place of an action's braces, so that what remains is YAML."""

_LENIENT = ("warn", "info", "debug")
_DEFAULT = "default"


def read_helmfile(name: str, library: Library) -> list[Deployment]:
    """A release that is the same in all environments is there once."""
    written = library.text(name)
    environments = _environments(name, _documents(written, _DEFAULT), library) or [_DEFAULT]
    found: dict[Deployment, list[Deployment]] = {}
    for environment in environments:
        for each in _releases(name, _documents(written, environment), environment, library):
            found.setdefault(replace(each, environment="", command=""), []).append(each)
    result = []
    for same in found.values():
        everywhere = len(same) == len(environments)
        result.append(replace(same[0], environment="") if everywhere else same[0])
    return result


def _documents(written: str, environment: str) -> list[Plain]:
    def filled(match: Match[str]) -> str:
        action = match[1].strip()
        if action == ".Environment.Name":
            return environment
        known = action if _NAMED.fullmatch(action) else "?"
        return f"{_OPENED}{known}{_CLOSED}"

    lines = [line for line in written.splitlines() if not _ALONE.match(line)]
    parsed = parse_yaml(_ACTION.sub(filled, "\n".join(lines)), "helmfile").documents
    return [Field.root(document).plain() for document in parsed]


def _environments(name: str, documents: list[Plain], library: Library) -> list[str]:
    """Those that the helmfile declares, or a file that it is based on."""
    found: list[str] = []
    for document in documents:
        declared = at(document, "environments")
        found += [str(key) for key in declared] if isinstance(declared, dict) else []
        bases = at(document, "bases")
        for base in bases if isinstance(bases, list) else ():
            path = joined(posixpath.dirname(name), str(base))
            if library.exists(path) and library.is_inside(path) and path != name:
                for each in _documents(library.text(path), _DEFAULT):
                    declared = at(each, "environments")
                    found += [str(key) for key in declared] if isinstance(declared, dict) else []
    named = [each for each in dict.fromkeys(found) if each != _DEFAULT and _OPENED not in each]
    return sorted(named)


def _releases(
    name: str, documents: list[Plain], environment: str, library: Library
) -> Iterator[Deployment]:
    templates: dict[str, Plain] = {}
    for document in documents:
        declared = at(document, "templates")
        templates |= declared if isinstance(declared, dict) else {}
    lenient = any(text(each, "missingFileHandler").lower() in _LENIENT for each in documents)
    for document in documents:
        listed = at(document, "releases")
        for release in listed if isinstance(listed, list) else ():
            if isinstance(release, dict) and release.get("installed") is not False:
                whole = _inherited(release, templates)
                yield _release(name, whole, environment, lenient, library)


def _inherited(release: dict[str, Plain], templates: dict[str, Plain]) -> dict[str, Plain]:
    """With what the templates that it names say."""
    inherit = release.get("inherit")
    whole: dict[str, Plain] = {}
    for each in inherit if isinstance(inherit, list) else ():
        template = templates.get(text(each, "template"))
        whole |= template if isinstance(template, dict) else {}
    return whole | release


def _release(
    name: str, release: dict[str, Plain], environment: str, lenient: bool, library: Library
) -> Deployment:
    here = posixpath.dirname(name)
    own = {".Release.Name": text(release, "name"), ".Release.Namespace": text(release, "namespace")}

    def filled(words: str) -> str:
        for key, value in own.items():
            words = words.replace(f"{_OPENED}{key}{_CLOSED}", value)
        return words

    lenient = lenient or text(release, "missingFileHandler").lower() in _LENIENT
    values: list[str | Inline] = []
    complete = True
    for key in ("values", "valuesTemplate"):
        entries = release.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                inline = filled(as_json(entry))
                complete = complete and _OPENED not in inline
                values.append(Inline(inline, ""))
                continue
            path = filled(str(entry))
            file = joined(here, path)
            if _OPENED in path or not library.is_inside(file):
                complete = False
            elif not library.exists(file):
                complete = complete and lenient
            elif file.endswith(".gotmpl") and "{{" in library.text(file):
                complete = False
            else:
                values.append(file)
    settings, known = _settings(release)
    chart = filled(text(release, "chart"))
    folder = joined(here, chart)
    is_path = chart.startswith((".", "/")) or library.is_chart(folder)
    words = ["helmfile", "--file", name]
    if environment != _DEFAULT:
        words += ["--environment", environment]
    return Deployment(
        file=name,
        by="a helmfile release",
        chart=chart,
        folder=folder if is_path else "",
        name=text(release, "name"),
        namespace=filled(text(release, "namespace")),
        values=tuple(values),
        settings=settings,
        complete=complete and known,
        environment="" if environment == _DEFAULT else environment,
        command=f"{shlex.join(words)} template",
    )


def _settings(release: dict[str, Plain]) -> tuple[tuple[str, ...], bool]:
    """Its ``set`` as options of Helm, and whether these are all."""
    found: list[str] = []
    known = True
    for key in ("set", "setString", "setTemplate"):
        entries = release.get(key)
        for entry in entries if isinstance(entries, list) else ():
            name, value = text(entry, "name"), at(entry, "value")
            if not name or value is None or _OPENED in f"{name}{value}":
                known = False
                continue
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            found += ["--set-string" if key == "setString" else "--set", f"{name}={shown}"]
    return tuple(found), known
