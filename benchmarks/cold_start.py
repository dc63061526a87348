"""How long one small file takes, beside other linters, in one run.

    python benchmarks/cold_start.py [--runs 20] [FILE]

Whole processes, in turn (A B C A B C …) so that a machine whose speed drifts treats all alike.
Printed are the medians and, run by run, the ratio of lintscale to each peer. Peers that are not
installed are left out: yamllint (`pip install yamllint`), kube-linter, polaris, kube-score.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"
SAMPLE = FIXTURES / "everything" / "k8s" / "base" / "shop-web.yaml"


def commands(file: Path) -> dict[str, list[str]]:
    """The peers that are installed, lintscale first."""
    beside = Path(sys.executable).parent
    known = {
        # Files as they are, as the others read them: no overlay is rendered.
        "lintscale": ["check", "--no-render", str(file)],
        "yamllint": [str(file)],
        "kube-linter": ["lint", str(file)],
        "kube-score": ["score", *manifests(file)],
        "polaris": ["audit", "--audit-path", str(file)],
    }
    found = {}
    for name, arguments in known.items():
        program = shutil.which(name, path=str(beside)) or shutil.which(name)
        if program:
            found[name] = [program, *arguments]
    return found


def manifests(place: Path) -> list[str]:
    """The files below a folder, for kube-score, which takes no folders."""
    files = sorted(place.rglob("*.yaml")) if place.is_dir() else [place]
    return [str(file) for file in files]


def seconds(command: list[str]) -> float:
    """Wall time of one whole process; what it prints is thrown away."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Alone in a folder: otherwise lintscale reads the rest of the project as context.
        file = Path(folder) / arguments.file.name
        shutil.copy(arguments.file, file)
        peers = commands(file)
        for command in peers.values():
            seconds(command)
        times: dict[str, list[float]] = {name: [] for name in peers}
        for _ in range(arguments.runs):
            for name, command in peers.items():
                times[name].append(seconds(command))
    ours = times["lintscale"]
    print(f"{arguments.file.name}: {arguments.runs} runs each, in turn, wall time of the process")
    for name, theirs in times.items():
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        median = statistics.median(theirs) * 1000
        print(f"{name:12} median {median:6.0f} ms   lintscale/{name} {ratio:.2f}")


if __name__ == "__main__":
    main()
