import psycopg
import pytest
from up_tools import still_running, wait_until

from oim.apps.up import running_services, stack
from oim.kit.errors import ConflictError
from oim.kit.settings import Settings


def nothing(_):
    pass


def answers(settings):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_a_verb_joins_what_runs_and_does_not_prepare_again(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    prepared = []
    wanted = ["postgres", "valkey", "engine"]
    with running_services(Settings(home=home), wanted, nothing, prepared.append) as settings:
        assert settings.engine_url.startswith("http://127.0.0.1:")
        assert settings.engine_token.get_secret_value()
        assert answers(settings)
    assert prepared == []
    assert supervisor.end() == 0


def test_up_does_not_wait_for_verbs(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    with running_services(Settings(home=home), ["postgres"], nothing):
        assert supervisor.end() == 0
        assert still_running(home) == []


def test_a_verb_waits_for_a_stack_that_starts(home, supervise):
    supervisor = supervise(pause=1)
    supervisor.wait_for("first start")
    with running_services(Settings(home=home), ["postgres"], nothing) as settings:
        assert answers(settings)
    supervisor.wait_for("OIM runs")
    assert supervisor.end() == 0


def test_a_verb_keeps_its_own_servers_for_those_who_joined(home, supervise):
    verb = supervise(verb="verb", pause=0.5)
    verb.wait_for("OIM runs")
    with running_services(Settings(home=home), ["postgres"], nothing) as settings:
        verb.wait_for("Waiting for other commands")
        assert still_running(home) == ["postgres", "valkey"]
        assert answers(settings)
    verb.wait_for("ended")
    assert still_running(home) == []


def test_a_verb_that_needs_more_than_what_runs_waits_its_turn(home, supervise, monkeypatch):
    monkeypatch.setattr(stack, "START_TIMEOUT", 0.3)
    verb = supervise(verb="verb", pause=60)
    verb.wait_for("OIM runs")
    with (
        pytest.raises(ConflictError, match=f"process {verb.process.pid}"),
        running_services(Settings(home=home), ["postgres", "engine"], nothing),
    ):
        pass


def test_a_verb_starts_its_own_servers_when_the_first_one_is_gone(home, supervise):
    verb = supervise(verb="verb", pause=60)
    verb.wait_for("OIM runs")
    verb.process.kill()
    verb.process.wait()
    with running_services(Settings(home=home), ["postgres", "valkey"], nothing) as settings:
        assert answers(settings)
    wait_until(lambda: not still_running(home))


def test_a_url_of_its_own_is_kept_by_a_verb_that_joins(home, supervise):
    supervisor = supervise()
    supervisor.wait_for("OIM runs")
    mine = Settings(home=home, database_url="postgresql://mine.example/db")
    with running_services(mine, ["postgres", "valkey"], nothing) as settings:
        assert settings.database_url == mine.database_url
        assert settings.valkey_url.startswith("redis://")
    assert supervisor.end() == 0
