"""Images that a deploy fills in, where the project's own workflows and pipelines show it doing so:
with an action or a tool of the platform, or with sed. The tag in the file is then not the one that
runs. And counts that such a deploy leaves alone, as it does not apply the file.

They are read as text; nothing is run. One that puts ``latest`` in changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from lintscale import platforms
from lintscale.code.commands import Invocation, invocations
from lintscale.code.files import Files, joined, prefix_of
from lintscale.model.images import parse_image
from lintscale.platforms import TABLE
from lintscale.platforms.base import DeployedImage, Platform
from lintscale.project.discovery import WORKFLOWS, is_pipeline, may_fill_in
from lintscale.project.pipelines import scripts_in
from lintscale.syntax.field import Field
from lintscale.syntax.regex import regex
from lintscale.syntax.yaml import parse_yaml

_SED = "sed -"

_EXPRESSION = regex(r"\$\{\{\s*(.{0,200}?)\s*\}\}")
_VARIABLE = regex(r"\$(?:\{([\w.-]{1,120})\}|([A-Za-z_]\w{0,80}))")
_DOT, _DASH = "__DOT__", "__DASH__"
_DOTTED = regex(r"\$\{([A-Za-z_][\w.-]{1,120})\}")
_UNDOTTED = regex(rf"\$\{{?([A-Za-z_]\w*(?:{_DOT}|{_DASH})\w*)\}}?")
_MOST_STEPS = 3
"""How often a variable may stand for another one."""

_LONGEST_PATH = 300
"""Characters of a file's path or pattern."""

_GAP = "\0"
"""Stands for any text; no line holds it."""

_GAPS = regex(
    r"\[\^[^\]]{1,20}\](?:\*|\\?\+|\{[\d,]+\})?|\[\[:[a-z]+:\]\](?:\*|\\?\+)?|\[[^\]]{1,40}\](?:\*|\\?\+)?"
    r"|\\[sSwW](?:\*|\\?\+)?|\.(?:\*|\\?\+)| \*"
)
_ESCAPED = regex(r"\\([^\w\s])")
_MOST = 500
"""Characters of a script that is read; longer ones do more than fill in an image."""


class WrittenImage(NamedTuple):
    """The ``image`` that a file has for the ``container`` of a ``workload`` (its kind and name)."""

    platform: str
    file: str
    workload: tuple[str, str]
    container: str
    image: str


class Deploys(NamedTuple):
    """What all deploys of a project do: the images that they fill in, and by platform the files
    and folders that they apply, "" for any."""

    images: tuple[Deploy, ...] = ()
    applied: frozenset[tuple[str, str]] = frozenset()

    def leave_alone(self, platform: str, workload: tuple[str, str], file: str) -> bool:
        """Whether they change nothing of a workload but its images."""
        return any(
            each.platform == platform and each.workload == workload for each in self.images
        ) and not any(
            own == platform and (not path or file == path or file.startswith(prefix_of(path)))
            for own, path in self.applied
        )


class Deploy(NamedTuple):
    """An image that a workflow fills in. Empty fields fit anything: the ``platform``, ``file`` (a
    pattern), the ``workload`` as kind and name, ``container``, and ``name``, the image's own
    without its tag. ``script`` is what sed does to the line; ``image`` what is put in otherwise."""

    workflow: str
    platform: str = ""
    file: str = ""
    workload: tuple[str, str] = ("", "")
    container: str = ""
    name: str = ""
    image: str = ""
    script: str = ""

    def fills_in(self, written: WrittenImage) -> bool:
        """Whether the container runs another image than the one that is written, and not the
        newest of whatever there is."""
        if (
            (self.platform and self.platform != written.platform)
            or (self.file and not fnmatchcase(written.file, self.file))
            or (self.workload[1] and self.workload != written.workload)
            or (self.container and self.container != written.container)
            or (self.name and self.name != parse_image(written.image).repository)
        ):
            return False
        if self.script:
            after = substituted(f"- image: {written.image}", self.script)
            return after is not None and _says_a_build(after)
        return _says_a_build(self.image)


def deploys_in(root: Path, names: Iterable[str]) -> Deploys:
    """What workflows, pipelines and tools do. ``names`` are files of interest below ``root``; those
    that may say so are read."""
    files = Files(root, filter(may_fill_in, names))
    images = tuple(deploy for name in files.sorted for deploy in _deploys_in(name, files))
    if not any(deploy.workload[1] for deploy in images):
        return Deploys(images)
    return Deploys(
        images, frozenset(each for name in files.sorted for each in _applied(name, files))
    )


def _says_a_build(image: str) -> bool:
    """A tag, a digest, or something that only the deploy knows; "latest" is none of these."""
    image = image.strip().rstrip("\"'")
    reference = parse_image(image)
    if reference.tag == "latest" and not reference.digest:
        return False
    return "$" in image or bool(reference.tag or reference.digest)


# -- one workflow ---------------------------------------------------------------------------------


def _deploys_in(name: str, files: Files) -> Iterator[Deploy]:
    if name.startswith(WORKFLOWS) or is_pipeline(name):
        hints = (_SED, *(hint for platform in TABLE.values() for hint in platform.deploy_hints))
        if any(hint.encode() in files.data(name) for hint in hints):
            yield from _by_workflow(name, files)
        return
    for platform in TABLE.values():
        if name.rpartition("/")[2] in platform.deploy_files:
            for document in parse_yaml(files.text(name), name).documents:
                found = platforms.load(platform.name).deployed_by_file(Field.root(document))
                yield from (_deploy(name, platform, each) for each in found)


def _by_workflow(name: str, files: Files) -> Iterator[Deploy]:
    for step in _steps_in(name, files):
        if step.action:
            yield from _used(name, step)
        yield from _run(name, step)


class _Step(NamedTuple):
    """One step: the action that it uses, with its inputs, and the script that it runs."""

    action: str
    inputs: Field | None
    script: str
    folder: str
    variables: Mapping[str, str]
    values: _Values


def _steps_in(name: str, files: Files) -> Iterator[_Step]:
    if not name.startswith(WORKFLOWS):
        for text, given in scripts_in(name, files.text(name)):
            yield _Step("", None, text, "", given, _Values([], given))
        return
    for document in parse_yaml(files.text(name), name).documents:
        workflow = Field.root(document)
        for _, job in workflow.get("jobs").entries():
            variables = {**_variables(workflow), **_variables(job)}
            steps = list(job.get("steps").items())
            values = _Values(steps, variables)
            folder = job.get("defaults", "run", "working-directory").string()
            folder = folder or workflow.get("defaults", "run", "working-directory").string() or ""
            for step in steps:
                own = {**variables, **_variables(step)}
                uses = step.get("uses").string() or ""
                script = step.get("run").string() or ""
                step_folder = step.get("working-directory").string() or folder
                action = uses.partition("@")[0]
                yield _Step(action, step.get("with"), script, step_folder, own, values)


def _variables(field: Field) -> dict[str, str]:
    texts = ((key, value.raw_text().value) for key, value in field.get("env").entries())
    return {key: text for key, text in texts if text is not None}


class _Values:
    """What expressions and variables of a job stand for, as far as it is written."""

    def __init__(self, steps: list[Field], variables: Mapping[str, str]) -> None:
        self._steps = {step.get("id").string() or "": step for step in steps}
        self._variables = variables

    def of(self, text: str, variables: Mapping[str, str]) -> str:
        """The text with what is known filled in; ``$`` remains in front of what is not."""
        text = _plain(text)
        for _ in range(_MOST_STEPS):
            found = _VARIABLE.sub(lambda match: self._value(match, variables), text)
            if found == text:
                break
            text = found
        return text

    def _value(self, match: re.Match[str], variables: Mapping[str, str]) -> str:
        name = match[1] or match[2]
        value = self._output(name)
        if value is None:
            value = variables.get(name.removeprefix("env."))
        return match[0] if value is None else _plain(value)

    def _output(self, name: str) -> str | None:
        """What ``steps.ID.outputs.NAME`` is, by the script of that step: it says
        ``echo "NAME=…" >> $GITHUB_OUTPUT``, or ``::set-output name=NAME::…``. None for another
        name, and where the script does not say it."""
        match name.split("."):
            case ["steps", identity, "outputs", output] if identity in self._steps:
                step = self._steps[identity]
            case _:
                return None
        script = _plain(step.get("run").string() or "")
        assigned = re.findall(rf"\b{re.escape(output)}(?:=|::)([^\s\"']{{1,300}})", script)
        if not assigned:
            return None
        own = {**self._variables, **_variables(step)}
        return _VARIABLE.sub(lambda match: self._value(match, own), assigned[-1])


def _plain(text: str) -> str:
    """With each ``${{ expression }}`` as one word."""
    return _EXPRESSION.sub(lambda match: "${" + re.sub(r"[^\w.-]", "_", match[1]) + "}", text)


# -- one step -------------------------------------------------------------------------------------


def _used(name: str, step: _Step) -> Iterator[Deploy]:
    def said(key: str) -> str:
        given = step.inputs.get(key).string() if step.inputs is not None else None
        return step.values.of(given or "", step.variables)

    for platform in TABLE.values():
        if platform.deploy_action == step.action:
            found = platforms.load(platform.name).deployed_by_action(said)
            yield from (_deploy(name, platform, each) for each in found)


def _deploy(workflow: str, platform: Platform, found: DeployedImage) -> Deploy:
    return Deploy(
        workflow,
        platform.name,
        joined("", found.file) if found.file else "",
        found.workload,
        found.container,
        parse_image(found.name).repository if found.name else "",
        found.image,
    )


def _for_the_shell(script: str) -> str:
    """With each expression as a variable whose name the shell takes."""
    return _DOTTED.sub(
        lambda m: "${" + m[1].replace(".", _DOT).replace("-", _DASH) + "}", _plain(script)
    )


def _from_the_shell(word: str) -> str:
    return _UNDOTTED.sub(lambda m: "${" + m[1].replace(_DOT, ".").replace(_DASH, "-") + "}", word)


class _Command(NamedTuple):
    """A program that a step runs, with its words as far as they are known."""

    run: Invocation
    words: list[str]
    folder: str


def _commands(step: _Step) -> Iterator[_Command]:
    folder = step.folder
    for run in invocations(_for_the_shell(step.script)) if step.script else ():
        known = {**step.variables, **run.settings}
        words = [step.values.of(_from_the_shell(word), known) for word in run.arguments]
        if run.program == "cd" and words:
            folder = joined(folder, words[0])
        yield _Command(run, words, folder)


def _run(name: str, step: _Step) -> Iterator[Deploy]:
    for run, words, folder in _commands(step):
        if run.program == "sed":
            yield from _sed(name, run, words, folder)
        for platform in TABLE.values():
            if run.program in platform.deploy_tools:
                found = platforms.load(platform.name).deployed_by_command(run.program, words)
                yield from (_deploy(name, platform, each) for each in found)


def _applied(name: str, files: Files) -> Iterator[tuple[str, str]]:
    """What a workflow or a pipeline applies, by platform; "" for whatever it may be. What stands on
    one side of a choice behind a command that only asks or changes (``set image … || apply``) is
    for the first time."""
    if not (name.startswith(WORKFLOWS) or is_pipeline(name)):
        return
    for platform in TABLE.values():
        if not platform.deploy_tools:
            continue
        reader = platforms.load(platform.name)
        for step in _steps_in(name, files):
            if step.action and reader.applied_by_action(step.action):
                yield platform.name, ""
            before = ""
            for run, words, folder in _commands(step):
                paths = [*reader.applied_by_command(run.program, words)]
                if not (paths and run.branches and before == run.program):
                    yield from (
                        (platform.name, joined(folder, path) if path and "$" not in path else "")
                        for path in paths
                    )
                if not paths and _is_script(run):
                    yield platform.name, ""
                before = "" if paths else run.program


def _is_script(run: Invocation) -> bool:
    """Whether it runs something that may deploy."""
    words = (run.program, *run.arguments[:2])
    return (
        bool(run.unknown)
        or any(word.endswith((".sh", ".ps1", ".py")) and "deploy" in word for word in words)
        or (run.program in ("make", "task", "npm", "just") and any("deploy" in w for w in words))
    )


def _sed(name: str, run: Invocation, words: list[str], folder: str) -> Iterator[Deploy]:
    """sed -i SCRIPT FILE…, or -e SCRIPT for each of several."""
    if not any(word.startswith(("-i", "--in-place")) for word in words):
        return
    given = {index + 1 for index, word in enumerate(words) if word in ("-e", "--expression")}
    scripts = [words[index] for index in sorted(given) if index < len(words)]
    plain = [
        word
        for index, word in enumerate(words)
        if word and index not in given and not word.startswith("-")
    ]
    if not scripts:
        scripts, plain = plain[:1], plain[1:]
    for file in plain:
        if "$" not in file and len(file) <= _LONGEST_PATH:
            for script in scripts:
                yield Deploy(name, file=joined(folder, file), script=script)


def substituted(line: str, script: str) -> str | None:
    """The line after ``s/pattern/replacement/``, as far as it can be known without sed's regular
    expressions: literal text with gaps of any length. None where the pattern is not in it."""
    parts = _parts(script)
    if parts is None:
        return None
    pattern, replacement = parts
    pattern = pattern.removeprefix("^").removesuffix("$")
    pattern = pattern.replace("\\(", "").replace("\\)", "").replace('"', "").replace("'", "")
    pieces = _ESCAPED.sub(r"\1", _GAPS.sub(_GAP, pattern)).split(_GAP)
    if not any(pieces):
        return None
    begin = end = -1
    for piece in pieces:
        at = line.find(piece, max(end, 0)) if piece else max(end, 0)
        if at < 0:
            return None
        begin = at if begin < 0 else begin
        end = at + len(piece)
    if pieces[-1] == "":
        end = len(line)
    return line[:begin] + replacement + line[end:]


def _parts(script: str) -> tuple[str, str] | None:
    script = script.strip()
    if len(script) > _MOST or len(script) < 2 or script[0] != "s":
        return None
    mark = script[1]
    parts = script[2:].replace("\\" + mark, "\1").split(mark)
    if mark.isalnum() or mark.isspace() or len(parts) < 2:
        return None
    return parts[0].replace("\1", mark), parts[1].replace("\1", mark)
