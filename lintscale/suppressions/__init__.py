"""Suppressions: what people do not want to be told, where, why and how long.

``syntax`` reads what is written, ``places`` knows what a comment covers, ``sources`` collects all
there are, ``judge`` holds findings against them, ``audit`` says what is wrong with them and
``edits`` takes out what is of no use.
"""
