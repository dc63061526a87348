"""Railway's configuration as code, read and never run: one document for each environment that the
program tells apart, in the form of the graph that Railway's SDK makes of it.

Facts of Dec 2026: npm railway 3.11.0, PyPI railway-sdk 0.7.0, the CLI 5.71.0 (docs.railway.com,
infrastructure as code).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from lintscale._record import record
from lintscale.code.programs import methods
from lintscale.code.programs.follow import Follower
from lintscale.code.programs.nodes import DEFAULT, Statement
from lintscale.code.programs.values import (
    Fields,
    Items,
    Names,
    Native,
    Routine,
    Unknown,
    Value,
    text_of,
    written,
)
from lintscale.model.location import Span
from lintscale.platforms.railway.sdk import PROJECT, Sdk, context
from lintscale.platforms.railway.spelling import right_spelling
from lintscale.syntax.document import Document, ParseResult, Problem, format_of
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, ScalarValue, Sequence

_SDKS = frozenset({"railway/iac", "railway", "railway_sdk", "railway_iac"})
_GO_SDKS = ("github.com/railwayapp/railway-go-sdk", "github.com/railwayapp/railway-go-iac")
_WHOLE = frozenset({"", "default", "iac"})

_START = Span(1, 1, 1, 2)

_PRODUCTION = ("production", "prod", "live")
_MOST_ENVIRONMENTS = 12


@record
class Written:
    """How a program of one language is read: the module that does, its grammar, the names under
    which it may be exported, and whether its SDK takes settings as keywords."""

    module: str
    grammar: str
    exports: tuple[str, ...] = (DEFAULT, "main", "Railway")
    keywords: bool = False


_TYPESCRIPT = Written("javascript", "typescript")
_JAVASCRIPT = Written("javascript", "javascript")
LANGUAGES = {
    **dict.fromkeys(("ts", "mts", "cts"), _TYPESCRIPT),
    **dict.fromkeys(("js", "mjs", "cjs"), _JAVASCRIPT),
    "py": Written("python", "python", exports=("main", "Railway"), keywords=True),
    "go": Written("golang", "go", exports=("Railway",)),
}


_BUILTINS = {
    "typescript": methods.javascript,
    "javascript": methods.javascript,
    "python": methods.python,
    "go": methods.golang,
}


@record
class Graph:
    """What a program describes for an environment; "" where it tells none apart. ``project`` is
    None where that cannot be known, for ``reason``."""

    environment: str
    project: Fields | None
    sdk: Sdk
    partial: str = ""
    reason: str = ""


def graphs(text: str, file_name: str) -> list[Graph] | None:
    """None where the text does not parse, or its grammar is not there."""
    language = LANGUAGES[file_name.rpartition(".")[2].lower()]
    module = import_module(f"lintscale.code.programs.{language.module}")
    read: Callable[[bytes, str], tuple[Statement, ...] | None] = module.statements_of
    statements = read(text.encode(), language.grammar)
    if statements is None:
        return None
    first, names = _graph(statements, language, _PRODUCTION[0])
    found = {_PRODUCTION[0]: first}
    pending = [name for name in names if name not in found]
    while pending and len(found) < _MOST_ENVIRONMENTS:
        name = pending.pop(0)
        found[name], more = _graph(statements, language, name)
        pending += [each for each in more if each not in found and each not in pending]
    if len(found) == 1 and not names:
        return [Graph("", first.project, first.sdk, first.partial, first.reason)]
    declared = [name for name in names if name in _PRODUCTION]
    if declared and _PRODUCTION[0] not in declared:
        del found[_PRODUCTION[0]]
    return [found[name] for name in sorted(found, key=lambda each: each not in _PRODUCTION)]


def _graph(
    statements: tuple[Statement, ...], language: Written, environment: str
) -> tuple[Graph, list[str]]:
    """The graph for an environment, and the names of environments that the program knows."""
    takes_empty = language.grammar in ("python", "go")
    sdk = Sdk(takes_empty, language.keywords, main_branch=language.grammar != "go")

    def imported(module: str, part: str) -> Value | None:
        if module not in _SDKS and not module.startswith(_GO_SDKS):
            return None
        return sdk.module() if part in _WHOLE else sdk.function(part)

    builtins = _BUILTINS[language.grammar]()
    follower = Follower(imported, builtins, blocks=not language.keywords)
    names = follower.run(statements)
    partial = next(
        (text for key in ("partial", "PARTIAL", "Partial") if (text := _text(names, key))), ""
    )
    result = _program(names, language, sdk)
    if isinstance(result, Routine | Native):
        given: list[Value] = [context(environment, follower)]
        project = sdk.function("project")
        if project is not None:
            given.append(project)
        result = follower.call(result, given, Fields(), _START)
    known = list(dict.fromkeys(follower.compared))
    if not isinstance(result, Fields) or (result.kind != PROJECT and not result.entries):
        reason = result.reason if isinstance(result, Unknown) else "no project is returned"
        return Graph(environment, None, sdk, partial, reason), known
    listed = result.get("environments")
    if isinstance(listed, Items):
        declared = list(filter(None, map(text_of, listed.items)))
        known = list(dict.fromkeys((*declared, *known)))
    return Graph(environment, result, sdk, partial), known


def _program(names: Names, language: Written, sdk: Sdk) -> Value:
    for key in language.exports:
        if key in names.known:
            return names.known[key]
    return sdk.programs[-1] if sdk.programs else Unknown("nothing is exported")


def _text(names: Names, key: str) -> str:
    value = names.known.get(key)
    return (text_of(value) or "") if value is not None else ""


def as_tree(graph: Graph) -> Node | None:
    """The project as a node of a document."""
    return written(graph.project, _START) if graph.project is not None else None


def documents(text: str, file_name: str) -> ParseResult:
    """The environments of a program, with what is wrong with what it gives to the SDK."""
    result = ParseResult()
    found = graphs(text, file_name)
    form = format_of(file_name)
    if found is None:
        message = "the program does not parse, or its grammar is not installed"
        result.problems.append(Problem("syntax-error", message, _START))
        return result
    unreachable = _unreachable(found)
    for number, graph in enumerate(found):
        project = as_tree(graph)
        span = project.span if project is not None else _START
        unread = _unread(graph)
        entries: dict[ScalarValue, Entry] = {}
        for key, value in (
            ("environment", Scalar(graph.environment, graph.environment, span, True)),
            ("partial", Scalar(graph.partial, graph.partial, span, True)),
            ("project", project),
            ("unread", Scalar(unread, unread, span, True) if unread else None),
            ("unreachable", Sequence(unreachable, span, True) if number == 0 else None),
        ):
            if value is not None:
                entries[key] = Entry(Scalar(key, key, span), value)
        root = Mapping(entries, span, True)
        result.documents.append(Document(file_name, number, form, root, span))
    result.problems += _dropped(found)
    return result


def _unread(graph: Graph) -> str:
    """What of an environment is not known as a whole; "" for nothing."""
    if graph.project is None:
        return f"the project ({graph.reason})"
    resources = graph.project.get("resources")
    is_whole = isinstance(resources, Items) and resources.complete
    return "" if is_whole else "some of the resources"


def _unreachable(found: Iterable[Graph]) -> list[Node]:
    """The resources that are part of the project in no environment, as far as that is known."""
    reached: set[str] = set()
    made: dict[str, Fields] = {}
    for graph in found:
        resources = graph.project.get("resources") if graph.project is not None else None
        if not isinstance(resources, Items) or not resources.complete:
            return []
        for each in resources.items:
            if not isinstance(each, Fields):
                return []
            reached.add(text_of(each.get("address")) or "")
            attached = each.get("volumeAttachments")
            for mount in attached.entries.values() if isinstance(attached, Fields) else ():
                if isinstance(mount, Fields):
                    reached.add(text_of(mount.get("volume")) or "")
        for each in graph.sdk.made:
            made.setdefault(text_of(each.get("address")) or "", each)
    nodes = (written(made[address], _START) for address in made if address not in reached)
    return [node for node in nodes if node is not None]


def _dropped(found: Iterable[Graph]) -> list[Problem]:
    """Each setting that the SDK does not pass on, once."""
    seen: dict[Span, Problem] = {}
    for graph in found:
        for name, key, span in graph.sdk.dropped:
            seen.setdefault(
                span,
                Problem(
                    "unknown-key",
                    f"unknown key “{key}”; Railway's SDK drops it without a word",
                    span,
                    path=("project", "resources", name, key),
                    severity="error",
                    help=right_spelling(key),
                    workload=name,
                ),
            )
    return list(seen.values())
