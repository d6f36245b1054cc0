"""Features meet through their public face: nobody imports a module from inside another feature."""

import ast
from collections.abc import Iterator
from pathlib import Path

import name_measures

SRC = Path(__file__).parents[2] / "src" / "oim"
FEATURE_DEPTH = 3  # oim.features.NAME
# Alembic needs the modules of tables, and workers those of tasks, which only declare what they run; training
# takes libraries along that no other process should load.
INNER_MODULES = ("models", "tasks", "training")


def _imported_modules(source: str) -> Iterator[str]:
    for node in name_measures.nodes_of(source):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = [alias.name for alias in node.names if alias.name in INNER_MODULES]
            yield f"{node.module}.{inner[0]}" if inner else node.module


def test_features_are_imported_by_their_face() -> None:
    trespasses = []
    for path, source in name_measures.read_sources(SRC).items():
        importer = ".".join(("oim", *Path(path).with_suffix("").parts))
        for module in _imported_modules(source):
            parts = module.split(".")
            feature = ".".join(parts[:FEATURE_DEPTH])
            is_inside = module.startswith("oim.features.") and len(parts) > FEATURE_DEPTH
            if is_inside and not importer.startswith(f"{feature}.") and parts[-1] not in INNER_MODULES:
                trespasses.append(f"{importer} imports {module}")
    assert trespasses == []
