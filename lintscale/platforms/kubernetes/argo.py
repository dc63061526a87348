"""Which counts Argo CD leaves as they are in the cluster.

``ignoreDifferences`` alone only hides a difference: each sync applies the manifest's count all the
same, unless the sync option RespectIgnoreDifferences is on (argo-cd.readthedocs.io,
user-guide/diffing and user-guide/sync-options, read Dec 2026). Groups and kinds are shell patterns.
A group that is not written is the core group, to which no workload belongs that scales
(util/argo/normalizers/diff_normalizer.go).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase

from lintscale.model.declared import CountLeftAlone
from lintscale.platforms.kubernetes.manifest import GROUPS
from lintscale.platforms.kubernetes.workloads import KINDS
from lintscale.syntax import Field
from lintscale.syntax.regex import regex

_RESPECTED = "RespectIgnoreDifferences=true"
_POINTERS = ("/spec/replicas", "/spec")
_QUERY = regex(r'\.?(?:\.spec|\["spec"\]|\."spec")(?:\.replicas|\["replicas"\]|\."replicas")?\Z')
_SCALES = frozenset({"kube-controller-manager", "keda-operator"})
"""Managers of fields that set counts: the controller of HorizontalPodAutoscalers, and KEDA."""

_FILLED_IN = regex(r"\{\{[^{}]{0,200}\}\}")


def counts_left_alone(text: str, file_name: str) -> Iterator[CountLeftAlone]:
    """Those of the Applications and ApplicationSets in the file."""
    if "ignoreDifferences" not in text or _RESPECTED not in text:
        return
    from lintscale.syntax.yaml import parse_yaml

    for document in parse_yaml(text, file_name).documents:
        root = Field.root(document)
        if not (root.get("apiVersion").string() or "").startswith("argoproj.io/"):
            continue
        if root.get("kind").string() == "Application":
            yield from _of_application(root.get("spec"))
        elif root.get("kind").string() == "ApplicationSet":
            yield from _of_application(root.get("spec", "template", "spec"))


def _of_application(spec: Field) -> Iterator[CountLeftAlone]:
    options = {item.string() for item in spec.get("syncPolicy", "syncOptions").items()}
    if _RESPECTED not in options:
        return
    folders = tuple(_folders(spec))
    into = _pattern(spec.get("destination", "namespace").string() or "")
    for ignored in spec.get("ignoreDifferences").items():
        if not _leaves_count(ignored):
            continue
        group = ignored.get("group").string() or ""
        kind = ignored.get("kind").string() or ""
        yield CountLeftAlone(
            platform="kubernetes",
            kinds=tuple(
                sorted(
                    each
                    for each in KINDS
                    if fnmatchcase(each, kind) and any(fnmatchcase(g, group) for g in GROUPS[each])
                )
            ),
            name=_pattern(ignored.get("name").string() or "*"),
            namespace=_pattern(ignored.get("namespace").string() or "*"),
            folders=folders,
            into=into,
        )


def _leaves_count(ignored: Field) -> bool:
    pointers = (item.string() for item in ignored.get("jsonPointers").items())
    queries = (item.string() or "" for item in ignored.get("jqPathExpressions").items())
    managers = {item.string() for item in ignored.get("managedFieldsManagers").items()}
    return (
        any(pointer in _POINTERS for pointer in pointers)
        or any(_QUERY.match("".join(query.split()).replace("|", "")) for query in queries)
        or not _SCALES.isdisjoint(managers)
    )


def _folders(spec: Field) -> Iterator[str]:
    """Of its sources, from the project's root; a part that a generator fills in is any."""
    for source in [spec.get("source"), *spec.get("sources").items()]:
        path = source.get("path").string()
        if path and not source.get("chart").present:
            yield _pattern(posixpath.normpath(path.strip("/") or "."))


def _pattern(text: str) -> str:
    return _FILLED_IN.sub("*", text)
