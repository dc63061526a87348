"""A chart as a file of the project deploys it, whichever tool does."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from lintscale._record import record

Plain = Any
"""What a document holds, as dict, list and scalars: nobody has checked its shape."""


@record
class Inline:
    """Values that stand in the file that deploys: as JSON, and the yq expression for them."""

    text: str
    query: str

    def has(self, keys: tuple[str, ...]) -> bool:
        return at(json.loads(self.text), *keys) is not None


@record
class Deployment:
    """A chart as one file deploys it. ``folder`` is the chart's in the project, "" where ``chart``
    is the name of one that a repository has. ``values`` are names of files and values written in
    place, later ones over earlier ones, ``settings`` options of Helm over all of them.
    ``complete`` False: there are others, which are not known. ``command`` renders it for people;
    "" where Helm itself does."""

    file: str
    by: str
    chart: str
    folder: str
    name: str
    namespace: str = ""
    values: tuple[str | Inline, ...] = ()
    settings: tuple[str, ...] = ()
    complete: bool = True
    environment: str = ""
    source: tuple[str, ...] = ()
    command: str = ""

    @property
    def values_files(self) -> Iterator[str]:
        return (each for each in self.values if isinstance(each, str))

    @property
    def keys(self) -> set[str]:
        """The top-level keys of the values written in place."""
        texts = (each.text for each in self.values if isinstance(each, Inline))
        return {key for text in texts for key in json.loads(text)}


def at(plain: Plain, *keys: str) -> Plain:
    """What is at the keys; None where one of them is missing."""
    for key in keys:
        plain = plain.get(key) if isinstance(plain, dict) else None
    return plain


def text(plain: Plain, *keys: str) -> str:
    """The text at the keys; "" where there is none."""
    found = at(plain, *keys)
    is_text = isinstance(found, str | int | float) and not isinstance(found, bool)
    return str(found) if is_text else ""


def as_json(plain: Plain) -> str:
    return json.dumps(plain, default=str, ensure_ascii=False)


def unread_command(deployment: Deployment) -> str:
    """The command that renders a chart that is not in the project, and checks it."""
    if deployment.command:
        return f"{deployment.command} | lintscale check -"
    words = ["helm", "template", deployment.name or deployment.chart, *deployment.source]
    if deployment.namespace:
        words += ["--namespace", deployment.namespace]
    return with_values(words, deployment.values, deployment.file)


def with_values(words: list[str], values: Iterable[str | Inline], file: str) -> str:
    """A command of Helm for people to run in the project's root, with the values of ``file``."""
    before = ""
    for each in values:
        if isinstance(each, str):
            words = [*words, "--values", f"./{each}"]
        elif not before:
            words = [*words, "--values", "-"]
            before = f"{shlex.join(['yq', each.query, file])} | " if each.query else ""
    return f"{before}{shlex.join(words)} | lintscale check -"
