"""Files that hold more suppressions than anybody writes."""

from __future__ import annotations

import time

import pytest

from tests.suppressions.run import check
from tests.suppressions.test_comments import JSON, K8S

pytestmark = pytest.mark.slow

MANY = 4000

HOSTILE = {
    "on lines of their own": "# lintscale: ignore[min-equals-max] x\n" * MANY + K8S,
    "of the whole file": "# lintscale: ignore-file[min-equals-max] x\n" * MANY + K8S,
    "misspelt": "".join(f"# lintscale: ignore[min-instances-{n}]\n" for n in range(MANY)) + K8S,
    "in one comment": K8S.replace(
        "replicas: 1", "replicas: 1" + " # lintscale: ignore[min-equals-max] x" * MANY
    ),
    "one name": f"# lintscale: ignore[{'a' * 1_000_000}]\n{K8S}",
    "names": f"# lintscale: ignore[{', '.join(f'a{n}' for n in range(MANY))}]\n{K8S}",
    "an annotation": K8S.replace(
        "name: shop\nspec",
        f"name: shop\n  annotations:\n    lintscale.dev/ignore: '{'stability: x; ' * MANY}'\nspec",
    ),
    "annotations": "---\n".join(
        [
            K8S.replace("name: shop\nspec", f"name: shop-{number}\n  annotations:\n"
            "    a: b\n    lintscale.dev/ignore: 'stability: x'\nspec")
            for number in range(200)
        ]
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_they_take_no_long_time_and_fit_on_a_screen(kind: str) -> None:
    started = time.process_time()
    result = check(HOSTILE[kind])
    assert time.process_time() - started < 6
    own = [each for each in result.findings if each.rule == "unused-suppression"]
    assert own
    assert max(len(each.message) for each in own) < 1000


def test_in_json() -> None:
    comments = "// lintscale: ignore[min-instances, min-equals-max] x\n" * MANY
    started = time.process_time()
    result = check(f"{comments}{JSON}", "service.json")
    assert time.process_time() - started < 6
    assert len(result.suppressed) == 1
