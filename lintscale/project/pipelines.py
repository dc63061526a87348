"""The shell scripts that a build server or a person runs to deploy: steps of a Jenkinsfile, recipes
of a Makefile, jobs of GitLab, Azure, Bitbucket, CircleCI and Taskfiles. None is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from lintscale.project.discovery import MAKEFILES
from lintscale.syntax import Document, Field, Scalar
from lintscale.syntax import Mapping as MappingNode
from lintscale.syntax import Sequence as SequenceNode
from lintscale.syntax.regex import regex
from lintscale.syntax.yaml import parse_yaml

_MOST_SCRIPTS = 500
_RUNNING = frozenset(
    {"script", "before_script", "after_script", "run", "command", "bash", "inlineScript", "cmds",
     "cmd", "commands"}
)  # fmt: skip
"""Keys of scripts in pipelines of GitLab, Bitbucket, CircleCI, Azure and Taskfiles."""

_SH = regex(
    r"\bsh\s*\(?\s*(?:[^()'\"\n]{0,60}\bscript\s*:\s*)?"
    r"(?:'''(?P<raw>.*?)'''|\"\"\"(?P<text>.*?)\"\"\"|'(?P<line>[^'\n]*)'|\"(?P<short>[^\"\n]*)\")",
    re.DOTALL,
)
_GROOVY = regex(
    r"^\s*(?:def\s+|env\.)?(\w{1,80})\s*=\s*[\"']([^\"'\n]{0,300})[\"']\s*$", re.MULTILINE
)
_MADE = regex(r"^(?:export\s+)?(\w{1,80})\s*[:?]{0,2}=[ \t]*([^\n]{0,300})$", re.MULTILINE)
_MAKE_VARIABLE = regex(r"\$[({](\w{1,80})[)}]")


class Script(NamedTuple):
    """A script, and what the file around it gives variables."""

    text: str
    variables: Mapping[str, str]


def scripts_in(name: str, text: str) -> Iterator[Script]:
    last = name.rpartition("/")[2].lower()
    if last in MAKEFILES:
        found = _recipes(text)
    elif "jenkinsfile" in last:
        found = _steps(text)
    else:
        found = (
            script for document in parse_yaml(text, name).documents for script in _jobs(document)
        )
    yield from islice(found, _MOST_SCRIPTS)


def _steps(text: str) -> Iterator[Script]:
    """Those of a Jenkinsfile. Groovy fills in the variables of what stands in double quotes."""
    variables = {match[1]: match[2] for match in _GROOVY.finditer(text)}
    for match in _SH.finditer(text):
        shell = match["raw"] or match["line"]
        groovy = match["text"] or match["short"] or ""
        yield Script(shell or groovy.replace("\\$", "$"), variables)


def _recipes(text: str) -> Iterator[Script]:
    """Those of a Makefile, each with all its lines."""
    variables = {match[1]: _of_make(match[2].strip()) for match in _MADE.finditer(text)}
    recipe: list[str] = []
    for line in (*text.splitlines(), ""):
        if line.startswith("\t"):
            recipe.append(_of_make(line.lstrip("\t@-+")))
        elif recipe:
            yield Script("\n".join(recipe), variables)
            recipe = []


def _of_make(text: str) -> str:
    return _MAKE_VARIABLE.sub(r"${\1}", text).replace("$$", "$")


def _jobs(document: Document) -> Iterator[Script]:
    """Those of a pipeline in YAML: what stands at keys that run something."""
    root = Field.root(document)
    variables = {
        key: value
        for where in ("variables", "env", "vars")
        for key, each in root.get(where).entries()
        if (value := each.raw_text().value) is not None
    }
    seen: set[int] = set()
    pending = [(root, False)]
    while pending:
        field, runs = pending.pop()
        node = field.node
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            if runs and isinstance(node.value, str):
                yield Script(node.value, variables)
        elif isinstance(node, SequenceNode):
            texts = [item.string() for item in field.items()]
            if runs and texts and all(each is not None for each in texts):
                yield Script("\n".join(each or "" for each in texts), variables)
            else:
                pending.extend((item, runs) for item in field.items())
        elif isinstance(node, MappingNode):
            pending.extend((value, key in _RUNNING) for key, value in field.entries())
