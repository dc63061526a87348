from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.model.images import ImageReference, parse_image

DIGEST = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    ("text", "repository", "tag", "digest"),
    [
        ("postgres", "postgres", "", ""),
        ("postgres:17.2", "postgres", "17.2", ""),
        ("library/postgres:17", "library/postgres", "17", ""),
        ("localhost:5000/shop", "localhost:5000/shop", "", ""),
        ("localhost:5000/shop:1.4.2", "localhost:5000/shop", "1.4.2", ""),
        (f"shop@{DIGEST}", "shop", "", DIGEST),
        (f"registry.example/a/shop:1@{DIGEST}", "registry.example/a/shop", "1", DIGEST),
        ("registry.example/shop:${TAG:-latest}", "registry.example/shop", "${TAG:-latest}", ""),
        ("${REGISTRY}/shop:1", "${REGISTRY}/shop", "1", ""),
        ("", "", "", ""),
    ],
)
def test_parts_of_a_reference(text: str, repository: str, tag: str, digest: str) -> None:
    assert parse_image(text) == ImageReference(repository, tag, digest)


@pytest.mark.parametrize(
    ("text", "domain", "name"),
    [
        ("postgres:17", "", "postgres"),
        ("bitnami/postgresql", "", "postgresql"),
        ("localhost/shop", "localhost", "shop"),
        ("localhost:5000/shop", "localhost:5000", "shop"),
        ("ghcr.io/shop/api:1", "ghcr.io", "api"),
        ("shop.example", "", "shop.example"),
    ],
)
def test_the_domain_and_the_last_part_of_the_name(text: str, domain: str, name: str) -> None:
    reference = parse_image(text)
    assert (reference.domain, reference.name) == (domain, name)


_PART = st.from_regex(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", fullmatch=True)


@given(
    st.sampled_from(["", "ghcr.io/", "localhost:5000/"]),
    st.lists(_PART, min_size=1, max_size=3),
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True) | st.just(""),
    st.sampled_from(["", DIGEST]),
)
def test_what_is_put_together_comes_apart(
    domain: str, parts: list[str], tag: str, digest: str
) -> None:
    repository = domain + "/".join(parts)
    text = repository + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    assert parse_image(text) == (repository, tag, digest)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("registry.example:5000/team/shop:1.2", True),
        ("nginx", True),
        ("{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/shop", False),
        ("registry.example/$SHOP", False),
        ("REGISTRY/shop", False),
        ("registry.example/shop-", False),
        ("registry.example/", False),
        ("", False),
    ],
)
def test_a_placeholder_is_no_literal(text: str, literal: bool) -> None:
    assert parse_image(text).is_literal is literal
