"""Editors are asked to tell of all that findings may depend on."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest

from lintscale.lsp.app import WATCHED


def alternatives(pattern: str) -> list[str]:
    """The pattern once for each choice between braces."""
    match = re.search(r"\{(.*?)\}", pattern)
    if match is None:
        return [pattern]
    return [
        pattern[: match.start()] + each + pattern[match.end() :] for each in match[1].split(",")
    ]


@pytest.mark.parametrize(
    "name",
    [
        "render.yaml", "k8s/hpa.yml", "railway.json", "lintscale.toml", "Kustomization",
        "chart/templates/_helpers.tpl", "base/shop.env", "base/shop.properties",
        "app/main.py", "src/db.js", "src/db.mjs", "web/index.ts", "cmd/main.go",
        "Procfile", "Dockerfile", "api.Dockerfile", "Dockerfile.prod", "Containerfile",
        "requirements.txt", "requirements-dev.in", "requirements/base.txt", "Pipfile",
        "setup.cfg", "package.json", "Gemfile", "go.mod", "prisma/schema.prisma", ".gitignore",
    ],
)  # fmt: skip
def test_watched(name: str) -> None:
    patterns = [each for pattern in WATCHED for each in alternatives(pattern)]
    assert any(fnmatchcase(f"/{name}", pattern) for pattern in patterns)


@pytest.mark.parametrize("name", ["README.md", "logo.png", "src/style.css"])
def test_not_watched(name: str) -> None:
    patterns = [each for pattern in WATCHED for each in alternatives(pattern)]
    assert not any(fnmatchcase(f"/{name}", pattern) for pattern in patterns)
