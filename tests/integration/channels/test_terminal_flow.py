"""`oim` as people run it: offers in, refusals shown, recommendations out, on a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.kit.settings import Settings

OIM = Path(sys.executable).with_name("oim")
OFFERS = """id,titre,description,ville,salaire,date
1,Couturière,Atelier cherche une couturière pour robes et uniformes.,Bafoussam,80 000 FCFA,2026-10-01
2,Soudeur,Soudure à l'arc sur chantier.,Douala,120000,2026-10-02
3,,Une offre sans titre,Yaoundé,,2026-10-02
1,Couturière bis,Doublon,Bafoussam,,2026-10-03
4,Formation en couture,Apprendre la couture en six mois.,Bafoussam,,2026-10-01
"""
PROFILE = {"text": "je veux apprendre la couture", "birth_year": 2000, "limit": 1}


def oim(home: Path, *arguments: str | bytes, language: str = "fr_FR.UTF-8") -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "OIM_"))}
    done = subprocess.run(
        [OIM, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=home.parent,
        timeout=120,
        env=kept | {"OIM_HOME": str(home), "LANG": language},
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def answered(home: Path, *arguments: str | bytes, language: str = "fr_FR.UTF-8") -> Any:
    """What a command prints as JSON."""
    code, out, err = oim(home, *arguments, "--json", language=language)
    assert code == 0, err
    return json.loads(out)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home on which one file was taken in twice, by commands that started their own servers."""
    place = tmp_path_factory.mktemp("flow") / "home"
    (place.parent / "offers.csv").write_text(OFFERS, encoding="utf-8")
    (place.parent / "profile.json").write_text(json.dumps(PROFILE), encoding="utf-8")
    first = answered(place, "ingest", "file", "offers.csv")
    assert first == {"read": 5, "new": 3, "changed": 0, "unchanged": 0, "rejected": 2, "held": 0}
    second = answered(place, "ingest", "file", "offers.csv")
    assert second == {"read": 5, "new": 0, "changed": 0, "unchanged": 3, "rejected": 2, "held": 0}
    return place


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Path]:
    """The same home while its servers run, which commands then share."""
    with running_services(
        Settings(home=home), ("postgres", "engine"), lambda _, **values: None, prepare_database
    ):
        yield home


def test_taking_in_says_what_was_guessed_and_counted(served: Path) -> None:
    code, out, err = oim(served, "ingest", "file", "offers.csv")
    assert code == 0
    assert out.replace("\u00a0", " ").splitlines() == [
        "Offres lues : 5, dont nouvelles : 0, changées : 0, inchangées : 3, refusées : 2",
        "Pour voir ce qui a été refusé et pourquoi : oim ingest rejects",
    ]
    assert "Cette source n’est pas connue" in err
    assert "title            <- titre  (95%, le nom de la colonne le dit)" in err
    code, out, err = oim(served, "ingest", "file", "offers.csv", language="en_GB.UTF-8")
    assert out.splitlines()[0] == "5 read: 0 new, 0 changed, 3 unchanged, 2 rejected"
    assert "title            <- titre  (95%, the column's name says so)" in err


def test_taking_in_says_what_is_held(served: Path) -> None:
    frauds = served.parent / "frauds.csv"
    frauds.write_text("id,titre,description\n1,Agent,Envoyez 10 000 F par Orange Money.\n", encoding="utf-8")
    told = answered(served, "ingest", "file", "frauds.csv")
    assert (told["new"], told["held"]) == (1, 1)
    frauds.write_text(frauds.read_text(encoding="utf-8").replace("\n1,", "\n2,"), encoding="utf-8")
    _, out, _ = oim(served, "ingest", "file", "frauds.csv", language="en_GB.UTF-8")
    assert "1 offer is held until you decide: oim trust queue" in out


def test_refusals_are_told_in_words(served: Path) -> None:
    code, out, _ = oim(served, "ingest", "rejects", "--source", "offers")
    assert code == 0
    assert out.splitlines() == [
        "offers.csv:3  L’offre n’a pas de titre.",
        "    3 | Une offre sans titre | Yaoundé | 2026-10-02",
        "offers.csv:4  Le fichier donne cette offre deux fois. (id 1)",
        "    Couturière bis",
    ]
    told = answered(served, "ingest", "rejects", language="en_GB.UTF-8")
    assert [(one["number"], one["reason"], one["text"]) for one in told] == [
        (3, "no-title", "The offer has no title."),
        (4, "duplicate", "The file gives this offer twice."),
    ]
    assert oim(served, "ingest", "rejects", "--source", "nobody")[1].strip() == "Rien n’a été refusé."


def test_words_find_offers_and_reasons_are_told(served: Path) -> None:
    code, out, _ = oim(served, "recommend", "--text", "couturière à Bafoussam", "--kind", "employment")
    assert code == 0
    lines = out.replace("\u00a0", " ").splitlines()
    assert lines[:3] == [
        " 1. [Emploi] Couturière",
        "    Employeur non indiqué · Bafoussam, Ouest",
        "    80 000 FCFA · Pas de date limite indiquée",
    ]
    assert "    + Vous avez parlé de : couturière" in lines
    assert any(line.startswith("    + Dans ") and line.endswith(" Bafoussam") for line in lines)
    assert "Pour de meilleures réponses" not in out  # no offer hangs on what they have not told


def test_json_is_in_the_language_asked_for(served: Path) -> None:
    asked = ("recommend", "--text", "couturière", "--region", "Extrême Nord", "--lang", "en", "--limit", "2")
    told = answered(served, *asked)
    assert [item["rank"] for item in told["items"]] == list(range(1, len(told["items"]) + 1))
    assert told["items"][0]["title"] == "Couturière"
    assert told["items"][0]["reasons"][0]["text"] == "You mentioned: couturière"
    assert told["items"][0]["eligibility"] == {
        "state": "eligible",
        "almost": False,
        "missing": [],
        "ask": None,
    }


def test_a_profile_of_a_file_is_followed(served: Path) -> None:
    told = answered(served, "recommend", "--profile", "profile.json", "--region", "West")
    assert [item["title"] for item in told["items"]] == ["Formation en couture"]
    assert [missing["code"] for missing in told["missing"]] == []


def test_bytes_that_are_no_text_are_read_around(served: Path) -> None:
    code, _, err = oim(served, "recommend", "--text", "couturi\xe8re soudeur".encode("latin-1"))
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--limit", "0"), "Demandez entre 1 et 50 offres."),
        (("--limit", "51"), "Demandez entre 1 et 50 offres."),
        (("--text", "x" * 4001), "Ce texte est trop long\u00a0: 4000 caractères au plus."),
    ],
)
def test_what_the_engine_refuses_is_bad_input(served: Path, arguments: tuple[str, ...], said: str) -> None:
    assert oim(served, "recommend", *arguments) == (2, "", said + "\n")
