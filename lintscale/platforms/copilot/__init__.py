"""AWS Copilot's manifests, which carry ECS services: ``copilot/NAME/manifest.yml``."""
