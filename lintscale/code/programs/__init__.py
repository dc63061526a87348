"""Programs that describe something: followed statement by statement, and never run.

``nodes`` is what a program says, in the same words for every language; ``javascript``,
``python`` and ``golang`` read a text as that. ``values`` is what expressions come to, and
``follow`` follows a program from statement to statement with what the caller knows of the
libraries it uses.
"""
