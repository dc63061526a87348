"""Files that are broken, hostile or strange, in whole runs: they end soon, in a word about the
file, and beside them a healthy neighbour's own finding is reported as ever."""

from __future__ import annotations

import codecs
import errno
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from lintscale import api, reports
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.project.config import load_settings
from lintscale.project.discovery import Candidate
from lintscale.reports import Style
from lintscale.syntax import Mapping as MappingNode
from lintscale.syntax import Node, Scalar, parse
from lintscale.syntax import Sequence as SequenceNode
from lintscale.syntax.text import Positions
from tests.cli.conftest import RENDER, Lintscale, lintscale
from tests.files import write_files
from tests.manifests import as_json, as_yaml, autoscaler, deployment
from tests.syntax.trees import bomb

__all__ = ["lintscale"]  # the fixture that runs the command line

NEIGHBOUR = "web/render.yaml"
FIXTURES = Path(__file__).parent.parent / "fixtures"
STYLES = {
    "full": Style(width=100),
    "full, in colour": Style(width=100, color=True),
    "concise": Style(),
    "json": Style(),
    "github": Style(),
}
DEPLOYMENT = as_yaml(deployment())
HEADER = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"


class Ran(NamedTuple):
    """``findings``: in other files than the neighbour."""

    result: CheckResult
    findings: list[Finding]

    @property
    def rules(self) -> set[str]:
        return {finding.rule for finding in self.findings}

    @property
    def skipped(self) -> dict[str, str]:
        return {skip.file: skip.reason for skip in self.result.summary.skipped}

    def messages(self, rule: str) -> list[str]:
        return [finding.message for finding in self.findings if finding.rule == rule]

    def files_with(self, rule: str) -> set[str]:
        return {finding.location.file for finding in self.findings if finding.rule == rule}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one Blueprint that has one error; the working folder."""
    root = tmp_path / "project"
    (root / "web").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / NEIGHBOUR).write_text(RENDER, encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    return root


def check(folder: Path, files: Mapping[str, str | bytes], *paths: str) -> Ran:
    """Check the project with these files beside the neighbour, whose finding must be there."""
    write_files(folder, files)
    return checked(folder, *paths)


def checked(folder: Path, *paths: str) -> Ran:
    asked = [str(folder / path) for path in paths] or [str(folder)]
    result = api.check(asked, settings=load_settings(folder))
    assert not result.failed_rules, [f.message for f in result.findings if f.internal]
    expected = ("min-instances", NEIGHBOUR, 8)
    found = [(f.rule, f.location.file, f.location.span.line) for f in result.findings]
    assert expected in found
    others = [f for f in result.findings if f.location.file != NEIGHBOUR]
    return Ran(result, others)


def rendered(result: CheckResult) -> dict[str, str]:
    return {
        name: reports.render(name.partition(",")[0], result, style)
        for name, style in STYLES.items()
    }


# -- broken, empty and strange files ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("render.yaml", "services: [}"),
        ("render.yaml", "services:\n\t- type: web"),
        ("k8s/web.yaml", HEADER + "spec: [\n"),
        ("railway.json", '{"deploy": {"numReplicas": 1'),
        ("railway.toml", "[deploy\nnumReplicas = 1"),
        ("task.json", '{"family": "shop", "containerDefinitions": [{"name": }]}'),
    ],
)
def test_a_broken_file(folder: Path, name: str, text: str) -> None:
    ran = check(folder, {name: text})
    assert [(f.rule, f.location.file) for f in ran.findings] == [("syntax-error", name)]


def test_a_broken_document_leaves_the_others_of_its_stream(folder: Path) -> None:
    broken = HEADER.replace("shop", "broken") + "spec: [\n"
    others = as_yaml(deployment("ledger"), autoscaler("ledger", low=1))
    ran = check(folder, {"k8s.yaml": f"{DEPLOYMENT}---\n{broken}---\n{others}"})
    assert {"syntax-error", "min-instances"} <= ran.rules


@pytest.mark.parametrize("name", ["k8s.yaml", "render.yaml"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "latin-1"])
def test_a_wrong_encoding_is_an_error_and_never_silence(
    folder: Path, name: str, encoding: str
) -> None:
    text = (DEPLOYMENT if name == "k8s.yaml" else RENDER) + "# é\n"
    ran = check(folder, {name: text.encode(encoding)})
    (message,) = ran.messages("syntax-error")
    assert ("UTF-8" if encoding == "latin-1" else "NUL byte") in message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(folder: Path, encoding: str) -> None:
    ran = check(folder, {"render.yaml": (RENDER + "# é\n").encode(encoding)})
    assert "min-instances" in ran.rules


@pytest.mark.parametrize("wrong", [b"\0", b"\xff", b"\xed\xa0\x80", b"\x1b[31m", b"\xef\xbf\xbe"])
def test_bytes_that_are_no_text(folder: Path, wrong: bytes) -> None:
    text = RENDER.encode().replace(b"name: shop", b"name: shop" + wrong)
    ran = check(folder, {"render.yaml": text})
    assert ran.rules == {"syntax-error"}


@pytest.mark.parametrize("name", ["render.yaml", "railway.json", "railway.toml"])
@pytest.mark.parametrize("text", ["", " \n\t\n \n"])
def test_an_empty_file_is_said_to_be_empty(folder: Path, name: str, text: str) -> None:
    ran = check(folder, {name: text})
    assert ran.skipped == {name: "it is empty"}
    assert not ran.findings


@pytest.mark.parametrize(
    "name", ["render.yaml", "k8s.yaml", "kustomization.yaml", "railway.json", "task.json"]
)
@pytest.mark.parametrize(
    "text",
    [
        "# nothing but this\n",
        "--- \n---\n...\n",
        "42",
        "[]",
        "{}",
        "null",
        '"x"',
        "[1, [2], null]",
        '{"apiVersion": 1, "kind": "Deployment"}',
        '{"apiVersion": null, "kind": "Deployment", "metadata": 3, "spec": []}',
        '{"apiVersion": {"a": 1}, "kind": ["Deployment"]}',
        '{"apiVersion": "shop.example/v1", "kind": "Cart", "spec": {"replicas": 1}}',
        '{"apiVersion": "v1", "kind": "List", "items": {"a": 1}}',
        '{"family": [], "containerDefinitions": {"a": 1}}',
        "services: 3\ndatabases: [null]\nenvVarGroups: {a: 1}\n",
        "!!python/object/apply:os.system [ls]\n",
    ],
)
def test_documents_of_no_known_shape(folder: Path, name: str, text: str) -> None:
    rendered(check(folder, {name: text}).result)


@pytest.mark.parametrize(
    "key",
    [
        "1",
        "null",
        "true",
        "1.5",
        "[a]",
        "{a: b}",
        "? [a]\n  ",
        ".nan",
        "0x1F",
        "<<",
        '"\\0"',
        "&x y",
    ],
)
def test_keys_that_are_no_text(folder: Path, key: str) -> None:
    yaml = f"{RENDER}    {key}: 3\nenvVarGroups:\n- name: settings\n  {key}: [1]\n"
    manifest = f"{DEPLOYMENT}\n{key}: 1\n".replace("labels:\n", f"labels:\n        {key}: 1\n", 1)
    rendered(check(folder, {"render.yaml": yaml, "k8s.yaml": manifest}).result)


# -- size and depth --------------------------------------------------------------------------------


_DEEP = 10_000
_WIDE = "{" + ", ".join(f"k{n}: {n}" for n in range(1000)) + "}\n"
_OBJECT = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("k8s.yaml", HEADER + bomb(9, 9)),
        ("k8s.yaml", HEADER + bomb(2, 190)),
        ("k8s.yaml", HEADER + "a: &a [" + "x, " * 1000 + "]\nall:\n" + "- *a\n" * 10_000),
        ("k8s.yaml", HEADER + "a: &a " + _WIDE + "all:\n" + "- <<: *a\n" * 10_000),
        ("k8s.yaml", HEADER + "a: &a " + _WIDE + "b: {<<: [" + "*a, " * 500 + "]}\n"),
        (
            "k8s.yaml",
            f"apiVersion: v1\nkind: List\nitems:\n- &d {_OBJECT}\n" + "- *d\n" * 50_000,
        ),
        ("render.yaml", "services:\n- &s {type: web}\n" + "- *s\n" * 100_000),
        ("k8s.yaml", HEADER + "a: " + "[" * _DEEP + "]" * _DEEP),
        ("k8s.yaml", HEADER + "a: " + "{a: " * _DEEP + "1" + "}" * _DEEP),
        ("k8s.yaml", HEADER + "a:\n" + "- " * _DEEP + "x"),
        ("k8s.yaml", HEADER + "? " * _DEEP),
        ("k8s.yaml", HEADER + "".join(f"{' ' * level}a:\n" for level in range(1500))),
        ("render.yaml", "[" * _DEEP),
        ("railway.json", '{"deploy":' * _DEEP + "1" + "}" * _DEEP),
        ("railway.json", "[" * _DEEP),
        ("task.json", '{"family":"shop","containerDefinitions":' + "[" * _DEEP),
        ("railway.toml", "a = " + "[" * _DEEP + "]" * _DEEP),
        ("railway.toml", "a = " + "{a = " * _DEEP + "1" + "}" * _DEEP),
        ("railway.toml", "[" + "a." * _DEEP + "a]\nb = 1\n"),
    ],
)
def test_bombs_end_in_an_error_at_once(folder: Path, name: str, text: str) -> None:
    write_files(folder, {name: text})
    started = time.process_time()
    ran = checked(folder)
    rendered(ran.result)
    assert time.process_time() - started < 15  # tenths of a second; minutes, were it expanded
    (message,) = ran.messages("syntax-error")
    assert "expand" in message or "levels deep" in message or "simple key" in message


def test_a_file_of_twenty_megabytes_is_left_out(folder: Path) -> None:
    text = DEPLOYMENT + "# padding of a comment\n" * 900_000
    ran = check(folder, {"k8s.yaml": text})
    assert ran.skipped == {"k8s.yaml": "cannot be read: 20 MB is more than the 16 MB that are read"}
    explicit = checked(folder, "k8s.yaml", "web")
    assert "more than the 16 MB" in explicit.messages("syntax-error")[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["k8s.json", "k8s.yaml"])
def test_time_grows_with_the_size_and_not_faster(folder: Path, name: str) -> None:
    """The same database is used by all, which once cost the square of their number."""

    def seconds(count: int) -> float:
        manifests = [using_a_database(f"shop{number}") for number in range(count)]
        make = as_json if name.endswith("json") else as_yaml_quickly
        write_files(folder, {name: make(*manifests)})
        started = time.process_time()
        checked(folder)
        return time.process_time() - started

    seconds(1)
    assert seconds(300) < 10 * seconds(75) + 0.5


def using_a_database(name: str) -> dict[str, object]:
    manifest = deployment(name)
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    url = f"postgres://{name}@db.example/{name}"
    container["env"] = [{"name": "DATABASE_URL", "value": url}]
    return manifest


def as_yaml_quickly(*manifests: dict[str, object]) -> str:
    return "---\n".join(json.dumps(manifest, indent=1) + "\n" for manifest in manifests)


# -- values of every wrong type --------------------------------------------------------------------

VALUES = (
    "x", None, 1e308, -1, 99999999999999999999, True, [], {}, int("9" * 400), "", [None], {"a": {}},
)  # fmt: skip


def places(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, MappingNode):
        for entry in node.entries.values():
            yield from places(entry.value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from places(item)


@pytest.mark.parametrize("platform", ["render", "railway", "ecs", "kubernetes"])
@pytest.mark.parametrize("turn", range(len(VALUES)))
def test_any_scalar_may_be_anything(folder: Path, platform: str, turn: int) -> None:
    """Each scalar of the files is another of the values in each turn: first every seventh, so
    that what is around it still makes sense, then all of them."""
    source = FIXTURES / platform / "unhealthy"
    originals = {
        path.relative_to(source).as_posix(): path.read_text("utf-8")
        for path in source.rglob("*")
        if path.suffix in (".yaml", ".yml", ".json", ".toml") and path.name != "lintscale.toml"
    }
    write_files(folder, originals)
    broken_before = checked(folder).files_with("syntax-error")
    for every in (7, 1):
        write_files(
            folder, {name: broken(name, text, turn, every) for name, text in originals.items()}
        )
        ran = checked(folder)
        assert ran.files_with("syntax-error") <= broken_before
    rendered(ran.result)


def broken(name: str, text: str, turn: int, every: int) -> str:
    """``text`` with every so-many-th scalar replaced, by another value each time."""
    format_ = Candidate(Path(name), name).format
    positions = Positions(text)
    found = {
        (positions.offset(*scalar.span[:2]), positions.offset(*scalar.span[2:]))
        for document in parse(text, name, format_).documents  # type: ignore[arg-type]
        if document.root is not None
        for scalar in places(document.root)
        if scalar.text not in ("Deployment", "HorizontalPodAutoscaler", "apps/v1", "v1")
    }
    for number, (start, end) in reversed(list(enumerate(sorted(found)))):
        if (number + turn) % every:
            continue
        value = VALUES[(number // every + turn) % len(VALUES)]
        if format_ == "toml" and (value is None or value in ([None], {"a": {}}, int("9" * 400))):
            value = "x"
        text = text[:start] + json.dumps(value) + text[end:]
    return text


AMOUNTS = (
    "1e999Gi", "1e999", "-1", "1e308", "0", "9" * 400, "9" * 5000, "½", "1Ei", "nan", ".inf", "-0",
    "0x10", "1_000", "1e-999", '" 5 "', "1000000000000%", "-5%", '"%"', "9223372036854775808",
    "-9223372036854775809", "true", "[]", "{}",
)  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda amount: amount[:20])
def test_amounts_out_of_all_bounds(folder: Path, amount: str) -> None:
    manifests = as_yaml(
        deployment(
            replicas="AMOUNT",
            minReadySeconds="AMOUNT",
            strategy={"rollingUpdate": {"maxSurge": "AMOUNT", "maxUnavailable": "AMOUNT"}},
        ),
        autoscaler(low="AMOUNT", high="AMOUNT"),  # type: ignore[arg-type]
    )
    manifests = re.sub(r"250m|256Mi|1Gi|\b70\b|AMOUNT", amount, manifests)
    render = re.sub(r": (1|6|70)$", f": {amount}", RENDER, flags=re.MULTILINE)
    ran = check(folder, {"k8s.yaml": manifests, "render.yaml": render})
    assert not ran.messages("syntax-error")
    rendered(ran.result)


@pytest.mark.parametrize("number", ["1e308", "9" * 400, "-1", str(2**63), "1e999", "1e-400"])
def test_numbers_out_of_all_bounds_in_json(folder: Path, number: str) -> None:
    service = f"""{{"serviceName": "shop", "cluster": "shops", "taskDefinition": "shop",
      "desiredCount": {number}, "healthCheckGracePeriodSeconds": {number},
      "deploymentConfiguration": {{"maximumPercent": {number}, "minimumHealthyPercent": {number}}}
    }}"""
    task = f"""{{"family": "shop", "cpu": {number}, "memory": "{number}", "containerDefinitions": [
      {{"name": "shop", "image": "shop:1", "cpu": {number}, "memory": {number}, "environment": [
        {{"name": "DATABASE_URL", "value": "postgres://db.example/shop"}},
        {{"name": "DB_POOL_SIZE", "value": "{number}"}},
        {{"name": "WEB_CONCURRENCY", "value": {number}}}]}}]}}"""
    railway = f"""{{"deploy": {{"numReplicas": {number}, "healthcheckTimeout": {number},
      "multiRegionConfig": {{"europe": {{"numReplicas": {number}}}}}}}}}"""
    ran = check(folder, {"service.json": service, "task.json": task, "railway.json": railway})
    assert not ran.messages("syntax-error")
    rendered(ran.result)


@pytest.mark.parametrize(
    "piece",
    [
        "{{", "$(", "${", "a://", "://a:", "a:b@", "pass=", "=;", "[",
        "-", "--a ", "'", '"', "\\", "; ", ".", "-----BEGIN PRIVATE KEY-----",
    ],
)  # fmt: skip
def test_a_hundred_kilobytes_that_make_patterns_slow(folder: Path, piece: str) -> None:
    text = json.dumps(piece * (100_000 // len(piece)))
    manifest = deployment()
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    container["command"] = ["sh", "-c", "TEXT"]
    container["image"] = "TEXT"
    container["env"] = [{"name": "DATABASE_URL", "value": "TEXT"}, {"name": "TEXT", "value": "1"}]
    write_files(
        folder,
        {
            "k8s.json": as_json(manifest).replace('"TEXT"', text),
            "render.yaml": RENDER.replace("uvicorn shop:app --port $PORT", text),
            "railway.toml": f"[deploy]\nnumReplicas = 2\nstartCommand = {text}\n",
            "raw.yaml": f"{HEADER}x: {piece * (100_000 // len(piece))}",
        },
    )
    started = time.process_time()
    rendered(checked(folder).result)
    assert time.process_time() - started < 20  # tenths of a second; minutes, were it quadratic


def test_an_image_of_a_megabyte_and_a_command_with_an_open_quote(folder: Path) -> None:
    manifest = DEPLOYMENT.replace("registry.example/shop:1.4.2", "a/" * 500_000 + "b:1")
    render = RENDER.replace("uvicorn shop:app", """sh -c 'uvicorn \\"shop:app""")
    ran = check(folder, {"k8s.yaml": manifest, "render.yaml": render})
    assert "min-instances" in ran.rules


# -- what is printed -------------------------------------------------------------------------------

_DANGEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u200b]")
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_COMMAND = re.compile(r"::(error|warning|notice) (file|title)=")

HOSTILE_NAMES = (
    "\x1b[31mred", "a\nb", "a\r\n::error::x", "::error::x", "::set-output name=a::b", "\u202eabc",
    "\u2066x", "a\u2028::error::b", "%0A::error::x", "\x9b31m", "\x07", "x" * 10_000,
    "[bold]x[/bold]",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=lambda name: repr(name[:15]))
def test_no_name_is_obeyed_by_a_terminal_or_a_runner(folder: Path, name: str) -> None:
    text = RENDER.replace("name: shop", f"name: {json.dumps(name)}")
    scaler = as_yaml(autoscaler("TARGET")).replace("TARGET", json.dumps(name))
    ran = check(folder, {"render.yaml": text, "k8s.yaml": scaler})
    assert {"min-instances", "dangling-autoscaler"} <= ran.rules
    safe_to_print(ran.result)
    if name.startswith("[bold]"):
        assert all(name in text for text in rendered(ran.result).values())


@pytest.mark.parametrize(
    "name",
    [*(name for name in HOSTILE_NAMES if len(name) < 200), "-x", "--help", " ", "a b", "é😀"],
)
def test_no_file_name_is(folder: Path, name: str) -> None:
    ran = check(folder, {f"{name}.yaml": as_yaml(autoscaler()), f"{name}/render.yaml": "a: ["})
    assert {"syntax-error", "dangling-autoscaler"} <= ran.rules
    safe_to_print(ran.result)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names there are Unicode")
def test_names_that_are_no_utf8_are_written_out(folder: Path) -> None:
    strange = os.fsencode(folder) + b"/a\xff"
    Path(os.fsdecode(strange)).mkdir()
    for path in (strange + b".yaml", strange + b"/deployment.yaml", strange + b"/railway.json"):
        content = '{"deploy": {"numReplicas": 1}}' if path.endswith(b"json") else DEPLOYMENT
        Path(os.fsdecode(path)).write_text(
            content if b"\xff/" in path else as_yaml(autoscaler("ledger"))
        )
    ran = checked(folder)
    files = {finding.location.file for finding in ran.findings}
    assert {"a\\xff.yaml", "a\\xff/railway.json"} <= files
    safe_to_print(ran.result)


def safe_to_print(result: CheckResult) -> None:
    for format_, text in rendered(result).items():
        text.encode()
        shown = _COLOUR.sub("", text) if "colour" in format_ else text
        assert _DANGEROUS.search(shown) is None, format_
        lines = shown.split("\n")
        if format_ == "github":
            assert all(_COMMAND.match(line) for line in lines[:-2])
            assert not lines[-2].startswith("::")
        else:
            assert not [line for line in lines if line.lstrip().startswith(("::e", "::s", "##["))]


SECRETS = {
    "render.yaml": RENDER
    + "    envVars:\n"
    + "      - {key: DATABASE_URL, value: postgres://shop:hunter2secret@db.example/shop}\n"
    + "      - key: SECRET_KEY\n"
    + "        value: |\n          Zx9hunter2secretQ\n          hunter2secret\n"
    + "      - {key: STRIPE_TOKEN, value: hunter2secret9, minInstances: 1}\n",
    "k8s.yaml": as_yaml(
        deployment(minReadySeconds={"password": "hunter2secret77"}), autoscaler("none")
    ).replace(
        "ports:",
        "command: [shop, --password, hunter2secret9x, 'redis://:hunter2secret@cache.example']\n"
        "        env: [{name: DB_PASSWORD, value: hunter2secret}, {name: DB_PASSWORD, value: x}]\n"
        "        ports:",
    ),
    "args.yaml": DEPLOYMENT.replace(
        "image: registry.example/shop:1.4.2",
        "command:\n        - shop\n        - --password\n        - hunter2secret9x\n"
        "        image: registry.example/shop:latest",
    ),
    "railway.json": '{"deploy": {"numReplicas": 1, "startCommand":'
    ' "shop --token=hunter2secret9 --dsn amqp://a:hunter2secret@q.example"}}',
    "broken/railway.toml": "[deploy]\nstartCommand = postgres://shop:hunter2secret@db.example/x\n",
    "broken/render.yaml": "services: [{DB_PASSWORD: hunter2secret\nenv: ]\n",
}


def test_secrets_are_printed_nowhere(folder: Path) -> None:
    ran = check(folder, SECRETS)
    assert {"plaintext-credential", "syntax-error", "unpinned-image"} <= ran.rules
    for format_, text in rendered(ran.result).items():
        assert "hunter2secret" not in text, format_


# -- the file system -------------------------------------------------------------------------------


def test_what_is_no_regular_file(folder: Path) -> None:
    (folder / "render.yaml").mkdir()
    os.mkfifo(folder / "hpa.yaml")
    os.mkfifo(folder / ".gitignore")
    (folder / "dangling.yaml").symlink_to("nothing")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "again").symlink_to(".")
    (folder / "outside.yaml").symlink_to("/etc/hostname")
    ran = checked(folder)
    assert ran.skipped == {
        "render.yaml": "a folder, not a file",
        "hpa.yaml": "cannot be read: not a regular file",
        "dangling.yaml": "a broken symbolic link",
        "loop.yaml": "a broken symbolic link",
        "outside.yaml": "a symbolic link that leads out of the project",
    }
    assert not ran.findings


@pytest.mark.parametrize("name", ["hpa.yaml", "loop.yaml"])
def test_what_cannot_be_read_is_an_error_when_it_is_named(folder: Path, name: str) -> None:
    os.mkfifo(folder / "hpa.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    ran = checked(folder, name, "web")
    (message,) = ran.messages("syntax-error")
    assert "cannot be read" in message


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "No such file"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_files_that_go_away_or_may_not_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.parent == folder:
            raise error
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    ran = check(folder, {"render.yaml": RENDER, "hpa.yaml": as_yaml(autoscaler())})
    assert [(f.rule, f.location.file) for f in ran.findings] == [("syntax-error", "render.yaml")]
    assert reason in ran.findings[0].message
    assert reason in ran.skipped["hpa.yaml"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_and_a_file_without_permissions(folder: Path) -> None:
    write_files(folder, {"render.yaml": RENDER, "closed/render.yaml": RENDER})
    (folder / "render.yaml").chmod(0)
    (folder / "closed").chmod(0)
    try:
        ran = checked(folder)
    finally:
        (folder / "closed").chmod(0o700)
    assert "Permission denied" in ran.messages("syntax-error")[0]
    assert "Permission denied" in ran.skipped["closed"]


@pytest.mark.parametrize(
    "text", ["!\n", "\0\udcff\n[\n\\\n/\n", "*a" * 60 + "b\n", "**/a/" * 40 + "b\n", "[" * 9999]
)
def test_a_hostile_gitignore_hides_nothing_and_takes_no_time(folder: Path, text: str) -> None:
    (folder / ".gitignore").write_bytes(text.encode("utf-8", "surrogateescape"))
    started = time.process_time()
    ran = check(folder, {"a" * 200 + ".yaml": as_yaml(autoscaler())})
    assert time.process_time() - started < 15  # for ever, were the pattern to backtrack
    assert "dangling-autoscaler" in ran.rules


# -- the command line ------------------------------------------------------------------------------

CONCISE = ("check", "--output-format", "concise")
ERROR = f"{NEIGHBOUR}:8:7: error[min-instances] "


def test_the_same_file_several_times_and_by_several_ways(
    folder: Path, lintscale: Lintscale
) -> None:
    ran = lintscale(*CONCISE, NEIGHBOUR, f"./{NEIGHBOUR}", "web", f"web/../{NEIGHBOUR}", ".")
    assert ran.out.count("error[min-instances]") == 1
    assert ran.out.startswith(ERROR)


def test_from_another_folder(
    folder: Path, lintscale: Lintscale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lintscale(*CONCISE, str(folder)).out.startswith(ERROR)
    monkeypatch.chdir(folder / "web")
    assert lintscale(*CONCISE, "..").out.startswith(ERROR)


@pytest.mark.parametrize("name", ["a b", "é😀", "-x", "--help", "%s", "a'b"])
def test_paths_with_strange_characters(folder: Path, lintscale: Lintscale, name: str) -> None:
    write_files(folder, {f"{name}/render.yaml": RENDER})
    ran = lintscale(*CONCISE, "--", name)
    assert ran.out.startswith(f"{name}/render.yaml:8:7: error[min-instances] ")
    assert lintscale(*CONCISE, f"./{name}/render.yaml").code == 1


@pytest.mark.parametrize(
    ("stdin", "code"),
    [
        (b"", 3),
        (b" \n", 3),
        (b"\0\xff\xfe\x1b[31m" * 1000, 1),
        (b"\x89PNG\r\n\x1a\n\0\0", 1),
        (RENDER.encode("utf-16"), 1),
        (RENDER.encode("utf-16-le"), 1),
        (RENDER.encode() + b"#" * 3_000_000, 1),
        (b"[" * 100_000, 3),
    ],
    ids=["empty", "space", "binary", "png", "utf-16", "unmarked", "huge", "deep"],
)
def test_strange_standard_input(
    folder: Path, lintscale: Lintscale, stdin: bytes, code: int
) -> None:
    ran = lintscale(*CONCISE, "-", stdin=stdin)
    assert (ran.code, "\x1b" in ran.out + ran.err, "internal" in ran.err) == (code, False, False)


def test_an_empty_folder(
    folder: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "none").mkdir()
    monkeypatch.chdir(folder / "none")
    ran = lintscale("check")
    assert (ran.code, ran.out) == (3, "Nothing to check.\n")
    assert "nothing to check in ." in ran.err


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (b"profile = \n", "lintscale.toml:1:"),
        (b"[" * 10_000, "lintscale.toml:1:"),
        (b'"\\u001b[31m" = 1\n', "unknown key"),
        (b"\xff\xfe\0", "not UTF-8"),
        (b"\0", "lintscale.toml:1:1: "),
        (b'exclude = ["!"]\n', "lintscale.toml:1:12: “!” is no pattern"),
        (b"profiles = 3\nrules = []\nseverity = 1\n", "lintscale.toml:1:"),
    ],
)
def test_a_broken_configuration(
    folder: Path, lintscale: Lintscale, config: bytes, said: str
) -> None:
    (folder / "lintscale.toml").write_bytes(config)
    ran = lintscale("check")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "\x1b" not in ran.err
    assert "internal error" not in ran.err


def test_a_configuration_that_is_a_folder_or_nowhere(folder: Path, lintscale: Lintscale) -> None:
    (folder / "lintscale.toml").mkdir()
    assert lintscale(*CONCISE).out.startswith(ERROR)
    for name in ("lintscale.toml", "none.toml"):
        ran = lintscale("check", "--config", name)
        assert (ran.code, ran.out) == (2, "")
        assert name in ran.err


def test_a_configuration_that_may_not_be_read(
    folder: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_text(path: Path, **_: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    (folder / "lintscale.toml").write_text("")
    monkeypatch.setattr(Path, "read_text", read_text)
    ran = lintscale("check", "--no-cache")
    assert (ran.code, ran.err) == (2, "lintscale.toml: cannot be read: Permission denied\n")


@pytest.mark.parametrize("kind", ["file", "empty", "cut off", "not rules", "text", "not writable"])
def test_a_cache_that_is_of_no_use(
    folder: Path, lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    from lintscale.engine.rule_cache import built_in_rules

    cache = tmp_path / "cache"
    monkeypatch.setenv("LINTSCALE_CACHE_DIR", str(cache))
    if kind == "file":
        cache.write_text("")
    elif kind == "not writable":
        monkeypatch.setenv("LINTSCALE_CACHE_DIR", "/proc/none")
    else:
        built_in_rules.cache_clear()
        lintscale("rules")
        content = {"empty": b"", "cut off": b"(", "not rules": b"i\1\0\0\0", "text": b"[{"}[kind]
        kept = list(cache.glob("rules-*"))
        assert kept
        for file in kept:
            file.write_bytes(content)
    built_in_rules.cache_clear()
    try:
        ran = lintscale(*CONCISE)
    finally:
        built_in_rules.cache_clear()
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(ERROR)


@pytest.mark.parametrize("format_", ["full", "json"])
def test_a_reader_that_goes_away(folder: Path, format_: str) -> None:
    write_files(folder, {f"s{number}/render.yaml": RENDER for number in range(200)})
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, "-m", "lintscale", "check", "--output-format", format_],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.parametrize(
    ("variables", "encoding"),
    [
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "utf-8"),
        ({"TERM": "dumb"}, "ascii"),
        ({}, "latin-1"),
    ],
)
def test_terminals_that_can_do_little(
    folder: Path, variables: dict[str, str], encoding: str
) -> None:
    write_files(folder, {"😀/render.yaml": RENDER})
    root = str(Path(__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": encoding, **variables}
    ran = subprocess.run(
        [sys.executable, "-m", "lintscale", "check"],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert b"\x1b" not in ran.stdout
    assert codecs.decode(ran.stdout, encoding).count("error[min-instances]") == 2


def test_a_template_is_told_to_be_one_and_a_mistake_beside_a_placeholder_is_one(
    tmp_path: Path,
) -> None:
    head = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec:\n"
    (tmp_path / "template.yaml").write_text(f"{head}  ports:${{PORTS}}\n  x: 1\n", "utf-8")
    (tmp_path / "broken.yaml").write_text(f"{head}  type: ${{TYPE}}\n ports: 1\n", "utf-8")
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    assert [f.location.file for f in result.findings if f.rule == "syntax-error"] == ["broken.yaml"]
    told = {each.file: each.reason for each in result.summary.skipped}
    assert "placeholders are filled in" in told["template.yaml"]


def test_what_a_template_mentions_is_in_doubt(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(as_yaml(deployment()), "utf-8")
    asked = api.check([str(tmp_path)], settings=load_settings(tmp_path)).findings
    (tmp_path / "service.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec:\n  clusterIP: {PREFIX}.16\n",
        "utf-8",
    )
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    assert "min-instances" in {f.rule for f in asked}
    assert "min-instances" not in {f.rule for f in result.findings}
