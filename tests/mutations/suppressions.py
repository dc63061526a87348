"""Suppressions that are of no use, past their date, or without a reason."""

from __future__ import annotations

from tests.mutations.form import Mutation
from tests.one_service import K8S, POLICY, RAILWAY, RENDER, SERVICE, TASK

# What each suppresses where it is used is a finding of the file as it is, or of its name.
SUPPRESSIONS = (
    Mutation(
        "unused-suppression", "render", "warning",
        RENDER, "minInstances: 2",
        "minInstances: 2  # lintscale: ignore[min-instances] before launch",
        at="minInstances: 2",
    ),
    Mutation(
        "unused-suppression", "railway", "warning",
        RAILWAY, '  "deploy": {',
        '  // lintscale: ignore[min-equals-max] before launch\n  "deploy": {',
        at="ignore[min-equals-max]",
    ),
    Mutation(
        "unused-suppression", "ecs", "warning",
        TASK, '"cpu": "512",',
        '"cpu": "512", // lintscale: ignore[invalid-fargate-sizes] all we get',
        at='"cpu": "512"', about="misspelt", beside=(POLICY,),
    ),
    Mutation(
        "unused-suppression", "kubernetes", "warning",
        K8S, "  name: bookshop-api\nspec:",
        "  name: bookshop-api\n  annotations:\n"
        "    lintscale.dev/ignore: 'rollout-stops-service: it may'\nspec:",
        at="lintscale.dev/ignore", about="annotation",
    ),
    Mutation(
        "unused-suppression", "kubernetes", "warning",
        K8S, "minReplicas: 2", "minReplicas: 2  # lintscale: ignore", at="minReplicas: 2",
        about="no rule",
    ),
    Mutation(
        "expired-suppression", "render", "warning",
        RENDER, "minInstances: 2",
        "minInstances: 2  # lintscale: ignore[min-instances] until 2026-09-20: before launch",
        at="minInstances: 2",
    ),
    Mutation(
        "expired-suppression", "railway", "warning",
        RAILWAY, '  "deploy": {',
        '  "deploy": { // lintscale: ignore[min-instances] until 2026-09-20: before launch',
        at='"deploy"',
    ),
    Mutation(
        "expired-suppression", "ecs", "warning",
        SERVICE, '"desiredCount": 2',
        '/* lintscale: ignore[min-instances] until 2026-09-20: before launch */ "desiredCount": 2',
        at='"desiredCount"', beside=(TASK,),
    ),
    Mutation(
        "expired-suppression", "kubernetes", "warning",
        K8S, "  name: bookshop-api\nspec:",
        "  name: bookshop-api\n  annotations:\n"
        "    lintscale.dev/ignore: 'unpinned-image until 2026-09-20: a demo'\nspec:",
        at="lintscale.dev/ignore",
    ),
    Mutation(
        "suppression-without-reason", "render", "info",
        RENDER, "services:\n", "services:  # lintscale: ignore[unread-file-name]\n",
        at="services:",
    ),
    Mutation(
        "suppression-without-reason", "railway", "info",
        RAILWAY, '  "deploy": {', '  "deploy": { // lintscale: ignore[min-instances]',
        at='"deploy"',
    ),
    Mutation(
        "suppression-without-reason", "ecs", "info",
        TASK, '"image": "bookshop/api:latest",',
        '"image": "bookshop/api:latest", // lintscale: ignore[unpinned-image]',
        at='"image"', beside=(POLICY,),
    ),
    Mutation(
        "suppression-without-reason", "kubernetes", "info",
        K8S, "  replicas: 2",
        "  # lintscale: ignore[replicas-beside-autoscaler] until 2027-03-01\n  replicas: 2",
        at="ignore[replicas-beside-autoscaler]",
    ),
)  # fmt: skip
