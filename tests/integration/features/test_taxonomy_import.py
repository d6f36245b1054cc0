"""ESCO files of any version and language are imported completely or not at all; a repeat changes nothing."""

from __future__ import annotations

import csv
import gzip
import threading
from itertools import islice
from pathlib import Path

import pytest

from oim.features.occupations import build_taxonomy, link_text, load_needed_skills, stream_labels
from oim.features.occupations.esco_import import ImportResult, import_esco
from oim.features.occupations.store import TaxonomyCounts, count_taxonomy
from oim.kit.db import Database
from oim.kit.errors import BadInputError, ConflictError

OLD = {
    "ISCOGroups_fr.csv": "conceptType,conceptUri,code,preferredLabel,altLabels,description\n"
    "ISCOGroup,isco/C7,7,Artisans,,\nISCOGroup,isco/C75,75,Habillement,,\n",
    "occupations_fr.csv": "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description\n"
    'Occupation,occ/1,75,couturier/couturière,"couturière\ncouturier",Coud\n'
    "Occupation,occ/2,75,modiste,,\n",
    "skills_fr.csv": "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description\n"
    "KnowledgeSkillCompetence,skill/1,skill,cross,coudre,,\n",
    "broaderRelationsOccPillar.csv": "conceptType,conceptUri,broaderType,broaderUri\n"
    "ISCOGroup,isco/C75,ISCOGroup,isco/C7\nOccupation,occ/2,Occupation,occ/1\nOccupation,occ/9,Occupation,occ/1\n",
}
NEW = {
    "occupations_en.csv.gz": "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,"
    "modifiedDate,regulatedProfessionNote,scopeNote,definition,inScheme,description,code\n"
    'Occupation,occ/1,75,tailor,"dressmaker\ntailor",tayler,released,2024-01-25T11:28:50.295Z,,,,,,75.1\n',
    "skills_en.csv.gz": "\ufeffconceptUri,conceptType,preferredLabel,altLabels,hiddenLabels,status\n"
    "skill/1,KnowledgeSkillCompetence,sew,stitch,,released\n",
    "occupationSkillRelations_en.csv.gz": "occupationUri,occupationLabel,relationType,"
    "skillType,skillUri,skillLabel\n"
    "occ/1,tailor,essential,skill,skill/1,sew\nocc/1,tailor,optional,skill,skill/none,x\n"
    "occ/1,tailor,whatever,skill,skill/1,sew\n",
}


def write_folder(path: Path, files: dict[str, str]) -> Path:
    """Write these files into a folder and return it; those named .gz are compressed."""
    path.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode()
        (path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def count_stored(database: Database) -> TaxonomyCounts:
    """The counts of the taxonomy in the database."""
    with database.read() as session:
        return count_taxonomy(session)


def test_files_of_an_old_version_are_imported(database: Database, tmp_path: Path) -> None:
    result = import_esco(database, write_folder(tmp_path, OLD))
    assert result.totals == count_stored(database)
    assert result.totals == TaxonomyCounts({"group": 2, "occupation": 2, "skill": 1}, {"fr": 7}, 3, 0)
    assert result.left_out == 1  # occ/9, which no file names
    assert result.changed > 0


def test_a_newer_folder_in_another_language_adds_up(database: Database, tmp_path: Path) -> None:
    import_esco(database, write_folder(tmp_path / "old", OLD))
    result = import_esco(database, write_folder(tmp_path / "new", NEW))
    assert result == ImportResult(
        result.changed, 1, TaxonomyCounts({"group": 2, "occupation": 2, "skill": 1}, {"en": 5, "fr": 7}, 3, 1)
    )
    with database.read() as session:
        labels = {
            (label.uri, label.language, label.text, label.preferred) for label in stream_labels(session)
        }
        assert {("occ/1", "en", "tailor", True), ("occ/1", "en", "tayler", False)} <= labels
        assert [(needed.uri, needed.essential) for needed in load_needed_skills(session, "occ/1")] == [
            ("skill/1", True)
        ]
        assert load_needed_skills(session, "occ/none") == ()


def test_a_second_import_changes_nothing(database: Database, tmp_path: Path) -> None:
    for files in (OLD, NEW):
        path = write_folder(tmp_path / str(len(files)), files)
        first = import_esco(database, path)
        again = import_esco(database, path)
        assert (again.changed, again.totals) == (0, first.totals)


def test_labels_that_a_newer_file_drops_are_deleted(database: Database, tmp_path: Path) -> None:
    import_esco(database, write_folder(tmp_path, OLD))
    newer = (
        OLD["occupations_fr.csv"]
        .replace("couturière\ncouturier", "couturière")
        .replace("Occupation,occ/2,75,modiste,,\n", "")
    )
    result = import_esco(database, write_folder(tmp_path, OLD | {"occupations_fr.csv": newer}))
    assert result.totals.concepts["occupation"] == 1
    assert result.totals.labels == {"fr": 5}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("occupations_fr.csv", "", "column"),
        ("occupations_fr.csv", "a,b\n1,2\n", "column"),
        ("skills_fr.csv", OLD["skills_fr.csv"] + "KnowledgeSkillCompetence,skill/2\n", "cut short"),
        ("skills_fr.csv", OLD["skills_fr.csv"] + 'KnowledgeSkillCompetence,"skill/2', "cannot be read"),
        ("skills_fr.csv", "conceptUri,preferredLabel\nskill/1,coudr\udce9\n", "cannot be read"),
        ("skills_fr.csv", f"conceptUri,preferredLabel\nskill/1,{'coudre ' * 100}\n", "damaged"),
        ("skills_fr.csv", "conceptUri,preferredLabel\nskill/1,cou\0dre\n", "damaged"),
        ("skills_fr.csv", f"conceptUri,preferredLabel\nskill/1,{'coudre ' * 200_000}\n", "cannot be read"),
    ],
)
def test_a_malformed_file_is_named_and_the_previous_taxonomy_stays(
    database: Database, tmp_path: Path, name: str, content: str, code: str
) -> None:
    before = import_esco(database, write_folder(tmp_path, OLD)).totals
    (tmp_path / name).write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(BadInputError, match=code) as refused:
        import_esco(database, tmp_path)
    assert name in str(refused.value)
    assert count_stored(database) == before


def test_a_compressed_file_cut_short_is_refused(database: Database, tmp_path: Path) -> None:
    path = write_folder(tmp_path, NEW) / "occupations_en.csv.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadInputError, match="cannot be read"):
        import_esco(database, tmp_path)


def test_an_import_that_dies_half_way_leaves_the_previous_taxonomy(
    database: Database, tmp_path: Path
) -> None:
    before = import_esco(database, write_folder(tmp_path / "old", OLD)).totals

    def die(name: str, done: int) -> None:
        if name.startswith("occupationSkill"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_esco(database, write_folder(tmp_path / "new", NEW), die)
    assert count_stored(database) == before


@pytest.mark.parametrize("files", [{}, {"skills_fr.csv": OLD["skills_fr.csv"]}])
def test_a_folder_without_occupations_is_refused(
    database: Database, tmp_path: Path, files: dict[str, str]
) -> None:
    with pytest.raises(BadInputError, match="occupations_fr"):
        import_esco(database, write_folder(tmp_path, files))
    with pytest.raises(BadInputError, match="no folder"):
        import_esco(database, tmp_path / "none")


def test_two_imports_do_not_run_at_once(database: Database, tmp_path: Path) -> None:
    refused: list[BaseException] = []

    def start_second_import(name: str, done: int) -> None:
        if not refused:
            thread = threading.Thread(target=attempt)
            thread.start()
            thread.join()

    def attempt() -> None:
        try:
            import_esco(database, tmp_path)
        except ConflictError as error:
            refused.append(error)

    import_esco(database, write_folder(tmp_path, OLD), start_second_import)
    assert len(refused) == 1


def test_texts_are_linked_to_imported_labels(database: Database, tmp_path: Path) -> None:
    odd = OLD["occupations_fr.csv"] + "Occupation,occ/3,75,plumassier,,\n"
    import_esco(database, write_folder(tmp_path, OLD | {"occupations_fr.csv": odd}))
    with database.read() as session:
        taxonomy = build_taxonomy(stream_labels(session))
    assert link_text("plumassier", taxonomy=taxonomy).occupations[0].occupation.uri == "occ/3"


@pytest.mark.shared_data
def import_published(database: Database, french: Path, english: Path) -> tuple[ImportResult, ImportResult]:
    """Import published files in French, then those in English, which add to them."""
    first, second = import_esco(database, french), import_esco(database, english)
    assert second.totals.labels["fr"] == first.totals.labels["fr"]
    return first, second


def cut_files(folder: Path, rows: int, target: Path) -> Path:
    """Write the first rows of every file of a folder into another, which is returned."""
    target.mkdir()
    for path in folder.glob("*.csv*"):
        unpack = gzip.open if path.suffix == ".gz" else open
        with unpack(path, "rt", encoding="utf-8", newline="") as file:
            head = list(islice(csv.reader(file), rows + 1))
        with (target / path.name.removesuffix(".gz")).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(head)
    return target


def test_the_head_of_the_published_esco_files_is_imported(
    database: Database, shared_data: Path, tmp_path: Path
) -> None:
    french = cut_files(shared_data / "esco", 150, tmp_path / "fr")
    first, second = import_published(
        database, french, cut_files(shared_data / "esco-en-1.1.1", 150, tmp_path / "en")
    )
    assert first.totals.concepts == {"group": 150, "occupation": 150, "skill": 150}
    assert second.totals.occupation_skills > 0


@pytest.mark.drill
def test_the_published_esco_files_are_imported(database: Database, shared_data: Path) -> None:
    french, english = import_published(database, shared_data / "esco", shared_data / "esco-en-1.1.1")
    assert french.totals.concepts == {"group": 619, "occupation": 2942, "skill": 13485}
    assert french.left_out == 0
    assert english.totals.occupation_skills == 123855
