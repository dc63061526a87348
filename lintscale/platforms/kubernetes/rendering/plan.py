"""What is done with each overlay and chart: nothing, a look into the cache, a run of a tool."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from lintscale._record import record
from lintscale.platforms.base import NotRendered
from lintscale.platforms.kubernetes.rendering.cache import Cache, key, what_counts
from lintscale.platforms.kubernetes.rendering.library import Library
from lintscale.platforms.kubernetes.rendering.overlays import Overlay
from lintscale.platforms.kubernetes.rendering.releases import Release, inline_name
from lintscale.platforms.kubernetes.rendering.tools import Outcome, Runner, Tool, find

KUSTOMIZE = ("kustomize", "kubectl")
"""kustomize itself starts three times as fast as kubectl, which has it built in."""

HELM = ("helm",)

_MOST_THREADS = 8

Subject = Overlay | Release
Progress = Callable[[int, int], None]


@record
class _Task:
    """``key`` is that of the outcome in the cache; "" where it is not cached."""

    subject: Subject
    tool: Tool
    key: str


class Plan:
    """For the overlays and charts of one project; a tool is looked for once."""

    def __init__(self, library: Library, *, seconds: float, cache_folder: Path | None) -> None:
        self.library = library
        self.seconds = seconds
        self.cache = Cache(cache_folder) if cache_folder is not None else None
        self.tools: dict[tuple[str, ...], Tool | None] = {}

    def tool(self, names: tuple[str, ...]) -> Tool | None:
        if names not in self.tools:
            self.tools[names] = find(names, self.library.root)
        return self.tools[names]

    def outcomes(self, subjects: Sequence[Subject], progress: Progress | None) -> list[Outcome]:
        """One for each, in their order."""
        outcomes: list[Outcome | None] = []
        tasks: dict[int, _Task] = {}
        for position, subject in enumerate(subjects):
            outcomes.append(self._known(subject, tasks, position))
        if tasks:
            if self.cache is not None:
                self.cache.drop_old()
            with contextlib.closing(self._run(tasks)) as run:
                for number, (position, outcome) in enumerate(run, start=1):
                    outcomes[position] = outcome
                    if progress is not None:
                        progress(number, len(tasks))
        return [outcome or Outcome(None, "it was not rendered") for outcome in outcomes]

    def _known(self, subject: Subject, tasks: dict[int, _Task], position: int) -> Outcome | None:
        """What is known without running anything; else None, and a task."""
        if subject.refusal:
            return Outcome(None, f"not rendered: {subject.refusal}")
        overlay = isinstance(subject, Overlay)
        tool = self.tool(KUSTOMIZE if overlay else HELM)
        if tool is None:
            missing = "neither kustomize nor kubectl is" if overlay else "helm is not"
            return Outcome(None, f"not rendered: {missing} on PATH")
        name = self._key(subject, tool)
        known = self.cache.outcome(name) if self.cache is not None and name else None
        if known is None:
            tasks[position] = _Task(subject, tool, name)
        return known

    def _key(self, subject: Subject, tool: Tool) -> str:
        """ "" where it cannot be said what it is rendered from."""
        inputs = _inputs(subject)
        if inputs is None or self.cache is None:
            return ""
        parts: tuple[str, ...] = (tool.stamp,)
        if isinstance(subject, Release):
            parts = (*parts, *subject.arguments(), *subject.inline)
        return key((*parts, subject.file), [(name, self.library.bytes(name)) for name in inputs])

    def _run(self, tasks: dict[int, _Task]) -> Generator[tuple[int, Outcome]]:
        runner = Runner(self.seconds)
        threads = min(_MOST_THREADS, os.cpu_count() or 1, len(tasks))
        with ThreadPoolExecutor(threads) as pool:
            waiting = {
                pool.submit(self._rendered, runner, task): position
                for position, task in tasks.items()
            }
            try:
                for done in as_completed(waiting):
                    position = waiting[done]
                    yield position, self._stored(tasks[position], done.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                runner.stop()
                raise

    def _rendered(self, runner: Runner, task: _Task) -> Outcome:
        inputs = _inputs(task.subject) or ()
        inline = task.subject.inline if isinstance(task.subject, Release) else []
        changed = any(self.library.is_changed(name) for name in inputs)
        if not changed and not inline:
            return self._run_tool(runner, task, self.library.root, self.library.root)
        with tempfile.TemporaryDirectory(prefix="lintscale-", ignore_cleanup_errors=True) as folder:
            own = Path(folder)
            (own / "project").mkdir()
            if changed:
                self.library.copy(inputs, own / "project")
            for number, text in enumerate(inline):
                (own / inline_name(number)).write_text(text, encoding="utf-8", errors="replace")
            root = own / "project" if changed else self.library.root
            return self._run_tool(runner, task, root, own)

    def _run_tool(self, runner: Runner, task: _Task, root: Path, inline: Path) -> Outcome:
        """``inline`` is the folder with the values that no file of the project holds."""
        subject = task.subject
        if isinstance(subject, Release):
            return runner.run(task.tool, subject.arguments(root, inline), root)
        # An absolute path is neither an option nor a repository to fetch.
        verb = "build" if task.tool.name == "kustomize" else "kustomize"
        return runner.run(task.tool, (verb, str(root / subject.folder)), root)

    def _stored(self, task: _Task, outcome: Outcome) -> Outcome:
        if outcome.text is not None:
            outcome = Outcome(what_counts(outcome.text))
        if self.cache is not None and task.key:
            self.cache.store(task.key, outcome)
        return outcome

    def explained(self, subject: Subject, reason: str) -> NotRendered:
        if isinstance(subject, Release):
            return NotRendered(subject.file, *subject.explained(reason))
        tool = self.tool(KUSTOMIZE)
        name = tool.name if tool is not None else KUSTOMIZE[-1]
        return NotRendered(subject.file, *subject.explained(reason, name))


def _inputs(subject: Subject) -> Collection[str] | None:
    """What it is rendered from, all of it; None where that cannot be said."""
    return subject.inputs if isinstance(subject, Release) or subject.complete else None
