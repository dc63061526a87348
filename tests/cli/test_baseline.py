"""``--write-baseline`` and ``--baseline``, as a repository adopts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.engine import baseline
from lintscale.engine.finding import Finding, Severity
from lintscale.model import Location, Span
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
    assert "findings written to known.json" in done.err
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
    assert "1 finding" in done.err
    assert "k8s/app0.yaml: unpinned-image" in done.err
    # A file that was not reported on, and rules that did not judge, say nothing.
    assert "fixed" not in lintscale("check", "k8s/app1.yaml", "--baseline", "known.json").err
    only = lintscale("check", ".", "--baseline", "known.json", "--select", "min-instances")
    assert "fixed" not in only.err


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
        (None, "there is no such baseline"),
        ("{", ":1:2: the baseline is no JSON"),
        ("[]", "no baseline of version 1"),
        ('{"version": 2, "findings": []}', "no baseline of version 1"),
        ('{"version": 1, "findings": [{"rule": "x"}]}', "entry 1 has no fingerprint"),
        ("[" * 100_000, "is no JSON"),
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


def finding(fingerprint: str, line: int) -> Finding:
    span = Span(line, 1, line, 2)
    location = Location("a.yaml", span)
    return Finding("r", "c", Severity.ERROR, "m", location, fingerprint=fingerprint)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abcd")))
@settings(max_examples=200)
def test_what_is_known_plus_what_is_new_is_all(before: list[str], after: list[str]) -> None:
    known = baseline.of([finding(each, 1) for each in before])
    compared = baseline.compare([finding(each, n) for n, each in enumerate(after)], known)
    assert len(compared.new) + len(compared.known) == len(after)
    assert len(compared.known) + sum(entry.count for entry in compared.gone) == len(before)
    again = baseline.compare([finding(each, 1) for each in before], known)
    assert (again.new, again.gone) == ([], [])
