"""Documents against the JSON Schemas of ``schemas/``: what they break becomes problems.

A checker of our own, for four reasons. It costs two milliseconds at start where the libraries cost
40 (jsonschema-rs) and 100 (jsonschema), and most runs look at one small file. It works on located
nodes, so that every problem has its line and column. It knows what is not known: a placeholder is
of any type. And it gives one answer for one mistake, where a library gives one for each branch
that does not fit. The tests compare it with jsonschema on the keywords that it knows.
"""

from lintscale.validation.checker import problems
from lintscale.validation.places import read_as_meant

__all__ = ["problems", "read_as_meant"]
