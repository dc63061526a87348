"""Whether a command can be that of an application: a program of another language is not."""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.code.commands import invocations
from lintscale.model.images import parse_image

_PYTHON = frozenset(
    {"python", "python2", "python3", "pypy", "pypy3", "gunicorn", "uvicorn", "hypercorn", "granian",
     "daphne", "celery", "flask", "fastapi", "streamlit", "poetry", "uv", "pipenv", "django-admin"}
)  # fmt: skip
_NODE = frozenset(
    {"node", "nodejs", "npm", "npx", "yarn", "pnpm", "tsx", "ts-node", "bun", "deno", "pm2",
     "pm2-runtime", "nest", "next", "nodemon"}
)  # fmt: skip
_RUBY = frozenset({"ruby", "bundle", "rails", "rake", "puma", "rackup", "sidekiq", "unicorn"})
_JVM = frozenset({"java", "openjdk", "eclipse-temurin", "amazoncorretto"})
_LANGUAGES = {
    **dict.fromkeys(_PYTHON, "python"),
    **dict.fromkeys(_NODE, "node"),
    **dict.fromkeys(_RUBY, "ruby"),
    **dict.fromkeys(_JVM, "jvm"),
    **dict.fromkeys(("php", "php-fpm", "composer"), "php"),
    **dict.fromkeys(("dotnet", "aspnet"), "net"),
    **dict.fromkeys(("mix", "elixir"), "elixir"),
    "golang": "go",
    "cargo": "rust",
}
"""By the programs that start one, and the names of images that hold such a program."""

_MANIFESTS = {
    "package.json": "node",
    "Gemfile": "ruby",
    "go.mod": "go",
    "Cargo.toml": "rust",
    "mix.exs": "elixir",
    "composer.json": "php",
    "pom.xml": "jvm",
    "build.gradle": "jvm",
    "build.gradle.kts": "jvm",
}
_ENDINGS = {".csproj": "net", ".fsproj": "net", ".txt": "python", ".in": "python"}
_PYTHON_TOO = ("pyproject.toml", "Pipfile", "setup.cfg")


def may_run(command: str, manifests: Iterable[str], image: str = "") -> bool:
    """Whether the command, or else the image that is called like a language, can be that of an
    application with these files; True where either does not tell."""
    own = {_of_manifest(name) for name in manifests} - {""}
    runs = (_LANGUAGES.get(run.program, "") for run in invocations(command)) if command else ()
    spoken = {language for language in runs if language}
    spoken = spoken or {_LANGUAGES.get(parse_image(image).name, "")} - {""}
    return not own or not spoken or bool(own & spoken)


def _of_manifest(name: str) -> str:
    last = name.rpartition("/")[2]
    if last in _PYTHON_TOO:
        return "python"
    ending = next((each for each in _ENDINGS if last.endswith(each)), "")
    return _MANIFESTS.get(last) or _ENDINGS.get(ending, "")
