"""`oim taxonomy import`: what it prints, as lines and as JSON."""

import json
from pathlib import Path

import pytest

from oim.apps.cli import taxonomy
from oim.kit.db import Database

OCCUPATIONS = (
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels\n"
    'Occupation,occ/1,7531,couturier,"couturière\ntailleur"\n'
)


@pytest.fixture
def esco(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database, postgres: str) -> Path:
    """A folder of ESCO, and settings that name the database of the suite."""
    monkeypatch.setenv("OIM_DATABASE_URL", postgres)
    monkeypatch.setenv("OIM_HOME", str(tmp_path / "home"))
    (tmp_path / "occupations_fr.csv").write_text(OCCUPATIONS, encoding="utf-8")
    return tmp_path


def test_json_counts_the_changes_and_the_totals(esco: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for changed in (4, 0):
        taxonomy.import_(esco, json_=True)
        assert json.loads(capsys.readouterr().out) == {
            "changed": changed,
            "left_out": 0,
            "held": {
                "concepts": {"occupation": 1},
                "labels": {"fr": 3},
                "broader": 0,
                "occupation_skills": 0,
            },
        }


def test_lines_show_the_counts(esco: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (esco / "broaderRelationsOccPillar.csv").write_text(
        "conceptUri,broaderUri\nocc/1,isco/C7531\n", encoding="utf-8"
    )
    taxonomy.import_(esco)
    lines = capsys.readouterr().out.splitlines()
    assert [line[-1] for line in lines[-2:]] == ["4", "1"]  # rows changed, relations left out
    assert "fr 3" in lines[1]
