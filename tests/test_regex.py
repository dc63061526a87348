"""Regular expressions that are compiled when first used."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re

import lintscale
from lintscale.syntax.regex import _Regex, regex


def modules() -> list[str]:
    found = pkgutil.walk_packages(lintscale.__path__, "lintscale.")
    return sorted(each.name for each in found if not each.name.endswith("__main__"))


def test_one_is_used_as_if_it_were_compiled() -> None:
    words = regex(r"(?P<word>[a-z]+)", re.IGNORECASE)
    assert [match["word"] for match in words.finditer("one Two")] == ["one", "Two"]
    assert words.sub("-", "one two") == "- -"
    assert words.pattern == r"(?P<word>[a-z]+)"
    assert words.groupindex == {"word": 1}
    assert regex(rb"\d").match(b"1")


def test_all_can_be_compiled() -> None:
    """Python would say so at the import; with these only whoever comes across one would."""
    found = 0
    for module in modules():
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, _Regex):
                assert value.pattern is not None, module
                found += 1
    assert found > 150


def test_no_module_compiles_one_when_it_is_imported() -> None:
    for module in modules():
        source = inspect.getsource(importlib.import_module(module))
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        outside = [ast.parse(source or "")]
        for node in outside:
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) != "re.compile", f"{module}:{node.lineno}"
            inner = ast.iter_child_nodes(node)
            outside += [each for each in inner if not isinstance(each, functions)]
