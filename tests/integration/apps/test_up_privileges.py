"""Who may read what: the embedded PostgreSQL as root is another user, and other users read nothing."""

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

from oim.apps.cli.database import prepare_database
from oim.apps.up import command_prefixes, postgres, running_services
from oim.kit.crypto import create_ring
from oim.kit.errors import UnavailableError
from oim.kit.settings import Settings

OTHER_UID = 1  # the user `daemon`, who has nothing to do with OIM
OTHER_USER = ("setpriv", f"--reuid={OTHER_UID}", f"--regid={OTHER_UID}", "--clear-groups", "--")
# Another user in its own eyes, and still root (0) towards files, which may lie in a closed folder.
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
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
    before = os.umask(0o022)  # a command that ran in this process before has made it private
    yield folder / "home"
    os.umask(before)
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
def test_as_root_another_user_runs_postgres_under_a_closed_home(tmp_path):
    if not can_run(("unshare", "--mount"), "sh", "-c", "mount -t tmpfs oim /mnt"):
        pytest.skip("mounting is forbidden here")
    tmp_path.chmod(0o700)
    assert [add_row(tmp_path / "home"), add_row(tmp_path / "home")] == [1, 2]
    assert (tmp_path / "home" / "postgres").stat().st_uid == command_prefixes.NOBODY_UID
    assert "oim /mnt" not in Path("/proc/mounts").read_text(), "nothing is mounted where others see it"


@as_root
def test_as_root_the_user_of_postgres_cannot_read_the_keys(tmp_path):
    ring = tmp_path / "home" / "keys" / "ring.json"
    with running_services(Settings(home=tmp_path / "home"), ["postgres"], do_nothing) as settings:
        create_ring(ring)
        with psycopg.connect(superuser_url(settings), autocommit=True) as connection:
            for program in (f"cat {ring}", "id -u | grep -v 65534"):
                with pytest.raises(psycopg.errors.ExternalRoutineException):
                    connection.execute(f"COPY (SELECT 1) TO PROGRAM '{program}'")


@as_root
def test_as_root_another_user_runs_postgres_in_an_open_folder_without_mounting(
    open_home, open_programs, monkeypatch
):
    monkeypatch.setattr(command_prefixes, "_build_namespace_prefix", lambda _: ("false",))
    assert [add_row(open_home, open_programs), add_row(open_home, open_programs)] == [1, 2]
    assert (open_home / "postgres").stat().st_uid == command_prefixes.NOBODY_UID
    assert still_running(open_home) == []


@as_root
def test_data_of_before_which_was_roots_is_taken_over(open_home):
    assert add_row(open_home) == 1
    for file in ((open_home / "postgres"), *(open_home / "postgres").rglob("*")):
        os.chown(file, 0, 0)
    assert add_row(open_home) == 2


@as_root
def test_a_home_that_the_other_user_cannot_enter_says_what_to_do(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(command_prefixes, "_build_namespace_prefix", lambda _: ("false",))
    with pytest.raises(UnavailableError, match="Set OIM_HOME to a folder that every user can enter"):
        add_row(tmp_path / "home")
    assert list((tmp_path / "home").glob("postgres*")) == []


@as_root
def test_another_user_of_the_machine_reads_no_file_of_a_home(open_home):
    (open_home / "blobs").mkdir(parents=True)  # as one of before: open to all
    (open_home / "blobs" / "cv").write_text("a CV")
    with running_services(Settings(home=open_home), ["postgres", "valkey"], do_nothing, prepare_database):
        files = [file for file in open_home.rglob("*") if file.is_file()]
        assert len(files) > 100
        command = 'for file; do if head -c 1 "$file" >/dev/null 2>&1; then echo "$file"; fi; done'
        read = subprocess.run(
            [*OTHER_USER, "sh", "-c", command, "sh", *map(str, files)], capture_output=True, check=True
        )
        assert read.stdout == b""


def test_no_file_of_a_home_is_open_to_others_by_its_mode(tmp_path):
    home = tmp_path / "home"
    with running_services(Settings(home=home), ["postgres", "valkey"], do_nothing, prepare_database):
        open_paths = [
            path for path in home.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o077
        ]
    assert open_paths == []


@as_root
def test_up_runs_as_a_normal_user(supervise, open_home):
    # through env: the first program itself still starts with root's capabilities
    users = ((OTHER_USER, OTHER_UID), (NAMESPACE, 0))
    usable = [user for user in users if can_run(user[0], "env", sys.executable, "-c", "")]
    if not usable:
        pytest.skip("no other user can run this Python")
    prefix, owner = usable[0]
    os.chown(open_home.parent, owner, owner)
    supervisor = supervise(open_home, prefix=(*prefix, "env", f"HOME={open_home.parent}"))
    supervisor.wait_for("OIM runs")
    assert supervisor.end() == 0
    assert still_running(open_home) == []
