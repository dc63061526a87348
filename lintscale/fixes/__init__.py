"""Fixes of findings: from the edits of one finding to files that are checked and written.

``edits`` computes a finding's edits, ``plan`` chooses those that are applied together, ``loop``
applies them in memory until nothing is left to fix, ``verifier`` checks the whole project after
each round and refuses a fix that does not solve its finding or adds another, ``files`` writes what
is left.
"""
