"""Applying the fixes of findings until nothing is left to fix, and making sure of the outcome.

All of it happens in memory: a fix is only kept if a check of the whole project then says that its
finding is gone and that nothing is worse. What is left is for the caller to write or to show.
"""

from __future__ import annotations

from lintscale.fixes.files import WriteError, write
from lintscale.fixes.loop import Changed, Fixed, Refusal, fix

__all__ = ["Changed", "Fixed", "Refusal", "WriteError", "fix", "write"]
