"""What the API server's own validation says and the published schemas do not.

Keys are definitions, or definition and property with a colon between. Each entry names the
function in kubernetes/kubernetes that it follows (read November 2026).
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

ADDITIONS: dict[str, Schema] = {
    # resource.ParseQuantity, staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go
    "Quantity": {
        "pattern": r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
        "x-expected": "a quantity such as 500m, 2 or 1Gi",
    },
}
