"""Finding the programs of PostgreSQL and Valkey, and running them without root privileges."""

from pathlib import Path

import pytest

from oim.apps.up import command_prefixes, postgres, valkey
from oim.apps.up.postgres_data import Programs
from oim.kit.errors import BadInputError, UnavailableError


def test_a_configured_folder_of_programs_is_used(tmp_path):
    (tmp_path / "postgres").write_text("")
    assert postgres.find_programs(tmp_path) == tmp_path


def test_a_configured_folder_without_postgres_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="OIM_POSTGRES_BIN"):
        postgres.find_programs(tmp_path)


def test_the_wheels_contain_programs_for_this_machine():
    assert Programs(postgres.find_programs(None)).read_version() >= 18
    assert valkey.find_server().is_file()


@pytest.mark.parametrize(
    ("locate", "setting"),
    [(lambda: postgres.find_programs(None), "DATABASE"), (valkey.find_server, "VALKEY")],
)
def test_the_error_for_a_missing_wheel_says_what_to_do(monkeypatch, locate, setting):
    for module in (postgres, valkey):
        monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(UnavailableError, match=f"set OIM_{setting}_URL"):
        locate()


def test_the_error_for_an_unknown_machine_says_what_to_do(monkeypatch):
    monkeypatch.setattr(valkey.platform, "machine", lambda: "s390x")
    with pytest.raises(UnavailableError, match=r"\(\w+, s390x\). Set OIM_VALKEY_URL"):
        valkey.find_server()


def test_programs_that_do_not_run_are_refused(tmp_path):
    with pytest.raises(UnavailableError, match="does not run here"):
        Programs(tmp_path).read_version()


def test_a_normal_user_needs_no_prefix(monkeypatch):
    monkeypatch.setattr(command_prefixes.os, "geteuid", lambda: 1000)
    assert command_prefixes.choose_unprivileged(Path("postgres"), Path()) == ()


def test_root_runs_nothing_where_another_user_cannot(monkeypatch, tmp_path):
    monkeypatch.setattr(command_prefixes.os, "geteuid", lambda: 0)
    monkeypatch.setattr(command_prefixes, "_can_run", lambda *_: False)
    with pytest.raises(UnavailableError, match="PostgreSQL refuses to run as root"):
        command_prefixes.choose_unprivileged(Path("/usr/bin/postgres"), tmp_path)
