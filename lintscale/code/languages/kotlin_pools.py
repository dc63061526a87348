"""Kotlin uses the libraries of Java."""

from lintscale.code.languages.java_pools import BOUNDS, CALLS, HINTS, configured

__all__ = ["BOUNDS", "CALLS", "HINTS", "configured"]
