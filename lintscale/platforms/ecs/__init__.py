"""AWS ECS: task definitions, services and their Application Auto Scaling documents, as the AWS
CLI takes and prints them.

This module is imported by every run and stays light; what reads documents is in ``normalise``.
"""

from __future__ import annotations

from lintscale.platforms.base import Platform

NAME = "ecs"

# Without their first letter, whose case differs between ECS (camelCase) and Application Auto
# Scaling (PascalCase) and, in files that people write, from one to the next.
_KEYS = (
    "ontainerDefinitions",
    "askDefinition",
    "esiredCount",
    "calableDimension",
    "inCapacity",
    "axCapacity",
    "uspendedState",
    "argetTrackingScalingPolic",
    "tepScalingPolic",
    "redictiveScalingPolic",
    "redefinedMetricSpecification",
    "ustomizedMetricSpecification",
    "tepAdjustments",
    "cheduledAction",
    "olicyType",
    "policyName/",
)

_RENDERING_ACTION = "aws-actions/amazon-ecs-render-task-definition"
"""Puts an image into a task definition."""

_FOREIGN = ("AWSTemplateFormatVersion", '"terraform_version"', "AWSEBDockerrunVersion")
"""Marks of CloudFormation templates, Terraform state and Elastic Beanstalk's Dockerrun files,
which speak of the same things in other shapes."""


def may_hold(file_name: str, text: str) -> bool:
    """Whether the text may hold an ECS document, by substrings; the file's name tells nothing."""
    return any(key in text for key in _KEYS) and not any(mark in text for mark in _FOREIGN)


PLATFORM = Platform(
    name=NAME,
    title="ECS",
    letter="E",
    package=__name__,
    may_hold=may_hold,
    example_file="task-definition.json",
    starter=(
        '{{\n  "serviceName": "shop",\n  "taskDefinition": "shop:1",\n'
        '  "desiredCount": {count}\n}}\n',
        4,
    ),
    deploy_action=_RENDERING_ACTION,
    deploy_hints=(_RENDERING_ACTION,),
    takes_comments=False,  # its files are JSON
)
