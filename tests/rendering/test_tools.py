"""How tools are found and run: on files that nobody vouches for."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

import pytest

from lintscale.platforms.kubernetes.rendering import cache
from lintscale.platforms.kubernetes.rendering.tools import (
    Outcome,
    Runner,
    Tool,
    find,
    isolation,
    message,
)
from tests.rendering.projects import BASE, TOP, check, found, overlay, project
from tests.rendering.tools import Tools

FILES = {**BASE, **overlay("eu", "commonLabels: {}\n")}


def run(tools: Tools, body: str, tmp_path: Path) -> Outcome:
    folder = tmp_path / "project"
    folder.mkdir()
    tools.script("kustomize", body)
    tool = find(["kustomize"], folder)
    assert tool is not None
    return Runner(20).run(tool, ["build"], folder)


# -- what a tool sees -----------------------------------------------------------------------------


def test_a_tool_has_no_credentials_and_no_other_program(
    tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("KUBECONFIG", "/home/me/.kube/config")
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    root = project(tmp_path, FILES)
    check(root)
    ((arguments, folder, seen),) = tools.runs("kustomize")
    assert arguments == ["build", str(root / "overlays/eu")]
    assert folder == seen["HOME"]
    assert "AWS_SECRET_ACCESS_KEY" not in seen
    assert not Path(seen["KUBECONFIG"]).exists()
    assert seen["HTTPS_PROXY"] == seen["http_proxy"] == "http://127.0.0.1:9"
    assert seen["HOME"] != os.environ.get("HOME")
    assert not Path(seen["HOME"]).exists()  # gone with the run


def test_a_tool_finds_no_other_program(tmp_path: Path, tools: Tools) -> None:
    body = "import os, shutil; print(os.listdir(os.environ['PATH']), shutil.which('git'))"
    assert run(tools, body, tmp_path).text == "[] None\n"


def test_standard_input_is_empty(tmp_path: Path, tools: Tools) -> None:
    assert run(tools, "import sys; print(repr(sys.stdin.read()))", tmp_path).text == "''\n"


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_a_tool_has_no_network(tmp_path: Path, tools: Tools) -> None:
    if not isolation():
        pytest.skip("this system does not let us have a network namespace")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        body = (
            "import socket\ntry:\n"
            f"    socket.create_connection(('127.0.0.1', {port}), 5)\n    print('connected')\n"
            "except OSError:\n    print('cut off')\n"
        )
        assert run(tools, body, tmp_path).text == "cut off\n"


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
def test_memory_is_bounded(tmp_path: Path, tools: Tools) -> None:
    body = (
        "import resource, time\ntime.sleep(0.5)\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] // 1024**3)"
    )
    assert run(tools, body, tmp_path).text == "8\n"


# -- which tool -----------------------------------------------------------------------------------


def test_a_program_of_the_project_is_not_run(
    tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where PATH says so (".", "bin")."""
    root = project(tmp_path, FILES)
    for name in ("kustomize", "kubectl", "helm"):
        tools.says(name, {"/overlays/eu": BASE["base/shop.yaml"]})
        (tools.folder / name).rename(root / name)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f".{os.pathsep}{root}")
    result = check(root)
    assert "neither kustomize nor kubectl is on PATH" in result.summary.skipped[0].reason


HOSTILE = ["--enable-helm", "-o=evil.yaml", "$(touch evil)", "a; touch evil", "https:--x", "%s"]


def test_a_program_is_run_under_the_name_it_is_found_by(tmp_path: Path, tools: Tools) -> None:
    """Version managers link every tool to one program, which goes by the name."""
    (tmp_path / "manager").mkdir()
    tools.script("kustomize", "import sys; print(sys.argv[0])")
    real = (tools.folder / "kustomize").rename(tmp_path / "manager" / "manager")
    (tools.folder / "kustomize").symlink_to(real)
    assert run_found(tmp_path) == f"{tools.folder / 'kustomize'}\n"


def run_found(tmp_path: Path) -> str | None:
    folder = tmp_path / "project"
    folder.mkdir()
    tool = find(["kustomize"], folder)
    assert tool is not None
    return Runner(20).run(tool, ["build"], folder).text


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_no_options_and_no_commands(tmp_path: Path, tools: Tools, name: str) -> None:
    tools.says("kustomize", {"": BASE["base/shop.yaml"]})
    files = {**BASE, f"{name}/kustomization.yaml": f"{TOP}resources: [../base]\nnamePrefix: ''\n"}
    root = project(tmp_path, files)
    check(root)
    ((arguments, _, _),) = tools.runs("kustomize")
    assert arguments == ["build", str(root / name)]
    assert not list(tmp_path.rglob("evil*"))


def test_the_command_for_people_is_quoted(tmp_path: Path, tools: Tools) -> None:
    files = {**BASE, "a; b/kustomization.yaml": f"{TOP}resources: [../base]\nnamePrefix: x\n"}
    (skip,) = check(project(tmp_path, files)).summary.skipped
    assert skip.command == "kubectl kustomize 'a; b' | lintscale check -"


# -- what a tool says -----------------------------------------------------------------------------

SAID = {
    "kustomize": ("# Warning: old\nError: no such file\n", "no such file"),
    "several lines": (
        "Error: trouble: `\n  chart\n`: must enable\n",
        "trouble: ` chart `: must enable",
    ),
    "kubectl": (
        'E1125 01:05:32.4 7 run.go:72] "command failed" err="no \\"x\\" here"\n',
        'no "x" here',
    ),
    "kubectl in lines": (
        'E1125 01:05 7 run.go:72] "command failed" err=<\n\tno\n\tsuch\n >\n',
        "no such",
    ),
    "kubectl now": ("error: no matches\n", "no matches"),
    "helm": ("Error: bad chart\n\nUse --debug flag to render out invalid YAML\n", "bad chart"),
    "paths": ("Error: '/srv/shop/base/x.yaml' in /srv/shop is bad\n", "'base/x.yaml' in  is bad"),
    "addresses": ('Error: merging &{0x45eed9feb60 \\\\"v1\\\\"}\n', 'merging &{0x… "v1"}'),
    "a crash": (
        "fatal error: out of memory\n\ngoroutine 1:\nmain.go:7 +0x105\n",
        "fatal error: out of memory",
    ),
    "nothing": ("", ""),
    "something else": ("panic: oh\n", "panic: oh"),
}


@pytest.mark.parametrize("what", SAID)
def test_messages(what: str) -> None:
    text, expected = SAID[what]
    assert message(text, Path("/srv/shop")) == expected


def test_the_end_of_a_long_message_is_kept() -> None:
    said = message(f"Error: {'in x: ' * 200}the cause", Path("/nowhere"))
    assert len(said) == 300
    assert said.startswith("…")
    assert said.endswith("the cause")


def test_escapes_in_messages_reach_no_terminal(tmp_path: Path, tools: Tools) -> None:
    from lintscale import reports

    tools.script("kustomize", "import sys; sys.exit('Error: \\x1b[31mred\\x07')")
    result = check(project(tmp_path, FILES))
    for name in ("full", "concise", "github"):
        assert "\x1b" not in reports.render(name, result, reports.PLAIN)


def test_the_summary_shows_one_command_for_each_reason(tmp_path: Path, tools: Tools) -> None:
    from lintscale import reports

    files = {**FILES, **overlay("us", "commonLabels: {}\n")}
    result = check(project(tmp_path, files))
    text = reports.render("full", result, reports.PLAIN)
    assert text.count("neither kustomize nor kubectl is on PATH") == 1
    assert text.count("kubectl kustomize overlays/eu | lintscale check -") == 1
    told = json.loads(reports.render("json", result, reports.PLAIN))["summary"]["skipped"]
    assert {each["reason"] for each in told} == {
        "not rendered: neither kustomize nor kubectl is on PATH; to check it: "
        f"kubectl kustomize overlays/{name} | lintscale check -"
        for name in ("eu", "us")
    }


# -- the cache ------------------------------------------------------------------------------------


def test_what_was_rendered_is_not_rendered_again(tmp_path: Path, tools: Tools) -> None:
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    root = project(tmp_path, FILES)
    first, second = check(root), check(root)
    assert found(first) == found(second)
    assert len(tools.runs("kustomize")) == 1


CHANGES = {
    "the kustomization": "overlays/eu/kustomization.yaml",
    "the base's kustomization": "base/kustomization.yaml",
    "a manifest": "base/shop.yaml",
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_is_rendered_again(tmp_path: Path, tools: Tools, what: str) -> None:
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    root = project(tmp_path, FILES)
    check(root)
    with (root / CHANGES[what]).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    check(root)
    assert len(tools.runs("kustomize")) == 2


@pytest.mark.parametrize(
    "line",
    [
        "patches: [{path: new.yaml}]\n",
        "configMapGenerator: [{name: x, files: [key=new.yaml]}]\n",
        "secretGenerator: [{name: x, envs: [new.yaml]}]\n",
        "replacements: [{path: new.yaml}]\n",
        "openapi: {path: new.yaml}\n",
    ],
)
def test_a_file_that_appears_changes_what_is_rendered(
    tmp_path: Path, tools: Tools, line: str
) -> None:
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    root = project(tmp_path, {**BASE, **overlay("eu", line)})
    for text in (None, "a: 1\n", "a: 2\n"):
        if text is not None:
            (root / "overlays/eu/new.yaml").write_text(text, "utf-8")
        check(root)
        check(root)
    assert len(tools.runs("kustomize")) == 3


def test_plugins_may_read_anything(tmp_path: Path, tools: Tools) -> None:
    """What a transformer's own file names is not followed, so that nothing is kept."""
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    root = project(tmp_path, {**BASE, **overlay("eu", "transformers: [t.yaml]\n")})
    check(root)
    check(root)
    assert len(tools.runs("kustomize")) == 2


def test_another_tool_renders_again(tmp_path: Path, tools: Tools) -> None:
    tools.says("kubectl", {"/overlays/eu": BASE["base/shop.yaml"]})
    root = project(tmp_path, FILES)
    check(root)
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    check(root)
    assert (len(tools.runs("kubectl")), len(tools.runs("kustomize"))) == (1, 1)


def test_failures_are_kept_for_a_while(tmp_path: Path, tools: Tools) -> None:
    tools.says("kustomize", {})
    root = project(tmp_path, FILES)
    skipped = check(root).summary.skipped
    assert skipped
    assert check(root).summary.skipped == skipped
    assert len(tools.runs("kustomize")) == 1
    (kept,) = (tmp_path / "cache" / "rendered").iterdir()
    os.utime(kept, (0, time.time() - 2 * 3600))
    check(root)
    assert len(tools.runs("kustomize")) == 2
    with (root / "base/shop.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    check(root)
    assert len(tools.runs("kustomize")) == 3


@pytest.mark.parametrize("code", [2, 137, -9])
def test_crashes_are_not_kept(tmp_path: Path, tools: Tools, code: int) -> None:
    end = f"sys.exit({code})" if code > 0 else "os.kill(os.getpid(), 9)"
    tools.script(
        "kustomize", f"import os, sys; open({str(tmp_path / 'n')!r}, 'a').write('x'); {end}"
    )
    root = project(tmp_path, FILES)
    check(root)
    check(root)
    assert (tmp_path / "n").read_text("utf-8") == "xx"


def test_secrets_are_neither_kept_nor_readable_by_others(tmp_path: Path, tools: Tools) -> None:
    hidden = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {a: hunter2}\n"
    inline = '{"kind": "Secret", "apiVersion": "v1", "data": {"a": "hunter2"}}\n'
    said = f"{BASE['base/shop.yaml']}---\n{hidden}---\n{inline}"
    tools.says("kustomize", {"/overlays/eu": said})
    check(project(tmp_path, FILES))
    (kept,) = (tmp_path / "cache" / "rendered").iterdir()
    assert "hunter2" not in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_a_cache_that_cannot_be_written(
    tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("LINTSCALE_CACHE_DIR", str(tmp_path / "file"))
    tools.says("kustomize", {"/overlays/eu": BASE["base/shop.yaml"]})
    assert found(check(project(tmp_path, FILES)))


def test_keys_tell_everything_apart() -> None:
    inputs = [("a", b"1"), ("b", None)]
    keys = {
        cache.key(["tool"], inputs),
        cache.key(["other"], inputs),
        cache.key(["tool"], [("a", b"2"), ("b", None)]),
        cache.key(["tool"], [("a", b"1"), ("b", b"")]),
        cache.key(["tool"], [("a", b"1")]),
    }
    assert len(keys) == 5
    assert cache.key(["tool"], inputs) == cache.key(["tool"], reversed(inputs))


def test_a_tool_that_is_gone(tmp_path: Path) -> None:
    gone = Tool("kustomize", str(tmp_path / "gone"), "")
    outcome = Runner(5).run(gone, ["build"], tmp_path)
    assert outcome.text is None
    assert "kustomize" in outcome.reason
