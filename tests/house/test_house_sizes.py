"""Files and functions stay small: the house reports its largest of each and fails beyond its bounds."""

import ast
from collections.abc import Callable
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "oim"
FILES = sorted(SRC.rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
GENERATED = SRC / "migrations" / "versions"


def _functions(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (
            (node.end_lineno or node.lineno) - node.lineno + 1,
            f"{path.relative_to(SRC)}:{node.lineno} {node.name}",
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_file_is_too_long(record_property: Callable[[str, object], None]) -> None:
    sizes = [
        (len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(SRC))) for path in FILES
    ]
    record_property("largest file", "{} lines, {}".format(*max(sizes)))
    assert [size for size in sizes if size[0] > LONGEST_FILE] == []


def test_no_function_is_too_long(record_property: Callable[[str, object], None]) -> None:
    found = [entry for path in FILES if GENERATED not in path.parents for entry in _functions(path)]
    record_property("largest function", "{} lines, {}".format(*max(found)))
    assert [entry for entry in found if entry[0] > LONGEST_FUNCTION] == []


def test_every_package_says_what_lives_there_and_what_does_not() -> None:
    silent = []
    for path in FILES:
        if path.name == "__init__.py":
            words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            if len([line for line in words.splitlines() if line.strip()]) < 2:
                silent.append(str(path.relative_to(SRC)))
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error")
    left = [str(path) for path in FILES for mark in marks if mark in path.read_text(encoding="utf-8")]
    assert left == []
