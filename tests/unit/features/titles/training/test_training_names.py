"""Names are read from files, and those that a test set asks for are left out."""

from pathlib import Path

import pytest
from training_factory import ESCO, FILES, TESTS, write

from oim.features.titles.training import Names, read_names
from oim.features.titles.training.names import LANGUAGES, Source, Split, comparison_key
from oim.kit.errors import BadInputError


def _select(names: Names, source: Source) -> set[tuple[str, str]]:
    """Language and text of the names of a source."""
    rows = zip(names.texts, names.languages, names.sources, strict=True)
    return {(LANGUAGES[language], text) for text, language, row_source in rows if row_source == source}


def test_names_are_read_from_all_sources(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES))
    assert _select(names, Source.OCCUPATION) == {
        *(("fr", text) for text in ("soudeur/soudeuse", "soudeur", "soudeuse", "soudeuses")),
        *(("fr", text) for text in ("soudeur à l’arc", "boulangère", "couturier", "tailleur")),
        *(("en", text) for text in ("welder", "arc welder", "baker", "bread maker")),
    }
    assert _select(names, Source.SKILL) == {("fr", "souder"), ("en", "weld")}
    assert _select(names, Source.ROME) == {
        ("fr", text) for text in ("Couturier", "Retoucheur", "Fleuriste", "Boulanger")
    }
    assert len(names.texts) == len(set(zip(names.texts, names.concepts, strict=True)))


def test_names_of_one_concept_share_its_number(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES))
    number = dict(zip(names.texts, names.concepts.tolist(), strict=True))
    assert number["welder"] == number["soudeur"] == number["soudeur à l’arc"]
    assert number["bread maker"] == number["baker"] == number["boulangère"]
    assert number["Couturier"] == number["Retoucheur"]
    different = ("welder", "baker", "tailleur", "weld", "Couturier", "Fleuriste")
    assert len({number[text] for text in different}) == len(different)


def test_an_occupation_has_its_essential_skills(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES))
    number = dict(zip(names.texts, names.concepts.tolist(), strict=True))
    assert names.essential_skills == {number["welder"]: frozenset({number["weld"]})}


def test_titles_equal_to_a_test_query_are_left_out(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES | TESTS))
    assert _select(names, Source.OCCUPATION) == {
        *(("fr", text) for text in ("soudeur à l’arc", "boulangère", "couturier", "tailleur")),
        *(("en", text) for text in ("welder", "arc welder", "baker")),
    }


@pytest.mark.parametrize(
    "query", ["Boulanger / Boulangère", "BOULANGERE", "boulangères", "Meunier/boulangère"]
)
def test_a_test_query_leaves_out_both_genders_singular_and_plural(tmp_path: Path, query: str) -> None:
    names = read_names(write(tmp_path, FILES | {"melo/other/queries.tsv": f"q1\t{query}\n"}))
    assert ("fr", "boulangère") not in _select(names, Source.OCCUPATION)
    assert ("fr", "soudeur à l’arc") in _select(names, Source.OCCUPATION)


def test_rome_codes_with_enough_offers_to_be_evaluated_are_left_out(tmp_path: Path) -> None:
    names = _select(read_names(write(tmp_path, FILES | TESTS)), Source.ROME)
    assert names == {("fr", "Couturier"), ("fr", "Retoucheur"), ("fr", "Boulanger")}


def test_the_same_files_give_the_same_table(tmp_path: Path) -> None:
    first, second = (read_names(write(tmp_path / folder, FILES | TESTS)) for folder in ("one", "two"))
    assert first.texts == second.texts
    assert first.essential_skills == second.essential_skills
    for column in ("concepts", "languages", "sources", "splits"):
        assert getattr(first, column).tolist() == getattr(second, column).tolist()


def test_a_tenth_of_the_names_and_of_the_concepts_is_held_out(tmp_path: Path) -> None:
    lines = "".join(f"Occupation,u{number},nom {number},autre {number}\n" for number in range(600))
    names = read_names(write(tmp_path, FILES | {"esco/occupations_fr.csv": ESCO + lines}))
    splits = dict(zip(names.texts, names.splits.tolist(), strict=True))
    for split in (Split.TRY_NAME, Split.TRY_THING):
        assert 0.06 < list(splits.values()).count(split) / len(splits) < 0.14
    for number in range(600):
        assert (splits[f"nom {number}"] == Split.TRY_THING) == (splits[f"autre {number}"] == Split.TRY_THING)
    assert (names.splits[names.sources != Source.OCCUPATION] == Split.TRAIN).all()
    assert not names.all_for_training().splits.any()


def test_a_title_that_contains_a_held_out_name_is_excluded(tmp_path: Path) -> None:
    lines = "".join(f"Occupation,u{n},nom{n:03}/autre{n:03},nom{n:03}\n" for n in range(200))
    names = read_names(write(tmp_path, FILES | {"esco/occupations_fr.csv": ESCO + lines}))
    splits = dict(zip(names.texts, names.splits.tolist(), strict=True))
    held_out = [n for n in range(200) if splits[f"nom{n:03}"] == Split.TRY_NAME]
    assert held_out
    assert {splits[f"nom{n:03}/autre{n:03}"] for n in held_out} == {Split.EXCLUDED}


@pytest.mark.parametrize("missing", FILES)
def test_a_missing_file_is_named_in_the_error(tmp_path: Path, missing: str) -> None:
    write(tmp_path, {name: text for name, text in FILES.items() if name != missing})
    with pytest.raises(BadInputError, match="There is no file") as refused:
        read_names(tmp_path)
    assert refused.value.values == {"path": tmp_path / missing}


@pytest.mark.parametrize(
    ("title", "other"),
    [("Soudeurs", "soudeur"), ("Éleveuse", "eleveuse"), ("bureaux", "bureau"), ("Welder", "WELDERS")],
)
def test_case_accents_and_plurals_do_not_change_the_key(title: str, other: str) -> None:
    assert comparison_key(title) == comparison_key(other)


def test_different_titles_have_different_keys() -> None:
    assert (
        len(
            {comparison_key(text) for text in ("boss", "bos", "bus", "bu", "soudeur d’arc", "arc de soudeur")}
        )
        == 6
    )
