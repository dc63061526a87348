"""A language server: the findings of ``lintscale check`` while typing.

``diagnostics`` checks open projects and converts positions to the protocol's, ``actions`` offers
edits, ``app`` is the server (pygls, an optional dependency).
"""
