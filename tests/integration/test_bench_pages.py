"""What the benchmark of the pages consists of runs: a second engine, a bare endpoint, and their loads."""

import shutil
from pathlib import Path

import pytest
from bench import engine
from bench.load import Request, load_server
from bench.pages import place_beside, serve_bare

from oim.features.ingestion import ingest_offers
from oim.features.opportunities import Draft, Kind
from oim.kit.db import Database
from oim.kit.settings import Settings


def test_an_engine_beside_recommends_the_offers_of_the_database(
    database: Database, postgres: str, ring_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = Draft(kind=Kind.EMPLOYMENT, external_id="1", title="Soudeur")
    ingest_offers(database, [draft], source="test", origin="test", format_name="test")
    settings = Settings(home=tmp_path / "home", database_url=postgres)
    settings.ring_file.parent.mkdir(parents=True)
    shutil.copy(ring_file, settings.ring_file)
    monkeypatch.setattr(engine, "_opened", [])
    engine.open_engine(place_beside(settings, tmp_path))
    try:
        assert engine.load_engine(["soudeur"], 1, seconds=0).per_second > 0
    finally:
        # In the benchmark the process ends. Here connections would be left open for the tests after it.
        [opened] = engine._opened
        opened.close()
        opened._database.close()
    assert (tmp_path / "beside" / "index").exists()


def test_a_bare_endpoint_repeats_an_answer() -> None:
    with serve_bare({"/fr/": (b"Bonjour", {"Content-Type": "text/plain"})}) as port:
        assert load_server(port, [Request("GET", "/fr/")], seconds=0).per_second > 0
