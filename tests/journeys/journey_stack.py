"""The product as people run it: `oim up` in its own process, and other verbs of the command line."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import psutil
from cli_session import run_all

OIM = Path(sys.executable).with_name("oim")
LIMIT = 120  # seconds
TICK = 0.01  # seconds
METRICS_TOKEN = "of the metrics"
LAST_WORDS = "/docs"  # of the welcome
DIRECT = build_opener(ProxyHandler({}))


# What other programs of a machine are told, as at an institution behind a proxy that runs a PostgreSQL, a
# Celery and a web server. All journeys are made among these, and none of them is meant for us.
SURROUNDINGS = {
    **dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9"),
    "PGHOSTADDR": "127.0.0.9",
    "PGSERVICE": "production",
    "PGCLIENTENCODING": "LATIN1",
    "PGOPTIONS": "-c default_transaction_read_only=on",
    "PGDATA": "/none",
    "CELERY_BROKER_URL": "redis://127.0.0.1:9",
    "WEB_CONCURRENCY": "4",
    "SSL_CERT_FILE": "/none",
}


def environment(home, port=0):
    """Return an environment without settings except the home and the port; port 0 is any free one."""
    dropped = ("OIM_", "LC_", "NO_PROXY", "no_proxy")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    own = {"OIM_HOME": str(home), "OIM_PORT": str(port), "OIM_METRICS_TOKEN": METRICS_TOKEN}
    return kept | SURROUNDINGS | {"LANG": "en_US.UTF-8"} | own


def launch(home, *arguments, port=0, errors=subprocess.PIPE):
    """Start a verb in a folder outside the checkout, and return its process."""
    return subprocess.Popen(
        [OIM, *arguments],
        cwd=home.parent,
        env=environment(home, port),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding="utf-8",
        start_new_session=True,
    )


def finished(process):
    """Wait for a verb to end, and return its exit code, standard output and standard error."""
    try:
        output, errors = process.communicate(timeout=LIMIT)
    finally:
        kill_tree(process)
    return process.returncode, output, errors


def verb(home, *arguments):
    """Run a verb to its end, and return its exit code, standard output and standard error."""
    return finished(launch(home, *arguments))


def kill_tree(process):
    """Kill a process and all its descendants at once (SIGKILL)."""
    if process.poll() is None:
        parent = psutil.Process(process.pid)
        parent.suspend()  # so that it mends nothing meanwhile
        family = [parent, *parent.children(recursive=True)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        process.wait()
        psutil.wait_procs(family, 10)
    for stream in filter(None, (process.stdout, process.stderr)):
        stream.close()


def wait_until(true, tick=TICK):
    deadline = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(tick)


def asked(request):
    with DIRECT.open(request, timeout=30) as reply:
        return json.load(reply)


class Stack:
    """`oim up` on one home folder; can be started and stopped several times.

    Commands that prepare what a journey needs are forks of a process that imported the program, which takes
    seconds. A command that is the subject of a test is run by `verb`.
    """

    def __init__(self, home):
        self.home = home
        self.address = ""
        self.pid = 0
        self._process = None
        self._errors = home.parent / "errors.txt"

    @property
    def runs(self):
        return self._process is not None and self._process.poll() is None

    @property
    def errors(self):
        """Everything written to standard error since the last start."""
        return self._errors.read_text("utf-8")

    def start(self, port=0):
        """Start the stack, and return once it has printed its welcome."""
        self.kill()
        with self._errors.open("wb") as errors:
            self._process = launch(self.home, "up", port=port, errors=errors)
        self.pid = self._process.pid
        limit = threading.Timer(LIMIT, kill_tree, [self._process])  # a start that hangs fails
        limit.start()
        try:
            welcome = self._welcome()
        finally:
            limit.cancel()
        assert welcome.count("\n") == 6, welcome + self.errors
        self.address = re.search(r"http://127\.0\.0\.1:\d+", welcome)[0]

    def _welcome(self):
        """Read the output up to the last line of the welcome, or to the end if the process ends before."""
        said = ""
        for line in self._process.stdout:
            said += line
            if LAST_WORDS in line:
                break
        return said

    def stop(self):
        """Stop the stack with Ctrl-C, and check that it exits with 0 and leaves no process behind."""
        family = psutil.Process(self.pid).children(recursive=True)
        assert len(family) >= 5  # PostgreSQL, Valkey, engine, site, worker
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(60) == 0
        _, left = psutil.wait_procs(family, 5)
        assert left == []
        self._process.stdout.close()

    def kill(self):
        """Kill everything that still runs (SIGKILL)."""
        if self._process is not None:
            kill_tree(self._process)

    def run(self, *arguments):
        """Run a command that must succeed, and return what it prints."""
        surroundings = SURROUNDINGS | {"LANG": "en_US.UTF-8", "OIM_HOME": str(self.home)}
        [result] = run_all([list(arguments)], self.home.parent, **surroundings)
        assert result.code == 0, result.err
        return result.out

    def get(self, path, **query):
        """GET a path of the API and return its JSON."""
        return asked(f"{self.address}{path}?{urlencode(query)}")

    def post(self, path, body):
        """POST JSON to a path of the API and return the JSON of the reply."""
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        return asked(Request(self.address + path, data, headers))

    def offers(self):
        """Load all open offers, newest first."""
        page = self.get("/v1/opportunities", limit=100)
        items = page["items"]
        while page["next"]:
            page = self.get("/v1/opportunities", limit=100, after=page["next"])
            items += page["items"]
        return items
