"""A language server: what ``lintscale check`` says, as one types.

``diagnose`` runs the library on what is in the editor, ``positions`` turns places into the
protocol's, ``actions`` offers edits, ``app`` speaks the protocol (pygls, an optional dependency).
"""
