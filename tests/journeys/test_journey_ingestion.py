"""An ingestion of real offers that is killed and run again ends like one that was never disturbed."""

import csv
import json
import signal
from contextlib import contextmanager
from itertools import islice
from urllib.request import Request

import psycopg
import pytest
from cli_session import CliSession
from journey_stack import SURROUNDINGS, asked, kill_tree, launch, wait_until

from oim.apps.cli.database import prepare_database
from oim.apps.up import running_services
from oim.kit.settings import Settings

LINES = 48  # more than are indexed in one step, so that some wait between two steps
READING = "SELECT count(*) = 1 FROM ingest_runs WHERE finished_at IS NULL"
# Rows of the outbox that the index has not got yet.
WAITING = "FROM outbox WHERE coalesce(position > (SELECT max(position) FROM consumer_offsets), true)"
INDEXING = f"SELECT count(*) BETWEEN 1 AND {LINES - 1} {WAITING}"
HELD = {
    "offers": "SELECT id, content_hash FROM opportunities ORDER BY id",
    "organisations": "SELECT name_key FROM organisations ORDER BY name_key",
    "sources": "SELECT slug FROM sources",
    "vectors": "SELECT text_hash FROM offer_vectors ORDER BY text_hash",
    "waiting": f"SELECT key {WAITING}",
}


@pytest.fixture
def offers(shared_data, tmp_path):
    """A file with the first lines of a real one."""
    file = tmp_path / "france_travail.csv"
    with (
        (shared_data / "offers" / file.name).open(encoding="utf-8", newline="") as whole,
        file.open("w", encoding="utf-8", newline="") as part,
    ):
        csv.writer(part).writerows(islice(csv.reader(whole), LINES + 1))
    return file


def command(file):
    return ("ingest", "file", str(file), "--source", "france-travail", "--json")


def commands(home):
    return CliSession(home.parent, **SURROUNDINGS, OIM_HOME=str(home))


def ingest(session, file):
    """Ingest in a session of commands, and return the counts."""
    result = session.run(*command(file))
    assert result.code == 0, result.err
    return json.loads(result.out)


def kill_when(moment, home, file, kept_from=""):
    """Ingest on a home; kill the run and the servers it started when `moment` is true in the database.

    Until then the run cannot change the table `kept_from`: without it the moment may be too short to be seen.
    """
    process = launch(home, *command(file))
    try:
        wait_until(lambda: state(home).get("pid") == process.pid)
        with psycopg.connect(state(home)["urls"]["database_url"]) as database:
            if kept_from:
                database.execute(f"LOCK TABLE {kept_from} IN SHARE MODE")
            wait_until(lambda: database.execute(moment).fetchone()[0])
            process.send_signal(signal.SIGSTOP)
            assert database.execute(moment).fetchone()[0]
    finally:
        kill_tree(process)


def state(home):
    file = home / "run" / "stack.json"
    return json.loads(file.read_text()) if file.exists() else {}


def quiet(_, **values):
    pass


@contextmanager
def served(home):
    """Start the servers of a home for the block; yields a function that reads what they store."""
    with running_services(Settings(home=home), ("postgres", "engine"), quiet, prepare_database) as settings:
        token = {"Authorization": f"Bearer {settings.engine_token.get_secret_value()}"}
        health = Request(f"{settings.engine_url}/health", headers=token)

        def held():
            with psycopg.connect(settings.database_url) as database:
                found = {name: database.execute(query).fetchall() for name, query in HELD.items()}
            return {**found, "indexed": asked(health)["offers"]}

        yield held


@pytest.mark.shared_data
def test_an_ingestion_killed_twice_ends_like_an_undisturbed_one(offers, tmp_path):
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    kill_when(READING, disturbed, offers, kept_from="opportunities")
    kill_when(INDEXING, disturbed, offers)
    with served(undisturbed) as held, commands(undisturbed) as session:
        assert ingest(session, offers)["new"] == LINES
        expected = held()
    assert (len(expected["offers"]), expected["indexed"], expected["waiting"]) == (LINES, LINES, [])
    with served(disturbed) as held, commands(disturbed) as session:
        ingest(session, offers)
        assert held() == expected
        again = ingest(session, offers)
        assert (again["read"], again["unchanged"]) == (LINES, LINES)
        assert held() == expected
