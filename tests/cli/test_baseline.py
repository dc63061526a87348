"""``--write-baseline`` and ``--baseline``, as a repository adopts them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.baseline.compare import matched
from lintscale.baseline.file import entries_of
from lintscale.engine.finding import Finding, Severity
from lintscale.model.location import Location, Span
from tests.cli.conftest import Lintscale

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: {name}
          image: registry.example/{name}:latest
          ports: [{{containerPort: 8080}}]
"""


def old_repository(folder: Path, count: int) -> None:
    for number in range(count):
        path = folder / "k8s" / f"app{number}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(DEPLOYMENT.format(name=f"app{number}"), encoding="utf-8")


def findings(lintscale: Lintscale, *options: str) -> list[dict[str, object]]:
    done = lintscale("check", ".", "--output-format", "json", *options)
    return list(json.loads(done.out)["findings"])


def test_an_old_repository_starts_today(lintscale: Lintscale, project: Path) -> None:
    old_repository(project, 45)
    assert len(findings(lintscale)) >= 200
    done = lintscale("check", ".", "--write-baseline", "known.json")
    assert done.code == 0
    assert "findings to known.json" in done.err
    done = lintscale("check", ".", "--baseline", "known.json", "--output-format", "json")
    report = json.loads(done.out)
    assert (done.code, report["findings"]) == (0, [])
    assert report["summary"]["baselined"] >= 200
    # One new mistake, below a comment that moves every line.
    path = project / "k8s" / "app7.yaml"
    text = path.read_text(encoding="utf-8").replace("replicas: 1", "replicas: 1\n  paused: maybe")
    path.write_text("# moved\n\n" + text, encoding="utf-8")
    done = lintscale("check", ".", "--baseline", "known.json", "--output-format", "json")
    (only,) = json.loads(done.out)["findings"]
    assert (done.code, only["rule"], only["file"]) == (1, "schema-violation", "k8s/app7.yaml")


def test_what_is_fixed_can_be_removed(lintscale: Lintscale, project: Path) -> None:
    old_repository(project, 2)
    lintscale("check", ".", "--write-baseline", "known.json")
    path = project / "k8s" / "app0.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(":latest", ":1.2.3"), "utf-8")
    done = lintscale("check", ".", "--baseline", "known.json")
    assert done.code == 0
    assert "1 finding in known.json is fixed; to remove it: lintscale check" in done.err
    assert "k8s/app0.yaml: unpinned-image" in done.err
    # A file that was not reported on, and rules that did not judge, say nothing.
    assert "fixed" not in lintscale("check", "k8s/app1.yaml", "--baseline", "known.json").err
    only = lintscale("check", ".", "--baseline", "known.json", "--select", "min-instances")
    assert "fixed" not in only.err


@pytest.mark.parametrize("name", ["concise", "github", "markdown", "full"])
def test_what_the_baseline_holds_back_is_counted(
    lintscale: Lintscale, project: Path, name: str
) -> None:
    old_repository(project, 2)
    lintscale("check", ".", "--write-baseline", "known.json")
    done = lintscale("check", ".", "--baseline", "known.json", "--output-format", name)
    assert re.search(r", \d+ in the baseline", done.out)


def test_the_config_names_the_baseline(lintscale: Lintscale, project: Path) -> None:
    old_repository(project, 1)
    lintscale("check", ".", "--write-baseline", "known.json")
    (project / "lintscale.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert lintscale("check", ".").code == 0
    sarif = json.loads(lintscale("check", ".", "--output-format", "sarif").out)
    states = {entry["baselineState"] for entry in sarif["runs"][0]["results"]}
    assert states == {"unchanged"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "the baseline does not exist"),
        ("", ":1:1: the baseline is not valid JSON"),
        ("{", ":1:2: the baseline is not valid JSON"),
        (
            "[]",
            "not a baseline of version 1; if this is the right file, delete it and run lintscale",
        ),
        ('{"version": 2, "findings": []}', "has version 2, but lintscale"),
        ('{"version": 0, "findings": []}', "not a baseline of version 1"),
        ('{"version": true, "findings": []}', "not a baseline of version 1"),
        ('{\n<<<<<<< HEAD\n"version": 1', "known.json:2:1: the baseline contains a merge conflict"),
        ('{"version": 1, "findings": [{"rule": "x"}]}', "entry 1 has no fingerprint"),
        ("[" * 100_000, "is not valid JSON"),
    ],
)
def test_a_baseline_of_no_use(
    lintscale: Lintscale, project: Path, text: str | None, said: str
) -> None:
    old_repository(project, 1)
    if text is not None:
        (project / "known.json").write_text(text, encoding="utf-8")
    done = lintscale("check", ".", "--baseline", "known.json")
    assert done.code == 2
    assert said in done.err


def deployments(*names: str) -> str:
    return "---\n".join(DEPLOYMENT.format(name=name) for name in names)


def new(lintscale: Lintscale, *paths: str) -> set[tuple[object, object]]:
    """(file, workload) of what is reported beside a baseline; nothing of it is called gone."""
    done = lintscale("check", *paths, "--baseline", "known.json", "--output-format", "json")
    assert "fixed" not in done.err
    return {(each["file"], each["workload"]) for each in json.loads(done.out)["findings"]}


def test_what_moves_to_another_file_stays_known(lintscale: Lintscale, project: Path) -> None:
    one, two = project / "k8s" / "one.yaml", project / "k8s" / "two.yaml"
    one.parent.mkdir()
    one.write_text(deployments("shop", "till"), encoding="utf-8")
    lintscale("check", ".", "--write-baseline", "known.json")
    # Renamed: the whole project, and as the hook is handed it.
    one.rename(two)
    assert new(lintscale, ".") == set()
    assert new(lintscale, "k8s/two.yaml") == set()
    # Split in two.
    one.write_text(deployments("till"), encoding="utf-8")
    two.write_text(deployments("shop"), encoding="utf-8")
    assert new(lintscale, ".") == set()
    assert new(lintscale, "k8s/one.yaml", "k8s/two.yaml") == set()
    # Copied: what is in both is known where it was.
    one.write_text(deployments("shop", "till"), encoding="utf-8")
    assert new(lintscale, ".") == {("k8s/two.yaml", "Deployment/shop")}


def test_a_mistake_that_is_mended_here_and_made_there_is_new(
    lintscale: Lintscale, project: Path
) -> None:
    for name, image in (("staging", "shop:latest"), ("production", "shop:1.2.3")):
        text = DEPLOYMENT.format(name="shop").replace("shop:latest", image)
        (project / f"{name}.yaml").write_text(text, encoding="utf-8")
    lintscale("check", ".", "--write-baseline", "known.json")
    for name, image in (("staging", "shop:1.2.3"), ("production", "shop:latest")):
        text = DEPLOYMENT.format(name="shop").replace("shop:latest", image)
        (project / f"{name}.yaml").write_text(text, encoding="utf-8")
    (only,) = findings(lintscale, "--baseline", "known.json")
    assert (only["rule"], only["file"]) == ("unpinned-image", "production.yaml")


@pytest.mark.parametrize(
    "options",
    [
        ("--min-severity", "error"),
        ("--environment", "production"),
        ("-", "--stdin-filename", "k8s/app0.yaml"),
        ("--select", "min-instances"),
        ("k8s/app1.yaml",),
    ],
)
def test_nothing_is_called_gone_that_was_not_looked_for(
    lintscale: Lintscale, project: Path, options: tuple[str, ...]
) -> None:
    old_repository(project, 2)
    lintscale("check", ".", "--write-baseline", "known.json")
    path = project / "k8s" / "app0.yaml"
    done = lintscale("check", *options, "--baseline", "known.json", stdin=path.read_bytes())
    assert (done.code, done.err) == (0, "")


def test_nothing_is_called_gone_by_a_profile_of_this_run(
    lintscale: Lintscale, project: Path
) -> None:
    old_repository(project, 2)
    lintscale("check", ".", "--write-baseline", "known.json")
    options = ("check", "--baseline", "known.json", "--select", "min-instances")
    done = lintscale(*options, "--profile", "conservative")
    assert (done.code, done.err) == (0, "")
    (project / "lintscale.toml").write_text('profile = "conservative"\n', encoding="utf-8")
    said = lintscale(*options, "--profile", "conservative").err
    assert said.startswith("lintscale: 3 findings in known.json are fixed")


def test_nothing_is_called_gone_where_a_file_cannot_be_read(
    lintscale: Lintscale, project: Path
) -> None:
    old_repository(project, 2)
    lintscale("check", ".", "--write-baseline", "known.json")
    path = project / "k8s" / "app0.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}broken: [\n", encoding="utf-8")
    done = lintscale("check", ".", "--baseline", "known.json")
    assert (done.code, done.err) == (1, "")
    assert "syntax-error" in done.out
    # Writing it then loses nothing of that file.
    lintscale("check", ".", "--write-baseline", "known.json")
    path.write_text(text, encoding="utf-8")
    assert lintscale("check", ".", "--baseline", "known.json").code == 0


def test_writing_for_a_part_keeps_the_rest(lintscale: Lintscale, project: Path) -> None:
    old_repository(project, 3)
    lintscale("check", ".", "--write-baseline", "known.json")
    before = (project / "known.json").read_text(encoding="utf-8")
    for options in (
        ("k8s/app1.yaml",),
        (".", "--select", "unpinned-image"),
        (".", "--min-severity", "error"),
    ):
        done = lintscale("check", *options, "--write-baseline", "known.json")
        assert done.code == 0
        assert (project / "known.json").read_text(encoding="utf-8") == before
    path = project / "k8s" / "app1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(":latest", ":1.2.3"), "utf-8")
    lintscale("check", "k8s/app1.yaml", "--write-baseline", "known.json")
    after = (project / "known.json").read_text(encoding="utf-8")
    (gone,) = set(before.splitlines()) - set(after.splitlines())
    assert '"unpinned-image"' in gone


def test_writing_over_another_file_is_refused(lintscale: Lintscale, project: Path) -> None:
    old_repository(project, 1)
    path = project / "k8s" / "app0.yaml"
    text = path.read_text(encoding="utf-8")
    done = lintscale("check", ".", "--write-baseline", "k8s/app0.yaml")
    assert (done.code, path.read_text(encoding="utf-8")) == (2, text)
    assert "is not valid JSON" in done.err


def test_the_next_step_is_told(lintscale: Lintscale, project: Path) -> None:
    old_repository(project, 1)
    done = lintscale("check", ".", "--write-baseline", "known.json")
    assert 'in lintscale.toml: baseline = "known.json"' in done.err
    (project / "lintscale.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert "lintscale.toml" not in lintscale("check", "--write-baseline", "known.json").err


def test_the_configured_baseline_can_be_left_out(lintscale: Lintscale, project: Path) -> None:
    old_repository(project, 1)
    lintscale("check", ".", "--write-baseline", "known.json")
    (project / "lintscale.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert findings(lintscale) == []
    assert len(findings(lintscale, "--no-baseline")) > 3
    assert lintscale("check", "--no-baseline", "--baseline", "known.json").code == 2


def test_git_merges_it(lintscale: Lintscale, project: Path) -> None:
    """An entry is a line: what one branch takes out and another puts in elsewhere do not meet,
    and where they do, both sides together are a baseline."""
    old_repository(project, 3)
    lintscale("check", ".", "--write-baseline", "known.json")
    lines = (project / "known.json").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if '"fingerprint"' in line]
    report = json.loads(lintscale("check", "--output-format", "json").out)
    assert len(entries) == len(report["findings"])
    twice = [*lines[:4], lines[3], *lines[4:]]
    (project / "known.json").write_text("\n".join(twice), encoding="utf-8")
    assert lintscale("check", ".", "--baseline", "known.json").code == 0
    first = json.loads(lines[3].rstrip(","))
    path = project / first["file"]
    path.write_text(deployments("app0", "app0"), encoding="utf-8")
    # A copy is not known for its entry standing there twice.
    assert first["rule"] in {
        each["rule"] for each in findings(lintscale, "--baseline", "known.json")
    }


def finding(fingerprint: str, line: int) -> Finding:
    span = Span(line, 1, line, 2)
    location = Location("a.yaml", span)
    return Finding("r", "c", Severity.ERROR, "m", location, fingerprint=fingerprint)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abcd")))
@settings(max_examples=200)
def test_what_is_known_plus_what_is_new_is_all(before: list[str], after: list[str]) -> None:
    known = entries_of([finding(each, 1) for each in before])
    compared = matched([finding(each, n) for n, each in enumerate(after)], known)
    assert len(compared.new) + len(compared.known) == len(after)
    assert len(compared.known) + sum(entry.count for entry in compared.fixed) == len(before)
    again = matched([finding(each, 1) for each in before], known)
    assert (again.new, again.fixed) == ([], [])
