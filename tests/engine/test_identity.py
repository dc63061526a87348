"""What a finding is known by in the next run."""

from __future__ import annotations

import json

import pytest

from lintscale.engine.identity import stable_path
from lintscale.model.location import Location, PathKey, Span
from lintscale.syntax import SourceFile, parse


def path_of(text: str, *keys: PathKey, format_: str = "yaml") -> str:
    name = f"file.{format_}"
    documents = parse(text, name, format_).documents  # type: ignore[arg-type]
    source = SourceFile(name, text, format_, documents, [])  # type: ignore[arg-type]
    return "/".join(stable_path(Location(name, Span(1, 1, 1, 1), keys), {name: source}))


@pytest.mark.parametrize(
    ("item", "called"),
    [
        ("{name: shop, type: web}", "shop"),
        ("{key: DATABASE_URL, value: x}", "DATABASE_URL"),
        ("{type: Percent, value: 10}", "Percent"),
        ("{type: Resource, resource: {name: cpu, target: {type: Utilization}}}", "Resource cpu"),
        ("{resource: {target: {type: Utilization}, name: cpu}, type: Resource}", "Resource cpu"),
        ("{type: Pods, pods: {metric: {name: rps}, target: {type: AverageValue}}}", "Pods rps"),
        ("{value: 3}", "0"),
        ("{name: {first: shop}}", "0"),
        ("just text", "0"),
    ],
)
def test_an_item_is_called_by_what_it_says(item: str, called: str) -> None:
    assert path_of(f"items: [{item}]", "items", 0, "value") == f"items/{called}/value"


def test_two_metrics_of_one_type_are_two() -> None:
    metrics = ["{type: Resource, resource: {name: cpu}}", "{type: Resource, resource: {name: ram}}"]
    text = f"metrics: [{', '.join(metrics)}]"
    assert path_of(text, "metrics", 0) != path_of(text, "metrics", 1)
    turned = f"metrics: [{', '.join(reversed(metrics))}]"
    assert path_of(text, "metrics", 0) == path_of(turned, "metrics", 1)


def test_names_as_aws_writes_them() -> None:
    policy = {
        "PolicyName": "shop-cpu",
        "ResourceId": "service/bookshop/shop",
        "PolicyType": "TargetTrackingScaling",
    }
    bare = {"TargetValue": 70, "PredefinedMetricSpecification": {"PredefinedMetricType": "CPU"}}
    text = json.dumps([policy, bare])
    assert path_of(text, 0, "PolicyType", format_="json") == "shop-cpu/PolicyType"
    assert path_of(text, 1, "TargetValue", format_="json") == "CPU/TargetValue"


def test_what_is_not_there_counts_by_its_place() -> None:
    assert path_of("items: []", "items", 3, "name") == "items/3/name"
