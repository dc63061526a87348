"""No module of lintscale depends on one that depends on it, not even lazily or for types."""

from __future__ import annotations

from graphlib import TopologicalSorter

import grimp


def test_imports_form_no_cycle() -> None:
    graph = grimp.build_graph("lintscale")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # a CycleError names the modules
