"""The source files with which a command starts: ``uvicorn app.main:api``, ``python main.py``,
``cd api && exec celery -A shop worker``, ``node dist/main.js``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from lintscale.code.commands import Invocation, invocations
from lintscale.code.files import Files, joined
from lintscale.code.languages.javascript_modules import started
from lintscale.code.languages.python_modules import find_in
from lintscale.syntax.regex import regex

_TARGET = regex(r"(?P<module>[A-Za-z_][\w.]*)(?P<attribute>:[\w.()'\"=, ]+)?\Z")
_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "waitress-serve"})
_QUEUES = frozenset({"dramatiq", "arq", "taskiq", "huey_consumer", "huey_consumer.py"})
_RUN_A_FILE = regex(r"(?:(?:python|pypy)[0-9.]*|fastapi|streamlit|uv|poetry)\Z")
_LOADERS = _SERVERS | _QUEUES | {"celery", "flask"}
"""Programs that import an application and call what their arguments name."""

_SCRIPT = regex(r"[\w./-]+\.py\Z")


def folder_of(command: str, folder: str) -> str:
    """The folder in which the command's last program runs, seen from where the first one does."""
    for run in invocations(command):
        folder = _changed(run, folder)
    return folder


def starts_of(
    files: Files,
    command: str,
    folder: str,
    settings: Mapping[str, str],
    *,
    loaded: bool = True,
) -> frozenset[str]:
    """The names of the files; empty where the command does not tell, or they are none of the
    project's. ``settings`` are the environment's values. ``loaded`` False: without those that a
    server only loads ("uvicorn shop:app")."""
    found: set[str] = set()
    for run in invocations(command):
        folder = _changed(run, folder)
        if not loaded and run.program in _LOADERS:
            continue
        inside = _inside(run, folder)
        for dotted in _targets(run, {**settings, **run.settings}):
            # Without the attribute: "arq shop.worker.Settings".
            for name in (dotted, dotted.rpartition(".")[0]):
                if name:
                    found.add(find_in(files, inside, name))
        if _RUN_A_FILE.match(run.program):
            script = next((word for word in run.arguments if _SCRIPT.match(word)), "")
            found.add(joined(inside, script))
        found.update(_of_node(files, run, inside))
    return frozenset(name for name in found if name in files)


_NODE = frozenset(
    {"node", "nodejs", "tsx", "ts-node", "ts-node-dev", "ts-node-esm", "bun", "deno", "nodemon",
     "swc-node", "babel-node", "pm2-runtime", "pm2", "dotenvx"}
)  # fmt: skip
_NODE_VALUES = frozenset(
    {"-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions",
     "-P", "--project", "--tsconfig", "--env-file", "--title", "-i", "--instances", "--name",
     "--watch-path", "--exec", "-e", "-p", "--eval", "--print"}
)  # fmt: skip
"""Options of Node and of what runs TypeScript with it that take a value (nodejs.org, "Command-line
API", and the programs' own --help, December 2026)."""

_NODE_WORDS = frozenset({"run", "start", "watch", "serve"})


def _of_node(files: Files, run: Invocation, folder: str) -> Iterator[str]:
    if run.program == "nest" and "start" in run.arguments:
        yield from started(files, folder, "src/main.ts")
    if run.program not in _NODE:
        return
    words = iter(run.arguments)
    for word in words:
        if word in _NODE_VALUES:
            value = next(words, "")
            if value.startswith(".") and word in ("-r", "--require", "--import"):
                yield from _first(started(files, folder, value))
        elif not word.startswith("-") and word not in _NODE_WORDS:
            if not word.startswith(("/", "$", "~")):
                yield from _first(started(files, folder, word))
            return


def _first(names: Iterator[str]) -> list[str]:
    return [*islice(names, 1)]


def _changed(run: Invocation, folder: str) -> str:
    if run.program != "cd" or not run.arguments or run.arguments[0].startswith(("/", "$", "~")):
        return folder
    return joined(folder, run.arguments[0])


def _inside(run: Invocation, folder: str) -> str:
    """The folder in which an option makes a server look for its application."""
    other = run.option("--chdir", "--app-dir", "--working-dir") if run.program in _SERVERS else ""
    return joined(folder, other) if other and not other.startswith(("/", "$")) else folder


def _targets(run: Invocation, settings: Mapping[str, str]) -> Iterator[str]:
    """Names of modules, perhaps with an attribute, that the program may load first."""
    program = run.program
    if program == "celery":
        for module in _of_option(run.option("-A", "--app") or settings.get("CELERY_APP")):
            yield from (module, f"{module}.celery")
    elif program == "flask":
        yield from _of_option(run.option("-A", "--app") or settings.get("FLASK_APP"))
        yield from ("wsgi", "app")
    elif program in _SERVERS:
        for word in run.arguments:
            match = _TARGET.match(word)
            # A word without a colon may as well be the value of an option.
            if match and (match["attribute"] or "." in word):
                yield match["module"]
        if program == "gunicorn":
            yield from (word for word in run.arguments[-1:] if word.isidentifier())
    elif program in _QUEUES:
        yield from (match["module"] for match in map(_TARGET.match, run.arguments) if match)
    elif run.module:
        yield from (f"{run.module}.__main__", run.module)
    if "DJANGO_SETTINGS_MODULE" in settings:
        yield from _of_option(settings["DJANGO_SETTINGS_MODULE"])


def _of_option(text: str | None) -> Iterator[str]:
    match = _TARGET.match(text or "")
    if match:
        yield match["module"].removesuffix(".py")
