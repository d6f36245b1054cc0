"""The embedded stack after kills, broken files, lost passwords and failed starts."""

import os
import signal
import subprocess
from urllib.request import urlopen

import psycopg
import pytest
import redis
from bench.superuser import superuser_url
from up_tools import CHILDREN, child_pid, kill_all, read_parts, still_running, wait_until

from oim.apps.up import running_services
from oim.apps.up.command_prefixes import choose_unprivileged, die_with_parent
from oim.apps.up.ports import free_port
from oim.apps.up.postgres import find_programs
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.settings import Settings

BOTH = ("postgres", "valkey")
STOPPED = {
    "postgres": "The database stopped",
    "valkey": "The message store stopped",
    "worker": "The workers stopped",
}


def do_nothing(_):
    pass


def serve(home, services=BOTH):
    return running_services(Settings(home=home), services, do_nothing)


def store_word(settings, word):
    with psycopg.connect(superuser_url(settings)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])
    if settings.valkey_url.startswith("redis"):
        with redis.Redis.from_url(settings.valkey_url) as client:
            client.rpush("words", word)


def load_words(settings):
    with psycopg.connect(superuser_url(settings)) as connection:
        rows = connection.execute("SELECT word FROM words").fetchall()
    with redis.Redis.from_url(settings.valkey_url, decode_responses=True) as client:
        return [word for (word,) in rows], client.lrange("words", 0, -1)


def test_committed_data_survives_killing_every_process(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    with serve(home) as settings:
        store_word(settings, "bois")
    kill_all(supervisor)
    with serve(home) as settings:
        assert load_words(settings) == (["bois"], ["bois"])


def test_a_half_written_valkey_file_is_loaded_to_its_last_whole_command(home):
    with serve(home) as settings:
        store_word(settings, "fer")
    (log,) = (home / "valkey" / "appendonlydir").glob("*.incr.aof")
    # The beginning of `RPUSH words ...` in Valkey's protocol, as a kill in the middle of a write leaves it.
    with log.open("ab") as end:
        end.write(b"*3\r\n$5\r\nRPUSH\r\n$5\r\nwor")
    with serve(home) as settings:
        assert load_words(settings) == (["fer"], ["fer"])


# The pid of a live process that is no server (this one), no pid at all, and a pid beyond the usual maximum.
@pytest.mark.parametrize("content", ["{here}\nold\n", "", "4194303\n"])
def test_a_stale_pid_file_does_not_prevent_a_start(home, content):
    (home / "postgres" / "postmaster.pid").write_text(content.format(here=os.getpid()))
    with serve(home, ["postgres"]) as settings:
        store_word(settings, "sable")


def test_a_postgres_that_somebody_started_by_hand_is_left_alone(home):
    server, data = find_programs(None) / "postgres", home / "postgres"
    command = [*choose_unprivileged(server, data), *die_with_parent(signal.SIGINT), str(server)]
    options = ["-D", str(data), f"--port={free_port()}", "--unix_socket_directories="]
    with subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL) as other:
        try:
            wait_until((data / "postmaster.pid").exists)
            with pytest.raises(ConflictError, match=f"process {other.pid}"), serve(home, ["postgres"]):
                pass
            assert other.poll() is None
        finally:
            other.send_signal(signal.SIGINT)


def test_a_lost_password_is_replaced(home):
    with serve(home) as settings:
        store_word(settings, "terre")
    (home / "run" / "secrets.json").unlink()
    with serve(home) as settings:
        assert load_words(settings) == (["terre"], ["terre"])


def test_the_error_for_a_wrong_password_says_how_to_set_a_new_one(home):
    secrets = home / "run" / "secrets.json"
    secrets.write_text('{"postgres": "another"}')
    with pytest.raises(ConflictError, match="Delete this file"), serve(home, ["postgres"]):
        pass
    assert still_running(home) == []
    secrets.unlink()
    with serve(home, ["postgres"]) as settings:
        store_word(settings, "eau")


def test_a_dead_child_is_restarted_with_its_data(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    with serve(home) as settings:
        store_word(settings, "feu")
        for name, message in STOPPED.items():
            # "killed" is not "restarted": wait for the message, then for another pid in the lock file.
            before = child_pid(home, name)
            os.kill(before, signal.SIGKILL)
            supervisor.wait_for(message)
            wait_until(lambda name=name, before=before: child_pid(home, name) != before)
        wait_until(lambda: _answers(settings))
        assert load_words(settings) == (["feu"], ["feu"])
    assert supervisor.end() == 0


def _answers(settings):
    try:
        return bool(load_words(settings))
    except (psycopg.OperationalError, redis.RedisError):
        return False


def test_a_child_that_dies_twenty_times_leaves_the_others_alone(home, supervise):
    supervisor = supervise()
    address = supervisor.wait_for("OIM runs").split()[2]
    others = {name: child_pid(home, name) for name in CHILDREN if name != "worker"}
    for _ in range(20):
        before = child_pid(home, "worker")
        os.kill(before, signal.SIGKILL)
        supervisor.wait_for("The workers stopped")
        with urlopen(f"{address}/healthz", timeout=30) as answer:
            assert answer.status == 200
        supervisor.wait_for("The workers work again")
    assert {name: child_pid(home, name) for name in others} == others
    wait_until(lambda: read_parts(home)["worker"] == {"ready": True})
    assert supervisor.end() == 0
    assert read_parts(home) == {}


def test_a_child_that_is_not_ready_is_said_to_be(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    # A folder in the place of its log: it cannot be started until that is gone.
    log = home / "log" / "worker.log"
    log.unlink()
    log.mkdir()
    os.kill(child_pid(home, "worker"), signal.SIGKILL)
    wait_until(lambda: read_parts(home).get("worker", {}).get("cause") == "not ready")
    fault = read_parts(home)["worker"]
    assert "is not a folder" in fault["line"] or "worker.log" in fault["line"]
    assert read_parts(home)["site"] == {"ready": True}
    log.rmdir()
    supervisor.wait_for("The workers work again")
    wait_until(lambda: read_parts(home)["worker"] == {"ready": True})


def test_data_of_another_release_is_refused(home):
    (home / "postgres" / "PG_VERSION").write_text("99\n")
    with (
        pytest.raises(ConflictError, match="OIM_POSTGRES_BIN to the programs of 99"),
        serve(home, ["postgres"]),
    ):
        pass


def test_a_failed_initdb_leaves_no_data_and_quotes_the_reason(tmp_path):
    home = tmp_path / "new"
    # Stand-ins for PostgreSQL's programs: a disk that is full cannot be had in a test.
    programs = tmp_path / "programs" / "bin"
    programs.mkdir(parents=True)
    full = "echo 'could not write: No space left on device' >&2; exit 1"
    for name, body in (("postgres", "echo 'postgres (PostgreSQL) 18.6'"), ("initdb", full)):
        (programs / name).write_text(f"#!/bin/sh\n{body}\n")
        (programs / name).chmod(0o755)
    settings = Settings(home=home, postgres_bin=programs)
    with (
        pytest.raises(UnavailableError, match=r"No space left on device\nMend this"),
        running_services(settings, ["postgres"], do_nothing),
    ):
        pass
    assert sorted(place.name for place in home.iterdir()) == ["log", "run", "valkey"]


def test_leftovers_of_an_interrupted_creation_are_deleted(tmp_path):
    home = tmp_path / "new"
    leftover = home / "postgres.new.dead" / "data"
    leftover.mkdir(parents=True)
    with serve(home, ["postgres"]) as settings:
        store_word(settings, "air")
    assert not leftover.exists()
