"""Suppressions: what people do not want to be told, where, why and how long.

``syntax`` reads what is written, ``places`` knows what a comment covers, ``sources`` collects all
there are, ``judge`` holds findings against them, ``remarks`` says what is wrong with them and
``edits`` takes out what is of no use.
"""

from lintscale.engine.suppressions.judge import Outcome, Suppressed, judge
from lintscale.engine.suppressions.suppression import Suppression
from lintscale.engine.suppressions.tally import Run

__all__ = ["Outcome", "Run", "Suppressed", "Suppression", "judge"]
