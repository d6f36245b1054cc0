"""The `oim` command from end to end: ingesting offers, listing rejects and recommending, on its own home."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cli_session import CliSession

from oim.apps.cli.database import prepare_database
from oim.apps.up import running_services
from oim.kit.settings import Settings

FRENCH, ENGLISH = "fr_FR.UTF-8", "en_GB.UTF-8"
OIM = Path(sys.executable).with_name("oim")
OFFERS = """id,titre,description,ville,salaire,date
1,Couturière,Atelier cherche une couturière pour robes et uniformes.,Bafoussam,80 000 FCFA,2026-10-01
2,Soudeur,Soudure à l'arc sur chantier.,Douala,120000,2026-10-02
3,,Une offre sans titre,Yaoundé,,2026-10-02
1,Couturière bis,Doublon,Bafoussam,,2026-10-03
4,Formation en couture,Apprendre la couture en six mois.,Bafoussam,,2026-10-01
"""
PROFILE = {"text": "je veux apprendre la couture", "birth_year": 2000, "limit": 1}


def oim(home: Path, *arguments: str | bytes) -> tuple[int, str, str]:
    """Run `oim`; returns exit code, standard output and standard error."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "OIM_"))}
    process = subprocess.run(
        [OIM, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=home.parent,
        timeout=600,
        env=environment | {"OIM_HOME": str(home), "LANG": FRENCH},
    )
    assert "Traceback" not in process.stderr
    return process.returncode, process.stdout, process.stderr


@dataclass(frozen=True)
class Served:
    """A home while its servers run, which commands share: each language's in one process."""

    folder: Path
    sessions: dict[str, CliSession]

    def run(self, *arguments: str, language: str = FRENCH) -> tuple[int, str, str]:
        """Run `oim`; returns exit code, standard output and standard error."""
        result = self.sessions[language].run(*arguments)
        assert "Traceback" not in result.err
        return result.code, result.out, result.err

    def run_json(self, *arguments: str, language: str = FRENCH) -> Any:
        """Run a command with `--json` and parse its output."""
        code, out, err = self.run(*arguments, "--json", language=language)
        assert code == 0, err
        return json.loads(out)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home whose servers run, into which one file was ingested."""
    folder = tmp_path_factory.mktemp("flow")
    (folder / "offers.csv").write_text(OFFERS, encoding="utf-8")
    (folder / "profile.json").write_text(json.dumps(PROFILE), encoding="utf-8")
    settings = Settings(home=folder / "home")
    with (
        running_services(settings, ("postgres", "engine"), lambda _, **values: None, prepare_database),
        CliSession(folder, LANG=FRENCH) as french,
        CliSession(folder, LANG=ENGLISH) as english,
    ):
        served = Served(folder, {FRENCH: french, ENGLISH: english})
        counts = served.run_json("ingest", "file", "offers.csv")
        assert counts == {"read": 5, "new": 3, "changed": 0, "unchanged": 0, "rejected": 2, "held": 0}
        yield served


def test_ingesting_a_file_prints_guessed_columns_and_counts(served: Served) -> None:
    code, out, err = served.run("ingest", "file", "offers.csv")
    assert code == 0
    assert out.replace("\u00a0", " ").splitlines() == [
        "Offres lues : 5, dont nouvelles : 0, changées : 0, inchangées : 3, refusées : 2",
        "Pour voir ce qui a été refusé et pourquoi : oim ingest rejects",
    ]
    assert "Cette source n’est pas connue" in err
    assert "title            <- titre  (95%, le nom de la colonne le dit)" in err
    code, out, err = served.run("ingest", "file", "offers.csv", language=ENGLISH)
    assert out.splitlines()[0] == "5 read: 0 new, 0 changed, 3 unchanged, 2 rejected"
    assert "title            <- titre  (95%, the column's name says so)" in err


def test_a_file_ingested_again_is_unchanged(served: Served) -> None:
    result = served.run_json("ingest", "file", "offers.csv")
    assert result == {"read": 5, "new": 0, "changed": 0, "unchanged": 3, "rejected": 2, "held": 0}


def test_ingesting_a_file_prints_how_many_offers_are_held(served: Served) -> None:
    frauds = served.folder / "frauds.csv"
    frauds.write_text("id,titre,description\n1,Agent,Envoyez 10 000 F par Orange Money.\n", encoding="utf-8")
    result = served.run_json("ingest", "file", "frauds.csv")
    assert (result["new"], result["held"]) == (1, 1)
    frauds.write_text(frauds.read_text(encoding="utf-8").replace("\n1,", "\n2,"), encoding="utf-8")
    _, out, _ = served.run("ingest", "file", "frauds.csv", language=ENGLISH)
    assert "1 offer waits for your decision: oim trust queue" in out


def test_rejected_records_are_listed_with_their_reasons(served: Served) -> None:
    code, out, _ = served.run("ingest", "rejects", "--source", "offers")
    assert code == 0
    assert out.splitlines() == [
        "offers.csv, offre n°\u00a03\u00a0: L’offre n’a pas de titre.",
        "    3 | Une offre sans titre | Yaoundé | 2026-10-02",
        "offers.csv, offre n°\u00a04\u00a0: Le fichier donne cette offre deux fois. (id 1)",
        "    Couturière bis",
    ]
    result = served.run_json("ingest", "rejects", language=ENGLISH)
    assert [(item["number"], item["reason"], item["text"]) for item in result["rejects"]] == [
        (3, "no-title", "The offer has no title."),
        (4, "duplicate", "The file gives this offer twice."),
    ]
    assert served.run("ingest", "rejects", "--source", "nobody")[1].strip() == "Rien n’a été refusé."


def test_recommendations_by_words_are_printed_with_reasons(served: Served) -> None:
    code, out, _ = served.run("recommend", "--text", "couturière à Bafoussam", "--kind", "employment")
    assert code == 0
    lines = out.replace("\u00a0", " ").splitlines()
    assert lines[:3] == [
        " 1. [Emploi] Couturière",
        "    Employeur non indiqué · Bafoussam, Ouest",
        "    80 000 FCFA · Pas de date limite indiquée",
    ]
    assert "    + Vous avez parlé de : couturière" in lines
    assert any(line.startswith("    + Dans ") and line.endswith(" Bafoussam") for line in lines)
    assert "Pour de meilleures réponses" not in out  # no offer depends on what the profile lacks


def test_json_is_in_the_requested_language(served: Served) -> None:
    arguments = (
        "recommend",
        "--text",
        "couturière",
        "--region",
        "Extrême Nord",
        "--lang",
        "en",
        "--limit",
        "2",
    )
    result = served.run_json(*arguments)
    assert [item["rank"] for item in result["items"]] == list(range(1, len(result["items"]) + 1))
    assert result["items"][0]["title"] == "Couturière"
    assert result["items"][0]["reasons"][0]["text"] == "You mentioned: couturière"
    assert result["items"][0]["eligibility"] == {
        "state": "eligible",
        "almost": False,
        "missing": [],
        "ask": None,
    }


def test_a_profile_is_read_from_a_file(served: Served) -> None:
    result = served.run_json("recommend", "--profile", "profile.json", "--region", "West")
    assert [item["title"] for item in result["items"]] == ["Formation en couture"]
    assert [missing["code"] for missing in result["missing"]] == []


def test_arguments_that_are_not_utf8_are_accepted(served: Served) -> None:
    # As a program of its own: an argument is bytes only there.
    arguments = ("recommend", "--text", "couturi\xe8re soudeur".encode("latin-1"))
    code, _, err = oim(served.folder / "home", *arguments)
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--limit", "0"), "Demandez entre 1 et 50 offres."),
        (("--limit", "51"), "Demandez entre 1 et 50 offres."),
        (("--text", "x" * 4001), "Ce texte est trop long\u00a0: 4000 caractères au plus."),
    ],
)
def test_input_that_the_engine_refuses_exits_with_status_2(
    served: Served, arguments: tuple[str, ...], message: str
) -> None:
    assert served.run("recommend", *arguments) == (2, "", message + "\n")
