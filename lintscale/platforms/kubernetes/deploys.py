"""Images that kubectl, kustomize and Skaffold put into manifests, and files that are applied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lintscale.platforms.base import DeployedImage
from lintscale.syntax import Field
from lintscale.syntax.regex import regex

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


_APPLYING = frozenset({"apply", "create", "replace"})
_RELEASING = frozenset({"helm", "helmfile", "skaffold", "kapp", "werf", "argocd", "flux"})
"""Tools that apply what is not looked into."""


def applied_by_command(program: str, words: Sequence[str]) -> Iterator[str]:
    """The files and folders of ``kubectl apply -f A,B -f C``; "" for what tools render."""
    if program in _RELEASING and not {"repo", "version", "lint", "login"} & set(words[:2]):
        yield ""
    if program not in ("kubectl", "oc") or not _APPLYING & set(words):
        return
    for before, word in zip(["", *words], words, strict=False):
        name, equals, value = word.partition("=")
        if before in ("-f", "--filename") or (equals and name in ("-f", "--filename")):
            paths = (value if equals and name.startswith("-") else word).split(",")
            yield from ("" if "://" in path or path == "-" else path for path in paths)
        elif word.startswith(("-k", "--kustomize")):
            yield ""


_DEPLOYING = regex(r"deploy|helm|kubectl|kustom|argo|flux|k8s|skaffold", re.IGNORECASE)
_NO_DEPLOY = regex(r"setup|install|login|credentials", re.IGNORECASE)


def applied_by_action(action: str) -> bool:
    """Whether a GitHub action may apply manifests, by its name."""
    return bool(_DEPLOYING.search(action)) and not _NO_DEPLOY.search(action)


def deployed_by_file(skaffold: Field) -> Iterator[DeployedImage]:
    """Those that Skaffold builds: it writes the tag of each build into the manifests that it
    applies (skaffold.dev/docs/taggers, Dec 2026), "latest" where that is all its policy gives."""
    if skaffold.get("build", "tagPolicy", "sha256").present:
        return
    for artifact in skaffold.get("build", "artifacts").items():
        name = artifact.get("image").string()
        if name:
            yield DeployedImage("$BUILT", name=name)
