"""A progress bar for runs that take longer than a person waits without wondering."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DELAY_SECONDS = 0.5


class ProgressBar:
    """On a terminal's standard error only, and gone when it ends. Call it with files done and
    files in all."""

    def __init__(self, delay_seconds: float = DELAY_SECONDS) -> None:
        self.delay_seconds = delay_seconds
        self.started = time.monotonic()
        self.visible = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.bar: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self.bar is None:
            waited = time.monotonic() - self.started
            if not self.visible or waited < self.delay_seconds or done >= total:
                return
            self._start(total)
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, completed=done, total=total)

    def _start(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.bar = Progress(
            TextColumn("Reading files"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.bar.start()
        self.task = self.bar.add_task("", total=total)
