"""The table of services: environment of the children, addresses, the published state."""

import pytest
from pydantic import SecretStr

from oim.apps.up import postgres, services, valkey
from oim.apps.up.home import open_home
from oim.apps.up.postgres_roles import SUPERUSER, Server
from oim.apps.up.services import SERVICES, build_environment, local_address, site_address
from oim.apps.up.state import publish_state, read_state, withdraw_state
from oim.kit.settings import EMBEDDED, Settings
from oim.kit.tasks import Queue


def test_children_get_every_resolved_setting(monkeypatch, tmp_path):
    # Settings ignore case, so this one would contradict OIM_PORT in a child.
    monkeypatch.setenv("oim_port", "1")
    monkeypatch.setenv("OIM_POSTGRES_BIN", "/elsewhere")
    monkeypatch.setenv("OTHER", "kept")
    settings = Settings(home=tmp_path, port=8123, postgres_bin=None, engine_token=SecretStr("secret"))
    env = build_environment(settings)
    assert env["OTHER"] == "kept"
    assert (env["OIM_HOME"], env["OIM_PORT"], env["OIM_ENGINE_TOKEN"]) == (str(tmp_path), "8123", "secret")
    assert "OIM_POSTGRES_BIN" not in env
    assert "oim_port" not in env
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("oim_port")
    monkeypatch.delenv("OIM_POSTGRES_BIN")
    assert Settings() == settings


def test_the_engine_gets_a_url_and_a_token_of_its_own(tmp_path):
    plan = SERVICES["engine"].plan(Settings(), open_home(tmp_path))
    assert plan.settings.engine_url.startswith("http://127.0.0.1:")
    assert plan.environment["OIM_ENGINE_URL"] == plan.settings.engine_url
    assert len(plan.settings.engine_token.get_secret_value()) >= 32


def test_the_workers_of_every_queue_are_waited_for_and_keep_their_schedule_in_the_home(tmp_path):
    home = open_home(tmp_path)
    plan = SERVICES["worker"].plan(Settings(), home)
    assert plan.command[-2:] == ["--schedule", str(home.run / "beat")]
    log = "".join(f"{queue} workers are ready\n" for queue in Queue)
    assert plan.probe(log) is None
    assert {plan.probe(log.replace(queue, "")) for queue in Queue} == {""}


def test_a_probe_says_what_came_instead_of_health(httpserver, tmp_path):
    httpserver.expect_request("/healthz").respond_with_data('{"engine": "unavailable"}', 503)
    plan = SERVICES["site"].plan(Settings(port=0), open_home(tmp_path))
    port = plan.settings.port
    assert plan.probe("") == f"GET http://127.0.0.1:{port}/healthz: [Errno 111] Connection refused"
    obstacle = services._probe_health("127.0.0.1", httpserver.port)
    assert obstacle.endswith('/healthz: 503 SERVICE UNAVAILABLE {"engine": "unavailable"}')


def test_the_servers_probes_quote_their_errors(tmp_path):
    server = Server("127.0.0.1", 1, {SUPERUSER: "x"})
    assert "127.0.0.1" in postgres._probe(server, open_home(tmp_path))
    assert "refused" in postgres._probe(server, open_home(tmp_path))
    assert "refused" in valkey._probe("redis://127.0.0.1:1/0")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("oim.example", "http://oim.example:8000"),
    ],
)
def test_the_local_address_opens_in_a_browser_on_this_machine(host, expected):
    assert local_address(Settings(host=host)) == expected


def test_a_published_state_resolves_the_settings_of_other_commands(tmp_path):
    home = open_home(tmp_path)
    up = Settings(database_url="postgresql://here/oim", engine_url="http://here", engine_token=SecretStr("t"))
    publish_state(home, up, "http://site")
    state = read_state(home)
    assert home.state.stat().st_mode & 0o777 == 0o600
    assert state.has_servers(["database_url", "engine_url"])
    assert not state.has_servers(["valkey_url"])
    resolved = state.resolve(Settings(home=tmp_path))
    assert (resolved.database_url, resolved.engine_url) == ("postgresql://here/oim", "http://here")
    assert (resolved.valkey_url, resolved.engine_token) == (EMBEDDED, SecretStr("t"))
    # Links lead to the site that runs, unless a public address is set.
    assert site_address(resolved) == "http://site"
    public = Settings(home=tmp_path, address="https://oim.example")
    assert site_address(state.resolve(public)) == "https://oim.example"
    withdraw_state(home)
    assert read_state(home) is None


def test_a_command_with_an_engine_of_its_own_keeps_its_token(tmp_path):
    home = open_home(tmp_path)
    publish_state(home, Settings(engine_url="http://here", engine_token=SecretStr("theirs")), "")
    mine = Settings(engine_url="http://mine", engine_token=SecretStr("mine"))
    resolved = read_state(home).resolve(mine)
    assert (resolved.engine_url, resolved.engine_token) == ("http://mine", SecretStr("mine"))
