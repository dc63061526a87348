"""What the name of somebody's own program says that it works on: ``node dist/worker.js``, ``npm run
worker``, ``go run ./cmd/worker``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lintscale.code.commands import Invocation
from lintscale.resolve.words import camel_words

WORKER, SCHEDULER = "worker", "scheduler"

CONSOLES = frozenset(
    {
        "rake", "rails", "artisan", "console", "yii", "craft", "magento", "ace", "ace.js",
        "manage.py", "manage", "django-admin",
    }
)  # fmt: skip
"""Programs, or the files of programs, that run the tasks of a project."""

_WITH_VALUE: Mapping[str, frozenset[str]] = {
    "celery": frozenset(
        {"-A", "--app", "-b", "--broker", "--result-backend", "--loader", "--config", "--workdir"}
    ),
    "node": frozenset({"-r", "--require", "--import", "--loader", "--env-file", "-C", "--title"}),
    "tsx": frozenset({"-r", "--require", "--import", "--env-file", "--tsconfig"}),
    "ts-node": frozenset({"-r", "--require", "-P", "--project"}),
    "java": frozenset({"-cp", "-classpath", "--class-path", "-p", "--module-path"}),
    "python": frozenset({"-W", "-X"}),
    "php": frozenset({"-d", "-c"}),
    "ruby": frozenset({"-I", "-r"}),
    "procrastinate": frozenset({"-a", "--app"}),
    "faust": frozenset({"-A", "--app"}),
    "rake": frozenset({"-f", "--rakefile"}),
    "pnpm": frozenset({"--filter", "-F", "-C", "--dir"}),
    "npm": frozenset({"--prefix", "-w", "--workspace"}),
    "yarn": frozenset({"--cwd"}),
}
"""The options in front of the first word that take a value."""


_WORKERS = frozenset({"worker", "workers"})
_WORKER_WORDS = _WORKERS | {"consumer", "consumers"}
"""A folder of the second may as well hold the application for consumers."""
_CLOCKS = frozenset({"beat", "clock", "cron", "scheduler"})
_SERVING_WORDS = frozenset(
    {
        "admin", "api", "backend", "browser", "client", "cloudflare", "dashboard", "edge",
        "frontend", "gateway", "graphql", "grpc", "http", "https", "monitor", "proxy", "rest",
        "serve", "server", "service", "site", "ui", "web", "webhook", "webhooks", "website",
    }
)  # fmt: skip
"""Words of what answers requests, beside which the others only say for whom."""

_RUNNERS = frozenset(
    {"node", "tsx", "ts-node", "deno", "bun", "python", "ruby", "php", "dotnet", "java", "perl"}
)
_PACKAGE_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_SCRIPT_WORDS = frozenset({"run", "start", "exec", "run-script", "workspace", "dev", "prod"})
_SUFFIXES = (
    ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".rb", ".php", ".jar", ".dll", ".sh",
    ".pl", ".exe", ".go",
)  # fmt: skip
_UNTELLING = frozenset(
    {
        "", ".", "..", "main", "index", "app", "run", "start", "cli", "mod", "program", "bundle",
        "dist", "build", "out", "src", "lib", "bin", "target", "release", "__main__", "output",
        ".output", "esm", "cjs",
    }
)  # fmt: skip
"""Names that every program's file or folder may have."""

_HOMES = frozenset({"home", "users"})


def _family(program: str) -> str:
    """ "python3.12" is python."""
    bare = program.rstrip("0123456789.")
    return bare if bare in _RUNNERS else program


def words_behind(program: str, arguments: Sequence[str]) -> list[str]:
    """The words behind a program that are neither options nor their values."""
    with_value = _WITH_VALUE.get(_family(program), frozenset())
    words, skip = [], False
    for argument in arguments:
        if skip:
            skip = False
        elif argument.startswith("-"):
            skip = argument in with_value
        else:
            words.append(argument)
    return words


def named(program: str, run: Invocation) -> tuple[str, str, bool] | None:
    """What the names of a program say that no table has."""
    family = _family(program)
    behind = words_behind(program, run.arguments)
    if run.module:
        return _by_path(run.module.replace(".", "/"), f"python -m {run.module}")
    if family in _PACKAGE_MANAGERS:
        return _by_script(family, behind, run)
    if family == "java":
        return _by_java(run, behind)
    if program in ("go", "cargo"):
        target = run.option("--bin", "-p", "--package") if program == "cargo" else None
        target = target or (behind[1] if behind[:1] == ["run"] and len(behind) > 1 else "")
        return _by_path(target, f"{program} run {target}")
    if family in _RUNNERS:
        files = behind[1:] if behind[:1] == ["run"] else behind
        if files and files[0].rsplit("/", 1)[-1] in CONSOLES:
            return _by_words(files[1], f"{files[0]} {files[1]}") if len(files) > 1 else None
        return _by_path(files[0], f"{program} {files[0]}") if files else None
    own = _by_words(_stem(program), program)
    if own is not None:
        return own
    if not _serves(program) and behind[:1] and behind[0] in _WORKER_WORDS:
        return WORKER, f"{program} {behind[0]}", False
    if behind[:1] == ["run"] and len(behind) > 1 and behind[1] in _WORKER_WORDS:
        return WORKER, f"{program} run {behind[1]}", False
    return None


def _by_script(
    manager: str, behind: Sequence[str], run: Invocation
) -> tuple[str, str, bool] | None:
    """``npm run worker``, ``pnpm --filter worker start``, ``bun src/worker.ts``."""
    said = f"{manager} {' '.join(behind)}"
    words = [word for word in behind if word not in _SCRIPT_WORDS]
    if manager == "bun" and words and words[0].endswith(_SUFFIXES):
        return _by_path(words[0], f"bun {words[0]}")
    workspace = run.option(
        "--filter", "-F", "--workspace", "-w", "--prefix", "--cwd", "-C", "--dir"
    )
    if behind[:1] == ["workspace"] and words:
        workspace = words.pop(0)
    if words:
        return _by_words(words[-1], said)
    return _by_path(f"{workspace}/index", said) if workspace else None


def _by_java(run: Invocation, behind: Sequence[str]) -> tuple[str, str, bool] | None:
    jar = run.option("-jar")
    target = jar or (behind[0].rsplit(".", 1)[-1] if behind else "")
    return _by_words(_stem(target.rsplit("/", 1)[-1]), f"java {target}")


def _by_path(path: str, program: str) -> tuple[str, str, bool] | None:
    """By the last part of a path that tells something: "apps/worker/dist/index.js" by "worker"."""
    parts = path.replace("\\", "/").split("/")
    name = _stem(parts[-1])
    if name.lower() not in _UNTELLING:
        return _by_words(name, program)
    for position in range(len(parts) - 2, -1, -1):
        part = parts[position]
        if part.lower() not in _UNTELLING:
            if position and parts[position - 1].lower() in _HOMES:
                return None
            found = _by_words(part, program, _WORKERS)
            return found if found is not None and found[0] == WORKER else None
    return None


def _by_words(
    name: str, program: str, wanted: frozenset[str] = _WORKER_WORDS
) -> tuple[str, str, bool] | None:
    words = frozenset(camel_words(name))
    if words & _SERVING_WORDS:
        return None
    if words & wanted:
        return WORKER, program, False
    return (SCHEDULER, program, False) if name.lower() in _CLOCKS else None


def _serves(name: str) -> bool:
    return not _SERVING_WORDS.isdisjoint(camel_words(name))


def _stem(name: str) -> str:
    for suffix in _SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name
