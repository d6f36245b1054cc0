"""`oim evaluate`: one object of figures as JSON, published figures in the table, bad sets refused."""

import json
from pathlib import Path

import pytest
from cli_session import Result, run_all

KEYS = {"MRR", "MAP", "nDCG@10", "R@10", "success@1", "success@5", "success@10", "p50_ms", "p95_ms"}
QUERIES = "q1\tsoudeur\nq2\tmaçon / maçonne\nq3\tzèbre\n"
CORPUS = "c1\tSoudeur de portails\nc2\tMaçonne\nc3\tBoulanger\n"
ANNOTATIONS = "q1\t0\tc1\t1\nq2\t0\tc2\t1\nq3\t0\tc1\t1\n"
# Folder to its queries, corpus and annotations; those from "blank" on cannot be used.
SETS = {
    "mine": (QUERIES, CORPUS, ANNOTATIONS),
    "many/fra_q_fr_c_fr": (QUERIES, CORPUS, ANNOTATIONS),
    "many/other": (QUERIES, CORPUS, ANNOTATIONS),
    "long": (QUERIES, "".join(f"c{n}\t{'soudeur de métaux ' * 4000}\n" for n in range(1, 4)), ANNOTATIONS),
    "blank": (QUERIES, "", ANNOTATIONS),
    "columns": (QUERIES, CORPUS, "q1\tc1\t1\n"),
    "unknown": (QUERIES, CORPUS, "q1\t0\tc7\t1\n"),
    "twice": (QUERIES, CORPUS + "c1\tSoudeur\n", ANNOTATIONS),
    "latin": (QUERIES, CORPUS, ANNOTATIONS),
}
GOOD = {
    "retrieval mine --json": 0,
    "melo mine --json": 0,
    "melo many --json": 0,
    "melo many": 0,
    "retrieval long --json": 0,
}
# Command to the beginnings of its error line, in French and English; empty where any line will do.
REFUSED = {
    "retrieval none": ("Il n’y a pas de dossier none.", "There is no folder none."),
    "melo none": ("Il n’y a pas de dossier none.", "There is no folder none."),
    "retrieval .": (". ne contient pas de fichier queries.tsv.", ". holds no file queries.tsv."),
    "retrieval blank": ("blank/corpus_elements.tsv est vide.", "blank/corpus_elements.tsv is empty."),
    "melo columns": (
        "columns/annotations.tsv, ligne 1\u00a0: il faut",
        "columns/annotations.tsv, line 1: a query",
    ),
    "melo unknown": (
        "unknown/annotations.tsv, ligne 1\u00a0: c7",
        "unknown/annotations.tsv, line 1: there is",
    ),
    "melo twice": (
        "twice/corpus_elements.tsv, ligne 4\u00a0: l’id",
        "twice/corpus_elements.tsv, line 4: the id",
    ),
    "retrieval latin": (
        "latin/queries.tsv, ligne 2\u00a0: ce n’est",
        "latin/queries.tsv, line 2: this is not",
    ),
    "melo mine --system guess": ("--system n’accepte pas", "--system does not take"),
    "offers none.csv": ("Il n’y a pas de fichier none.csv.", "There is no file none.csv."),
    "offers mine/queries.tsv": ("", ""),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("evaluate")
    for name, texts in SETS.items():
        (root / name).mkdir(parents=True)
        for file, text in zip(("queries", "corpus_elements", "annotations"), texts, strict=True):
            encoding = "latin-1" if name == "latin" else "utf-8"
            (root / name / f"{file}.tsv").write_text(text, encoding=encoding)
    return root


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, Result]:
    commands = [["evaluate", *command.split(), "--system", "bm25"] for command in GOOD]
    return dict(zip(GOOD, run_all(commands, folder, LANG="en_GB.UTF-8"), strict=True))


@pytest.mark.parametrize("command", ["retrieval mine --json", "melo mine --json", "retrieval long --json"])
def test_one_set_is_one_object_of_figures(results: dict[str, Result], command: str) -> None:
    assert results[command].code == 0, results[command].err
    figures = json.loads(results[command].out)
    assert figures.keys() == KEYS
    assert all(isinstance(value, float) for value in figures.values())
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]


def test_figures_equal_those_computed_by_hand(results: dict[str, Result]) -> None:
    """Two of three found first; the third, which nothing resembles, is last of a tie by id."""
    figures = json.loads(results["retrieval mine --json"].out)
    assert figures["MRR"] == pytest.approx((1 + 1 + 1 / 3) / 3, abs=1e-6)
    assert figures["success@1"] == pytest.approx(2 / 3, abs=1e-6)
    assert figures["success@5"] == figures["R@10"] == 1


def test_several_sets_are_one_object_each(results: dict[str, Result]) -> None:
    figures_by_set = json.loads(results["melo many --json"].out)
    assert figures_by_set.keys() == {"fra_q_fr_c_fr", "other"}
    assert all(figures.keys() == KEYS for figures in figures_by_set.values())


def test_published_figures_stand_in_the_table_of_their_set(results: dict[str, Result]) -> None:
    table_of_published, table_of_other = results["melo many"].out.split("\nother ")
    assert "OpenAI 3-large" in table_of_published
    assert "0.872" in table_of_published
    assert "Figures of others: Avature/melo-benchmark" in table_of_published
    assert "OIM, bm25" in table_of_published
    assert "· its 2 queries unlike any text" in table_of_published
    assert "OpenAI" not in table_of_other


@pytest.mark.parametrize("language", [0, 1])
def test_bad_input_is_one_line_and_exit_2(folder: Path, language: int) -> None:
    locale = ("fr_FR.UTF-8", "en_GB.UTF-8")[language]
    commands = [["evaluate", *command.split()] for command in REFUSED]
    for command, result in zip(REFUSED, run_all(commands, folder, LANG=locale), strict=True):
        assert (result.code, result.out) == (2, ""), command
        assert result.err.startswith(REFUSED[command][language]), result.err
        assert len(result.err.splitlines()) == 1, result.err
    assert not (folder / "home" / "postgres").exists(), "nothing should have been started"
