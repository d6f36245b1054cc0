"""Evaluation sets are read from folders, and errors name the file and line."""

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


def test_a_set_is_read_from_its_three_files(tmp_path: Path) -> None:
    evaluation_set = read_set(write(tmp_path / "mine"))
    assert evaluation_set.name == "mine"
    assert evaluation_set.queries == {"q1": "soudeur", "q2": "maçon / maçonne"}
    assert (evaluation_set.ids, evaluation_set.texts) == (("c1", "c2"), ("Welder", "Bricklayer\tof walls"))
    assert evaluation_set.relevant == {"q1": {"c1": 1}, "q2": {"c2": 2, "c1": 0}}


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
def test_other_formats_of_the_same_set_are_read_alike(tmp_path: Path, changed: dict[str, str]) -> None:
    evaluation_set = read_set(write(tmp_path / "other", **changed))
    assert evaluation_set.queries == {
        "q1": "soudeur",
        "q2": "maçon / maçonne",
    }


@pytest.mark.parametrize(
    ("changed", "message"),
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
def test_an_invalid_file_is_refused_naming_file_and_line(
    tmp_path: Path, changed: dict[str, str | bytes | None], message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        read_set(write(tmp_path / "bad", **changed))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="There is no folder"):
        read_set(tmp_path / "none")


def test_a_folder_of_sets_and_a_single_set_are_distinguished(tmp_path: Path) -> None:
    first, second = write(tmp_path / "first"), write(tmp_path / "second")
    (tmp_path / "notes").mkdir()
    assert find_sets(tmp_path) == [first, second]
    assert find_sets(first) == [first]
    assert find_sets(tmp_path / "notes") == [tmp_path / "notes"]
    (tmp_path / "corpus_elements.tsv").touch()
    assert find_sets(tmp_path) == [tmp_path]
