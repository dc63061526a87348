"""The committed schemas are what their scripts make, and nothing that the checker does not know."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lintscale import platforms
from lintscale.platforms.ecs.recognise import Shape
from lintscale.platforms.ecs.schemas import DESCRIBED
from lintscale.platforms.kubernetes import VERSIONS
from lintscale.validation.schemas import schema_file, shipped_folder
from tools.schemas import custom_resources, ecs, kubernetes
from tools.schemas.layout import dump

FOLDER = shipped_folder("schemas")

KEYWORDS = frozenset(
    {
        "$ref", "type", "enum", "const", "properties", "required", "additionalProperties",
        "patternProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "pattern",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "minProperties", "maxProperties",
        "dependentRequired",
    }
)  # fmt: skip
"""What the checker judges by. ``oneOf`` is read as ``anyOf``: nobody matches two branches by
mistake."""

ANNOTATIONS = frozenset(
    {
        "$schema", "$id", "$defs", "$comment", "title", "description", "default",
        "x-origin",  # of a file: where it comes from, its version, date and licence
        "x-since", "x-until",  # of a property: the first and the last version that has it
        "x-expected",  # of a pattern: what is wanted, as it follows "must be"
        "x-keys",  # of a map: keys that it usually has, to recognise them elsewhere
        "x-says",  # of "not": the message after the key
        # By unknown key, or by what is not in "enum" (a value, "a mapping", "a list"): the right
        # key, the dotted path to it, or advice in words. "/…/" is a pattern of unknown keys.
        "x-instead",
        "x-belongs",  # of a property of another object: where it belongs
        "x-unknown-key",  # of an object: severity and effect of a key that it does not have
        "x-any-case",  # of "enum": severity where only the case differs
    }
)  # fmt: skip
"""What else a schema may hold."""
FILES = sorted(path for name in platforms.TABLE for path in (FOLDER / name).rglob("*.json"))
"""Of platforms; the formats of rules and reports are lintscale's own."""

NAMES = [path.relative_to(FOLDER).with_suffix("").as_posix() for path in FILES]


def schemas(part: Any) -> Iterator[dict[str, Any]]:
    """A schema and all schemas in it."""
    if not isinstance(part, dict):
        return
    yield part
    for key in ("properties", "patternProperties", "$defs"):
        for each in part.get(key, {}).values():
            yield from schemas(each)
    for key in ("anyOf", "oneOf", "allOf"):
        for each in part.get(key, ()):
            yield from schemas(each)
    for key in ("items", "additionalProperties", "not", "if", "then", "else"):
        yield from schemas(part.get(key))


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_one_and_the_checker_knows_all_of_it(name: str) -> None:
    file = schema_file(name)
    Draft202012Validator.check_schema(file.root)
    assert file.root["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for schema in schemas(file.root):
        assert set(schema) <= KEYWORDS | ANNOTATIONS | {"x-versions"}, schema
        if "$ref" in schema:
            assert file.resolve(schema["$ref"]).schema is not None


@pytest.mark.parametrize("name", NAMES)
def test_schema_says_where_it_is_from(name: str) -> None:
    origin = schema_file(name).root["x-origin"]
    assert set(origin) >= {"source", "version", "date", "licence"}
    assert all(isinstance(text, str) and text for text in origin.values())


def test_kubernetes_schema_is_what_the_script_makes_of_the_package() -> None:
    assert dump(kubernetes.merged()) == kubernetes.TARGET.read_text(encoding="utf-8")


def test_kubernetes_versions_are_those_of_the_schema() -> None:
    core = json.loads(Path(FOLDER / "kubernetes" / "core.json").read_text("utf-8"))
    assert tuple(core["x-versions"]) == VERSIONS


def test_ecs_schemas_are_what_the_script_makes_of_the_package() -> None:
    made = dict(ecs.files())
    assert {path.stem for path in ecs.TARGET.glob("*.json")} == set(made)
    for name, text in made.items():
        assert (ecs.TARGET / f"{name}.json").read_text(encoding="utf-8") == text, name


def test_what_only_describe_calls_print_is_what_no_call_takes() -> None:
    calls = {
        Shape.TASK_DEFINITION: ["register-task-definition"],
        Shape.SERVICE: ["create-service", "update-service"],
        Shape.SCALABLE_TARGET: ["register-scalable-target"],
        Shape.SCALING_POLICY: ["put-scaling-policy"],
        Shape.SCHEDULED_ACTION: ["put-scheduled-action"],
    }
    for shape, names in calls.items():
        models = [ecs.CALLS[name] for name in names]
        printed = {key for each in models for key in ecs.members(*each[0], each[2])}
        taken = {key for each in models for key in ecs.members(*each[0], each[1])}
        assert DESCRIBED[shape] == printed - taken, shape


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not there to fetch packages with")
def test_custom_resources_schemas_are_what_the_script_makes_of_the_packages(tmp_path: Path) -> None:
    for name, package in custom_resources.PACKAGES.items():
        wanted = f"@kubernetes-models/{name}@{package.version}"
        subprocess.run(["npm", "pack", "--silent", wanted], cwd=tmp_path, check=True)
        archive = next(tmp_path.glob(f"kubernetes-models-{name}-*.tgz"))
        with tarfile.open(archive) as packed:
            packed.extractall(tmp_path / name, filter="data")
    for name in custom_resources.PACKAGES:
        target = custom_resources.FOLDER / f"{name}.json"
        made = dump(custom_resources.made(name, tmp_path))
        assert made == target.read_text(encoding="utf-8"), name
