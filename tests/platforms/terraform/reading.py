"""Terraform files read for a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lintscale import api
from lintscale.platforms.terraform.modules import Module, Project
from lintscale.platforms.terraform.values import Encoded, Unknown, Value, text_of
from lintscale.project.config import load_settings
from tests.files import write_files

UNKNOWN = "<unknown>"


def module(files: Mapping[str, str] | str) -> Module:
    """The only root of these files (of one main.tf)."""
    texts = {"main.tf": files} if isinstance(files, str) else dict(files)
    project = Project(
        {name: text for name, text in texts.items() if name.endswith((".tf", ".tfvars"))},
        texts.get,
    )
    [found] = project.instances()
    return found


def shown(value: Value) -> Any:
    """A value without its places; what is not known is UNKNOWN, or has its placeholders."""
    data = value.data
    if isinstance(data, list):
        return [shown(item) for item in data]
    if isinstance(data, dict):
        return {key: shown(item) for key, item in data.items()}
    if isinstance(data, Encoded):
        return shown(data.value)
    if isinstance(data, Unknown):
        return UNKNOWN
    return data if data is None or isinstance(data, (bool, int, float)) else text_of(value)


def local(expression: str, beside: str = "", **files: str) -> Any:
    """What an expression comes to."""
    text = f"locals {{\n  result = {expression}\n}}\n{beside}"
    return shown(module({"main.tf": text, **files}).local("result"))


def checked(folder: Path, files: Mapping[str, str | bytes] | str) -> api.CheckResult:
    """What ``lintscale check`` comes to on a project of these files."""
    texts = {"main.tf": files} if isinstance(files, str) else files
    write_files(folder, {"lintscale.toml": "", **texts})
    result = api.check([str(folder)], settings=load_settings(folder))
    assert not result.failed_rules, [f.message for f in result.findings if f.internal]
    return result
