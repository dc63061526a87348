"""What cannot be rendered is told, with the command that would do it, and judged as it is."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.baseline.file import Entry
from lintscale.platforms.kubernetes.rendering import overlays as overlays_module
from lintscale.platforms.kubernetes.rendering import tools as tools_module
from lintscale.project.config import RunOptions, load_settings
from tests.manifests import as_yaml, deployment
from tests.rendering.projects import BASE, TOP, check, found, overlay, project, skipped
from tests.rendering.tools import Tools

OVERLAY = "overlays/eu"
FILE = f"{OVERLAY}/kustomization.yaml"
EU = overlay("eu", "namePrefix: eu-\n")
AS_IT_IS = [("min-instances", "base/shop.yaml", 5), ("no-autoscaling", "base/shop.yaml", 5)]
"""What the base says by itself."""


def slow(finished: Path) -> str:
    """A statement that takes a minute, after which the file ``finished`` is there."""
    return f"import time; time.sleep(60); open({str(finished)!r}, 'w').close()"


def reason_and_command(root: Path) -> tuple[str, str]:
    """Of the overlay, whose base is judged all the same."""
    result = check(root)
    assert found(result) == AS_IT_IS
    return skipped(result)[FILE]


def test_no_tool(tmp_path: Path, tools: Tools) -> None:
    reason, command = reason_and_command(project(tmp_path, {**BASE, **EU}))
    assert reason == "not rendered: neither kustomize nor kubectl is on PATH"
    assert command == "kubectl kustomize overlays/eu | lintscale check -"


def test_a_tool_that_fails(tmp_path: Path, tools: Tools) -> None:
    tools.script("kubectl", "import sys; sys.exit('# Warning: old\\nError: no\\n  such thing')")
    reason, command = reason_and_command(project(tmp_path, {**BASE, **EU}))
    assert reason == "kubectl cannot render it: no such thing"
    assert command == "kubectl kustomize overlays/eu | lintscale check -"


def test_kustomize_is_asked_before_kubectl(tmp_path: Path, tools: Tools) -> None:
    for name in ("kubectl", "kustomize"):
        tools.script(name, "raise SystemExit(3)")
    reason, command = reason_and_command(project(tmp_path, {**BASE, **EU}))
    assert reason == "kustomize cannot render it: exit code 3"
    assert command == "kustomize build overlays/eu | lintscale check -"


def test_the_time_limit(tmp_path: Path, tools: Tools) -> None:
    finished = tmp_path / "finished"
    tools.script("kustomize", f"print('kind: List', flush=True)\n{slow(finished)}")
    root = project(tmp_path, {**BASE, **EU}, "[rendering]\ntime-limit = 1\n")
    reason, _ = reason_and_command(root)
    assert reason == "rendering takes more than 1 s"
    assert not finished.exists()


def test_an_interrupted_run_leaves_nothing_running(tmp_path: Path, tools: Tools) -> None:
    finished = tmp_path / "finished"
    tools.script("kustomize", f"import sys\nif '/us' in sys.argv[-1]:\n    {slow(finished)}")
    root = project(tmp_path, {**BASE, **EU, **overlay("us", "namePrefix: us-\n")})

    def interrupt(done: int, total: int) -> None:
        if total == 2:  # overlays, not files
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        api.check([str(root)], settings=load_settings(root), progress=interrupt)
    assert not finished.exists()


def test_what_starts_while_the_run_is_stopped_is_ended_too(
    tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = tmp_path / "finished"
    tools.script("kustomize", slow(finished))
    tool = tools_module.find(("kustomize",), tmp_path / "project")
    assert tool is not None
    runner = tools_module.Runner(20)
    start = subprocess.Popen

    def started(*given: Any, **more: Any) -> Any:
        runner.stop()  # in another thread, which does not know of this one yet
        return start(*given, **more)

    monkeypatch.setattr("lintscale.platforms.kubernetes.rendering.tools.subprocess.Popen", started)
    assert runner.run(tool, ["build"], tmp_path).text is None
    assert not finished.exists()


def test_a_child_that_outlives_the_tool_is_ended_too(tmp_path: Path, tools: Tools) -> None:
    finished = tmp_path / "finished"
    tools.script(
        "kustomize",
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-SE', '-c', {slow(finished)!r}])\n",
    )
    root = project(tmp_path, {**BASE, **EU}, "[rendering]\ntime-limit = 1\n")
    assert reason_and_command(root)[0] == "rendering takes more than 1 s"
    assert not finished.exists()


def test_too_much_output(tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools_module, "MAX_OUTPUT_BYTES", 1024 * 1024)
    tools.script("kustomize", "while True: print('x' * 100)")
    assert reason_and_command(project(tmp_path, {**BASE, **EU}))[0] == (
        "it renders to more than 1 MB"
    )


def test_output_that_is_no_yaml(tmp_path: Path, tools: Tools) -> None:
    """Rendered is rendered: what cannot be read of it is not there, and nothing breaks."""
    tools.script("kustomize", "print('apiVersion: apps/v1\\nkind: Deployment\\n: : [')")
    assert found(check(project(tmp_path, {**BASE, **EU}))) == []


REFUSED = {
    "a remote base": (
        "resources: [../../base, 'https://example.com/shop/base?ref=v1']\n",
        "not rendered: it takes resources from a remote place "
        "(https://example.com/shop/base?ref=v1)",
        "kubectl kustomize overlays/eu | lintscale check -",
    ),
    "a repository": (
        "resources: [../../base, 'git@example.com:shop/base.git']\n",
        "not rendered: it takes resources from a remote place (git@example.com:shop/base.git)",
        "kubectl kustomize overlays/eu | lintscale check -",
    ),
    "a remote component": (
        "resources: [../../base]\ncomponents: ['github.com/shop/cache']\n",
        "not rendered: it takes resources from a remote place (github.com/shop/cache)",
        "kubectl kustomize overlays/eu | lintscale check -",
    ),
    "a remote patch": (
        "resources: [../../base]\npatches: [{path: 'https://example.com/patch.yaml'}]\n",
        "not rendered: it takes resources from a remote place (https://example.com/patch.yaml)",
        "kubectl kustomize overlays/eu | lintscale check -",
    ),
    "a file of another folder": (
        "resources: [../../base]\npatches: [{path: ../patch.yaml}]\n",
        "not rendered: it reads files from outside of their kustomization's folder (../patch.yaml)",
        "kustomize build --load-restrictor LoadRestrictionsNone overlays/eu | lintscale check -",
    ),
    "a chart": (
        "resources: [../../base]\nhelmCharts: [{name: cache, repo: https://example.com}]\n",
        "not rendered: it inflates a Helm chart, for which kustomize would run Helm",
        "kustomize build --enable-helm overlays/eu | lintscale check -",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_never_run(tmp_path: Path, tools: Tools, what: str) -> None:
    lines, reason, command = REFUSED[what]
    tools.says("kubectl", {"/overlays/eu": "kind: never\n"})
    files = {**BASE, FILE: f"{TOP}namePrefix: eu-\n{lines}", "overlays/patch.yaml": "a: 1\n"}
    root = project(tmp_path, files)
    assert reason_and_command(root) == (reason, command)
    assert tools.runs("kubectl") == []


def test_a_remote_place_further_down(tmp_path: Path, tools: Tools) -> None:
    tools.says("kubectl", {})
    far = "https://example.com/base.yaml"
    files = {**BASE, **EU, "base/kustomization.yaml": f"{TOP}resources: [shop.yaml, {far!r}]\n"}
    assert reason_and_command(project(tmp_path, files))[0] == (
        f"not rendered: it takes resources from a remote place ({far})"
    )
    assert tools.runs("kubectl") == []


def test_passwords_of_remote_places_are_not_shown(tmp_path: Path, tools: Tools) -> None:
    far = "https://deploy:hunter2-and-more@example.com/base.yaml"
    files = {**BASE, FILE: f"{TOP}namePrefix: eu-\nresources: [../../base, {far!r}]\n"}
    assert "hunter2" not in str(skipped(check(project(tmp_path, files))))


@pytest.mark.parametrize("place", ["../../../elsewhere", "../../link"])
def test_outside_of_the_project(tmp_path: Path, tools: Tools, place: str) -> None:
    tools.says("kubectl", {})
    root = project(tmp_path, {**BASE, FILE: f"{TOP}resources: [../../base, {place}]\n"})
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "kustomization.yaml").write_text(TOP, "utf-8")
    (root / "link").symlink_to(outside)
    assert reason_and_command(root)[0] == (
        f"not rendered: it takes resources from outside of the project ({place})"
    )
    assert tools.runs("kubectl") == []


def test_plugins(tmp_path: Path, tools: Tools) -> None:
    tools.script("kustomize", "import sys; sys.exit('Error: external plugins disabled; no')")
    reason, command = reason_and_command(project(tmp_path, {**BASE, **EU}))
    assert reason == "kustomize cannot render it: external plugins disabled; no"
    assert command == (
        "kustomize build --enable-alpha-plugins --enable-exec overlays/eu | lintscale check -"
    )


def test_an_overlay_that_fails_beside_one_that_does_not(tmp_path: Path, tools: Tools) -> None:
    """The base is judged as the other renders it; what the failing one sets is not its count."""
    tools.says("kustomize", {"/overlays/us": BASE["base/shop.yaml"]})
    files = {**BASE, **overlay("us", "namePrefix: ''\n")}
    files |= overlay("eu", "replicas: [{name: shop, count: 4}]\n")
    result = check(project(tmp_path, files))
    assert found(result) == AS_IT_IS
    assert set(skipped(result)) == {FILE}


@pytest.mark.parametrize("how", ["command line", "configuration"])
def test_rendering_turned_off(tmp_path: Path, tools: Tools, how: str) -> None:
    tools.says("kustomize", {"/overlays/eu": ""})
    config = "[rendering]\nenabled = false\n" if how == "configuration" else ""
    root = project(tmp_path, {**BASE, **EU}, config)
    result = check(root, render=how != "command line")
    assert found(result) == AS_IT_IS
    assert skipped(result) == {}
    assert tools.runs("kustomize") == []


def test_a_kustomization_that_only_lists_needs_no_tool(tmp_path: Path, tools: Tools) -> None:
    result = check(project(tmp_path, BASE))
    assert found(result) == AS_IT_IS
    assert skipped(result) == {}


def test_kustomizations_that_include_each_other(tmp_path: Path, tools: Tools) -> None:
    files = {
        "one/kustomization.yaml": f"{TOP}resources: [../two]\n",
        "two/kustomization.yaml": f"{TOP}resources: [../one, ../two]\n",
        "top/kustomization.yaml": f"{TOP}resources: [../one]\n",
        "base/shop.yaml": BASE["base/shop.yaml"],
    }
    tools.says("kustomize", {})
    result = check(project(tmp_path, files))
    assert found(result) == AS_IT_IS
    assert skipped(result)["top/kustomization.yaml"][0].startswith("kustomize cannot render it")


def test_kustomizations_that_multiply(
    tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = 0
    layer = overlays_module._Builder.layer

    def counted(*given: Any) -> Any:
        nonlocal layers
        layers += 1
        return layer(*given)

    monkeypatch.setattr(overlays_module._Builder, "layer", counted)
    files = {
        f"{number}/kustomization.yaml": (
            f"{TOP}namePrefix: x\nresources: [../{number + 1}, ../{number + 1}/.]\n"
        )
        for number in range(30)
    }
    tools.says("kustomize", {})
    root = project(tmp_path, {**files, "30/kustomization.yaml": f"{TOP}resources: []\n"})
    assert skipped(check(root))["0/kustomization.yaml"][0] == (
        "not rendered: it includes more than 500 kustomizations"
    )
    assert 500 < layers < 1000  # not 2 ** 30


STRANGE = {
    "numbers": "resources: 5\npatches: {a: b}\nimages: [1, {name: 2}]\nreplicas: text\n",
    "lists in lists": "resources: [[a], {b: c}, null, '']\ncomponents: [null]\n",
    "long names": f"resources: [{'x' * 5000}]\npatches: [{{path: '{'y/' * 3000}'}}]\n",
    "odd characters": 'resources: ["a\\0b", "\\x01", "~", "*"]\n',
    "patterns": "patches: [{target: {kind: '(a+)+$', name: '['}, patch: '[{op: 1}]'}]\n",
    "generators": "configMapGenerator: [{name: null}, {literals: [a]}, {name: b, literals: 5}]\n",
}


@pytest.mark.parametrize("what", STRANGE)
def test_strange_kustomizations(tmp_path: Path, tools: Tools, what: str) -> None:
    """Never a traceback, and the rest of the project is judged."""
    tools.says("kustomize", {"/odd": BASE["base/shop.yaml"]})
    files = {"odd/kustomization.yaml": f"{TOP}namePrefix: x\n{STRANGE[what]}", **BASE}
    assert ("min-instances", "base/shop.yaml", 5) in found(check(project(tmp_path, files)))


@pytest.mark.parametrize("config", ["", "[rendering]\nenabled = false\n"])
def test_what_a_rendering_might_find_is_not_called_gone(
    tmp_path: Path, tools: Tools, config: str
) -> None:
    """Neither of suppressions nor of a baseline, in overlays and in charts: where the tools are
    installed there may be such findings."""
    comment = "# lintscale: ignore[unpinned-image] not ours\n"
    template = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Values.name }}}\n"
    plain = as_yaml(deployment("plain", replicas=2, image="registry.example/plain:1.2.0"))
    files = {
        **{name: f"{comment}{text}" for name, text in {**BASE, **EU}.items()},
        "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        "chart/templates/shop.yaml": template,
        "plain.yaml": f"{comment}{plain}",
    }
    known = [
        Entry(name, "unpinned-image", name, "")
        for name in ("base/shop.yaml", FILE, "chart/templates/shop.yaml", "plain.yaml", "gone.yaml")
    ]
    root = project(tmp_path, files, config)
    settings = load_settings(root, RunOptions(select=("unpinned-image", "unused-suppression")))
    result = api.check([str(root)], settings=settings, baseline=known)
    assert [(each.rule, each.location.file) for each in result.findings] == [
        ("unused-suppression", "plain.yaml")
    ]
    assert {entry.file for entry in result.fixed} == {"plain.yaml", "gone.yaml"}
    ignore = f'{config}[[ignore]]\nrule = "unpinned-image"\n'
    assert not check(
        project(tmp_path / "2", files, ignore), select=("unused-suppression",)
    ).findings
