"""Suppressions: how they are written, what they cover, and what is said of them."""
