"""The rules that ship, with their examples: read once, since that takes seconds."""

from __future__ import annotations

from lintscale import api

RULES = api.rules(examples=True)
