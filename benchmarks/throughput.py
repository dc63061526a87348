"""How long a whole project takes, beside other linters, in one run.

    python benchmarks/throughput.py [--copies 200] [--runs 5] [FOLDER]

Copies FOLDER (default: the healthy Kubernetes fixture, since
kube-score ends at a file that cannot be parsed) so many times into a scratch project and
times each linter on it, whole processes in turn.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from cold_start import commands, seconds

SAMPLE = Path(__file__).parent.parent / "fixtures" / "kubernetes" / "healthy"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        for number in range(arguments.copies):
            shutil.copytree(arguments.folder, project / f"part-{number:04}")
        files = [path for path in project.rglob("*") if path.suffix in (".yaml", ".yml", ".json")]
        size = sum(path.stat().st_size for path in files) / 1e6
        peers = commands(project)
        times: dict[str, list[float]] = {name: [] for name in peers}
        for _ in range(arguments.runs):
            for name, command in peers.items():
                times[name].append(seconds(command))
    print(f"{len(files)} files, {size:.2f} MB, {arguments.runs} runs each, in turn")
    ours = times["lintscale"]
    for name, theirs in times.items():
        median = statistics.median(theirs)
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        speed = size / median
        print(f"{name:12} median {median:7.2f} s {speed:6.2f} MB/s  lintscale/{name} {ratio:.2f}")


if __name__ == "__main__":
    main()
