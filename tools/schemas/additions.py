"""What the API server's own validation says and the published schemas do not.

Left out is what a rule of lintscale speaks of better: targets out of range, a minimum above the
maximum, a surge and an unavailability that are both zero, requests above limits.

Sources are functions in kubernetes/kubernetes, pkg/apis (read November 2026).
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_NOT_NEGATIVE: Schema = {"minimum": 0}
_PORT: Schema = {"minimum": 1, "maximum": 65535}
_PORT_OR_NAME: Schema = {
    **_PORT,
    "pattern": "^(?=.*[a-z])[a-z0-9-]{1,15}$",
    "x-expected": "a number from 1 to 65535 or a port's name",
}
_COUNT_OR_PERCENT: Schema = {
    **_NOT_NEGATIVE,
    "pattern": "^[0-9]+%$",
    "x-expected": "a whole number or a percentage such as 25%",
}
_RESOURCES: Schema = {"x-keys": ["cpu", "memory", "ephemeral-storage"]}
_TARGETS: Schema = {
    "x-instead": {
        "targetAverageUtilization": "target.averageUtilization",
        "targetAverageValue": "target.averageValue",
    }
}
_PODS_TARGETS: Schema = {
    "x-instead": {"metricName": "metric.name", "targetAverageValue": "target.averageValue"}
}
"""What autoscaling/v2beta1 had beside the name: pkg/apis/autoscaling/v2beta1/conversion.go."""

_OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"]


def _one_of(*values: str) -> Schema:
    """Empty is as good as absent: defaults are set before anything is checked."""
    return {"enum": [*values, ""]}


def _restarts(*values: str) -> Schema:
    """What a controller takes for the restartPolicy of its pods."""
    if "Always" in values:
        spec: Schema = {"properties": {"restartPolicy": _one_of(*values)}}
    else:  # absent it is Always
        spec = {"required": ["restartPolicy"], "properties": {"restartPolicy": {"enum": [*values]}}}
    return {"properties": {"spec": spec}}


def _metric_sources(*types: str) -> Schema:
    """Each type of metric needs the settings that are called after it."""
    return {
        "allOf": [
            {
                "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
                "then": {"required": [name[:1].lower() + name[1:]]},
            }
            for name in types
        ]
    }


ADDITIONS: dict[str, Schema] = {
    # apimachinery/pkg/api/resource/quantity.go: ParseQuantity
    "Quantity": {
        "pattern": r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
        "x-expected": "a quantity such as 500m, 2 or 1Gi",
    },
    # What older clusters printed, and files still hold.
    "meta.v1.ObjectMeta": {"properties": {"clusterName": {"type": "string", "x-until": "1.23"}}},
    # apimachinery/pkg/apis/meta/v1/validation/validation.go: ValidateLabelSelectorRequirement
    "meta.v1.LabelSelectorRequirement:operator": _one_of(*_OPERATORS),
    # apps/validation/validation.go: ValidateDeploymentSpec, ValidateDeploymentStrategy,
    # ValidateRollingUpdateDeployment
    "apps.v1.DeploymentSpec:minReadySeconds": _NOT_NEGATIVE,
    "apps.v1.DeploymentSpec:progressDeadlineSeconds": _NOT_NEGATIVE,
    "apps.v1.DeploymentSpec:replicas": _NOT_NEGATIVE,
    "apps.v1.DeploymentSpec:revisionHistoryLimit": _NOT_NEGATIVE,
    "apps.v1.DeploymentSpec:template": _restarts("Always"),
    "apps.v1.DeploymentStrategy": {
        "not": {
            "properties": {"type": {"const": "Recreate"}},
            "required": ["type", "rollingUpdate"],
        },
        "x-says": "has “rollingUpdate”, but is of type Recreate",
    },
    "apps.v1.DeploymentStrategy:type": _one_of("RollingUpdate", "Recreate"),
    "apps.v1.RollingUpdateDeployment:maxSurge": _COUNT_OR_PERCENT,
    "apps.v1.RollingUpdateDeployment:maxUnavailable": _COUNT_OR_PERCENT,
    # ValidateStatefulSetSpec
    "apps.v1.StatefulSetSpec:minReadySeconds": _NOT_NEGATIVE,
    "apps.v1.StatefulSetSpec:podManagementPolicy": _one_of("OrderedReady", "Parallel"),
    "apps.v1.StatefulSetSpec:replicas": _NOT_NEGATIVE,
    "apps.v1.StatefulSetSpec:revisionHistoryLimit": _NOT_NEGATIVE,
    "apps.v1.StatefulSetSpec:template": _restarts("Always"),
    "apps.v1.StatefulSetUpdateStrategy:type": _one_of("RollingUpdate", "OnDelete"),
    "apps.v1.RollingUpdateStatefulSetStrategy:partition": _NOT_NEGATIVE,
    "apps.v1.RollingUpdateStatefulSetStrategy:maxUnavailable": _COUNT_OR_PERCENT,
    # ValidateReplicaSetSpec, ValidateDaemonSetSpec, ValidateRollingUpdateDaemonSet
    "apps.v1.ReplicaSetSpec:minReadySeconds": _NOT_NEGATIVE,
    "apps.v1.ReplicaSetSpec:replicas": _NOT_NEGATIVE,
    "apps.v1.ReplicaSetSpec:template": _restarts("Always"),
    "apps.v1.DaemonSetSpec:minReadySeconds": _NOT_NEGATIVE,
    "apps.v1.DaemonSetSpec:revisionHistoryLimit": _NOT_NEGATIVE,
    "apps.v1.DaemonSetSpec:template": _restarts("Always"),
    "apps.v1.DaemonSetUpdateStrategy:type": _one_of("RollingUpdate", "OnDelete"),
    "apps.v1.RollingUpdateDaemonSet:maxSurge": _COUNT_OR_PERCENT,
    "apps.v1.RollingUpdateDaemonSet:maxUnavailable": _COUNT_OR_PERCENT,
    # autoscaling/validation/validation.go: ValidateHorizontalPodAutoscalerSpec, validateMetricSpec,
    # validateScalingRules, validateScalingPolicy
    "autoscaling.v1.HorizontalPodAutoscalerSpec:minReplicas": _NOT_NEGATIVE,
    "autoscaling.v2.HorizontalPodAutoscalerSpec:minReplicas": _NOT_NEGATIVE,
    "autoscaling.v2.ContainerResourceMetricSource": _TARGETS,
    "autoscaling.v2.PodsMetricSource": _PODS_TARGETS,
    "autoscaling.v2.ResourceMetricSource": _TARGETS,
    "autoscaling.v2beta2.ContainerResourceMetricSource": _TARGETS,
    "autoscaling.v2beta2.PodsMetricSource": _PODS_TARGETS,
    "autoscaling.v2beta2.ResourceMetricSource": _TARGETS,
    "autoscaling.v2.HPAScalingPolicy:periodSeconds": {"minimum": 1, "maximum": 1800},
    "autoscaling.v2.HPAScalingPolicy:type": _one_of("Pods", "Percent"),
    "autoscaling.v2.HPAScalingPolicy:value": {"minimum": 1},
    "autoscaling.v2.HPAScalingRules:policies": {"minItems": 1},
    "autoscaling.v2.HPAScalingRules:selectPolicy": _one_of("Max", "Min", "Disabled"),
    "autoscaling.v2.HPAScalingRules:stabilizationWindowSeconds": {"minimum": 0, "maximum": 3600},
    "autoscaling.v2.MetricSpec": _metric_sources(
        "Resource", "ContainerResource", "Pods", "Object", "External"
    ),
    "autoscaling.v2.MetricSpec:type": _one_of(
        "Resource", "ContainerResource", "Pods", "Object", "External"
    ),
    "autoscaling.v2.MetricTarget": {
        "anyOf": [
            {"required": ["averageUtilization"]},
            {"required": ["averageValue"]},
            {"required": ["value"]},
        ]
    },
    "autoscaling.v2.MetricTarget:type": _one_of("Utilization", "AverageValue", "Value"),
    # policy/validation/validation.go: ValidatePodDisruptionBudgetSpec
    "policy.v1.PodDisruptionBudgetSpec": {
        "not": {"required": ["minAvailable", "maxUnavailable"]},
        "x-says": "has both “minAvailable” and “maxUnavailable”; Kubernetes accepts only one",
    },
    "policy.v1.PodDisruptionBudgetSpec:maxUnavailable": _COUNT_OR_PERCENT,
    "policy.v1.PodDisruptionBudgetSpec:minAvailable": _COUNT_OR_PERCENT,
    "policy.v1.PodDisruptionBudgetSpec:unhealthyPodEvictionPolicy": _one_of(
        "IfHealthyBudget", "AlwaysAllow"
    ),
    # batch/validation/validation.go: validateJobSpec, ValidateCronJobSpec; robfig/cron's
    # ParseStandard takes five fields, or a word after an @
    "batch.v1.CronJobSpec:concurrencyPolicy": _one_of("Allow", "Forbid", "Replace"),
    "batch.v1.CronJobSpec:failedJobsHistoryLimit": _NOT_NEGATIVE,
    "batch.v1.CronJobSpec:schedule": {
        "pattern": r"^\s*(?:@[a-z]+.*|(?:CRON_)?TZ=.*|\S+(?:\s+\S+){4})\s*$",
        "x-expected": "a schedule of five fields, or a word such as @hourly",
    },
    "batch.v1.CronJobSpec:startingDeadlineSeconds": _NOT_NEGATIVE,
    "batch.v1.CronJobSpec:successfulJobsHistoryLimit": _NOT_NEGATIVE,
    "batch.v1.JobSpec:activeDeadlineSeconds": _NOT_NEGATIVE,
    "batch.v1.JobSpec:backoffLimit": _NOT_NEGATIVE,
    "batch.v1.JobSpec:completionMode": _one_of("NonIndexed", "Indexed"),
    "batch.v1.JobSpec:completions": _NOT_NEGATIVE,
    "batch.v1.JobSpec:parallelism": _NOT_NEGATIVE,
    "batch.v1.JobSpec:template": _restarts("OnFailure", "Never"),
    "batch.v1.JobSpec:ttlSecondsAfterFinished": _NOT_NEGATIVE,
    # core/validation/validation.go: ValidatePodSpec
    "core.v1.PodSpec:containers": {"minItems": 1},
    "core.v1.PodSpec:dnsPolicy": _one_of(
        "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"
    ),
    "core.v1.PodSpec:preemptionPolicy": _one_of("PreemptLowerPriority", "Never"),
    "core.v1.PodSpec:restartPolicy": _one_of("Always", "OnFailure", "Never"),
    "core.v1.PodSpec:terminationGracePeriodSeconds": _NOT_NEGATIVE,
    # validateContainers, validateContainerPorts, validateResourceRequirements
    "core.v1.Container:imagePullPolicy": _one_of("Always", "IfNotPresent", "Never"),
    "core.v1.Container:terminationMessagePolicy": _one_of("File", "FallbackToLogsOnError"),
    "core.v1.ContainerPort:containerPort": _PORT,
    "core.v1.ContainerPort:hostPort": {"minimum": 0, "maximum": 65535},
    "core.v1.ContainerPort:protocol": _one_of("TCP", "UDP", "SCTP"),
    "core.v1.ResourceRequirements:limits": _RESOURCES,
    "core.v1.ResourceRequirements:requests": _RESOURCES,
    # validateProbe, validateHandler, validateLivenessProbe. Knative takes port 0 for its own.
    "core.v1.Container:livenessProbe": {"properties": {"successThreshold": {"maximum": 1}}},
    "core.v1.Container:startupProbe": {"properties": {"successThreshold": {"maximum": 1}}},
    "core.v1.Probe": {
        "oneOf": [
            {"required": ["httpGet"]},
            {"required": ["tcpSocket"]},
            {"required": ["exec"]},
            {"required": ["grpc"]},
        ]
    },
    "core.v1.Probe:failureThreshold": _NOT_NEGATIVE,
    "core.v1.Probe:initialDelaySeconds": _NOT_NEGATIVE,
    "core.v1.Probe:periodSeconds": _NOT_NEGATIVE,
    "core.v1.Probe:successThreshold": _NOT_NEGATIVE,
    "core.v1.Probe:timeoutSeconds": _NOT_NEGATIVE,
    "core.v1.HTTPGetAction:port": {**_PORT_OR_NAME, "minimum": 0},
    "core.v1.HTTPGetAction:scheme": _one_of("HTTP", "HTTPS"),
    "core.v1.TCPSocketAction:port": {**_PORT_OR_NAME, "minimum": 0},
    "core.v1.GRPCAction:port": {**_PORT, "minimum": 0},
    # validateTopologySpreadConstraints, ValidateTolerations, ValidateNodeSelectorRequirement,
    # validateWeightedPodAffinityTerms, ValidatePreferredSchedulingTerms
    "core.v1.TopologySpreadConstraint:maxSkew": {"minimum": 1},
    "core.v1.TopologySpreadConstraint:minDomains": {"minimum": 1},
    "core.v1.TopologySpreadConstraint:whenUnsatisfiable": _one_of(
        "DoNotSchedule", "ScheduleAnyway"
    ),
    "core.v1.Toleration:effect": _one_of("NoSchedule", "PreferNoSchedule", "NoExecute"),
    "core.v1.Toleration:operator": _one_of("Equal", "Exists", "Lt", "Gt"),
    "core.v1.NodeSelectorRequirement:operator": _one_of(*_OPERATORS, "Gt", "Lt"),
    "core.v1.PreferredSchedulingTerm:weight": {"minimum": 1, "maximum": 100},
    "core.v1.WeightedPodAffinityTerm:weight": {"minimum": 1, "maximum": 100},
    # ValidateService, validateServicePort
    "core.v1.ServicePort:nodePort": {"minimum": 0, "maximum": 65535},
    "core.v1.ServicePort:port": _PORT,
    "core.v1.ServicePort:protocol": _one_of("TCP", "UDP", "SCTP"),
    "core.v1.ServicePort:targetPort": {
        **_PORT_OR_NAME,
        "minimum": 0,
        "pattern": "^$|" + _PORT_OR_NAME["pattern"],
    },
    "core.v1.ServiceSpec:externalTrafficPolicy": _one_of("Cluster", "Local"),
    "core.v1.ServiceSpec:internalTrafficPolicy": _one_of("Cluster", "Local"),
    "core.v1.ServiceSpec:ipFamilyPolicy": _one_of(
        "SingleStack", "PreferDualStack", "RequireDualStack"
    ),
    "core.v1.ServiceSpec:sessionAffinity": _one_of("None", "ClientIP"),
    "core.v1.ServiceSpec:type": _one_of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
    # ValidateReplicationControllerSpec; scheduling/validation: ValidatePriorityClass
    "core.v1.ReplicationControllerSpec:replicas": _NOT_NEGATIVE,
    "core.v1.ReplicationControllerSpec:template": _restarts("Always"),
    "scheduling.v1.PriorityClass:preemptionPolicy": _one_of("PreemptLowerPriority", "Never"),
}
