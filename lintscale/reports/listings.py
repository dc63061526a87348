"""The texts of a result's files, as code frames show them."""

from __future__ import annotations

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.reports.frame import Listing
from lintscale.reports.secrets import secret_spans
from lintscale.syntax import Mapping, SourceFile
from lintscale.syntax.nodes import Sequence as Items


class Listings:
    """The files' listings, made when they are asked for."""

    def __init__(self, result: CheckResult) -> None:
        self.files = result.files
        self.credentials = result.project.credentials
        self.made: dict[str, Listing] = {}

    def of(self, file: str) -> Listing | None:
        source = self.files.get(file)
        if source is None or not source.text:
            return None
        if file not in self.made:
            self.made[file] = Listing(source.text, secret_spans(self.credentials, source))
        return self.made[file]

    def absent(self, finding: Finding) -> str:
        """What is not written where the finding stands, if that is why it stands there."""
        location = finding.location
        source = self.files.get(location.file)
        if location.present or source is None:
            return ""
        missing = _missing_keys(source, location.document, location.path)
        return f"no “{missing}” here" if missing else ""


def _missing_keys(source: SourceFile, document: int, path: tuple[str | int, ...]) -> str:
    """The part of the key path that the document does not have."""
    here: object = next((d.root for d in source.documents if d.index == document), None)
    for index, key in enumerate(path):
        if isinstance(here, Mapping) and here.get(key) is not None:
            here = here.get(key)
        elif isinstance(here, Items) and isinstance(key, int) and key < len(here.items):
            here = here.items[key]
        else:
            return ".".join(str(each) for each in path[index:])
    return ""
