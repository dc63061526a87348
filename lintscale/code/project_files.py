"""The files of a project as a program of it finds them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase

from lintscale.code.files import Files, joined
from lintscale.code.images import Image
from lintscale.code.shell_state import ScriptFile


class ProjectFiles:
    """The files as one program finds them. A folder that begins with a slash is one of ``image``;
    another one is the project's own. ``context`` is the folder that the image is built from."""

    def __init__(
        self,
        files: Files,
        context: str,
        image: Image | None,
        environment: Mapping[str, str | None],
    ) -> None:
        self.files = files
        self.context = context
        self.image = image
        self.environment = environment

    @property
    def start(self) -> str:
        """Where the command runs."""
        return self.image.folder if self.image is not None else self.context

    def script(self, path: str, folder: str) -> ScriptFile | None:
        """The file at ``path`` as seen from ``folder``; None where it is none of the project's."""
        whole = posixpath.normpath(posixpath.join(folder, path))
        if whole.startswith(".."):
            return None
        if not whole.startswith("/"):
            return self._own(whole)
        if self.image is None:
            return None
        if whole in self.image.written:
            text, line = self.image.written[whole]
            return ScriptFile(self.image.name, text, line)
        for name in self.image.origins(whole):
            found = self._own(joined(self.context, name)) or self._own(joined("", name))
            if found is not None:
                return found
        return None

    def _own(self, name: str) -> ScriptFile | None:
        if not self.files.exists(name):
            return None
        return ScriptFile(name, self.files.text(name))

    def matching(self, pattern: str, folder: str) -> list[ScriptFile]:
        """The files that a pattern in the last part of a path stands for."""
        whole = posixpath.normpath(posixpath.join(folder, pattern))
        top, last = posixpath.split(whole)
        folders = [top]
        names: list[str] = []
        if whole.startswith("/"):
            if self.image is None:
                return []
            names = [path for path in self.image.written if fnmatchcase(path, whole)]
            # Wherever a file of such a name would come from, others do.
            example = posixpath.join(top, last.replace("*", "x"))
            folders = [posixpath.dirname(origin) for origin in self.image.origins(example)]
            folders = [joined(base, each) for each in folders for base in ("", self.context)]
        names += [
            posixpath.join(top, name)
            for each in dict.fromkeys(folders)
            for name in self.files.in_folder(each)
            if fnmatchcase(name, last)
        ]
        found = (self.script(name, "") for name in dict.fromkeys(names))
        return [file for file in found if file is not None]

    def joined(self, folder: str, name: str) -> str:
        return posixpath.normpath(posixpath.join(folder, name))
