"""Running kubectl, kustomize or Helm on files that nobody vouches for.

A tool gets no network, no configuration, no credentials and no plugins: an environment of its
own with empty folders, proxies that lead nowhere, no other program to call and, where Linux lets
an ordinary user have one, a network namespace without an interface. It is stopped at a time
limit, at a size of its output and, on Linux, at a size of its memory.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from lintscale._record import field, record
from lintscale.syntax.regex import regex

MAX_OUTPUT_BYTES = 16 * 1024 * 1024
"""As much as of a file that is read (discovery.MAX_FILE_BYTES)."""

MAX_MEMORY_BYTES = 8 * 1024**3
"""Address space, of which a Go program reserves far more than it uses: Helm, which takes most,
fails with 1 GB of it while it uses a tenth of that."""

MAX_MESSAGE = 300
"""Characters of a tool's own message that are repeated."""

_NOWHERE = "http://127.0.0.1:9"
"""The discard port, where nothing listens."""

_CHUNK = 64 * 1024

_MISTAKE = 1
"""The exit code of all three tools for what is wrong with the files; crashes have others."""

_CRASH = ("fatal error:", "panic:")
_QUOTE = regex(r'\\+"')
_ADDRESS = regex(r"\b0x[0-9a-f]{6,}\b")
_NOISE = ("# Warning", "Use --debug flag")
_ERROR = regex(r"^(?:[Ee]rror:|[EF][0-9]{4} .*?\]) *")
"""How a tool's own word begins, and a line of kubectl's log."""

_LOGGED = regex(r"\"command failed\" err=[\"<] ?(.*?) ?[\">]$")


@record
class Tool:
    """``path`` is absolute; ``stamp`` changes whenever another version is installed there."""

    name: str
    path: str
    stamp: str


@record
class Outcome:
    """``text`` is what was rendered; None when nothing was, for the ``reason``. ``lasting``: the
    same files will fail again."""

    text: str | None
    reason: str = ""
    lasting: bool = False


def find(names: Sequence[str], root: Path) -> Tool | None:
    """The first of these programs on PATH. One that lies in the project is none: it would be run
    because somebody checks that project."""
    for name in names:
        found = shutil.which(name)
        if found is None:
            continue
        # Run as it is called there: a link may lead to a program that goes by its own name.
        path, real = os.path.abspath(found), os.path.realpath(found)  # noqa: PTH100
        real_root = os.path.realpath(root)
        if Path(real).is_relative_to(real_root) or Path(path).is_relative_to(real_root):
            continue
        try:
            info = Path(real).stat()
        except OSError:
            continue
        return Tool(name, path, f"{name} {real} {info.st_size} {info.st_mtime_ns}")
    return None


@record(frozen=False)
class Runner:
    """Runs tools in threads; :meth:`stop` ends what is running."""

    seconds: float
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    stopped: bool = False

    def run(self, tool: Tool, arguments: Sequence[str], root: Path) -> Outcome:
        """What the tool writes to standard output. It runs in a folder of its own; ``root`` is
        the project's, which messages leave out of paths."""
        with tempfile.TemporaryDirectory(prefix="lintscale-", ignore_cleanup_errors=True) as home:
            if self.stopped:
                return Outcome(None, "stopped")
            try:
                return self._run(tool, [*isolation(), tool.path, *arguments], root, Path(home))
            except OSError as error:
                return Outcome(None, f"{tool.name} cannot be run: {error.strerror or error}")

    def _run(self, tool: Tool, command: Sequence[str], root: Path, home: Path) -> Outcome:
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 - no shell, and the program is from PATH
                command,
                cwd=home,
                env=environment(home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
            late = threading.Event()
            timer = threading.Timer(self.seconds, _end, (process, late))
            timer.daemon = True
            try:
                self.running.add(process)
                if self.stopped:  # while it was started, when nobody saw it
                    _end(process)
                _limit_memory(process)
                timer.start()
                data = _read(process)
            finally:
                timer.cancel()
                _end(process)
                process.wait()
                self.running.discard(process)
                if process.stdout is not None:
                    process.stdout.close()
            if late.is_set():
                return Outcome(None, f"rendering takes more than {self.seconds:g} s")
            if data is None:
                megabytes = MAX_OUTPUT_BYTES // 1024 // 1024
                return Outcome(None, f"it renders to more than {megabytes} MB")
            if process.returncode != 0:
                errors.seek(0)
                text = errors.read(_CHUNK).decode("utf-8", "replace")
                said = message(text, root) or f"exit code {process.returncode}"
                lasting = process.returncode == _MISTAKE
                return Outcome(None, f"{tool.name} cannot render it: {said}", lasting)
            return Outcome(data.decode("utf-8", "replace"))

    def stop(self) -> None:
        self.stopped = True
        for process in list(self.running):
            _end(process)


def _read(process: subprocess.Popen[bytes]) -> bytes | None:
    """All of the output, with the exit code waited for; None when it is too long."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    chunks = []
    size = 0
    while chunk := process.stdout.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_OUTPUT_BYTES:
            return None
    process.wait()
    return b"".join(chunks)


def _end(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    """Kill what still runs, with all that it started. ``late``: its output is still awaited."""
    if late is not None:
        late.set()
    elif process.poll() is not None:
        return
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _limit_memory(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def environment(home: Path) -> dict[str, str]:
    """All that a tool sees of its surroundings; ``home`` is an empty folder."""
    empty = str(home / "empty")
    Path(empty).mkdir(exist_ok=True)
    own = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "TMPDIR", "TMP", "TEMP"), str(home))
    own |= dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(home))
    own |= dict.fromkeys(("HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HELM_DATA_HOME"), str(home))
    own |= dict.fromkeys(("HELM_PLUGINS", "KUSTOMIZE_PLUGIN_HOME"), empty)
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    own |= {name: _NOWHERE for proxy in proxies for name in (proxy, proxy.lower())}
    own |= {
        "PATH": empty,
        "KUBECONFIG": str(home / "none"),
        "HELM_REPOSITORY_CONFIG": str(home / "repositories.yaml"),
        "HELM_NO_PLUGINS": "1",
        "NO_PROXY": "",
        "LANG": "C.UTF-8",
    }
    if "SYSTEMROOT" in os.environ:  # without which Windows starts nothing
        own["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return own


@cache
def isolation() -> tuple[str, ...]:
    """What to put before a command so that it has no network at all; () where the system has no
    such thing, or does not grant it."""
    unshare = shutil.which("unshare") if sys.platform == "linux" else None
    true = shutil.which("true")
    if unshare is None or true is None:
        return ()
    for options in (("--map-root-user", "--net"), ("--net",)):
        command = (unshare, *options, "--")
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(  # noqa: S603 - see above
                [*command, true], stdin=subprocess.DEVNULL, capture_output=True, timeout=5,
                check=False,
            )  # fmt: skip
            if done.returncode == 0:
                return command
    return ()


def message(text: str, folder: Path) -> str:
    """What a tool says went wrong, in one line, with nothing of this machine or this run in it.
    Of a long one the end, where the cause stands; of a crash the line before the stack."""
    lines = [line for line in _lines(text) if not line.startswith(_NOISE)]
    crash = next((line for line in lines if line.startswith(_CRASH)), "")
    wrong = next((n for n, line in enumerate(lines) if _ERROR.match(line)), len(lines) - 1)
    said = crash or _ERROR.sub("", " ".join(lines[max(wrong, 0) :]))
    logged = _LOGGED.search(said)
    said = _QUOTE.sub('"', _ADDRESS.sub("0x…", logged[1] if logged is not None else said))
    real_folder = os.path.realpath(folder)
    for own in (f"{folder}{os.sep}", f"{real_folder}{os.sep}", str(folder), real_folder):
        said = said.replace(own, "")
    return said if len(said) <= MAX_MESSAGE else "…" + said[1 - MAX_MESSAGE :]


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip():
            yield " ".join(line.split())
