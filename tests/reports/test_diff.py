"""A diff is what changes, and ``git apply`` makes of the one file the other."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lintscale.reports import diff

DOCUMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-{0}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1.4.2
---
"""
"""Whose lines nearly all stand in every other one as well."""


def changed(text: str, other: str) -> list[str]:
    lines = diff.render([("k/all.yaml", text.encode(), other.encode())]).splitlines()
    assert lines[:2] == ["--- a/k/all.yaml", "+++ b/k/all.yaml"]
    return [line for line in lines[2:] if line[0] in "-+"]


def test_of_a_long_file_only_what_changes() -> None:
    documents = [DOCUMENT.format(number) for number in range(400)]
    text = "".join(documents)
    for number in range(0, 400, 3):
        documents[number] = documents[number].replace("  replicas: 3\n", "")
    assert changed(text, "".join(documents)) == ["-  replicas: 3"] * 134


def test_of_a_file_without_an_end() -> None:
    assert changed("a: 1\nb: 2", "a: 1\nb: 3") == ["-b: 2", "+b: 3"]
    assert changed("a: 1\nb: 2", "a: 1") == ["-a: 1", "-b: 2", "+a: 1"]


EDITS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 3), st.sampled_from(["", "x", "spec:\nx\n"])),
    max_size=6,
)


@given(count=st.integers(1, 3), edits=EDITS, closing=st.booleans(), closed=st.booleans())
@settings(max_examples=25)
def test_git_applies_it(
    count: int,
    edits: list[tuple[int, int, str]],
    closing: bool,
    closed: bool,
    tmp_path_factory: object,
) -> None:
    lines = "".join(DOCUMENT.format(number) for number in range(count)).splitlines(keepends=True)
    text = "".join(lines)
    for at, taken, put in edits:
        lines[at : at + taken] = [f"{put}\n"] if put else []
    text, other = (
        t if end else t.rstrip("\n") for t, end in ((text, closing), ("".join(lines), closed))
    )
    if text == other:
        return
    folder = tmp_path_factory.mktemp("diff")  # type: ignore[attr-defined]
    path = Path(folder, "all.yaml")
    path.write_bytes(text.encode())
    patch = diff.render([("all.yaml", text.encode(), other.encode())]).encode()
    command = ["git", "apply", "--whitespace=nowarn"]
    subprocess.run(command, cwd=folder, input=patch, check=True)
    assert (path.read_bytes() if path.exists() else b"") == other.encode()
