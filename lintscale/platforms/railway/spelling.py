"""What a setting is called that Railway's SDK does not know by the name that is written."""

from __future__ import annotations

from difflib import get_close_matches

from lintscale.platforms.railway.sdk import SERVICE_KEYS

_OF_DEPLOY = frozenset(
    {"restartPolicyType", "restartPolicyMaxRetries", "sleepApplication", "cronSchedule", "region",
     "limitOverride", "overlapSeconds", "drainingSeconds", "requiredMountPath",
     "registryCredentials", "runtime", "ipv6EgressEnabled", "useLegacyStacker",
     "preDeployTimeoutSeconds"}
)  # fmt: skip
"""What has no name of its own at the top of a service (SDK 3.11.0)."""

_CALLED = {
    "numReplicas": "replicas",
    "instances": "replicas",
    "numInstances": "replicas",
    "multiRegionConfig": "replicas: {region: number}",
    "healthCheckPath": "healthcheck",
    "healthCheck": "healthcheck",
    "healthCheckTimeout": "healthcheckTimeout",
    "buildCommand": "build",
    "dockerfilePath": "build: {builder: “DOCKERFILE”, dockerfilePath: …}",
    "builder": "build: {builder: …}",
    "watchPatterns": "build: {watchPatterns: …}",
    "command": "start",
    "image": "source: image(…)",
    "repo": "source: github(…)",
    "branch": "source: github(…, {branch: …})",
    "environment": "env",
    "envVars": "env",
    "volumes": "volumeMounts",
    "mounts": "volumeMounts",
    "cron": "deploy: {cronSchedule: …}",
    "schedule": "deploy: {cronSchedule: …}",
    "sleep": "deploy: {sleepApplication: …}",
    "serverless": "deploy: {sleepApplication: …}",
    "restartPolicy": "deploy: {restartPolicyType: …}",
    "limits": "deploy: {limitOverride: {containers: {cpu, memoryBytes}}}",
    "resources": "deploy: {limitOverride: {containers: {cpu, memoryBytes}}}",
}
_SCALING = ("scal", "minreplicas", "maxreplicas", "mininstances", "maxinstances", "targetcpu",
            "targetmemory")  # fmt: skip


def right_spelling(key: str) -> str:
    """A sentence that says where the setting goes; "" where that is not known."""
    plain = key.replace("_", "").replace("-", "").lower()
    if any(part in plain for part in _SCALING):
        return "Railway has no autoscaler; “replicas” is the number that it runs."
    for right in _OF_DEPLOY:
        if right.lower() == plain:
            return f"Write it under deploy: “deploy: {{{right}: …}}”."
    for wrong, right in _CALLED.items():
        if wrong.lower() == plain:
            return f"It is called “{right}”."
    by_plain = {each.lower(): each for each in (*SERVICE_KEYS, *_OF_DEPLOY)}
    close = get_close_matches(plain, by_plain, n=1, cutoff=0.8)
    if not close:
        return ""
    right = by_plain[close[0]]
    if right in _OF_DEPLOY:
        return f"Write “{right}” under deploy, if that is meant."
    return f"Write “{right}”, if that is meant."
