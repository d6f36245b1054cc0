"""The embedded stack shared by several commands on one home."""

import psycopg
import pytest
from up_tools import still_running, wait_until

from oim.apps.up import running_services, stack
from oim.kit.errors import ConflictError
from oim.kit.settings import Settings


def do_nothing(_):
    pass


def answers(settings):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_a_command_joins_a_running_stack_without_preparing_again(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    prepared = []
    services = ["postgres", "valkey", "engine"]
    with running_services(Settings(home=home), services, do_nothing, prepared.append) as settings:
        assert settings.engine_url.startswith("http://127.0.0.1:")
        assert settings.engine_token.get_secret_value()
        assert answers(settings)
    assert prepared == []
    assert supervisor.end() == 0


def test_up_does_not_wait_for_other_commands(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    # Ctrl-C at `oim up` means now: the command that joined loses its servers.
    with running_services(Settings(home=home), ["postgres"], do_nothing):
        assert supervisor.end() == 0
        assert still_running(home) == []


def test_a_command_waits_for_a_starting_stack(home, supervise):
    # The pause keeps the stack from publishing its state while the command below already waits.
    supervisor = supervise(pause=1)
    supervisor.wait_for("first start")
    with running_services(Settings(home=home), ["postgres"], do_nothing) as settings:
        assert answers(settings)
    supervisor.wait_for("OIM runs")
    assert supervisor.end() == 0


def test_a_command_stops_its_servers_after_the_commands_that_joined(home, supervise):
    command = supervise(verb="verb", pause=0.5)
    command.wait_for("OIM runs")
    with running_services(Settings(home=home), ["postgres"], do_nothing) as settings:
        command.wait_for("Waiting for other commands")
        assert still_running(home) == ["postgres", "valkey"]
        assert answers(settings)
    command.wait_for("ended")
    assert still_running(home) == []


def test_a_command_that_needs_more_services_waits_and_gives_up(home, supervise, monkeypatch):
    # The running command has no engine, and will not get one: waiting cannot help.
    monkeypatch.setattr(stack, "START_TIMEOUT", 0.3)
    command = supervise(verb="verb", pause=60)
    command.wait_for("OIM runs")
    with (
        pytest.raises(ConflictError, match=f"process {command.process.pid}"),
        running_services(Settings(home=home), ["postgres", "engine"], do_nothing),
    ):
        pass


def test_a_command_starts_servers_after_their_first_owner_was_killed(home, supervise):
    command = supervise(verb="verb", pause=60)
    command.wait_for("OIM runs")
    command.process.kill()
    command.process.wait()
    with running_services(Settings(home=home), ["postgres", "valkey"], do_nothing) as settings:
        assert answers(settings)
    wait_until(lambda: not still_running(home))


def test_a_command_that_joins_keeps_its_configured_url(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    mine = Settings(home=home, database_url="postgresql://mine.example/db")
    with running_services(mine, ["postgres", "valkey"], do_nothing) as settings:
        assert settings.database_url == mine.database_url
        assert settings.valkey_url.startswith("redis://")
    assert supervisor.end() == 0
