"""Railway: config as code (``railway.json``, ``railway.toml``) and infrastructure as code
(``.railway/railway.ts``)."""

from __future__ import annotations

import re

from lintscale.platforms.base import Platform
from lintscale.syntax.regex import regex

NAME = "railway"

_NAME = regex(r"(?:.+[._-])?railway(?:[._-].+)?\.(?:jsonc?|toml)\Z", re.IGNORECASE)
SUFFIXES = frozenset({"json", "jsonc", "toml"})
_SCHEMA = "railway.schema.json"
_SECTION = regex(r"""\b(?:build|deploy|environments)\b""")

OWN_KEYS = (
    "startCommand", "restartPolicyType", "restartPolicyMaxRetries", "numReplicas",
    "healthcheckPath", "healthcheckTimeout", "multiRegionConfig", "sleepApplication",
    "cronSchedule", "overlapSeconds", "drainingSeconds", "preDeployCommand", "requiredMountPath",
)  # fmt: skip
"""Keys of ``deploy`` by which a file is known that is called otherwise: a service may be set to any
path (docs.railway.com/config-as-code/reference, "Using a custom config file", Aug 2026)."""


PROGRAM_SUFFIXES = ("ts", "mts", "cts", "js", "mjs", "cjs", "py", "go")
"""Of ``.railway/railway.*``, which ``railway config plan`` evaluates (the CLI 5.71.0, Oct 2026)."""

_PROGRAM = regex(rf"(?:.*/)?\.railway/railway\.(?:{'|'.join(PROGRAM_SUFFIXES)})\Z")


def is_program(file_name: str) -> bool:
    return ".railway/railway." in file_name and _PROGRAM.match(file_name) is not None


def may_hold(file_name: str, text: str) -> bool:
    """Whether a file of this name, or with this text, is worth parsing as Railway's."""
    if is_program(file_name):
        return True
    if _NAME.match(file_name.rpartition("/")[2]) is not None:
        return True
    if _SCHEMA in text:
        return _SECTION.search(text) is not None
    suffix = file_name.rpartition(".")[2].lower()
    return suffix in SUFFIXES and "deploy" in text and any(key in text for key in OWN_KEYS)


PLATFORM = Platform(
    name=NAME,
    title="Railway",
    letter="Y",
    package=__name__,
    may_hold=may_hold,
    example_file="railway.json",
    starter=('{{\n  "deploy": {{\n    "numReplicas": {count}\n  }}\n}}\n', 3),
    well_known_names=frozenset({"railway.json", "railway.toml"}),
    extensionless_names=frozenset(f".railway/railway.{suffix}" for suffix in PROGRAM_SUFFIXES),
    is_program=is_program,
)
