"""The embedded PostgreSQL as root: it runs as another user, who must be able to enter the home."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from bench.superuser import superuser_url
from up_tools import still_running

from oim.apps.up import command_prefixes, postgres, running_services
from oim.kit.errors import UnavailableError
from oim.kit.settings import Settings

USERNS, NOBODY = command_prefixes.RUN_AS_OTHER_USER
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def do_nothing(_):
    pass


def can_run(prefix, *command):
    return subprocess.run([*prefix, *(command or ["true"])], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def open_programs():
    """PostgreSQL's programs where every user can run them: the checkout may lie under a closed folder."""
    folder = Path(tempfile.mkdtemp(prefix="oim-", dir="/var/tmp"))
    folder.chmod(0o755)
    wheel = postgres.find_programs(None).parents[1]
    shutil.copytree(wheel, folder / wheel.name)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    yield folder / wheel.name / "pginstall" / "bin"
    shutil.rmtree(folder)


@pytest.fixture
def open_home():
    """A home that every user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="oim-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder)


def add_row(home, programs=None):
    """Insert one row, and return how many there are now."""
    with (
        running_services(Settings(home=home, postgres_bin=programs), ["postgres"], do_nothing) as settings,
        psycopg.connect(superuser_url(settings)) as connection,
    ):
        connection.execute("CREATE TABLE IF NOT EXISTS marks (mark int)")
        connection.execute("INSERT INTO marks VALUES (1)")
        return connection.execute("SELECT count(*) FROM marks").fetchone()[0]


@as_root
def test_as_root_postgres_works_under_a_closed_home(tmp_path):
    if not can_run(USERNS.prefix):
        pytest.skip("user namespaces are forbidden here")
    # Only the owner can enter: inside the namespace the process is still root towards these files.
    tmp_path.chmod(0o700)
    assert [add_row(tmp_path / "home"), add_row(tmp_path / "home")] == [1, 2]


@as_root
def test_as_root_without_namespaces_another_user_runs_postgres(open_home, open_programs, monkeypatch):
    if not can_run(NOBODY.prefix):
        pytest.skip("changing the user is forbidden here")
    monkeypatch.setattr(command_prefixes, "RUN_AS_OTHER_USER", (NOBODY,))
    assert [add_row(open_home, open_programs), add_row(open_home, open_programs)] == [1, 2]
    assert (open_home / "postgres").stat().st_uid == command_prefixes.NOBODY_UID
    assert still_running(open_home) == []


@as_root
def test_data_can_be_used_by_another_unprivileged_user(open_home, open_programs, monkeypatch):
    if not (can_run(NOBODY.prefix) and can_run(USERNS.prefix)):
        pytest.skip("one of the two is forbidden here")
    # Each run must take the files over from the user of the run before.
    counts = []
    for candidates in ((NOBODY,), (USERNS,), (NOBODY,)):
        monkeypatch.setattr(command_prefixes, "RUN_AS_OTHER_USER", candidates)
        counts.append(add_row(open_home, open_programs))
    assert counts == [1, 2, 3]


@as_root
def test_a_home_that_the_other_user_cannot_enter_says_what_to_do(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(command_prefixes, "RUN_AS_OTHER_USER", (NOBODY,))
    with pytest.raises(UnavailableError, match="Set OIM_HOME to a folder that every user can enter"):
        add_row(tmp_path / "home")
    assert list((tmp_path / "home").glob("postgres*")) == []


@as_root
def test_up_runs_as_a_normal_user(supervise, open_home):
    for run_as in (NOBODY, USERNS):
        # through env: the first program itself still starts with root's capabilities
        if can_run(run_as.prefix, "env", sys.executable, "-c", ""):
            break
    else:
        pytest.skip("no other user can run this Python")
    os.chown(open_home.parent, run_as.owner, run_as.owner)
    supervisor = supervise(open_home, prefix=(*run_as.prefix, "env", f"HOME={open_home.parent}"))
    supervisor.wait_for("OIM runs")
    assert supervisor.end() == 0
    assert still_running(open_home) == []
