"""The same project in another order: keys, list entries, documents, files.

What is written where an order means something stays as it is: see ORDERED.
"""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Mapping
from pathlib import PurePosixPath
from random import Random
from typing import Any

from ruamel.yaml import YAML, MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node

ORDERED = frozenset(
    {
        # Command lines, and what is run one after the other.
        "command", "args", "entrypoint", "entryPoint", "preDeployCommand", "buildCommand",
        "initContainers", "steps",
        # Patches are applied in turn, and the operations of a JSON patch as well.
        "patches", "patchesStrategicMerge", "patchesJson6902", "components",
        # Of two groups of variables the later one wins.
        "envFrom",
    }
)  # fmt: skip
"""Lists whose order means something, by the key that they stand under."""

_COMMENTS_MATTER = "lintscale: ignore"
"""A comment speaks of the line that it stands at."""

_FIXED_STEMS = frozenset({"render", ".render", "railway", "kustomization", "Chart", "values"})
"""Files that are what they are by their names."""


def shuffled(value: Any, random: Random, key: str = "") -> Any:
    """Plain data with its keys and its lists in another order."""
    if isinstance(value, dict):
        items = [(name, shuffled(item, random, name)) for name, item in value.items()]
        random.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        # A list in an ordered list is a part of it.
        items = [shuffled(item, random, key) for item in value]
        if key not in ORDERED:
            random.shuffle(items)
        return items
    return value


def documents(text: str) -> list[str]:
    """The documents of a YAML file. Comments are lost; scalars stay as they are written."""
    return [_text(root) for root in _composed(text)]


def shuffled_yaml(text: str, random: Random) -> str:
    """The documents of a file, each shuffled, in another order. Raises YAMLError."""
    roots = _composed(text)
    for root in roots:
        _shuffle_node(root, random, "", set())
    random.shuffle(roots)
    return "---\n".join(map(_text, roots))


def _composed(text: str) -> list[Node]:
    return [node for node in YAML(typ="safe").compose_all(text) if node is not None]


def _text(root: Node) -> str:
    out = io.StringIO()
    YAML(typ="safe").serialize(root, out)
    return out.getvalue()


def _shuffle_node(node: Node, random: Random, key: str, seen: set[int]) -> None:
    if id(node) in seen:  # an alias
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        for name, value in node.value:
            _shuffle_node(value, random, name.value if isinstance(name, ScalarNode) else "", seen)
        random.shuffle(node.value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _shuffle_node(item, random, key, seen)
        if key not in ORDERED:
            random.shuffle(node.value)


def shuffled_text(name: str, text: str, random: Random) -> str:
    """A file's text in another order; as it is where it is not of its name's format, or where
    keys repeat, so that their order means something."""
    if _COMMENTS_MATTER in text:
        return text
    suffix = PurePosixPath(name).suffix
    try:
        if suffix == ".json":
            plain = json.loads(text, object_pairs_hook=_without_repetitions)
            return json.dumps(shuffled(plain, random), indent=2) + "\n"
        if suffix == ".toml":
            return _toml(shuffled(tomllib.loads(text), random))
        if suffix in (".yaml", ".yml"):
            # Composing says nothing of keys that repeat.
            list(YAML(typ="safe").load_all(text))
            return shuffled_yaml(text, random)
    except (ValueError, TypeError, YAMLError):
        pass
    return text


def _without_repetitions(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise ValueError("keys repeat")
    return plain


def _toml(plain: dict[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in plain.items())


def _key(key: str) -> str:
    return json.dumps(key)


def _value(value: Any) -> str:
    """As TOML, in whose strings all escapes of JSON's hold. Raises TypeError for dates."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)


def shuffled_files(files: Mapping[str, str], random: Random) -> dict[str, str]:
    """Each file's text in another order, and those whose names say nothing under each other's
    names, so that they are read in another order."""
    texts = {name: shuffled_text(name, text, random) for name, text in files.items()}
    groups: dict[tuple[str, str], list[str]] = {}
    for name in sorted(files):
        path = PurePosixPath(name)
        named = any(path.name in text for text in files.values())
        if path.stem not in _FIXED_STEMS and not named:
            groups.setdefault((path.parent.as_posix(), path.suffix), []).append(name)
    renamed = dict(texts)
    for group in groups.values():
        others = random.sample(group, len(group))
        renamed.update({new: texts[old] for old, new in zip(group, others, strict=True)})
    order = random.sample(sorted(renamed), len(renamed))
    return {name: renamed[name] for name in order}
