"""Web servers whose configuration file says how many processes they run."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator, Sequence

from lintscale.code.as_shell import (
    NOT_KNOWN,
    of_python,
    of_ruby,
    python_assignments,
    source,
    walked,
)
from lintscale.code.project_files import ProjectFiles
from lintscale.code.shell_marks import is_known
from lintscale.code.shell_state import Part, ScriptFile
from lintscale.model.invocations import Invocation
from lintscale.model.location import Location, Span
from lintscale.syntax.grammars import parse

_EITHER = "if [ -e /unknown ]; then exec {}; fi; exec {}"
"""A line that runs one of two commands, nobody knows which."""


def gunicorn(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """gunicorn 27, config.py: ``-c``, else ./gunicorn.conf.py. What GUNICORN_CMD_ARGS or the
    command line says comes first."""
    arguments = run.settings.get("GUNICORN_CMD_ARGS") or project.environment.get(
        "GUNICORN_CMD_ARGS", ""
    )
    if arguments is None or not is_known(arguments) or _says(arguments.split(), "-w", "--workers"):
        return None
    if run.option("-w", "--workers") is not None:
        return None
    named = run.option("-c", "--config")
    if named == "":
        return None
    if named and named.startswith("python:"):
        named = named.removeprefix("python:").replace(".", "/") + ".py"
    folder_option = run.option("--chdir")
    at = project.joined(folder, folder_option) if folder_option else folder
    name = (named or "gunicorn.conf.py").removeprefix("file:")
    found = project.script(name, folder) or project.script(name, at)
    if found is None:
        return None
    try:
        tree = ast.parse(found.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    values = _last_assignments(tree)
    rest = _without(run.arguments, "-c", "--config")
    if not values:
        text = shlex.join(["gunicorn", "--config=", *rest])
        return [Part(text, folder, run.location, run.background)]
    where = _line(found, values[0].lineno)
    counts = [of_python(tree, value) for value in values]
    return [_with_counts(["gunicorn", *rest], "--workers", counts, folder, where)]


def _last_assignments(tree: ast.Module) -> list[ast.expr]:
    """What ``workers`` is set to in the end: by the last plain assignment or by those that
    conditions guard behind it."""
    found: list[ast.expr] = []
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        values = list(python_assignments(ast.Module([statement], []), "workers"))
        is_plain = isinstance(statement, (ast.Assign, ast.AnnAssign))
        found = values if values and is_plain else found + values
    return found


def puma(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """puma, lib/puma/configuration.rb (7.x): ``-C``, else config/puma/<environment>.rb or
    config/puma.rb; what the command line says comes first."""
    if run.program == "rails" and not run.has("s", "server"):
        return None
    if run.option("-w", "--workers") is not None:
        return None
    named = run.option("-C", "--config")
    is_other = run.option("-u", "--using") not in (None, "puma")
    if named in ("-", "") or (run.program == "rails" and is_other):
        return None
    found = project.script(named or "config/puma.rb", folder)
    if found is None:
        return None
    root = parse("ruby", found.text.encode("utf-8", "replace"))
    if root is None or root.has_error:
        return None
    calls = []
    for node in walked(root):
        is_own = node.type == "call" and node.child_by_field_name("receiver") is None
        if is_own and source(node.child_by_field_name("method")) == "workers":
            calls.append(node)
    rest = _without(run.arguments, "-C", "--config") if run.program == "puma" else []
    if not calls:
        if run.program == "rails" and "puma" not in found.name:
            return None
        text = shlex.join(["puma", "--config=", *rest])
        return [Part(text, folder, run.location, run.background)]
    where = _line(found, calls[0].start_point[0] + 1)
    counts = [of_ruby(root, node.child_by_field_name("arguments")) for node in calls]
    conditional = any(_is_conditional(node) for node in calls)
    return [_with_counts(["puma", *rest], "-w", counts, folder, where, conditional=conditional)]


def _with_counts(
    words: Sequence[str],
    option: str,
    counts: Sequence[str],
    folder: str,
    where: Location,
    *,
    conditional: bool = False,
) -> Part:
    line = shlex.join(words)
    # A word that is quoted is not filled in: "$PORT" stays as it is.
    lines = [f"{line} {option} {_word(count)}" for count in dict.fromkeys(counts)]
    if len(lines) == 1 and conditional:
        lines.append(f"{line} --config=")
    text = lines[0]
    for other in lines[1:]:
        text = _EITHER.format(text, other) if text is lines[0] else text
    return Part(text, folder, where)


def _word(count: str) -> str:
    return f'"{count}"' if count != NOT_KNOWN else f"'{NOT_KNOWN}'"


def _is_conditional(node: object) -> bool:
    parent = getattr(node, "parent", None)
    while parent is not None:
        if parent.type in ("if", "unless", "if_modifier", "unless_modifier", "case", "else"):
            return True
        parent = parent.parent
    return False


def _says(arguments: Sequence[str], *names: str) -> bool:
    return any(
        word in names or word.startswith(tuple(f"{name}=" for name in names)) for word in arguments
    )


def _without(arguments: Sequence[str], short: str, long: str) -> list[str]:
    return list(_kept(arguments, short, long))


def _kept(arguments: Sequence[str], short: str, long: str) -> Iterator[str]:
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word in (short, long):
            skip = True
        elif not word.startswith(f"{long}=") and not (
            word.startswith(short) and len(word) > len(short) and not word.startswith("--")
        ):
            yield word


def _line(file: ScriptFile, line: int) -> Location:
    lines = file.text.split("\n")
    length = len(lines[line - 1]) if line <= len(lines) else 0
    return Location(file.name, Span(line, 1, line, length + 1))
