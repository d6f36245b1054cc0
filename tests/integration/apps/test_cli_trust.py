"""`oim trust`: what it prints and what it changes, as lines and as JSON."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from trust_factory import FEE, FRAUD, HONEST, id_of, ingest_drafts, standing_of

from oim.apps.cli import trust as commands
from oim.features import trust
from oim.features.opportunities import Trust
from oim.kit.db import Database
from oim.kit.errors import BadInputError, NotFoundError


@pytest.fixture(autouse=True)
def settings(
    tmp_path: Path, ring_file: Path, monkeypatch: pytest.MonkeyPatch, database: Database, postgres: str
) -> None:
    """Two offers, and settings that name the database of the suite and its keys."""
    monkeypatch.setenv("OIM_DATABASE_URL", postgres)
    monkeypatch.setenv("OIM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OIM_KEYS_URL", ring_file.as_uri())
    ingest_drafts(database, HONEST, FRAUD)


def test_sources_and_organisations_are_marked_as_trusted(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.known("portal")
    assert standing_of(database, HONEST).trust is Trust.KNOWN
    commands.verify("atelier mbo")
    assert standing_of(database, HONEST).trust is Trust.VERIFIED
    commands.unverify("Atelier Mbo")
    assert standing_of(database, HONEST).trust is Trust.KNOWN
    capsys.readouterr()
    commands.sources(json_=True)
    assert json.loads(capsys.readouterr().out) == {
        "sources": [{"source": "portal", "known": True, "offers": 2, "held": 1, "open": 1, "unanswerable": 1}]
    }
    commands.unknown("portal")
    commands.sources()
    assert "portal  " in capsys.readouterr().out
    assert standing_of(database, HONEST).trust is Trust.UNKNOWN


def test_the_queue_shows_warnings_and_reports(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with database.write() as session:
        trust.report_offer(
            session, id_of(FRAUD), "money_asked", "Ils m’ont appelé.", trust.Reporter(b"someone", b"someone")
        )
    commands.queue(json_=True)
    [row] = json.loads(capsys.readouterr().out)["offers"]
    assert (row["id"], row["held"], row["trust"]) == (str(id_of(FRAUD)), True, "unknown")
    assert row["warnings"] == [{"code": "fee", "excerpt": FEE}]
    assert (row["reports"], row["words"]) == ({"money_asked": 1}, ["Ils m’ont appelé."])
    commands.queue()
    printed = capsys.readouterr().out
    assert str(id_of(FRAUD)) in printed
    assert FEE in printed
    assert "1 × " in printed
    assert "Ils m’ont appelé." in printed


def test_offers_are_released_and_withdrawn(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    commands.release(str(id_of(FRAUD)), note="vu")
    assert standing_of(database, FRAUD).released_at
    commands.withdraw(str(id_of(HONEST)))
    assert standing_of(database, HONEST).withdrawn_at
    capsys.readouterr()
    commands.queue()
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_unknown_names_and_ids_are_refused() -> None:
    with pytest.raises(NotFoundError):
        commands.known("none")
    with pytest.raises(NotFoundError, match=r"\.$"):  # nothing here resembles it
        commands.verify("Nobody")
    with pytest.raises(NotFoundError, match=r"Did you mean: portal\?"):
        commands.known("Pòrtail")
    with pytest.raises(NotFoundError, match=r"Did you mean: Atelier Mbo\?"):
        commands.verify("atelier mboh")
    with pytest.raises(NotFoundError):
        commands.release(str(uuid4()))
    with pytest.raises(BadInputError):
        commands.release("not an id")
