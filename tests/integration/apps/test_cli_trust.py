"""`oim trust`: what it prints and what it changes, as lines and as JSON."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from trust_factory import FEE, FRAUD, HONEST, id_of, standing_of, taken_in

from oim.apps.cli import trust as verbs
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
    monkeypatch.setenv("OIM_KEYS", str(ring_file))
    taken_in(database, HONEST, FRAUD)


def test_a_source_and_an_organisation_are_marked(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    verbs.known("portal")
    assert standing_of(database, HONEST).trust is Trust.KNOWN
    verbs.verify("atelier mbo")
    assert standing_of(database, HONEST).trust is Trust.VERIFIED
    verbs.unverify("Atelier Mbo")
    assert standing_of(database, HONEST).trust is Trust.KNOWN
    capsys.readouterr()
    verbs.sources(json_=True)
    assert json.loads(capsys.readouterr().out) == [
        {"source": "portal", "known": True, "offers": 2, "held": 1}
    ]
    verbs.unknown("portal")
    verbs.sources()
    assert "portal  " in capsys.readouterr().out
    assert standing_of(database, HONEST).trust is Trust.UNKNOWN


def test_the_queue_tells_what_warns(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with database.write() as session:
        trust.report_offer(
            session, id_of(FRAUD), "money_asked", "Ils m’ont appelé.", trust.Reporter(b"someone", None)
        )
    verbs.queue(json_=True)
    [row] = json.loads(capsys.readouterr().out)
    assert (row["id"], row["held"], row["trust"]) == (str(id_of(FRAUD)), True, "unknown")
    assert row["warnings"] == [{"code": "fee", "excerpt": FEE}]
    assert (row["reports"], row["words"]) == ({"money_asked": 1}, ["Ils m’ont appelé."])
    verbs.queue()
    told = capsys.readouterr().out
    assert str(id_of(FRAUD)) in told
    assert FEE in told
    assert "1 × " in told
    assert "Ils m’ont appelé." in told


def test_offers_are_released_and_withdrawn(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    verbs.release(str(id_of(FRAUD)), note="vu")
    assert standing_of(database, FRAUD).released_at
    verbs.withdraw(str(id_of(HONEST)))
    assert standing_of(database, HONEST).withdrawn_at
    capsys.readouterr()
    verbs.queue()
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_what_is_not_here_is_told() -> None:
    with pytest.raises(NotFoundError):
        verbs.known("none")
    with pytest.raises(NotFoundError):
        verbs.verify("Nobody")
    with pytest.raises(NotFoundError):
        verbs.release(str(uuid4()))
    with pytest.raises(BadInputError):
        verbs.release("not an id")
