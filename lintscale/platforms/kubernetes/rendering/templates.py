"""Where in a Helm template the values of a rendered object come from.

A template is no YAML, but most of its lines look like it: they are read as a skeleton of keys by
their indentation, and actions are passed over. A value is found where exactly one line has its
keys; what a named template or an action makes stands at the nearest block around it.
"""

from __future__ import annotations

from collections.abc import Callable

from lintscale._record import record, replace
from lintscale.model.location import Location, PathKey, Rendering, Span
from lintscale.platforms.kubernetes.manifest import Manifest
from lintscale.platforms.kubernetes.rendering.releases import Release
from lintscale.platforms.kubernetes.rendering.walk import Path, existing, node_at
from lintscale.syntax import Node, Scalar, Sequence
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

_LINE = regex(
    r"(?P<indent> *)(?P<dashes>(?:- +)*)(?:[\"']?(?P<key>[A-Za-z0-9_./-]+)[\"']?:(?=\s|\Z)"
    r"(?P<value>[^\r\n]*))?"
)
_SKIPPED = regex(r"\s*(?:#|\{\{-?\s*(?:/\*|if|else|end|range|with|define|block|template)\b)")
_COMMENT = regex(r"(?:\A|(?<=\s))#(?![^{]*\}\}).*")
_LONGEST_LINE = 1000
_VALUE = regex(r"\{\{[^}]*\.Values\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)")
_DASH = regex("- +")
_DOCUMENT = regex(r"---(?:\s|\Z)")


@record
class Line:
    """A line with a key. ``keys`` are those above it and its own; the entries of a list count
    from 0. ``value`` is without its quotes."""

    keys: Path
    span: Span
    value: str
    document: int


class Template:
    """One template file."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = _skeleton(text)
        first = Positions(text).line(1)
        self.start = Span(1, 1, 1, max(len(first), 1) + 1)

    def part(self, kind: str, rendered: Node | None) -> list[Line]:
        """The lines of the document that the object was made of: the one of its kind, and of
        several the one that says most of what the object does; all lines in doubt."""
        by_document: dict[int, list[Line]] = {
            line.document: []
            for line in self.lines
            if line.keys == ("kind",) and line.value == kind
        }
        for line in self.lines:
            if line.document in by_document:
                by_document[line.document].append(line)
        likeness = {
            number: sum(_agreement(line, rendered) for line in lines)
            for number, lines in by_document.items()
        }
        best = [number for number in by_document if likeness[number] == max(likeness.values())]
        return by_document[best[0]] if len(best) == 1 else self.lines


def _agreement(line: Line, rendered: Node | None) -> int:
    """How much a line has in common with the object: the key, and the value if it is no action's;
    what it contradicts counts against it. Entries of lists may come in another order."""
    nodes = [rendered]
    for key in line.keys:
        if isinstance(key, int):
            nodes = [item for node in nodes if isinstance(node, Sequence) for item in node.items]
        else:
            nodes = [node_at(node, (key,)) for node in nodes]
    nodes = [node for node in nodes if node is not None]
    if "{{" in line.value or not line.value:
        return int(bool(nodes))
    same = any(isinstance(node, Scalar) and node.text == line.value for node in nodes)
    return 2 if same else -2


class TemplatePlaces:
    """The places of one rendered object's values in its template."""

    def __init__(
        self,
        manifest: Manifest,
        template: Template,
        release: Release,
        value_at: Callable[[tuple[str, ...]], Location | None] = lambda keys: None,
    ) -> None:
        self.value_at = value_at
        self.prefix = manifest.root.path
        self.path: Path = ()
        self.root: Node | None = manifest.root.node
        self.template = template
        self.lines = template.part(manifest.kind, self.root)
        documents = {line.document for line in self.lines}
        self.document = documents.pop() if len(documents) == 1 else 0
        kinds = [line for line in self.lines if line.keys == ("kind",)]
        self.start = kinds[0].span if len(kinds) == 1 else template.start
        self.rendering = Rendering(
            by=release.by,
            label=release.label,
            object=f"{release.name}:{manifest.kind}/{manifest.namespace}/{manifest.name}",
            exact=False,
            assumed=release.assumed,
        )

    def of(self, location: Location) -> Location:
        """The template's line for what stands at ``location`` in the rendered object."""
        path = location.path[len(self.prefix) :]
        written = path[: existing(self.root, path)]
        line = self._nearest(written)
        set_at = None
        if line is not None and line.keys == written and (used := _VALUE.search(line.value)):
            set_at = self.value_at(tuple(used[1].split(".")))
        return Location(
            file=self.template.name,
            span=line.span if line is not None else self.start,
            path=path,
            document=self.document,
            present=location.present,
            rendering=replace(self.rendering, set_at=set_at) if set_at else self.rendering,
        )

    def _nearest(self, path: Path) -> Line | None:
        for depth in range(len(path), 0, -1):
            found = self._line(path[:depth])
            if found is not None:
                return found
        return None

    def _line(self, path: Path) -> Line | None:
        """The one line with these keys; among several, the one with the value as it is."""
        keys: Path = ()
        for number, key in enumerate(path):
            entry = key if isinstance(key, str) else self._entry(keys, path[: number + 1])
            if entry is None:
                return None
            keys = (*keys, entry)
        if isinstance(path[-1], int):
            # An entry of a list is shown by its name.
            named = [line for line in self.lines if line.keys == (*keys, "name")]
            return (named or [line for line in self.lines if line.keys[: len(keys)] == keys])[0]
        found = [line for line in self.lines if line.keys == keys]
        node = node_at(self.root, path)
        if len(found) > 1 and isinstance(node, Scalar):
            found = [line for line in found if line.value == node.text]
        return found[0] if len(found) == 1 else None

    def _entry(self, above: Path, path: Path) -> int | None:
        """Which of the template's entries of a list is the one at ``path`` of the object: the
        only one, the one of that name, or the only one whose name an action makes."""
        inside = [line for line in self.lines if line.keys[: len(above)] == above]
        names: dict[int, str] = {}
        for line in inside:
            entry = line.keys[len(above)] if len(line.keys) > len(above) else None
            if isinstance(entry, int):
                names.setdefault(entry, "")
                if line.keys[len(above) + 1 :] == ("name",):
                    names[entry] = line.value
        if len(names) <= 1:
            return next(iter(names), None)
        name = node_at(self.root, (*path, "name"))
        wanted = name.text if isinstance(name, Scalar) else None
        same = [entry for entry, text in names.items() if text == wanted]
        made = [entry for entry, text in names.items() if "{{" in text]
        chosen = same or made
        return chosen[0] if len(chosen) == 1 else None


def _skeleton(text: str) -> list[Line]:
    lines = []
    above: list[tuple[float, PathKey]] = []
    document = 0
    for number, whole in enumerate(Positions(text).lines(), start=1):
        line = whole[:_LONGEST_LINE]
        if _DOCUMENT.match(line):
            document += 1
            above = []
            continue
        found = None if _SKIPPED.match(line) else _LINE.match(line)
        if found is None or not (found["key"] or found["dashes"]):
            continue
        indent = len(found["indent"])
        for dash in _DASH.finditer(found["dashes"]):
            # A list's dashes may stand as far to the left as its key, and are below it.
            at = indent + dash.start() + 0.5
            entry = next((key for column, key in above if column == at), -1)
            above = [pair for pair in above if pair[0] < at]
            above.append((at, entry + 1 if isinstance(entry, int) else 0))
        if not found["key"]:
            continue
        above = [pair for pair in above if pair[0] < found.start("key")]
        above.append((found.start("key"), found["key"]))
        written = _COMMENT.sub("", found["value"]).rstrip()
        value = written.strip()
        end = found.start("value") + len(written) if value else found.end("key")
        span = Span(number, found.start("key") + 1, number, end + 1)
        lines.append(Line(tuple(key for _, key in above), span, value.strip("\"'"), document))
    return lines
