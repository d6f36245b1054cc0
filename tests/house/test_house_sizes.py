"""Files and functions stay small: the house reports its largest of each and fails beyond its bounds."""

import ast
from collections.abc import Callable
from pathlib import Path

import name_measures

SRC = Path(__file__).parents[2] / "src" / "oim"
FILES = sorted(SRC.rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
SOURCES = name_measures.read_sources(SRC)


def test_no_file_is_too_long(record_property: Callable[[str, object], None]) -> None:
    sizes = [(len(source.splitlines()), path) for path, source in SOURCES.items()]
    record_property("largest file", "{} lines, {}".format(*max(sizes)))
    assert [size for size in sizes if size[0] > LONGEST_FILE] == []


def test_no_function_is_too_long(record_property: Callable[[str, object], None]) -> None:
    functions = [
        function
        for path, source in SOURCES.items()
        if not name_measures.is_generated(path)
        for function in name_measures.measure_functions(path, source)
    ]
    record_property("largest function", "{} lines, {}".format(*max(functions)))
    assert [function for function in functions if function[0] > LONGEST_FUNCTION] == []


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
