"""The fix takes out what suppresses nothing, and leaves everything else as it is written."""

from __future__ import annotations

import pytest

from tests.suppressions.run import applied, audited, check, fixed, the
from tests.suppressions.test_annotations import DEPLOYMENT
from tests.suppressions.test_comments import JSON, K8S, TOML, with_comment, with_line


def after(text: str, name: str = "k8s/shop.yaml", config: str = "") -> str:
    """The text after the fix; nothing is left to say of its suppressions then."""
    result = fixed({name: text}, the(check(text, name, config)))[name]
    assert "unused-suppression" not in {rule for rule, _, _ in audited(check(result, name, config))}
    return result


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("  # lintscale: ignore[min-equals-max] x", ""),
        (" \t # lintscale: ignore[min-equals-max] x  ", ""),
        ("  # a demo # lintscale: ignore[min-equals-max] x", "  # a demo"),
        (
            "  # lintscale: ignore[min-equals-max] x # yamllint disable-line",
            "  # yamllint disable-line",
        ),
        ("  # a # lintscale: ignore[min-equals-max] x # b", "  # a # b"),
        (
            "  # lintscale: ignore[min-equals-max, min-instances] x",
            "  # lintscale: ignore[min-instances] x",
        ),
        (
            "  # lintscale: ignore[ min-instances,min-equals-max ,no-autoscaling] x # b",
            "  # lintscale: ignore[min-instances, no-autoscaling] x # b",
        ),
        (
            "  # lintscale: ignore[min-equals-max, min-instances] until 2027-03-01: x",
            "  # lintscale: ignore[min-instances] until 2027-03-01: x",
        ),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_at_the_end_of_a_line(comment: str, left: str, ends: str) -> None:
    text = K8S.replace("replicas: 1", f"replicas: 1{comment}").replace("\n", ends)
    assert after(text) == K8S.replace("replicas: 1", f"replicas: 1{left}").replace("\n", ends)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_on_a_line_of_its_own(ends: str) -> None:
    text = with_line(K8S, 6, "  # lintscale: ignore[min-equals-max] x").replace("\n", ends)
    assert after(text) == K8S.replace("\n", ends)
    text = with_line(K8S, 6, "  # one # lintscale: ignore[min-equals-max] x").replace("\n", ends)
    assert after(text) == with_line(K8S, 6, "  # one").replace("\n", ends)


def test_on_the_last_line() -> None:
    last = "# lintscale: ignore[min-equals-max] x"
    assert after(f"{K8S.rstrip()}  {last}") == K8S.rstrip()
    # What stands in the wrong place is to be moved, not removed.
    assert the(check(f"{K8S}{last}")).fix is None


def test_of_the_whole_file() -> None:
    head = "# ours\n# lintscale: ignore-file[min-equals-max] x\n\n"
    assert after(f"{head}{K8S}") == f"# ours\n\n{K8S}"


def test_in_toml() -> None:
    text = with_line(TOML, 4, "# lintscale: ignore[min-equals-max] x")
    assert after(text, "railway.toml") == TOML
    text = with_comment(TOML, 4, "# lintscale: ignore[min-equals-max] x")
    assert after(text, "railway.toml") == TOML


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("1,  // lintscale: ignore[min-equals-max] x\n", "1,\n"),
        ("1,  /* lintscale: ignore[min-equals-max] x */\n", "1,\n"),
        ("1 /* lintscale: ignore[min-equals-max] x */,\n", "1,\n"),
        ("1, // a // lintscale: ignore[min-equals-max] x\n", "1, // a\n"),
        (
            "1, /* lintscale: ignore[min-equals-max, min-instances] x */\n",
            "1, /* lintscale: ignore[min-instances] x */\n",
        ),
    ],
)
def test_in_json(written: str, left: str) -> None:
    text = JSON.replace("1,\n", written)
    assert after(text, "service.json") == JSON.replace("1,\n", left)


def test_a_comment_over_several_lines_is_left_to_people() -> None:
    text = JSON.replace(
        '  "desired', '  /*\n * lintscale: ignore[min-equals-max] d\n */\n  "desired'
    )
    assert the(check(text, "service.json")).fix is None


@pytest.mark.parametrize("comment", ["ignore", "ignore[min-instanses] x", "ignore[all] x"])
def test_what_is_misspelt_is_not_removed(comment: str) -> None:
    assert the(check(with_comment(K8S, 6, f"# lintscale: {comment}"))).fix is None


def test_beside_what_is_misspelt() -> None:
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instanses, min-equals-max] x")
    result = fixed({"k8s/shop.yaml": text}, the(check(text)))["k8s/shop.yaml"]
    assert result == with_comment(K8S, 6, "# lintscale: ignore[min-instanses] x")


def test_of_a_strict_rule() -> None:
    config = '[strict]\nrules = ["min-instances"]\n'
    text = with_comment(K8S, 6, "# lintscale: ignore[min-instances, scaling] x")
    assert after(text, config=config) == with_comment(K8S, 6, "# lintscale: ignore[scaling] x")


def test_none_in_the_configuration() -> None:
    assert the(check(K8S, config='[[ignore]]\nrule = "stability"\nreason = "x"\n')).fix is None


# -- annotations ----------------------------------------------------------------------------------

KEY = "lintscale.dev/ignore"


def annotated(*lines: str) -> str:
    return DEPLOYMENT.format(annotation="\n    ".join(lines))


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ('"min-equals-max: x; rollout: y"', '"rollout: y"'),
        ("'rollout: y; min-equals-max'", "'rollout: y'"),
        ("min-equals-max, rollout until 2027-01-01 y", None),
        (
            '"stability, rollout until 2027-01-01: y; min-instances: z"',
            '"rollout until 2027-01-01: y; min-instances: z"',
        ),
        ("rollout;stability;scaling", "rollout; scaling"),
    ],
)
def test_a_part_of_an_annotation(value: str, left: str | None) -> None:
    text = annotated(f"{KEY}: {value}")
    if left is None:
        assert the(check(text)).fix is None
    else:
        assert after(text) == annotated(f"{KEY}: {left}")


def test_an_annotation_among_others() -> None:
    text = annotated("a: b", f'{KEY}: "stability: x"', "c: d")
    assert after(text) == annotated("a: b", "c: d")
    text = annotated(f"{KEY}: |", "  stability: x", "  scale-in-faster-than-out: y", "c: d")
    assert after(text) == annotated("c: d")


def test_the_only_annotation() -> None:
    text = annotated(f'{KEY}: "stability: x"')
    bare = text.replace(f'  annotations:\n    {KEY}: "stability: x"\n', "")
    assert after(text) == bare
    assert after(text.replace(":\n    " + KEY, f": {{{KEY}").replace(': x"', ': x"}')) == bare


@pytest.mark.parametrize(
    "lines",
    [
        (f'{KEY}: "stability: x"  # as agreed', "a: b"),
        ("a: b", "# As agreed.", f'{KEY}: "stability: x"'),
    ],
)
def test_an_annotation_with_a_comment(lines: tuple[str, ...]) -> None:
    text = annotated(*lines)
    finding = the(check(text))
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    assert finding.fix.description == "Remove the suppression and its comment"
    [edit] = finding.fix.edits
    assert applied(text, edit) == annotated("a: b")


@pytest.mark.parametrize(
    "text",
    [
        annotated(f'{KEY}: "stability: \\u0078; rollout: y"'),
        annotated(f"{KEY}: |", "  stability: x", "  rollout: y"),
    ],
)
def test_what_is_not_certain_is_left_to_people(text: str) -> None:
    assert the(check(text)).fix is None
