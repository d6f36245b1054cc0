"""The embedded stack from start to stop: progress, signals, ports, a second start."""

import http.client
import json
import os
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from up_tools import CHILDREN, child_pid, still_running, wait_until

from oim.apps.up import postgres, run_stack, running_services, valkey
from oim.apps.up.command_prefixes import die_with_parent
from oim.apps.up.ports import LOOPBACK, free_port
from oim.kit.errors import ConflictError
from oim.kit.settings import Settings


def do_nothing(_):
    pass


def status(address):
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)
    connection.request("GET", "/healthz")
    with connection.getresponse() as reply:
        connection.close()
        return reply.status


def test_servers_run_during_the_block_and_stop_after_it(tmp_path):
    home = tmp_path / "new"
    with running_services(Settings(home=home), ["postgres", "valkey"], do_nothing) as settings:
        # 'É' > 'z' tells C.UTF-8, which compares code points, from the locales of natural languages.
        with psycopg.connect(settings.database_url) as connection:
            row = connection.execute(
                "SELECT current_database(), datlocale, pg_encoding_to_char(encoding), 'É' > 'z' "
                "FROM pg_database WHERE datname = current_database()"
            ).fetchone()
        with redis.Redis.from_url(settings.valkey_url) as client:
            assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert row == ("oim", "C.UTF-8", "UTF8", True)
        assert still_running(home) == ["postgres", "valkey"]
    assert still_running(home) == []
    assert not (home / "run" / "stack.json").exists()


def test_servers_require_their_password(home):
    with running_services(Settings(home=home), ["postgres", "valkey"], do_nothing) as settings:
        port = psycopg.conninfo.conninfo_to_dict(settings.database_url)["port"]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=port, user="oim", password="guessed", dbname="oim")
        port = redis.connection.parse_url(settings.valkey_url)["port"]
        stranger = redis.Redis(port=port, retry=Retry(NoBackoff(), 0))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.get("anything")
        # Every user of the machine can read a command line. Without /proc there is nothing to check.
        command_line = Path(f"/proc/{child_pid(home, 'valkey')}/cmdline")
        assert not command_line.exists() or "requirepass" not in command_line.read_text()
    for name in ("secrets.json", "valkey.conf"):
        assert (home / "run" / name).stat().st_mode & 0o077 == 0


def test_configured_servers_are_used_and_not_started(tmp_path):
    home = tmp_path / "new"
    configured_urls = {"database_url": "postgresql://their.example/db", "valkey_url": "redis://their.example"}
    settings = Settings(home=home, **configured_urls)
    prepared = []
    with running_services(settings, ["postgres", "valkey"], do_nothing, prepared.append) as resolved:
        assert resolved == settings
    assert prepared == [settings]
    assert not home.exists()


def test_up_reports_progress_and_ctrl_c_stops_everything(home, supervise):
    supervisor = supervise()
    address = supervisor.wait_for("OIM runs").split()[2]
    assert status(address) == 200
    assert still_running(home) == list(CHILDREN)
    groups = {os.getpgid(child_pid(home, name)) for name in CHILDREN}
    assert os.getpgid(supervisor.process.pid) not in groups  # the terminal's Ctrl-C does not reach a child
    state = home / "run" / "stack.json"
    assert state.stat().st_mode & 0o777 == 0o600
    assert json.loads(state.read_text())["pid"] == supervisor.process.pid
    assert supervisor.end(signal.SIGINT) == 0
    assert supervisor.lines == [
        "Starting the database",
        "prepared",
        "Starting the message store",
        "Starting the matching engine",
        "Starting the web pages and the API",
        "Starting the workers",
        "first start",
        f"OIM runs: {address} (Ctrl-C stops it)",
        "Stopping",
    ]
    assert still_running(home) == []
    assert not state.exists()


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Starting the database", signal.SIGINT),
        ("Starting the matching", signal.SIGTERM),
        ("first start", signal.SIGINT),
    ],
)
def test_a_signal_during_the_start_stops_everything(tmp_path, supervise, word, number):
    home = tmp_path / "new"
    supervisor = supervise(home, pause=60)
    supervisor.wait_for(word)
    assert supervisor.end(number) == 0
    assert still_running(home) == []


@pytest.mark.skipif(not die_with_parent(signal.SIGTERM), reason="this system has no setpriv --pdeathsig")
def test_children_end_when_only_the_supervisor_is_killed(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    supervisor.end(signal.SIGKILL)
    wait_until(lambda: not still_running(home))
    next_supervisor = supervise()
    next_supervisor.wait_for("OIM runs")
    assert next_supervisor.end() == 0


def test_a_second_start_on_the_same_data_is_refused_at_once(home, supervise):
    supervisor = supervise()
    address = supervisor.wait_for("OIM runs").split()[2]
    before = {name: child_pid(home, name) for name in CHILDREN}
    with pytest.raises(ConflictError, match=rf"already runs.*pid {supervisor.process.pid}, {address}\)"):
        run_stack(Settings(home=home), do_nothing, do_nothing, print, print)
    assert {name: child_pid(home, name) for name in CHILDREN} == before
    assert supervisor.end() == 0


def test_a_second_start_is_refused_while_the_first_one_starts(home, supervise):
    supervisor = supervise(pause=60)
    supervisor.wait_for("first start")
    with pytest.raises(ConflictError, match=rf"pid {supervisor.process.pid}\)"):
        run_stack(Settings(home=home), do_nothing, do_nothing, print, print)


@pytest.mark.parametrize("module", [postgres, valkey])
def test_a_port_taken_at_the_last_moment_is_replaced_by_another(home, monkeypatch, module):
    # The first port that is chosen is in use: as if another process had bound it after the choice.
    with socket.create_server((LOOPBACK, 0)) as taker:
        ports = iter([taker.getsockname()[1], free_port(), free_port()])
        monkeypatch.setattr(module, "free_port", lambda: next(ports))
        with running_services(Settings(home=home), ["postgres", "valkey"], do_nothing):
            assert still_running(home) == ["postgres", "valkey"]


def test_other_servers_on_the_usual_ports_do_not_interfere(home, supervise):
    with ExitStack() as strangers:
        for port in (5432, 6379, 8000):
            stranger = strangers.enter_context(socket.socket())
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                stranger.bind(("127.0.0.1", port))
                stranger.listen()
            except OSError:
                continue  # somebody else's is there already, which serves as well
        supervisor = supervise(port=8000)
        address = supervisor.wait_for("OIM runs").split()[2]
        assert "Port 8000 was taken" in supervisor.lines
        assert address != "http://127.0.0.1:8000"
        assert status(address) == 200
        assert supervisor.end() == 0
