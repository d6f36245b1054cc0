"""Names say what they stand for: the house bans others, and prints its measures beside earlier ones."""

from collections.abc import Callable
from pathlib import Path

import name_measures
import pytest

SRC = Path(__file__).parents[2] / "src" / "oim"
# The same measures of the tree before its names were made plain, at commit 5b80be9.
BEFORE = {
    "files": "504",
    "lines a file (median/p90/biggest)": "67/143/254",
    "files of at most 40 lines": "131",
    "banned names": "1243",
    "times `told` stands": "584",
    "comments a hundred lines": "0.24",
    "lines a function, migrations apart (median/p90/biggest)": "5/14/38",
    "`Any`": "241",
    "`type: ignore`": "13",
    "modules in a circle of imports": "0",
}
MOST_TOLD = 19
FEWEST_COMMENTS = 2.0  # on a line of their own, a hundred lines of source


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    """The text of every module of the source, by its path."""
    return name_measures.read_sources(SRC)


def test_no_name_is_banned(sources: dict[str, str]) -> None:
    banned = [
        f"{path}:{name.line} {name.text}"
        for path, source in sources.items()
        for name in name_measures.banned_names(path, source)
    ]
    assert banned == []


def test_told_is_rare(sources: dict[str, str]) -> None:
    """One word stood for a dozen things, from a decorator to an answer of the index."""
    assert sum(map(name_measures.count_told, sources.values())) <= MOST_TOLD


def test_comments_stand_where_a_reader_would_stumble(sources: dict[str, str]) -> None:
    assert name_measures.comments_per_hundred_lines(sources) >= FEWEST_COMMENTS


def test_modules_import_one_another_in_no_circle(sources: dict[str, str]) -> None:
    assert name_measures.find_import_circle(sources) == []


def test_the_measures_are_printed(
    sources: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    measures = name_measures.measure(sources)
    assert measures.keys() == BEFORE.keys()
    for name, value in measures.items():
        record_property(name, f"{BEFORE[name]} -> {value}")
