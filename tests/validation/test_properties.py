"""What holds of any document: the checker agrees with jsonschema, never raises, and points into
the file."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from lintscale import validation
from lintscale.platforms.base import SchemaChoice
from lintscale.platforms.kubernetes import VERSIONS as KUBERNETES_VERSIONS
from lintscale.platforms.kubernetes import normalise
from lintscale.syntax import Document, parse
from lintscale.syntax.nodes import to_plain
from lintscale.validation.schemas import schema_file
from tests.validation.samples import OBJECTS, ODD_VALUES, document_of, spoilt

VERSIONS = {"kubernetes": KUBERNETES_VERSIONS[-1]}
FILES = ("core", "keda", "argo-rollouts", "autoscaler", "knative")
REGISTRY: Registry[Any] = Registry().with_resources(
    [
        (f"{name}.json", Resource.from_contents(schema_file(f"kubernetes/{name}").root))
        for name in FILES
    ]
)


def choices(document: Document) -> list[SchemaChoice]:
    return list(normalise.schemas(document, document.file, VERSIONS))


def label(thing: Any) -> str:
    return f"{thing['apiVersion']}-{thing['kind']}"


@pytest.mark.parametrize("thing", OBJECTS, ids=label)
def test_sample_has_a_schema_and_keeps_to_it(thing: Any) -> None:
    document = document_of(thing)
    found = choices(document)
    assert len(found) == 1
    assert validation.problems(document, found[0]) == []


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(OBJECTS), st.randoms(use_true_random=False))
def test_a_document_is_valid_when_jsonschema_says_so(thing: Any, rng: random.Random) -> None:
    choice = choices(document_of(thing))[0]
    changed = spoilt(thing, rng)
    if not isinstance(changed, dict):
        return
    document = document_of(changed)
    file, _, pointer = choice.name.removeprefix("kubernetes/").partition("#")
    validator = Draft202012Validator({"$ref": f"{file}.json#{pointer}"}, registry=REGISTRY)
    plain = SchemaChoice(name=choice.name, reader="Kubernetes", null_is_absent=False)
    ours = validation.problems(document, plain)
    assert bool(ours) == (not validator.is_valid(changed)), (ours, changed)


SCHEMAS = st.recursive(
    st.sampled_from(
        [
            {},
            {"type": "string"},
            {"type": ["integer", "null"]},
            {"type": "number", "minimum": 0, "exclusiveMaximum": 70},
            {"type": "integer", "multipleOf": 5, "maximum": 80},
            {"type": "string", "pattern": "^[0-9]+%$"},
            {"minLength": 1, "maxLength": 4},
            {"enum": ["Always", 70, True, None]},
            {"const": 1},
            {"type": "array", "minItems": 1, "maxItems": 1},
            {"type": "object", "minProperties": 1, "maxProperties": 1},
        ]
    ),
    lambda parts: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": parts}),
        st.fixed_dictionaries(
            {
                "properties": st.fixed_dictionaries({"name": parts, "a": parts}),
                "additionalProperties": st.one_of(st.booleans(), parts),
                "required": st.sampled_from([[], ["a"], ["name"]]),
            }
        ),
        st.fixed_dictionaries(
            {"patternProperties": st.fixed_dictionaries({"^n": parts})},
            optional={"dependentRequired": st.just({"name": ["a"]})},
        ),
        st.fixed_dictionaries({"anyOf": st.lists(parts, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"allOf": st.lists(parts, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": parts}),
        st.fixed_dictionaries({"if": parts, "then": parts, "else": parts}),
    ),
    max_leaves=6,
)
VALUES = st.recursive(
    st.sampled_from([*ODD_VALUES, None]),
    lambda parts: st.one_of(
        st.lists(parts, max_size=2),
        st.dictionaries(st.sampled_from(["name", "a", "b"]), parts, max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(SCHEMAS, VALUES)
def test_every_keyword_means_what_it_means_to_jsonschema(schema: Any, value: Any) -> None:
    document = document_of({"it": value})
    whole = {"properties": {"it": schema}}
    choice = SchemaChoice(name="", reader="a platform", inline=whole, null_is_absent=False)
    ours = validation.problems(document, choice)
    assert bool(ours) == (not Draft202012Validator(whole).is_valid({"it": value})), ours


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(OBJECTS), st.randoms(use_true_random=False))
def test_any_change_ends_in_problems_that_point_into_the_file(
    thing: Any, rng: random.Random
) -> None:
    changed = spoilt(thing, rng, nulls=True)
    text = json.dumps(changed, indent=1, ensure_ascii=False)
    document = parse(text, "shop.json", "json").documents[0]
    lines = text.split("\n")
    before = to_plain(document.root)
    found, document_read = validation.check(document, choices(document))
    assert to_plain(document.root) == before
    for problem in found:
        span = problem.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1])
        assert span.end_column <= len(lines[span.end_line - 1]) + 1
        assert problem.message
    keys = [(each.kind, each.span, each.path[-1:]) for each in found]
    assert len(keys) == len(set(keys))
    normalise.normalise(document_read, "shop.json")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(OBJECTS), st.randoms(use_true_random=False))
def test_what_is_renamed_as_the_fix_says_is_known(thing: Any, rng: random.Random) -> None:
    text = json.dumps(spoilt(thing, rng), indent=1, ensure_ascii=False)
    document = parse(text, "shop.json", "json").documents[0]
    for choice in choices(document):
        for problem in validation.problems(document, choice):
            if not problem.rename:
                continue
            span, new = problem.span, json.dumps(problem.rename, ensure_ascii=False)
            lines = text.split("\n")
            line = lines[span.line - 1]
            lines[span.line - 1] = line[: span.column - 1] + new + line[span.end_column - 1 :]
            mended = parse("\n".join(lines), "shop.json", "json")
            assert mended.problems == []
            after = validation.problems(mended.documents[0], choice)
            keys = [(each.kind, each.path) for each in after]
            assert (problem.kind, problem.path) not in keys
            assert ("unknown-key", (*problem.path[:-1], problem.rename)) not in keys
