"""Sets read from folders, and what is wrong with one told by file and line."""

from pathlib import Path

import pytest

from oim.features.evaluation import find_sets, read_set
from oim.kit.errors import BadInputError

FILES = {
    "queries.tsv": "q1\tsoudeur\nq2\tmaçon / maçonne\nq3\tnot judged\n",
    "corpus_elements.tsv": "c1\tWelder\nc2\tBricklayer\tof walls\n",
    "annotations.tsv": "q1\t0\tc1\t1\nq2\t0\tc2\t2\nq2\t0\tc1\t0\n",
}


def write(folder: Path, **changed: str | bytes | None) -> Path:
    """A set with some of its files, named by their first word, changed or left out."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        content = changed.get(name.split("_")[0].split(".")[0], text)
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_a_set(tmp_path: Path) -> None:
    found = read_set(write(tmp_path / "mine"))
    assert found.name == "mine"
    assert found.queries == {"q1": "soudeur", "q2": "maçon / maçonne"}
    assert (found.ids, found.texts) == (("c1", "c2"), ("Welder", "Bricklayer\tof walls"))
    assert found.relevant == {"q1": {"c1": 1}, "q2": {"c2": 2, "c1": 0}}


@pytest.mark.parametrize(
    "changed",
    [
        {"queries": FILES["queries.tsv"].replace("\n", "\r\n")},
        {"queries": "\ufeff" + FILES["queries.tsv"]},
        {"queries": FILES["queries.tsv"] + "\n\n"},
        {"annotations": FILES["annotations.tsv"].replace("\t", " ")},
    ],
    ids=["windows", "byte order mark", "blank lines", "qrels with spaces"],
)
def test_other_ways_to_write_the_same_set(tmp_path: Path, changed: dict[str, str]) -> None:
    found = read_set(write(tmp_path / "other", **changed))
    assert found.queries == {
        "q1": "soudeur",
        "q2": "maçon / maçonne",
    }


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"queries": None}, "holds no file queries.tsv"),
        ({"corpus": None}, "holds no file corpus_elements.tsv"),
        ({"annotations": None}, "holds no file annotations.tsv"),
        ({"corpus": ""}, "corpus_elements.tsv is empty"),
        ({"annotations": " \n\n"}, "annotations.tsv is empty"),
        ({"queries": "q1\tsoudeur\nq2 maçon\n"}, "queries.tsv, line 2: an id, a tab and a text"),
        ({"queries": "\tsoudeur\n"}, "queries.tsv, line 1: an id, a tab and a text"),
        ({"queries": "q1\ta\nq1\tb\n"}, "queries.tsv, line 2: the id q1 was given before"),
        ({"corpus": "c1\ta\nc2\tb\nc1\ta\n"}, "corpus_elements.tsv, line 3: the id c1 was given before"),
        ({"corpus": b"c1\tWelder\nc2\tma\xe7on\n"}, "corpus_elements.tsv, line 2: this is not UTF-8"),
        ({"corpus": FILES["corpus_elements.tsv"].encode("utf-16")}, "line 1: this is not UTF-8"),
        ({"annotations": "q1\t0\tc1\n"}, "annotations.tsv, line 1: a query id, 0, a corpus id"),
        ({"annotations": "q1\t0\tc1\tyes\n"}, "annotations.tsv, line 1: a query id, 0, a corpus id"),
        ({"annotations": "q1\t0\tc1\t1\nq9\t0\tc1\t1\n"}, "annotations.tsv, line 2: there is no q9"),
        ({"annotations": "q1\t0\tc9\t1\n"}, "annotations.tsv, line 1: there is no c9"),
        ({"annotations": "q1\t0\tc1\t1\nq1\t0\tc1\t1\n"}, "annotations.tsv, line 2: the id c1 was given"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_told(tmp_path: Path, changed: dict[str, str | bytes | None], told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        read_set(write(tmp_path / "bad", **changed))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="There is no folder"):
        read_set(tmp_path / "none")


def test_a_folder_of_sets_and_a_set_are_told_apart(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one"), write(tmp_path / "two")
    (tmp_path / "notes").mkdir()
    assert find_sets(tmp_path) == [one, two]
    assert find_sets(one) == [one]
    assert find_sets(tmp_path / "notes") == [tmp_path / "notes"]
    (tmp_path / "corpus_elements.tsv").touch()
    assert find_sets(tmp_path) == [tmp_path]
