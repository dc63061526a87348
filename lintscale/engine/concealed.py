"""Findings without the secrets that their texts would repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lintscale._record import replace
from lintscale.engine.finding import Finding, Related
from lintscale.model.location import Location
from lintscale.secrets import MASK, HiddenText, hidden_ranges, mask
from lintscale.syntax import SourceFile
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

_QUOTED = regex(r"“([^”]{3,})”|([0-9][0-9.]{5,})")
"""What a message may repeat of a file: a text in quotation marks, a long number."""

_NEAR = 3
"""Lines around a finding's place, whose values its message may repeat."""

_FARTHEST = 50
_SHORTEST = 5
"""A secret of fewer characters is masked only where it is all that is quoted."""


def concealed(findings: Sequence[Finding], files: Mapping[str, SourceFile]) -> list[Finding]:
    """The findings with every secret in their texts masked: by its looks, and because the file
    says at the finding's place that it is one."""
    texts = list(dict.fromkeys(text for each in findings for text in _texts(each)))
    suspicious = _suspicious(texts)
    if not suspicious and not any(map(_QUOTED.search, texts)):
        return list(findings)
    conceal = _Conceal(files, suspicious)
    return [conceal.finding(each) for each in findings]


def _suspicious(texts: Sequence[str]) -> set[str]:
    """Those that may have to be masked. Looking through all at once takes a fraction of the
    time."""
    ranges = hidden_ranges("\n\n".join(texts))
    found, start = set(), 0
    for text in texts if ranges else ():
        end = start + len(text)
        if any(first < end and start < last for first, last in ranges):
            found.add(text)
        start = end + 2
    return found


def _texts(finding: Finding) -> Iterator[str]:
    yield from (finding.message, finding.help, finding.service or "", finding.workload or "")
    yield from (each.message for each in finding.related)
    if finding.fix is not None:
        yield from (finding.fix.description, finding.fix.note)


class _Conceal:
    def __init__(self, files: Mapping[str, SourceFile], suspicious: set[str]) -> None:
        self.files = files
        self.suspicious = suspicious
        self._hidden: dict[str, HiddenText] = {}

    def finding(self, finding: Finding) -> Finding:
        place, fix = finding.location, finding.fix
        related = tuple(
            Related(each.location, self._text(each.message, each.location))
            for each in finding.related
        )
        if fix is not None:
            description, note = self._text(fix.description, place), self._text(fix.note, place)
            fix = replace(fix, description=description, note=note)
        return replace(
            finding,
            message=self._text(finding.message, place),
            help=self._text(finding.help, place),
            service=self._text(finding.service or "", place) or None,
            workload=self._text(finding.workload or "", place) or None,
            related=related,
            fix=fix,
        )

    def _text(self, text: str, location: Location) -> str:
        masked = mask(text) if text in self.suspicious else text
        for match in _QUOTED.finditer(text):
            quoted = match[1] or match[2]
            for value in self._values(location):
                is_part = quoted.endswith("…") and value.startswith(quoted[:-1])
                if value == quoted or is_part:
                    masked = masked.replace(quoted, MASK)
                elif len(value) >= _SHORTEST and value in quoted:
                    masked = masked.replace(value, MASK)
        return masked

    def _values(self, location: Location) -> list[str]:
        source = self.files.get(location.file)
        if source is None:
            return []
        if location.file not in self._hidden:
            self._hidden[location.file] = HiddenText(Positions(source.text), source.documents)
        hidden, span = self._hidden[location.file], location.span
        start = hidden.positions.offset(max(span.line - _NEAR, 1), 1)
        end = hidden.positions.line_end(min(span.end_line, span.line + _FARTHEST) + _NEAR)
        return [source.text[first:last] for first, last in hidden.ranges(start, end)]
