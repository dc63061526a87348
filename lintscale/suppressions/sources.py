"""All suppressions of a run: the files' comments, the objects' own, and the config's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from lintscale._record import replace
from lintscale.engine.finding import Finding
from lintscale.model.declared import ObjectSuppression
from lintscale.model.location import Location
from lintscale.model.resolved import Workload
from lintscale.project.config import SuppressionSettings
from lintscale.resolve.environment import path_matcher
from lintscale.resolve.words import matches_glob
from lintscale.suppressions.places import Places
from lintscale.suppressions.suppression import (
    ANNOTATION,
    COMMENT,
    CONFIG,
    Block,
    Cover,
    Suppression,
)
from lintscale.suppressions.syntax import KEYWORD, Clause, Name, clauses, directives
from lintscale.syntax import SourceFile
from lintscale.syntax.comments import comments
from lintscale.syntax.text import Positions


def in_comments(source: SourceFile) -> Iterator[Suppression]:
    """Those in a file's comments. In JSON and TOML that cannot be read nobody can tell what is
    a comment; in YAML that holds for the broken document only."""
    if KEYWORD not in source.text:
        return
    if source.format != "yaml" and any(p.kind == "syntax-error" for p in source.problems):
        return
    every = comments(source.text, source.format)
    positions = Positions(source.text)
    places: Places | None = None
    for comment in every:
        if KEYWORD not in comment.text:
            continue
        start = positions.offset(*comment.span[:2])
        end = positions.offset(*comment.span[2:])
        for directive in directives(source.text[start:end]):
            places = places or Places(source, every)
            cover = places.cover(comment, directive)
            clause = directive.clause
            if cover.misplaced and not clause.mistake:
                clause = replace(clause, mistake=cover.misplaced)
            path = cover.blocks[0].path if cover.blocks else ()
            document = cover.blocks[0].document if cover.blocks else 0
            span = positions.span(start + clause.start, start + clause.end)
            yield Suppression(
                kind=COMMENT,
                clauses=(clause,),
                location=Location(source.path, span, path, document),
                cover=cover,
                name_spans=tuple(
                    positions.span(start + name.start, start + name.end) for name in clause.names
                ),
                comment=comment,
                source=source,
            )


def of_objects(
    written: Iterable[ObjectSuppression],
    workloads: Sequence[Workload],
    files: Mapping[str, SourceFile],
) -> Iterator[Suppression]:
    """Those that stand on an object: they speak of what stands in it, and of the workload that
    it is, wherever the finding stands."""
    for one in written:
        here = one.location
        own = frozenset(each.id for each in workloads if _is_within(each.location, one))
        # Its last line is of no importance: there is one way to say where this is.
        block = Block(here.document, one.path, here.line)
        yield Suppression(
            kind=ANNOTATION,
            clauses=tuple(clauses(one.text)),
            location=here,
            cover=Cover(here.file, blocks=(block,), workloads=own, where="about this object"),
            source=files.get(here.file),
        )


def _is_within(location: Location, one: ObjectSuppression) -> bool:
    here = one.location
    return (location.file, location.document, location.path[: len(one.path)]) == (
        here.file,
        here.document,
        one.path,
    )


def of_config(tables: Iterable[SuppressionSettings], file: str) -> Iterator[Suppression]:
    """Those in the config ``file``."""
    for index, table in enumerate(tables):
        names = tuple(Name(rule, 0, 0) for rule in table.rules)
        yield Suppression(
            kind=CONFIG,
            clauses=(Clause(names, 0, 0, 0, 0, table.reason, table.expires),),
            location=Location(file, table.span, ("ignore", index)),
            cover=Cover(matches=_matching(table), where=_in_words(table)),
            name_spans=table.rule_spans,
        )


def _matching(table: SuppressionSettings) -> Callable[[Finding], bool]:
    in_file = path_matcher(table.paths) if table.paths else None

    def covers(finding: Finding) -> bool:
        if in_file is not None and not in_file(finding.location.file):
            return False
        return not table.workloads or matches_glob(table.workloads, _names_of(finding))

    return covers


def _names_of(finding: Finding) -> list[str]:
    """What a pattern may call the workload of a finding."""
    if not finding.workload:
        return []
    shown = finding.workload
    names = dict.fromkeys((shown, shown.rpartition("/")[2]))
    return [*names, *(f"{finding.platform}:{name}" for name in names)]


def _in_words(table: SuppressionSettings) -> str:
    words = []
    if table.workloads:
        words.append(f"about {' or '.join(table.workloads)}")
    if table.paths:
        words.append(f"in {' or '.join(table.paths)}")
    return " ".join(words) or "in the whole project"
