"""CloudFormation: templates, of SAM and as CDK synthesises them too, that carry ECS services."""
