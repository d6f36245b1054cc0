"""An ingestion of real offers that is killed and run again ends like one that was never disturbed."""

import csv
import json
import signal
from contextlib import contextmanager
from itertools import islice
from urllib.request import Request

import psutil
import psycopg
import pytest
from cli_session import CliSession
from journey_stack import SURROUNDINGS, asked, kill_tree, launch, wait_until

from oim.apps.cli.database import prepare_database
from oim.apps.up import running_services
from oim.kit.settings import Settings

LINES = 80  # three steps of the index, so that some wait for the last while the second is made
COPIES = 6  # lines with one text, which is embedded once for all: what an ingestion takes most time for
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
    with (shared_data / "offers" / file.name).open(encoding="utf-8", newline="") as whole:
        write_lines(file, islice(csv.reader(whole), LINES + 1))
    return file


@pytest.fixture
def repeated_offers(offers):
    """The same lines under their own identifiers, with all else of the first of each few."""
    with offers.open(encoding="utf-8", newline="") as whole:
        names, *lines = csv.reader(whole)
    identifier = names.index("hash_id")
    repeated = [list(lines[number - number % COPIES]) for number in range(LINES)]
    for line, own in zip(repeated, lines, strict=True):
        line[identifier] = own[identifier]
    write_lines(offers, [names, *repeated])
    return offers


def write_lines(file, lines):
    with file.open("w", encoding="utf-8", newline="") as part:
        csv.writer(part).writerows(lines)


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
        # Of a stack that was killed the file is still there.
        wait_until(lambda: psutil.pid_exists(state(home).get("pid", -1)))
        with psycopg.connect(state(home)["urls"]["database_url"]) as database:
            if kept_from:
                database.execute(f"LOCK TABLE {kept_from} IN SHARE MODE")
            wait_until(lambda: database.execute(moment).fetchone()[0])
            process.send_signal(signal.SIGSTOP)
            assert database.execute(moment).fetchone()[0]
    finally:
        kill_tree(process)


def kill_twice(home, file):
    """Kill an ingestion while it reads, and another one while it indexes."""
    kill_when(READING, home, file, kept_from="opportunities")
    kill_when(INDEXING, home, file)


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


@pytest.fixture
def disturbed(tmp_path):
    """A home whose database has the newest schema: what is killed on it reads or indexes."""
    home = tmp_path / "disturbed"
    with running_services(Settings(home=home), ("postgres",), quiet, prepare_database):
        return home


def ingest_undisturbed(home, offers):
    """Ingest on a new home, and return what is stored then."""
    with served(home) as held, commands(home) as session:
        assert ingest(session, offers)["new"] == LINES
        stored = held()
    assert_whole(stored)
    return stored


def assert_whole(stored):
    assert (len(stored["offers"]), stored["indexed"], stored["waiting"]) == (LINES, LINES, [])


def finish(held, home, offers):
    """Ingest twice where runs were killed, and return what is stored after each."""
    with commands(home) as session:
        ingest(session, offers)
        first = held()
        again = ingest(session, offers)
        assert (again["read"], again["unchanged"]) == (LINES, LINES)
        return first, held()


@pytest.mark.shared_data
def test_an_ingestion_killed_twice_is_finished_by_the_next(disturbed, repeated_offers):
    """The runs are killed, the servers go on; the drill kills those too, and compares with another home."""
    with served(disturbed) as held:
        kill_twice(disturbed, repeated_offers)
        first, second = finish(held, disturbed, repeated_offers)
    assert_whole(first)
    assert second == first


@pytest.mark.shared_data
@pytest.mark.drill
def test_an_ingestion_killed_twice_with_its_servers_ends_like_an_undisturbed_one(disturbed, offers, tmp_path):
    expected = ingest_undisturbed(tmp_path / "undisturbed", offers)
    kill_twice(disturbed, offers)
    with served(disturbed) as held:
        assert finish(held, disturbed, offers) == (expected, expected)
