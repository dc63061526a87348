"""Terraform: HCL files and plans that carry ECS services, Kubernetes objects and databases."""
