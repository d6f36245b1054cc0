"""Mapping files that a person writes to say which column is which, as docs/mapping.md describes."""

import re
from pathlib import Path

import pytest

from oim.features.ingestion import file_document, open_source, read_mapping
from oim.features.ingestion.mapping import FIELDS
from oim.features.opportunities import Draft
from oim.kit.errors import BadInputError

PAGE = Path(__file__).parents[4] / "docs" / "mapping.md"


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_mapping_file_overrides_the_guess(tmp_path: Path) -> None:
    offers = write(tmp_path / "offers.csv", "titre;poste\nHôtel du Lac;Cuisinière\n")
    mapping_file = write(
        tmp_path / "my.toml",
        '[constants]\nkind = "employment"\n[columns]\ntitle = "poste"\norganisation = "titre"\n',
    )
    with open_source(file_document(offers), "mine", read_mapping(mapping_file)) as reader:
        [draft] = reader.drafts()
    assert isinstance(draft, Draft)
    assert (draft.title, draft.organisation) == ("Cuisinière", "Hôtel du Lac")


@pytest.mark.parametrize(
    "text", ["", "x", "[columns]\n", "columns = 3", "[columns]\ntitle = 3\n", "\0", "[constants]\nkind=1"]
)
def test_a_malformed_mapping_file_is_bad_input(tmp_path: Path, text: str) -> None:
    offers = write(tmp_path / "offers.csv", "titre;poste\nHôtel;Cuisinière\n")
    with (
        pytest.raises(BadInputError),
        open_source(file_document(offers), "mine", read_mapping(write(tmp_path / "my.toml", text))),
    ):
        pass


def test_the_error_for_an_unknown_field_names_it(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="salaire"):
        read_mapping(write(tmp_path / "my.toml", '[columns]\ntitle = "a"\nsalaire = "b"\n'))


def test_the_documentation_lists_every_field() -> None:
    listed = PAGE.read_text("utf-8").split("Fields:")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == set(FIELDS)


def test_the_example_in_the_documentation_is_a_valid_mapping(tmp_path: Path) -> None:
    example = PAGE.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    assert read_mapping(write(tmp_path / "example.toml", example)).columns["locality"] == ("ville", "lieu")
