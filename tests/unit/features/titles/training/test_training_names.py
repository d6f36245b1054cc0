"""Names read from files: what is learned from, and what is left out because a test set asks for it."""

from pathlib import Path

import pytest
from training_factory import ESCO, FILES, TESTS, write

from oim.features.titles.training import Names, read_names
from oim.features.titles.training.names import LANGUAGES, Source, Split, comparison_key
from oim.kit.errors import BadInputError


def _of(names: Names, source: Source) -> set[tuple[str, str]]:
    rows = zip(names.texts, names.languages, names.sources, strict=True)
    return {(LANGUAGES[language], text) for text, language, of in rows if of == source}


def test_what_is_read(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES))
    assert _of(names, Source.OCCUPATION) == {
        *(("fr", text) for text in ("soudeur/soudeuse", "soudeur", "soudeuse", "soudeuses")),
        *(("fr", text) for text in ("soudeur à l’arc", "boulangère", "couturier", "tailleur")),
        *(("en", text) for text in ("welder", "arc welder", "baker", "bread maker")),
    }
    assert _of(names, Source.SKILL) == {("fr", "souder"), ("en", "weld")}
    assert _of(names, Source.ROME) == {
        ("fr", text) for text in ("Couturier", "Retoucheur", "Fleuriste", "Boulanger")
    }
    assert len(names.texts) == len(set(zip(names.texts, names.concepts, strict=True)))


def test_names_of_one_thing_share_its_number(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES))
    number = dict(zip(names.texts, names.concepts.tolist(), strict=True))
    assert number["welder"] == number["soudeur"] == number["soudeur à l’arc"]
    assert number["bread maker"] == number["baker"] == number["boulangère"]
    assert number["Couturier"] == number["Retoucheur"]
    apart = ("welder", "baker", "tailleur", "weld", "Couturier", "Fleuriste")
    assert len({number[text] for text in apart}) == len(apart)


def test_an_occupation_has_the_skills_it_cannot_do_without(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES))
    number = dict(zip(names.texts, names.concepts.tolist(), strict=True))
    assert names.essential_skills == {number["welder"]: frozenset({number["weld"]})}


def test_what_a_test_set_asks_for_is_left_out(tmp_path: Path) -> None:
    names = read_names(write(tmp_path, FILES | TESTS))
    assert _of(names, Source.OCCUPATION) == {
        *(("fr", text) for text in ("soudeur à l’arc", "boulangère", "couturier", "tailleur")),
        *(("en", text) for text in ("welder", "arc welder", "baker")),
    }


@pytest.mark.parametrize(
    "query", ["Boulanger / Boulangère", "BOULANGERE", "boulangères", "Meunier/boulangère"]
)
def test_a_query_takes_out_both_genders_and_both_numbers(tmp_path: Path, query: str) -> None:
    names = read_names(write(tmp_path, FILES | {"melo/other/queries.tsv": f"q1\t{query}\n"}))
    assert ("fr", "boulangère") not in _of(names, Source.OCCUPATION)
    assert ("fr", "soudeur à l’arc") in _of(names, Source.OCCUPATION)


def test_codes_of_which_there_are_offers_enough_to_try_are_left_out(tmp_path: Path) -> None:
    found = _of(read_names(write(tmp_path, FILES | TESTS)), Source.ROME)
    assert found == {("fr", "Couturier"), ("fr", "Retoucheur"), ("fr", "Boulanger")}


def test_the_same_files_give_the_same_table(tmp_path: Path) -> None:
    first, second = (read_names(write(tmp_path / at, FILES | TESTS)) for at in ("one", "two"))
    assert first.texts == second.texts
    assert first.essential_skills == second.essential_skills
    for column in ("concepts", "languages", "sources", "splits"):
        assert getattr(first, column).tolist() == getattr(second, column).tolist()


def test_a_tenth_of_names_and_of_things_is_held_out(tmp_path: Path) -> None:
    lines = "".join(f"Occupation,u{number},nom {number},autre {number}\n" for number in range(600))
    names = read_names(write(tmp_path, FILES | {"esco/occupations_fr.csv": ESCO + lines}))
    part = dict(zip(names.texts, names.splits.tolist(), strict=True))
    for held in (Split.TRY_NAME, Split.TRY_THING):
        assert 0.06 < list(part.values()).count(held) / len(part) < 0.14
    for number in range(600):
        assert (part[f"nom {number}"] == Split.TRY_THING) == (part[f"autre {number}"] == Split.TRY_THING)
    assert (names.splits[names.sources != Source.OCCUPATION] == Split.TRAIN).all()
    assert not names.all_for_training().splits.any()


def test_a_title_that_says_a_held_out_name_is_set_aside(tmp_path: Path) -> None:
    lines = "".join(f"Occupation,u{n},nom{n:03}/autre{n:03},nom{n:03}\n" for n in range(200))
    names = read_names(write(tmp_path, FILES | {"esco/occupations_fr.csv": ESCO + lines}))
    part = dict(zip(names.texts, names.splits.tolist(), strict=True))
    tried = [n for n in range(200) if part[f"nom{n:03}"] == Split.TRY_NAME]
    assert tried
    assert {part[f"nom{n:03}/autre{n:03}"] for n in tried} == {Split.EXCLUDED}


@pytest.mark.parametrize("missing", FILES)
def test_a_file_that_is_not_there_is_named(tmp_path: Path, missing: str) -> None:
    write(tmp_path, {name: text for name, text in FILES.items() if name != missing})
    with pytest.raises(BadInputError, match="There is no file") as refused:
        read_names(tmp_path)
    assert refused.value.values == {"path": tmp_path / missing}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Soudeurs", "soudeur"), ("Éleveuse", "eleveuse"), ("bureaux", "bureau"), ("Welder", "WELDERS")],
)
def test_keys_are_equal(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)


def test_keys_differ() -> None:
    assert (
        len(
            {comparison_key(text) for text in ("boss", "bos", "bus", "bu", "soudeur d’arc", "arc de soudeur")}
        )
        == 6
    )
