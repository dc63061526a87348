"""Values that change in place: what a file looks like after it, and what is left to people."""

from __future__ import annotations

import pytest

from lintscale.model.location import PathKey
from lintscale.syntax.document import Format
from tests.syntax.edited import assigned, removed, rewritten

Path = tuple[PathKey, ...]

# -- YAML -----------------------------------------------------------------------------------------

HPA = """\
kind: HorizontalPodAutoscaler
spec:
  scaleTargetRef: {kind: Deployment, name: shop}
  # As agreed.
  maxReplicas: 8  # at most
  metrics:
    - type: Resource
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("closing", [True, False])
@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        # Beside what is alike, and above its comment.
        (("spec", "minReplicas"), 2, "  # As", "  minReplicas: 2\n  # As"),
        (("spec", "maxReplicas"), 4, ": 8  #", ": 4  #"),
        # Else with what takes one line, before anything long.
        (("spec", "paused"), True, "  metrics", "  paused: true\n  metrics"),
        (("spec", "scaleTargetRef", "name"), "till", "shop", "till"),
        (("spec", "scaleTargetRef", "uid"), "a-1", "shop}", "shop, uid: a-1}"),
        (("spec", "metrics", 0, "name"), "cpu", "Resource\n", "Resource\n      name: cpu\n"),
        (
            ("spec", "behavior", "scaleDown", "window"),
            300,
            "  metrics",
            "  behavior:\n    scaleDown:\n      window: 300\n  metrics",
        ),
    ],
)
def test_yaml(  # noqa: PLR0917 - a table
    path: Path, value: str | int, old: str, new: str, ends: str, closing: bool
) -> None:
    text, wanted = HPA, HPA.replace(old, new, 1)
    if not closing:
        text, wanted = text.rstrip("\n"), wanted.rstrip("\n")
    text, wanted = text.replace("\n", ends), wanted.replace("\n", ends)
    assert assigned(text, "yaml", path, value) == wanted


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ("a:\n  b: 1\n---\nc: 2\n", ("a", "d"), "a:\n  b: 1\n  d: 7\n---\nc: 2\n"),
        ("a:\n    b:\n        c: 1\n", ("d", "e"), "d:\n    e: 7\na:\n    b:\n        c: 1\n"),
        ("- a: 1\n  b: 2\n- c: 3\n", (0, "d"), "- a: 1\n  b: 2\n  d: 7\n- c: 3\n"),
        ("-   a:\n    - 1\n", (0, "d"), "-   a:\n    - 1\n    d: 7\n"),
        ("- a: |\n    text\n\n- b\n", (0, "d"), "- a: |\n    text\n  d: 7\n\n- b\n"),
        ("- a: |+\n    text\n\n- b\n", (0, "d"), None),
        (
            "x: &m\n  # of a\n  a: [\n    1\n  ]\n",
            ("x", "d"),
            "x: &m\n  d: 7\n  # of a\n  a: [\n    1\n  ]\n",
        ),
        ("x: !m\n  a: 1\n", ("x", "d"), "x: !m\n  a: 1\n  d: 7\n"),
        ("a: |+\n  text\n\n", ("d",), "d: 7\na: |+\n  text\n\n"),
        ("'a': 1\n'b': 2\n", ("d",), "'a': 1\n'b': 2\n'd': 7\n"),
        ("a: {}\n", ("a", "d"), "a: {d: 7}\n"),
        ("a: { }\n", ("a", "d"), "a: {d: 7}\n"),
        ("a: {b: 1,}\n", ("a", "d"), "a: {b: 1, d: 7,}\n"),
        ('{"a":1}', ("d",), '{"a":1,"d":7}'),
        ("a: {b: {c: 1}}\n", ("a", "d", "e"), "a: {b: {c: 1}, d: {e: 7}}\n"),
        ("a: {\n  b: 1,\n  c: 2\n}\n", ("a", "d"), "a: {\n  b: 1,\n  d: 7,\n  c: 2\n}\n"),
        ("a:\n", ("a",), "a: 7\n"),
        ("a: # why\n", ("a",), "a: 7 # why\n"),
        ("- 1\n- 2 # two\n", (1,), "- 1\n- 7 # two\n"),
        ("a: &x 1\n", ("a",), "a: &x 7\n"),
        ("a: !!int 1\n", ("a",), "a: !!int 7\n"),
        ("%YAML 1.2\n---\na: 1\n...\n", ("d",), "%YAML 1.2\n---\na: 1\nd: 7\n...\n"),
        ("<<: {a: 1}\nb: 2\n", ("d",), "<<: {a: 1}\nb: 2\nd: 7\n"),
        ("{<<: {a: 1}, b: 2}\n", ("d",), None),
    ],
)
def test_layouts(text: str, path: Path, wanted: str | None) -> None:
    assert assigned(text, "yaml", path, 7) == wanted


@pytest.mark.parametrize(
    ("text", "path"),
    [
        # It would change another place as well.
        ("a: &x 1\nb: *x\n", ("a",)),
        ("a: &x 1\nb: *x\n", ("b",)),
        ("a: &x {c: 1}\nb: *x\n", ("a", "d")),
        ("a: &x\n  c: 1\nb: *x\n", ("b", "c")),
        ("a: &x\n  c: 1\nb:\n  <<: *x\n", ("a", "d")),
        ("a: &x\n  c: 1\nb:\n  <<: *x\n", ("b", "c")),
        ("a: &x\n  c: {d: 1}\nb:\n  <<: *x\n", ("a", "c", "d")),
        # What is written is not what it says, or is no single value.
        ('a: "\\x31"\n', ("a",)),
        ("a: >\n  folded\n", ("a",)),
        ("a:\n  b: 1\n", ("a",)),
        ("a: [1]\n", ("a",)),
        ("a: ${A}\n", ("a",)),
        ("a: 1\n", ("a", "b")),
        ("? a\n: 1\n", ("b",)),
        ("- 1\n", (2,)),
        ("- 1\n", (0, "a")),
        ("-\n- x\n", (0,)),
    ],
)
def test_what_is_left_to_people(text: str, path: Path) -> None:
    assert assigned(text, "yaml", path, 7) is None


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ("a: 1\nb: 2\n", ("a",), "b: 2\n"),
        ("a: 1\nb: 2", ("b",), "a: 1"),
        ("a: 1\r\nb: 2", ("b",), "a: 1"),
        ("a: 1\r\n\r\nb: 2", ("b",), "a: 1"),
        ("# of a\na: 1  # one\nb: 2\n", ("a",), "# of a\nb: 2\n"),
        ("a: 1\nb:\n  c: 1\n  d: 2\ne: 3\n", ("b",), "a: 1\ne: 3\n"),
        ("a: |\n  text\n  # more\nb: 1\n", ("a",), "b: 1\n"),
        ("- a: 1\n  b: 2\n", (0, "a"), "- b: 2\n"),
        ("- a: 1  # one\n  b: 2\n", (0, "a"), None),
        ("- a: 1\n  # of b\n  b: 2\n", (0, "a"), None),
        ("a: {b: 1, c: 2}\n", ("a", "b"), "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", ("a", "c"), "a: {b: 1}\n"),
        ("a: {b: 1, c: 2, }\n", ("a", "c"), "a: {b: 1, }\n"),
        ("a: &x 1\nb: *x\nc: 3\n", ("b",), "a: &x 1\nc: 3\n"),
        ("a: &x 1\nb: *x\nc: 3\n", ("a",), None),
        ("a: {d: &x 1}\nb: *x\nc: 3\n", ("a",), None),
        ("a:\n  b: 1\n", ("a", "b"), None),
        ("a: {b: 1}\n", ("a", "b"), None),
    ],
)
def test_removed_from_yaml(text: str, path: Path, wanted: str | None) -> None:
    assert removed(text, "yaml", path) == wanted


# -- JSON -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ('{"a": 1}', ("a",), '{"a": 7}'),
        ('{"a": 1}', ("d",), '{"a": 1, "d": 7}'),
        ('{"a":1}', ("d",), '{"a":1,"d":7}'),
        ('{ "a" : 1 }', ("d",), '{ "a" : 1, "d" : 7 }'),
        ("{}", ("d",), '{"d": 7}'),
        ('{"a": {}}', ("a", "d"), '{"a": {"d": 7}}'),
        ("{\n}", ("d",), None),
        # A new entry is a new line, and no comma of another line changes.
        ('{\n  "a": 1,\n  "b": 2\n}\n', ("d",), '{\n  "a": 1,\n  "d": 7,\n  "b": 2\n}\n'),
        ('{\n  "a": 1\n}\n', ("d",), '{\n  "d": 7,\n  "a": 1\n}\n'),
        ('{\n\t"a": 1,\n\t"b": 2\n}', ("d",), '{\n\t"a": 1,\n\t"d": 7,\n\t"b": 2\n}'),
        (
            '{\n  "a": 1, // one\n  // two\n  "b": 2,\n}',
            ("d",),
            '{\n  "a": 1, // one\n  // two\n  "b": 2,\n  "d": 7,\n}',
        ),
        (
            '{\n  "runPolicy": 1,\n  // most\n  "runMost": 2\n}',
            ("d",),
            '{\n  "d": 7,\n  "runPolicy": 1,\n  // most\n  "runMost": 2\n}',
        ),
        (
            '{\n    "a": {"b": 1}\n}',
            ("d", "e"),
            '{\n    "d": {\n        "e": 7\n    },\n    "a": {"b": 1}\n}',
        ),
        ('{\n  "a": 1\n  , "b": 2\n}', ("d",), '{\n  "a": 1\n  , "b": 2, "d": 7\n}'),
        ('{"a": "\\u0031"}', ("a",), None),
        ('{"a": ${A}}', ("a",), None),
    ],
)
def test_json(text: str, path: Path, wanted: str | None) -> None:
    assert assigned(text, "json", path, 7) == wanted
    assert assigned(text.replace("\n", "\r\n"), "json", path, 7) == (
        wanted.replace("\n", "\r\n") if wanted else None
    )


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ('{"a": 1, "b": 2}', ("a",), '{"b": 2}'),
        ('{"a": 1, "b": 2}', ("b",), '{"a": 1}'),
        ('{\n  "a": 1,\n  "b": 2\n}', ("a",), '{\n  "b": 2\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', ("b",), '{\n  "a": 1\n}'),
        ('{\n  "a": 1, // one\n  "b": 2 // two\n}', ("b",), '{\n  "a": 1 // one\n}'),
        ('{\n  "a": 1, "b": 2,\n  "c": 3\n}', ("b",), '{\n  "a": 1,\n  "c": 3\n}'),
        ('{\n  "a": 1, "b": 2,\n  "c": 3\n}', ("a",), '{\n  "b": 2,\n  "c": 3\n}'),
        ('{\n  "a": {\n    "b": 1\n  },\n  "c": 3\n}', ("a",), '{\n  "c": 3\n}'),
        ('{\n  "a": 1\n  , "b": 2\n}', ("a",), '{\n  "b": 2\n}'),
        ('{\n  "a": 1\n  , "b": 2\n}', ("b",), '{\n  "a": 1\n}'),
        # A comment that stays would stand behind another.
        ('{\n  "a": 1\n  , "b": 2 // two\n}', ("b",), None),
        ('{\n  "a": 1, "b": 2, // two\n  "c": 3\n}', ("b",), None),
        ('{"a": 1}', ("a",), None),
        ('{"a": 1, "a": 2, "b": 3}', ("a",), '{"a": 1, "b": 3}'),
    ],
)
def test_removed_from_json(text: str, path: Path, wanted: str | None) -> None:
    assert removed(text, "json", path) == wanted


# -- TOML -----------------------------------------------------------------------------------------

RAILWAY = """\
[build]
builder = "RAILPACK"

[deploy]
# How it starts.
startCommand = "node server.js"  # by hand

[environments.staging.deploy]
overlapSeconds=10
"""


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (("deploy", "numReplicas"), "hand\n", "hand\nnumReplicas = 7\n"),
        (
            ("environments", "staging", "deploy", "drainingSeconds"),
            "overlapSeconds=10\n",
            "overlapSeconds=10\ndrainingSeconds=7\n",
        ),
        (("build", "builder"), '"RAILPACK"', '"7"'),
        (("tools", "node"), "=10\n", "=10\n\n[tools]\nnode = 7\n"),
        (
            ("environments", "staging", "build", "tier"),
            "=10\n",
            "=10\n\n[environments.staging.build]\ntier = 7\n",
        ),
    ],
)
@pytest.mark.parametrize("closing", [True, False])
def test_toml(path: Path, old: str, new: str, closing: bool) -> None:
    text, wanted = RAILWAY, RAILWAY.replace(old, new)
    if not closing:
        text, wanted = text.rstrip("\n"), wanted.rstrip("\n")
    assert assigned(text, "toml", path, 7) == wanted


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ("a.b = 1\n", ("a", "d"), "a.b = 1\na.d = 7\n"),
        ("[a]\n", ("a", "d"), "[a]\nd = 7\n"),
        ("[a] # of a", ("a", "d"), "[a] # of a\nd = 7"),
        ("a = { b = 1 }\n", ("a", "d"), "a = { b = 1, d = 7 }\n"),
        ("a = {}\n", ("a", "d"), "a = { d = 7 }\n"),
        ("  [a]\n  b   = 1\n", ("a", "cc"), "  [a]\n  b   = 1\n  cc  = 7\n"),
        ("maxA = 1\n", ("minA",), "minA = 7\nmaxA = 1\n"),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n", ("a", 1, "d"), "[[a]]\nb = 1\n[[a]]\nb = 2\nd = 7\n"),
        ("a = [\n  1,\n  2,\n]\n[b]\n", ("d",), "d = 7\na = [\n  1,\n  2,\n]\n[b]\n"),
        ("a = 1\na.b = 2\n", ("d",), None),
        ("[a.b]\nc = 1\n", ("a", "d"), None),
        ("a.b = 1\n", ("a", "d", "e"), None),
        ("a = '''1'''\n", ("a",), None),
    ],
)
def test_toml_layouts(text: str, path: Path, wanted: str | None) -> None:
    assert assigned(text, "toml", path, 7) == wanted


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ("a = 1\nb = 2\n", ("a",), "b = 2\n"),
        ("a = 1\nb = 2", ("b",), "a = 1"),
        ("a = 1\n\nb = 2", ("b",), "a = 1"),
        ("[x]\na = [\n  1,\n]\nb = 2\n", ("x", "a"), "[x]\nb = 2\n"),
        ("x = {a = 1, b = 2}\n", ("x", "b"), "x = {a = 1}\n"),
        ("x.a = 1\nx.b = 2\n", ("x", "a"), "x.b = 2\n"),
        ("[x]\na = 1\n[y]\n", ("x",), None),
    ],
)
def test_removed_from_toml(text: str, path: Path, wanted: str | None) -> None:
    assert removed(text, "toml", path) == wanted


# -- another key, another value -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "text", "key", "value", "wanted"),
    [
        ("yaml", "env: node # b\n", "runtime", None, "runtime: node # b\n"),
        ("yaml", "env: node # b\n", "", "python", "env: python # b\n"),
        ("yaml", "{env: node}", "runtime", "python", "{runtime: python}"),
        ("json", '{"env": true}', "when", "commit", '{"when": "commit"}'),
        ("toml", "env = true", "when", "commit", 'when = "commit"'),
        ("yaml", "env: node\nruntime: node\n", "runtime", None, None),
        ("yaml", "a: &x node\nenv: *x\n", "runtime", None, None),
        ("yaml", "env: &x node\nb: *x\n", "", "python", None),
        ("yaml", "env: &x node\nb: *x\n", "runtime", None, "runtime: &x node\nb: *x\n"),
        ("yaml", "env:\n  node\n", "", "python", "env:\n  python\n"),
        # A tag says of what type the value is.
        ("yaml", "env: !!str node\n", "runtime", None, "runtime: !!str node\n"),
        ("yaml", "env: !!str node\n", "", "python", "env: !!str python\n"),
        ("yaml", 'env: !!bool "true"\n', "when", "commit", None),
        ("yaml", "env: !!bool &x true\n", "when", "commit", None),
        ("yaml", "env: !!bool\n  true\n", "when", "commit", None),
    ],
)
def test_rewritten(
    form: Format, text: str, key: str, value: str | None, wanted: str | None
) -> None:
    assert rewritten(text, form, ("env",), key, value) == wanted
