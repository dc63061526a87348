"""CPU that a project's own source adds to ``lintscale check``: 2,000 files of eight languages beside
one service, against the same service without them. Prints medians in seconds.

Usage: python benchmarks/source_files.py [RUNS]
"""

# ruff: noqa: E501 - one source a line
from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = 2_000
MOST_SECONDS = 1.0

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1.4.2
          command: [node, src/server.js]
          env:
            - {name: DATABASE_URL, value: "postgresql://shop-db/shop"}
"""

PACKAGE = '{"name": "shop", "dependencies": {"pg": "8.13.1"}}\n'
SERVER = """\
const { Pool } = require("pg");
module.exports = new Pool({ connectionString: process.env.DATABASE_URL, max: 5 });
"""

SOURCES = {
    "src/part{n}.js": "const a{n} = require('./part{m}');\nexports.run = (x) => ({{ x, n: {n} }});\n",
    "src/part{n}.ts": "import {{ b }} from './part{m}';\nexport const c{n} = (x: number) => x + {n};\n",
    "jobs/part{n}.py": "from jobs import part{m}\n\n\ndef run(x):\n    return x + {n}\n",
    "tool/part{n}.go": "package tool\n\nfunc run{n}(x int) int {{ return x + {n} }}\n",
    "java/Part{n}.java": "class Part{n} {{ int run(int x) {{ return x + {n}; }} }}\n",
    "lib/part{n}.rb": "class Part{n}\n  def run(x)\n    x + {n}\n  end\nend\n",
    "app/part{n}.php": "<?php\nfunction run{n}($x) {{ return $x + {n}; }}\n",
    "core/part{n}.rs": "pub fn run{n}(x: i64) -> i64 {{ x + {n} }}\n",
}
PADDING = 40
"""Each body this often: about 2 kB a file, as in a real project."""


def write(root: Path, *, sources: bool) -> None:
    (root / ".git").mkdir()
    (root / "shop.yaml").write_text(MANIFEST, encoding="utf-8")
    (root / "package.json").write_text(PACKAGE, encoding="utf-8")
    (root / "src").mkdir()
    (root / "src" / "server.js").write_text(SERVER, encoding="utf-8")
    for number in range(FILES if sources else 0):
        name, body = list(SOURCES.items())[number % len(SOURCES)]
        path = root / name.format(n=number)
        path.parent.mkdir(exist_ok=True)
        text = "".join(
            body.format(n=number * PADDING + part, m=(number + 8) % FILES)
            for part in range(PADDING)
        )
        path.write_text(text, encoding="utf-8")


def cpu_seconds(root: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "lintscale", "check", ".", "--output-format", "json"]
    subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as top:
        roots = {name: Path(top, name) for name in ("without", "with")}
        for name, root in roots.items():
            root.mkdir()
            write(root, sources=name == "with")
        times: dict[str, list[float]] = {name: [] for name in roots}
        for _ in range(runs):
            for name, root in roots.items():
                times[name].append(cpu_seconds(root))
    medians = {name: statistics.median(each) for name, each in times.items()}
    added = medians["with"] - medians["without"]
    print(f"without source  {medians['without']:.3f} s of CPU")
    print(f"with {FILES} files {medians['with']:.3f} s of CPU")
    print(f"added           {added:.3f} s, at most {MOST_SECONDS:.1f} s")


if __name__ == "__main__":
    main()
