"""All suppressions of a run: in comments, on Kubernetes objects and in the config.

A comment on its own line covers the line below it (other comments may be between). If that line
opens a block, the comment covers the block; if it stands for a document, the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lintscale._record import replace
from lintscale.engine.check_run import SYNTAX_ERROR, CheckRun
from lintscale.engine.finding import Finding
from lintscale.model.declared import ObjectSuppression
from lintscale.model.location import Location
from lintscale.project.config import SuppressionSettings
from lintscale.resolve.environment import path_matcher
from lintscale.resolve.words import matches_glob
from lintscale.suppressions.suppression import (
    ANNOTATION,
    COMMENT,
    CONFIG,
    Path,
    Scope,
    Subtree,
    Suppression,
)
from lintscale.suppressions.syntax import (
    IGNORE_FILE,
    KEYWORD,
    Clause,
    Directive,
    Name,
    clauses,
    directives,
)
from lintscale.syntax import Document, Node, Scalar, SourceFile, parse
from lintscale.syntax import Mapping as MappingNode
from lintscale.syntax import Sequence as SequenceNode
from lintscale.syntax.comments import comments
from lintscale.syntax.document import Comment
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

_DASHES = regex(r"[ \t]*(?:-[ \t]+)*-[ \t]*(?:[&!][^ \t]*[ \t]*)*")
_MARKER = regex(r"---(?:[ \t]|\Z)")
_NO_CONTENT = regex(r"[ \t]*(?:---(?:[ \t]+[{\[]?)?|%.*|[{\[])?[ \t]*")
"""A line that is blank or only opens something."""


def in_comments(source: SourceFile) -> Iterator[Suppression]:
    """The suppressions in a file's comments. In JSON and TOML that cannot be parsed, comments
    cannot be distinguished from texts; in YAML that holds for the broken document only."""
    if KEYWORD not in source.text:
        return
    if source.format != "yaml" and any(each.kind == SYNTAX_ERROR for each in source.problems):
        return
    every = comments(source.text, source.format)
    positions = Positions(source.text)
    scopes: _CommentScopes | None = None
    for comment in every:
        if KEYWORD not in comment.text:
            continue
        start = positions.offset(*comment.span[:2])
        end = positions.offset(*comment.span[2:])
        for directive in directives(source.text[start:end]):
            scopes = scopes or _CommentScopes(source, every)
            scope = scopes.scope(comment, directive)
            clause = directive.clause
            if scope.misplaced and not clause.mistake:
                clause = replace(clause, mistake=scope.misplaced)
            path = scope.subtrees[0].path if scope.subtrees else ()
            document = scope.subtrees[0].document if scope.subtrees else 0
            span = positions.span(start + clause.start, start + clause.end)
            yield Suppression(
                kind=COMMENT,
                clauses=(clause,),
                location=Location(source.path, span, path, document),
                scope=scope,
                name_spans=tuple(
                    positions.span(start + name.start, start + name.end) for name in clause.names
                ),
                comment=comment,
                source=source,
            )


def on_objects(run: CheckRun) -> Iterator[Suppression]:
    """The annotations of Kubernetes objects. Each covers its object and, wherever the finding is,
    the workload that the object is."""
    for each in run.project.suppressions:
        location = each.location
        own = {w.id for w in run.project.workloads if _is_within(w.location, each)}
        # The last line of the subtree has no effect: an object is described in one way.
        subtree = Subtree(location.document, each.path, location.line)
        yield Suppression(
            kind=ANNOTATION,
            clauses=tuple(clauses(each.text)),
            location=location,
            scope=Scope(
                location.file,
                subtrees=(subtree,),
                workloads=frozenset(own),
                description="about this object",
            ),
            source=run.files.get(location.file),
        )


def _is_within(location: Location, suppression: ObjectSuppression) -> bool:
    own, path = suppression.location, suppression.path
    same_document = (location.file, location.document) == (own.file, own.document)
    return same_document and location.path[: len(path)] == path


def in_config(run: CheckRun) -> Iterator[Suppression]:
    """The tables ``ignore`` of the config."""
    for index, table in enumerate(run.settings.suppressions):
        names = tuple(Name(rule, 0, 0) for rule in table.rules)
        yield Suppression(
            kind=CONFIG,
            clauses=(Clause(names, 0, 0, 0, 0, table.reason, table.expires),),
            location=Location(run.config_name, table.span, ("ignore", index)),
            scope=Scope(matches=_matcher(table), description=_table_description(table)),
            name_spans=table.rule_spans,
        )


def _matcher(table: SuppressionSettings) -> Callable[[Finding], bool]:
    in_paths = path_matcher(table.paths) if table.paths else None

    def matches(finding: Finding) -> bool:
        if in_paths is not None and not in_paths(finding.location.file):
            return False
        return not table.workloads or matches_glob(table.workloads, _workload_names(finding))

    return matches


def _workload_names(finding: Finding) -> list[str]:
    """The names by which a pattern may refer to the workload of a finding."""
    if not finding.workload:
        return []
    names = dict.fromkeys((finding.workload, finding.workload.rpartition("/")[2]))
    return [*names, *(f"{finding.platform}:{name}" for name in names)]


def _table_description(table: SuppressionSettings) -> str:
    words = []
    if table.workloads:
        words.append(f"about {' or '.join(table.workloads)}")
    if table.paths:
        words.append(f"in {' or '.join(table.paths)}")
    return " ".join(words) or "in the whole project"


class _CommentScopes:
    """The scopes of the comments of one file."""

    def __init__(self, source: SourceFile, comments: Sequence[Comment]) -> None:
        self.source = source
        self.lines = Positions(source.text).lines()
        self.bare = _without_comments(self.lines, comments)
        numbered = list(enumerate(self.bare, 1))
        self.first_content = next(
            (number for number, line in numbered if not _NO_CONTENT.fullmatch(line)),
            len(self.lines) + 1,
        )
        self.first_marker = next((number for number, line in numbered if _MARKER.match(line)), 0)
        self.below = self._content_below(comments)
        self._subtrees: dict[int, list[Subtree]] | None = None

    def scope(self, comment: Comment, directive: Directive) -> Scope:
        file = self.source.path
        if directive.verb == IGNORE_FILE:
            if comment.span.line < self.first_content:
                return Scope(file, whole_file=True, description="in this file")
            where = "at the top of the file, before the first key"
            return Scope(misplaced=f"{IGNORE_FILE} must be {where}")
        line = self._target(comment)
        if line is None:
            return Scope(misplaced="there is nothing directly below it")
        if self._ends_document(line) and line != comment.span.line:
            advice = "to cover the next document, put it below the “---”"
            return Scope(misplaced=f"it is at the end of a document; {advice}")
        subtrees = tuple(self._subtrees_by_line().get(line, ()))
        return Scope(file, line, subtrees, description=_line_description(line, subtrees))

    def _target(self, comment: Comment) -> int | None:
        """The line that a comment covers; None if there is none."""
        line = comment.span.end_line
        if self.bare[line - 1].strip() and not self._only_opens(line):
            return line
        line = self.below[line]
        return line if line <= len(self.lines) and self.bare[line - 1].strip() else None

    def _ends_document(self, line: int) -> bool:
        """Whether the line is a marker after a document."""
        if self.source.format != "yaml" or not _MARKER.match(self.bare[line - 1]):
            return False
        return line != self.first_marker or line > self.first_content

    def _content_below(self, comments: Sequence[Comment]) -> list[int]:
        """For each line (from 1) the next one with more than a comment; the number of lines plus
        one where there is none."""
        only_comment = {
            line
            for comment in comments
            for line in range(comment.span.line, comment.span.end_line + 1)
            if not self.bare[line - 1].strip()
        }
        last = len(self.lines)
        below = [last + 1] * (last + 1)
        for line in range(last - 1, 0, -1):
            following = line + 1
            passed = following in only_comment or self._only_opens(following)
            below[line] = below[following] if passed else following
        return below

    def _only_opens(self, line: int) -> bool:
        """Whether the item of a YAML list begins here, and its content on the next line."""
        text = self.bare[line - 1]
        return (
            self.source.format == "yaml"
            and _DASHES.fullmatch(text) is not None
            and not _MARKER.match(text)
        )

    def _subtrees_by_line(self) -> dict[int, list[Subtree]]:
        if self._subtrees is None:
            self._subtrees = {}
            source = self.source
            # A file that is a part of other files' objects keeps no documents.
            documents = source.documents or parse(source.text, source.path, source.format).documents
            for document in documents:
                for line, subtree in _subtrees(document, self.lines):
                    self._subtrees.setdefault(line, []).append(subtree)
        return self._subtrees


def _line_description(line: int, subtrees: Sequence[Subtree]) -> str:
    if any(not subtree.path for subtree in subtrees):
        return "in this document"
    if any(subtree.last_line > line for subtree in subtrees):
        return f"in the block that begins on line {line}"
    return f"on line {line}"


def _without_comments(lines: Sequence[str], comments: Sequence[Comment]) -> list[str]:
    """The lines, with blanks in place of comments."""
    bare = list(lines)
    for comment in comments:
        span = comment.span
        for number in range(span.line, span.end_line + 1):
            text = bare[number - 1]
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(text)
            bare[number - 1] = text[:start] + " " * (end - start) + text[end:]
    return bare


def _subtrees(document: Document, lines: Sequence[str]) -> Iterator[tuple[int, Subtree]]:
    """Every entry and item of a document with the line on which it begins."""
    root = document.root
    if root is None:
        return
    for line in _document_lines(document, root, lines):
        yield line, Subtree(document.index, (), root.span.end_line)
    is_toml = document.format == "toml"
    stack: list[tuple[Path, Node]] = [((), root)]
    while stack:
        path, node = stack.pop()
        children: list[tuple[Path, int, Node]] = []
        if isinstance(node, MappingNode):
            for key, value in node.entries.values():
                children.append(((*path, key.text), key.span.line, value))
        elif isinstance(node, SequenceNode):
            for number, item in enumerate(node.items):
                children.append(((*path, number), item.span.line, item))
        for place, line, value in children:
            if not (is_toml and _is_part_of_name(value, line)):
                yield line, Subtree(document.index, place, value.span.end_line)
            if not isinstance(value, Scalar):
                stack.append((place, value))


def _document_lines(document: Document, root: Node, lines: Sequence[str]) -> Iterator[int]:
    """The lines that stand for a whole document: its marker, its opening bracket, or the first
    key of a YAML document unless that opens a block of its own."""
    if document.format == "toml":
        return
    marker = document.span.line
    if document.format == "yaml" and _MARKER.match(lines[marker - 1]):
        yield marker
    if isinstance(root, MappingNode) and not root.flow:
        first = next(iter(root.entries.values()), None)
        if first is not None and isinstance(first.value, Scalar):
            yield first.key.span.line
    elif not isinstance(root, Scalar) and root.flow:
        yield root.span.line


def _is_part_of_name(value: Node, line: int) -> bool:
    """Whether a TOML table begins here only as a part of another's name: ``[a.b]`` is about b,
    ``[[a]]`` about one of a's items."""
    if isinstance(value, MappingNode) and not value.flow:
        return any(key.span.line == line for key, _ in value.entries.values())
    return isinstance(value, SequenceNode) and not value.flow
