"""Several processes serve the site at one port; they are started again, and end, together."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from up_tools import wait_until

from oim.apps.up.ports import LOOPBACK, free_port
from oim.kit.crypto import create_ring

PROCESSES = 2


class Site:
    """A site with nothing behind it, by several processes."""

    def __init__(self, folder: Path) -> None:
        create_ring(folder / "ring.json")
        self.port = free_port()
        own = {
            "OIM_HOME": str(folder),
            "OIM_KEYS_URL": (folder / "ring.json").as_uri(),
            "OIM_PORT": str(self.port),
            "OIM_METRICS_TOKEN": "t",
            "OIM_SITE_PROCESSES": str(PROCESSES),
            "OIM_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "OIM_VALKEY_URL": "redis://127.0.0.1:1/0",
            "OIM_ENGINE_URL": "http://127.0.0.1:1",
            "TMPDIR": str(folder),
        }
        command = [sys.executable, "-m", "oim.apps.site"]
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen(
            command, env={**os.environ, **own}, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def serving(self) -> set[int]:
        """The processes that serve now."""
        log = Path(self.log.name).read_text()
        started = {int(pid) for pid in re.findall(r"Started server process \[(\d+)\]", log)}
        # Until each has said that it is complete, some of them do not serve yet.
        return started & self.group() if log.count("startup complete") == len(started) else set()

    def group(self) -> set[int]:
        """The processes of the site that run."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue  # it ended meanwhile
            if int(group) == self.process.pid and state != "Z":
                found.add(int(folder.name))
        return found

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    try:
        wait_until(lambda: len(site.serving()) == PROCESSES, 120)
        yield site
    finally:
        for pid in site.group():
            os.kill(pid, signal.SIGKILL)
        site.process.wait()
        site.log.close()


def assert_a_killed_process_is_started_again_and_its_metrics_are_not_lost(site: Site) -> None:
    asked = 20
    for _ in range(asked):
        assert site.get("/sw.js")[0] == 200
    killed, *_ = before = site.serving()
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: len(site.serving() - {killed}) == len(before), 120)
    [count] = re.findall(
        r'oim_http_requests_total\{.*route="/sw.js".*\} (\S+)',
        site.get("/metrics", Authorization="Bearer t")[1],
    )
    assert float(count) == asked


def assert_what_clients_do_wrong_is_a_short_line_at_most_and_ctrl_c_ends_all(site: Site) -> None:
    form = "application/x-www-form-urlencoded"
    head = f"POST /fr/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: {form}\r\n"
    unfinished = f"{head}Sec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n\r\ntext=a".encode()
    before = len(Path(site.log.name).read_text())
    for sent in (unfinished, b"no HTTP\r\n\r\n"):
        for _ in range(10):
            with socket.create_connection((LOOPBACK, site.port), timeout=30) as client:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
                while client.recv(65536):
                    pass
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(60) == 0  # each has logged all that it will, the one started again too
    wait_until(lambda: not site.group())
    lines = Path(site.log.name).read_text()[before:].splitlines()
    assert sum("a client left" in line for line in lines) == 0  # it is waited for before anything begins
    assert sum("Invalid HTTP" in line for line in lines) == 10
    assert max(map(len, lines)) < 200
    assert not [line for line in lines if '"level": "error"' in line or "Traceback" in line]


def test_a_killed_process_is_replaced_and_ctrl_c_ends_all_after_wrong_clients(site: Site) -> None:
    # One site for both: to start one takes seconds.
    assert_a_killed_process_is_started_again_and_its_metrics_are_not_lost(site)
    assert_what_clients_do_wrong_is_a_short_line_at_most_and_ctrl_c_ends_all(site)


def test_no_process_outlives_the_first_one_that_was_killed(site: Site) -> None:
    site.process.kill()
    wait_until(lambda: not site.group())
