"""Images that kubectl, kustomize and Skaffold put into manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale.platforms.base import DeployedImage
from lintscale.syntax import Field

_KINDS = {
    **dict.fromkeys(("deployment", "deployments", "deploy"), "Deployment"),
    **dict.fromkeys(("statefulset", "statefulsets", "sts"), "StatefulSet"),
    **dict.fromkeys(("daemonset", "daemonsets", "ds"), "DaemonSet"),
    **dict.fromkeys(("cronjob", "cronjobs", "cj"), "CronJob"),
}
"""What kubectl calls the kinds that have an image to set."""

_VALUED = frozenset({"-n", "--namespace", "--context", "--kubeconfig", "--cluster", "--user", "-l"})
"""Options of kubectl with a value of their own."""


def deployed_by_command(program: str, words: Sequence[str]) -> Iterator[DeployedImage]:
    """Those of ``kustomize edit set image NAME=IMAGE…`` and of
    ``kubectl set image KIND/NAME CONTAINER=IMAGE…``."""
    if program == "kubectl":
        yield from _kubectl(words)
    elif list(words[:3]) == ["edit", "set", "image"]:
        for word in words[3:]:
            image, _, new = word.partition("=")
            yield DeployedImage(new or image, name=image)


def _kubectl(words: Sequence[str]) -> Iterator[DeployedImage]:
    """The kind and the name may also stand apart."""
    plain = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("-") and before not in _VALUED
    ]
    if plain[:2] != ["set", "image"] or len(plain) < 4:
        return
    kind, slash, workload = plain[2].partition("/")
    rest = plain[3:] if slash else plain[4:]
    workload = workload if slash else plain[3]
    if kind.lower() not in _KINDS or "$" in workload:
        return
    for word in rest:
        container, equals, image = word.partition("=")
        if equals and "$" not in container:
            target = (_KINDS[kind.lower()], workload)
            yield DeployedImage(
                image, workload=target, container="" if container == "*" else container
            )


def deployed_by_file(skaffold: Field) -> Iterator[DeployedImage]:
    """Those that Skaffold builds: it writes the tag of each build into the manifests that it
    applies (skaffold.dev/docs/taggers, Dec 2026), "latest" where that is all its policy gives."""
    if skaffold.get("build", "tagPolicy", "sha256").present:
        return
    for artifact in skaffold.get("build", "artifacts").items():
        name = artifact.get("image").string()
        if name:
            yield DeployedImage("$BUILT", name=name)
