"""Why fixes are not applied and files not written, in words."""

from __future__ import annotations

from lintscale.fixes.refusal import Cause, Refused

_WORDS = {
    Cause.REMAINS: "the finding would remain",
    Cause.INVALID_FILE: "the file would be invalid ({detail})",
    Cause.OTHER_DOCUMENTS: "the number of documents would change",
    Cause.OTHER_VALUE: "it would change {path} too",
    Cause.CHANGED_MEANWHILE: "it was changed meanwhile",
    Cause.UNREADABLE: "it cannot be read: {detail}",
    Cause.UNWRITTEN: "it cannot be written: {detail}",
    Cause.LINK_LEADS_OUT: "a symbolic link leads out of the project",
    Cause.NO_FILE: "there is no such file to write",
    Cause.FILE_PROTECTED: "the file is write-protected",
    Cause.FOLDER_PROTECTED: "its folder is write-protected",
}


def refusal_text(refused: Refused) -> str:
    """A clause without a full stop: "the finding would remain"."""
    finding = refused.finding
    if finding is not None:
        rule = f"{finding.severity.value}[{finding.rule}]"
        where = f"{finding.location.file}:{finding.location.span.line}"
        return f"it would add {rule} at {where}: {finding.message}"
    path = ".".join(map(str, refused.path)) or "the document"
    return _WORDS[refused.cause].format(detail=refused.detail, path=path)
