"""What Node's tools start: scripts of package.json, ecosystem files, concurrently, cluster."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from lintscale.code.as_shell import NOT_KNOWN, of_javascript, source, walked
from lintscale.code.packages import package_in
from lintscale.code.project_files import ProjectFiles
from lintscale.code.shell_state import Part, ScriptFile
from lintscale.model.invocations import Invocation
from lintscale.model.location import Location, Span
from lintscale.syntax.field import Field
from lintscale.syntax.grammars import parse
from lintscale.syntax.json import parse_json
from lintscale.syntax.yaml import parse_yaml

_FOLDERS = ("--prefix", "-C", "--dir", "--cwd")
_PACKAGES = ("-w", "--workspace", "--filter", "-F")
_ALL_PACKAGES = ("-r", "--recursive", "-ws", "--workspaces")
_RUN = frozenset({"run", "run-script", "rum", "urn"})
_SHORT = {"npm": frozenset({"start", "stop", "restart", "test"})}
_NOT_SCRIPTS = frozenset(
    {"install", "i", "ci", "add", "remove", "exec", "dlx", "create", "init", "config", "cache",
     "publish", "pack", "link", "audit", "why", "info", "version", "build", "x", "prune", "rebuild"}
)  # fmt: skip
_MOST_PACKAGES = 20


def package_script(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """npm, pnpm, yarn and bun (docs.npmjs.com/cli/v11/commands/npm-run, pnpm.io/cli/run,
    yarnpkg.com/cli/run, bun.sh/docs/cli/run)."""
    options, words, rest = _taken_apart(run.arguments)
    for option in _FOLDERS:
        if option in options:
            folder = posixpath.join(folder, options[option][-1])
    packages = [name for option in _PACKAGES for name in options.get(option, [])]
    if run.program == "yarn" and words[:1] == ["workspace"] and len(words) > 2:
        packages, words = [words[1]], words[2:]
    if words and words[0] in _RUN:
        words = words[1:]
        name = words[0] if words else ""
    else:
        name = words[0] if words else ""
        if name in _NOT_SCRIPTS or name not in _SHORT.get(run.program, {name}):
            return None
    if not name:
        return None
    if not packages and any(option in options for option in _ALL_PACKAGES):
        packages = ["*"]
    folders = _package_folders(project, packages) if packages else [folder]
    arguments = rest if run.program == "npm" else [*words[1:], *rest]
    parts = [
        part
        for each in folders
        for part in _script_parts(project, each, name, arguments, background=len(folders) > 1)
    ]
    return parts or None


def node_run(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """``node --run start`` (nodejs.org/api/cli.html), and a server that forks workers."""
    name = run.option("--run")
    if name:
        return list(_script_parts(project, folder, name, (), background=False)) or None
    return _cluster(project, run, folder)


def turbo(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """turborepo.com/docs/reference/run: the task of the packages that a filter names, or of all."""
    options, words, _ = _taken_apart(run.arguments)
    words = words[1:] if words[:1] == ["run"] else words
    packages = [name for option in ("--filter", "-F") for name in options.get(option, [])]
    parts: list[Part] = []
    for task in words:
        own, _, name = task.rpartition("#")
        chosen = [own] if own else packages or ["*"]
        for each in _package_folders(project, chosen):
            parts += _script_parts(project, each, name, (), background=True)
    return parts or None


def concurrently(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """github.com/open-cli-tools/concurrently: each argument is a command; ``npm:x`` a script."""
    _, words, _ = _taken_apart(
        run.arguments, ("-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-l", "-m")
    )
    parts: list[Part] = []
    for word in words:
        manager, colon, name = word.partition(":")
        if colon and manager in ("npm", "pnpm", "yarn", "bun", "node") and " " not in word:
            parts += _npm_runs(project, run, folder, name, background=True)
        else:
            parts.append(Part(word, folder, run.location, True))
    return parts or None


def run_all(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """npm-run-all and its run-p and run-s."""
    parallel = run.program == "run-p"
    parts: list[Part] = []
    for word in run.arguments:
        if word in ("-p", "--parallel"):
            parallel = True
        elif word in ("-s", "--sequential", "--serial"):
            parallel = False
        elif not word.startswith("-"):
            parts += _npm_runs(project, run, folder, word, background=parallel)
    return parts or None


# -- package.json ---------------------------------------------------------------------------------


def _taken_apart(
    arguments: Sequence[str], more: Sequence[str] = ()
) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """Options with their values, words, and what stands behind ``--``."""
    options: dict[str, list[str]] = {}
    words: list[str] = []
    index = 0
    while index < len(arguments):
        word = arguments[index]
        index += 1
        if word == "--":
            return options, words, list(arguments[index:])
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            words.append(word)
        elif equals:
            options.setdefault(name, []).append(value)
        elif name in (*_FOLDERS, *_PACKAGES, *more) and index < len(arguments):
            options.setdefault(name, []).append(arguments[index])
            index += 1
        else:
            options.setdefault(name, [])
    return options, words, []


def _package(project: ProjectFiles, folder: str) -> tuple[ScriptFile, Field] | None:
    found = project.script("package.json", folder)
    if found is None:
        return None
    package = package_in(found.name, found.text)
    return (found, package) if package is not None else None


def _script_parts(
    project: ProjectFiles, folder: str, name: str, arguments: Sequence[str], *, background: bool
) -> Iterator[Part]:
    found = _package(project, folder)
    if found is None:
        return
    scripts = found[1].get("scripts")
    # What follows a service runs when that has ended.
    after = () if name == "start" else (f"post{name}",)
    for each in (f"pre{name}", name, *after):
        field = scripts.get(each)
        text = field.string()
        if text is None and each == "start" and project.script("server.js", folder):
            text = "node server.js"
        if text is None:
            continue
        if each == name and arguments:
            text = f"{text} {shlex.join(arguments)}"
        yield Part(text, folder, field.location, background)


def _npm_runs(
    project: ProjectFiles, run: Invocation, folder: str, pattern: str, *, background: bool
) -> Iterator[Part]:
    found = _package(project, folder)
    for name, _ in found[1].get("scripts").entries() if found else ():
        if fnmatchcase(name, pattern):
            yield Part(f"npm run {shlex.quote(name)}", folder, run.location, background)


def _package_folders(project: ProjectFiles, filters: Sequence[str]) -> list[str]:
    """The project's folders with packages that the filters name (pnpm.io/filtering)."""
    found: dict[str, None] = {}
    names = [n for n in project.files.sorted if n.endswith("package.json")]
    for each in names:
        if each.rpartition("/")[2] != "package.json" or "node_modules/" in each:
            continue
        folder = each.rpartition("/")[0]
        package = _package(project, folder)
        name = (package[1].get("name").string() if package else "") or ""
        for chosen in filters:
            plain = chosen.removeprefix("...").removesuffix("...").rstrip("^").strip("{}")
            is_path = plain.startswith(("./", "../")) or plain == folder
            path = posixpath.normpath(plain)
            if (is_path and path == folder) or (
                not is_path
                and folder
                and (fnmatchcase(name, plain) or name.rpartition("/")[2] == plain)
            ):
                found[folder] = None
    return list(found)[:_MOST_PACKAGES]


# -- pm2 ------------------------------------------------------------------------------------------


def pm2(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """pm2.keymetrics.io/docs/usage/application-declaration (2026)."""
    words = [word for word in run.arguments if not word.startswith("-")]
    words = words[1:] if words[:1] == ["start"] else words
    name = words[0] if words else ""
    is_file = name.endswith((".config.js", ".config.cjs", ".json", ".yaml", ".yml"))
    if not is_file and "ecosystem" not in name:
        if words and words[0] in ("npm", "yarn", "pnpm", "bun") and "--" in run.arguments:
            at = run.arguments.index("--")
            count = run.option("-i", "--instances")
            if count is None:
                text = shlex.join([words[0], *run.arguments[at + 1 :]])
                return [Part(text, folder, run.location)]
        return None
    found = project.script(name, folder)
    if found is None:
        return None
    only = run.option("--only")
    parts: list[Part] = []
    for app in _apps(found):
        if only and app.get("name", ("", 0))[0] not in only.split(","):
            continue
        parts += _app_parts(app, found, folder)
    return parts or None


App = dict[str, tuple[str, int]]
"""By key the text of a value, and its line."""


def _apps(file: ScriptFile) -> Iterator[App]:
    if file.name.endswith((".json", ".yaml", ".yml")):
        read = parse_json if file.name.endswith(".json") else parse_yaml
        for document in read(file.text, file.name).documents:
            top = Field.root(document)
            listed = top.get("apps") if top.get("apps").present else top
            for entry in listed.items() if listed.is_sequence else [listed]:
                yield {
                    key: (str(value.plain()), value.location.span.line)
                    for key, value in entry.entries()
                    if value.is_scalar
                }
        return
    root = parse("javascript", file.text.encode("utf-8", "replace"))
    for node in walked(root) if root is not None else ():
        if node.type == "pair" and _key(node) == "apps":
            value = node.child_by_field_name("value")
            for app in value.named_children if value is not None else ():
                if app.type == "object":
                    yield _app(root, app)
            return


def _app(root: Any, node: Any) -> App:
    found: App = {}
    for pair in node.named_children:
        value = pair.child_by_field_name("value")
        if pair.type != "pair" or value is None:
            continue
        text = of_javascript(root, value)
        if value.type == "string" and text == NOT_KNOWN:
            text = source(value)[1:-1]
        found[_key(pair)] = (text, pair.start_point[0] + 1)
    return found


def _key(pair: Any) -> str:
    return source(pair.child_by_field_name("key")).strip("\"'")


def _app_parts(app: App, file: ScriptFile, folder: str) -> Iterator[Part]:
    script = app.get("script", ("", 0))[0]
    if not script:
        return
    count, line = app.get("instances", app.get("exec_mode", ("1", 1)))
    count = count if "instances" in app else "1"
    lines = file.text.split("\n")
    line = line or 1
    length = len(lines[line - 1]) if line <= len(lines) else 0
    where = Location(file.name, Span(line, 1, line, length + 1))
    own = posixpath.join(folder, app["cwd"][0]) if "cwd" in app else folder
    interpreter = app.get("interpreter", ("", 0))[0]
    arguments = app.get("args", ("", 0))[0]
    if interpreter == "none" or script in ("npm", "yarn", "pnpm", "bun", "gunicorn", "uvicorn"):
        times = int(count) if count.isdigit() and 0 < int(count) <= 64 else 1
        for _ in range(times):
            yield Part(f"{script} {arguments}".strip(), own, where, True)
        return
    yield Part(f"pm2 start {shlex.quote(script)} -i {count}", own, where, True)


# -- cluster --------------------------------------------------------------------------------------


def _cluster(project: ProjectFiles, run: Invocation, folder: str) -> list[Part] | None:
    """nodejs.org/api/cluster.html: as many workers as the program forks in a loop."""
    if run.option("--cluster-workers") is not None:
        return None
    name = next((word for word in run.arguments if word.endswith((".js", ".mjs", ".cjs"))), "")
    found = project.script(name, folder) if name else None
    if found is None or "cluster" not in found.text or ".fork(" not in found.text:
        return None
    root = parse("javascript", found.text.encode("utf-8", "replace"))
    if root is None:
        return None
    for node in walked(root):
        if node.type != "call_expression":
            continue
        called = source(node.child_by_field_name("function"))
        if called not in ("cluster.fork", "cluster.default.fork"):
            continue
        loop = _loop_around(node)
        if loop is None:
            continue
        line = loop.start_point[0] + 1
        where = Location(found.name, Span(line, 1, line, 2 + loop.start_point[1]))
        text = f"node {shlex.join(run.arguments)} --cluster-workers={_rounds(root, loop)}"
        return [Part(text, folder, where, run.background)]
    return None


def _loop_around(node: Any) -> Any:
    """The loop in which a worker is forked; one that a dead worker is replaced by is in none."""
    while node is not None:
        if node.type in ("for_statement", "for_in_statement", "while_statement"):
            return node
        if node.type in ("arrow_function", "function_declaration", "function_expression"):
            parent = node.parent
            if parent is not None and parent.type == "arguments":
                return None
        node = node.parent
    return None


def _rounds(root: Any, loop: Any) -> str:
    """How often ``for (let i = 0; i < N; i++)`` runs."""
    condition = loop.child_by_field_name("condition")
    first = loop.child_by_field_name("initializer")
    if loop.type != "for_statement" or condition is None or first is None:
        return NOT_KNOWN
    while condition.type in ("expression_statement", "parenthesized_expression"):
        condition = condition.named_children[0]
    sign = source(condition.child_by_field_name("operator"))
    start = next((source(n) for n in walked(first) if n.type == "number"), "")
    if sign not in ("<", "<=") or start not in ("0", "1"):
        return NOT_KNOWN
    count = of_javascript(root, condition.child_by_field_name("right"))
    more = (sign == "<=") - int(start)
    if count == NOT_KNOWN or not more:
        return count
    return f"$(({count} + {more}))" if more > 0 else f"$(({count} - {-more}))"
