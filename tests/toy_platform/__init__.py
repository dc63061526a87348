"""A platform that only tests have: ``toy.yaml`` files that say how many toys run."""

from __future__ import annotations

from lintscale.platforms.base import Platform


def may_hold(file_name: str, text: str) -> bool:
    return "toys:" in text


PLATFORM = Platform(
    name="toy",
    title="Toy Box",
    letter="T",
    package=__name__,
    may_hold=may_hold,
    example_file="toy.yaml",
    starter=("toys:\n  - name: shop\n    count: {count}\n", 3),
    well_known_names=frozenset({"toy.yaml"}),
    setting_keys=("toy-prefix",),
)
