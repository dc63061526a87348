"""What holds of every service on Railway, whichever file describes it."""

from __future__ import annotations

from lintscale.model.declared import InstanceCap

MAX_COUNT = 1_000_000
"""A sum of replicas beyond this is a mistake of typing, and no number to calculate with."""

CAP = InstanceCap(
    50,
    "Railway runs at most 50 replicas of a service on its Enterprise plan, 42 on Pro, 6 on Hobby,"
    " 2 on Trial and 1 on Free",
)
"""docs.railway.com/reference/scaling and docs.railway.com/cli/scale, Aug 2026."""

ASIDE = (
    "Railway starts the new deployment before it stops the old one;"
    " that all replicas overlap is assumed"
)
