"""Suppressions in annotations of Kubernetes objects."""

from __future__ import annotations

import pytest

from lintscale.policies.examples import check_files
from tests.suppressions.run import audited, check, hidden, said

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  annotations:
    {annotation}
spec:
  selector: {{matchLabels: {{app: shop}}}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:latest
          ports: [{{containerPort: 8080}}]
          readinessProbe: {{httpGet: {{path: /ready, port: 8080}}}}
"""
SCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 1
  maxReplicas: 8
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""


def deployment(text: str, kind: str = "Deployment") -> str:
    annotation = f'lintscale.dev/ignore: "{text}"'
    return DEPLOYMENT.format(annotation=annotation).replace("Deployment", kind)


def test_it_covers_the_whole_object() -> None:
    result = check(deployment("unpinned-image: nightly; missing-requests: sized elsewhere"))
    assert {name for name, _ in hidden(result)} == {"unpinned-image", "missing-requests"}
    assert audited(result) == []


def test_it_covers_the_workload_wherever_its_finding_stands() -> None:
    files = {"a.yaml": deployment("min-instances: a demo"), "b.yaml": SCALER}
    result = check_files(files)
    (suppressed,) = result.suppressed
    assert (suppressed.finding.rule, suppressed.finding.location.file) == (
        "min-instances",
        "b.yaml",
    )
    assert audited(result) == []


def test_it_does_not_cover_another_object() -> None:
    result = check(
        f"{deployment('unpinned-image: nightly')}---\n{deployment('x').replace('shop', 'till')}"
    )
    assert [each.finding.workload for each in result.suppressed] == ["Deployment/shop"]


def test_on_the_autoscaler_it_covers_the_autoscaler() -> None:
    scaler = SCALER.replace(
        "spec:", "  annotations: {lintscale.dev/ignore: 'min-instances'}\nspec:", 1
    )
    files = {"a.yaml": deployment("unpinned-image: x"), "b.yaml": scaler}
    result = check_files(files)
    assert {each.finding.rule for each in result.suppressed} == {"min-instances", "unpinned-image"}
    assert audited(result) == [("suppression-without-reason", "b.yaml", 5)]


def test_on_the_template_of_the_pods() -> None:
    text = DEPLOYMENT.format(annotation="team: shop").replace(
        "labels: {app: shop}}",
        "labels: {app: shop}, annotations: {lintscale.dev/ignore: 'rollout: x'}}",
    )
    result = check(text)
    assert {name for name, _ in hidden(result)} == {"unpinned-image"}
    assert audited(result) == []


CRON_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    metadata: {of: job}
    spec:
      template:
        metadata: {of: pod}
        spec:
          containers:
            - name: import
              image: registry.example/import:1.0.0
              env: [{name: API_TOKEN, value: 9vQ2xLk7Rm4417}]
"""


@pytest.mark.parametrize("place", ["{of: job}", "{of: pod}"])
def test_in_a_cron_job(place: str) -> None:
    annotations = "{annotations: {lintscale.dev/ignore: 'plaintext-credential: a dummy'}}"
    result = check(CRON_JOB.replace(place, annotations))
    assert {name for name, _ in hidden(result)} == {"plaintext-credential"}
    assert audited(result) == []


def test_one_object_of_a_list() -> None:
    objects = [deployment("unpinned-image: nightly"), deployment("team").replace("shop", "till")]
    lines = [line for text in objects for line in ["-", *text.split("\n")]]
    items = "\n".join(f"  {'' if line == '-' else '  '}{line}" for line in lines)
    result = check(f"apiVersion: v1\nkind: List\nitems:\n{items}\n")
    assert [each.finding.workload for each in result.suppressed] == ["Deployment/shop"]


def test_in_json() -> None:
    text = """\
{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop",
 "annotations": {"lintscale.dev/ignore": "min-instances: \\u00fcber Nacht"}},
 "spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": {
   "metadata": {"labels": {"app": "shop"}},
   "spec": {"containers": [{"name": "shop", "image": "shop", "ports": [{"containerPort": 80}]}]}
 }}}
"""
    result = check(text, "shop.json")
    assert {name for name, _ in hidden(result)} == {"min-instances"}
    assert result.suppressed[0].clause.reason == "über Nacht"


def test_over_several_lines() -> None:
    annotation = (
        "lintscale.dev/ignore: |\n      unpinned-image: nightly\n      rollout-stops-service: no"
    )
    result = check(DEPLOYMENT.format(annotation=annotation))
    assert {name for name, _ in hidden(result)} == {"unpinned-image"}
    assert said(result) == (
        "part of this suppresses nothing: "
        "there is no rollout-stops-service finding about this object"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this suppresses nothing: it names no rule; write “rule-id: reason”"),
        ("all of it", "“all of it” is not of the form “rule: reason”; write"),
        (
            "unpinned-images: x",
            "no rule or category “unpinned-images”; did you mean “unpinned-image”?",
        ),
        ("all: x", "“all” is not allowed here; name rules or a category"),
        ("syntax-error: x", "syntax-error can only be suppressed in the configuration"),
        ("unused-suppression: x", "unused-suppression can only be suppressed in the configuration"),
        ("suppressions: x", "suppressions can only be suppressed in the configuration"),
        ("min-instances until 2027-13-01: x", "“2027-13-01” is not a date of the form 2027-03-01"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    result = check(deployment(text))
    assert message in said(result)
    assert audited(result) == [("unused-suppression", "k8s/shop.yaml", 6)]


def test_what_could_be_meant() -> None:
    config = 'select = ["min-instances", "unpinned-image", "unused-suppression"]\n'
    message = said(check(deployment(""), config=config))
    assert message.endswith("it names no rule; write “min-instances, unpinned-image: reason”")


@pytest.mark.parametrize("value", ["null", "[a, b]", "{a: b}"])
def test_what_is_no_text_is_left_to_the_schema(value: str) -> None:
    result = check(DEPLOYMENT.format(annotation=f"lintscale.dev/ignore: {value}"))
    assert (hidden(result), audited(result)) == (set(), [])


def test_one_clause_that_is_wrong_leaves_the_others_in_force() -> None:
    text = "unpinned-image: nightly; missing-requests until soon: later; min-instance: x"
    result = check(deployment(text))
    assert {name for name, _ in hidden(result)} == {"unpinned-image"}
    message = said(result)
    assert message.startswith("part of this suppresses nothing: “soon” is not a date of")
    assert "there is no rule or category “min-instance”" in message
    malformed = check(deployment("this is wrong; unpinned-image: nightly"))
    assert said(malformed).startswith("part of this suppresses nothing: “this is wrong” is not")
    (finding,) = [each for each in malformed.findings if each.rule == "unused-suppression"]
    assert finding.fix is None
