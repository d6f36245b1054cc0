"""A command that serves with the servers of another process ends when those are to stop."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from oim.apps.up.home import open_home
from oim.apps.up.state import publish_state, withdraw_state
from oim.kit.settings import Settings

URL = "redis://127.0.0.1:1"
PROGRAM = """
import sys, threading
from pathlib import Path
from oim.apps.up import end_with_servers
from oim.kit.settings import Settings

end_with_servers(Settings(home=Path(sys.argv[1]), valkey_url=sys.argv[2]))
print(threading.active_count(), flush=True)
sys.stdin.read()
"""


def serve(home: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(home), url]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("is_killed", [False, True])
def test_it_ends_when_the_state_is_withdrawn_or_its_owner_was_killed(tmp_path: Path, is_killed: bool) -> None:
    home = open_home(tmp_path / "home")
    owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    publish_state(home, Settings(home=home.root, valkey_url=URL), "http://127.0.0.1:1")
    state = home.state.read_text().replace(f'"pid": {os.getpid()}', f'"pid": {owner.pid}')
    home.state.write_text(state)
    with serve(home.root, URL) as process, owner:
        assert process.stdout is not None
        assert process.stdout.readline() == "2\n"  # one of them looks at the state
        if is_killed:
            owner.kill()
            owner.wait()
        else:
            withdraw_state(home)
        assert process.wait(60) != 0
        owner.kill()


def test_it_goes_on_with_servers_of_its_own_or_configured_ones(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    publish_state(home, Settings(home=home.root, valkey_url=URL), "http://127.0.0.1:1")
    with serve(home.root, "redis://127.0.0.1:2") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"  # nothing looks at the state
