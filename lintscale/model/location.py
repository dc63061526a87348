"""Where something is written in a file."""

from __future__ import annotations

from typing import NamedTuple

from lintscale._record import record

PathKey = str | int
"""One step of a key path: a mapping's key or a sequence's index."""


class Span(NamedTuple):
    """A stretch of text. Lines and columns count from 1, columns in Unicode characters; the
    end is exclusive (the column after the last character)."""

    line: int
    column: int
    end_line: int
    end_column: int


@record
class Rendering:
    """Which rendered object something is part of, as no file holds it in that form.

    ``by`` is the file that was rendered: an overlay's kustomization, a chart or the values for it;
    ``label`` is how people call that, and ``through`` are the kustomizations between it and the
    source, the outermost first. ``object`` tells the object apart from the others of the
    rendering; ``name`` is what its source calls it, "" where that is not known. ``exact`` False:
    the location is where the value is asked for (a kustomization's entry, a patch, a template's
    line), and editing it there may not have the effect that it has in a plain manifest.
    ``assumed`` is "defaults" where a chart was rendered with its own default values, as no file
    says which are deployed, and "part" where only some of the deployed values are known.
    ``set_at`` is the entry of a chart's values that a template's line takes its value from.
    """

    by: str
    label: str
    object: str
    name: str = ""
    exact: bool = True
    through: tuple[str, ...] = ()
    assumed: str = ""
    set_at: Location | None = None


@record
class Location:
    """Where something is written, or, when it is absent, where it would be.

    ``span`` is what a finding underlines: the key and its scalar value, a sequence item, or for
    an absent value the key of the nearest enclosing mapping that exists. ``path`` is always the
    full key path of the value itself, present or not. ``document`` is the document's index
    within its file's stream. ``rendering`` is there when the value was read in a rendered object;
    the place is then that of its source.
    """

    file: str
    span: Span
    path: tuple[PathKey, ...] = ()
    document: int = 0
    present: bool = True
    rendering: Rendering | None = None

    @property
    def line(self) -> int:
        return self.span.line

    @property
    def rendered_by(self) -> str:
        """The kustomization, chart or values file; "" for what is read as it is written."""
        return self.rendering.by if self.rendering else ""
