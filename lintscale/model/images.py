"""References to container images: ``[domain/]path[:tag][@digest]``.

The grammar is that of github.com/distribution/reference (reference.go and normalize.go, v0.6.0): a
tag holds no "/" and no ":", and the first part of the name is a domain if it holds "." or ":" or
is localhost. Texts with placeholders, which are no references yet, are split in the same way.
"""

from __future__ import annotations

from typing import NamedTuple

_ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_NAME = _ALPHANUMERIC | frozenset("._-")


class ImageReference(NamedTuple):
    """``repository`` is the name with its domain, without tag and digest; both "" if absent."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def domain(self) -> str:
        """The registry's host, with its port; "" for Docker Hub's short names."""
        first, slash, _ = self.repository.partition("/")
        return first if slash and (set(".:") & set(first) or first == "localhost") else ""

    @property
    def name(self) -> str:
        """The last part of the repository: "postgres" of "docker.io/library/postgres"."""
        return self.repository.rpartition("/")[2]

    @property
    def is_literal(self) -> bool:
        """Whether the repository is a name that can be pulled: without a placeholder, and without
        capital letters, which only placeholders have."""
        ends = {self.name[:1], self.name[-1:]}
        folder = self.repository[: -len(self.name)] if self.name else ""
        return (
            ends <= _ALPHANUMERIC and set(self.name) <= _NAME and set(folder) <= _NAME | set(":/")
        )


def parse_image(text: str) -> ImageReference:
    """Never fails: what is no reference has itself as its repository."""
    named, _, digest = text.strip().partition("@")
    folder, slash, last = named.rpartition("/")
    name, _, tag = last.partition(":")
    return ImageReference(f"{folder}{slash}{name}", tag, digest)
