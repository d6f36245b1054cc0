"""Drills: one part hangs or somebody lies, and everybody else goes on. Each prints one line of figures.

Run `python -m bench.drills lock|frozen-valkey|frozen-postgres|sybils [seconds]`. What only a whole `oim up`
starts again is killed, and its disk filled, by `python -m bench.deaths`; costly requests are made by
`python -m bench.flood`; hostile calls are counted, and slow clients come, by `python -m bench.hostile`.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid4

import psutil
import psycopg
from rich.console import Console

from bench.stack import running_stack
from oim import bootstrap
from oim.apps.up.ports import LOOPBACK
from oim.features.access import Actor, Role
from oim.features.people import Channel, Contact, Newcomer, create_person, hash_pin
from oim.features.sign_in import SignInServices
from oim.features.sign_in.devices import remember_device, renew_device
from oim.kit.crypto import Vault
from oim.kit.db import Database
from oim.kit.settings import Settings

STRANGERS = ("/fr/", "/fr/opportunities", "/healthz")
PERSONAL = "/v1/me"
PAUSE = 0.05  # seconds between two visits
ADDRESSES = tuple(f"198.{18 + number}.{number}.7" for number in range(10))  # each of a network of its own
console = Console(width=160)


class Send(Protocol):
    """Sends a request to the site from an address; returns the status and the body."""

    def __call__(
        self, method: str, path: str, body: Mapping[str, str] | None = None, **headers: str
    ) -> tuple[int, bytes]: ...


@dataclass(frozen=True)
class Visits:
    """How visits were answered, and how many seconds the slowest took."""

    statuses: Counter[int]
    slowest: float

    def __str__(self) -> str:
        counts = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        return f"{counts}, slowest {self.slowest:.2f} s"


def send_to(port: int) -> Send:
    """Make what sends requests to the site at a port, each on a connection of its own."""

    def send(
        method: str, path: str, body: Mapping[str, str] | None = None, **headers: str
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=90)
        typed = {"Content-Type": "application/json"} if body else {}
        try:
            connection.request(method, path, json.dumps(body) if body else None, {**typed, **headers})
            response = connection.getresponse()
            return response.status, response.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    return send


def visit(send: Send, path: str, seconds: float, **headers: str) -> Visits:
    """Visit a path again and again for so many seconds, once at least. A status of 0 is no answer."""
    statuses, slowest, until = Counter[int](), 0.0, time.monotonic() + seconds
    while not statuses or time.monotonic() < until:
        started = time.monotonic()
        # A page that no cache has. Other answers are in none, and refuse parameters that they do not know.
        query = f"?after=&n={uuid4().hex}" if path.startswith("/fr/") else ""
        statuses[send("GET", path + query, None, **headers)[0]] += 1
        slowest = max(slowest, time.monotonic() - started)
        time.sleep(PAUSE)
    return Visits(statuses, slowest)


def visit_all(send: Send, seconds: float, token: str) -> str:
    """Visit what strangers see and what is somebody's, for so many seconds in all, and describe it."""
    share = seconds / (len(STRANGERS) + 1)
    parts = [f"{path}: {visit(send, path, share)}" for path in STRANGERS]
    personal = visit(send, PERSONAL, share, Authorization=f"Bearer {token}")
    return "; ".join([*parts, f"{PERSONAL}: {personal}"])


@contextmanager
def locked_people(database_url: str) -> Iterator[None]:
    """Have a session hold the whole table of people during the block."""
    with psycopg.connect(database_url) as holder:
        holder.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
        yield
        holder.rollback()


@contextmanager
def frozen(name: str) -> Iterator[int]:
    """Stop all processes of this name that we started, during the block; yields how many."""
    stopped = []
    # The parent first, or it would make new ones of those that stand still.
    for process in psutil.Process().children(recursive=True):
        if process.name() == name:
            process.suspend()
            stopped.append(process)
    try:
        yield len(stopped)
    finally:
        for process in stopped:
            process.resume()


def add_person(database: Database, services: SignInServices, contact: Contact) -> str:
    """Add a person on a contact; return the token of a session of theirs."""
    id_ = uuid4()
    newcomer = Newcomer(id_, "Awa", hash_pin(database.vault, id_, "2580"))
    with database.write() as session:
        create_person(session, newcomer, contact, "fr")
    return services.sessions.open(Actor(Role.PERSON, id_))


def report_offer(send: Send, offer: UUID, staff_token: str) -> str:
    """Report an offer from three addresses; describe whether it stays and what staff are told."""
    path = f"/v1/opportunities/{offer}"
    reports = [
        send("POST", f"{path}/reports", {"reason": "not_real"}, **{"X-Forwarded-For": address})[0]
        for address in ADDRESSES[:3]
    ]
    after = send("GET", path)[0]
    status, body = send("GET", "/v1/staff/review", Authorization=f"Bearer {staff_token}")
    alerts = json.loads(body)["alerts"] if status == http.HTTPStatus.OK else status
    return f"three reports {reports}, the offer then: {after}, staff alerts: {alerts}"


def ask_for_codes(send: Send, services: SignInServices, vault: Vault, contact: Contact) -> str:
    """Ask for codes to one contact from ten addresses, then from the device that its owner has."""
    device = renew_device(vault, "")
    remember_device(services.cache, vault, device, contact.value)

    def ask(address: str, **headers: str) -> int:
        headers = {"X-Forwarded-For": address, **headers}
        return send("POST", "/v1/sign-in/codes", {"contact": contact.value}, **headers)[0]

    others = Counter(ask(address) for address in ADDRESSES for _ in range(3))
    owner = ask("203.0.113.200", **{"OIM-Device": device})
    return f"codes from ten addresses: {dict(others)}, then the owner's known device: {owner}"


def main(name: str, seconds: float) -> None:
    """Start everything with the sample offers, and print the line of one drill."""
    with running_stack() as settings:
        console.print(_DRILLS[name](settings, seconds))


def _run_lock(settings: Settings, seconds: float) -> str:
    database, services = bootstrap.database(settings), bootstrap.sign_in_services(settings)
    token = add_person(database, services, Contact(Channel.SMS, "+237670000001"))
    send = send_to(settings.port)
    before = visit_all(send, 2, token)
    with locked_people(settings.database_url):
        during = visit_all(send, seconds, token)
    goal = f"strangers 200 unmoved, {PERSONAL} 503 within 5 s"
    return _describe(
        f"people locked {seconds:.0f} s (goal: {goal})", before, during, visit_all(send, 2, token)
    )


def _run_frozen(program: str, goal: str, settings: Settings, seconds: float) -> str:
    database, services = bootstrap.database(settings), bootstrap.sign_in_services(settings)
    token = add_person(database, services, Contact(Channel.SMS, "+237670000001"))
    send = send_to(settings.port)
    before = visit_all(send, 2, token)
    with frozen(program) as count:
        during = visit_all(send, seconds, token)
    title = f"{count} {program} stopped {seconds:.0f} s (goal: {goal})"
    return _describe(title, before, during, visit_all(send, 4, token))


def _describe(title: str, before: str, during: str, after: str) -> str:
    return f"{title}\n  before: {before}\n  during: {during}\n  after: {after}"


def _run_sybils(settings: Settings, _: float) -> str:
    database, services = bootstrap.database(settings), bootstrap.sign_in_services(settings)
    send = send_to(settings.port)
    offer = json.loads(send("GET", "/v1/opportunities?limit=1")[1])["items"][0]["id"]
    contact = Contact(Channel.SMS, "+237670000002")
    add_person(database, services, contact)
    staff = services.sessions.open(Actor(Role.CASE_WORKER, uuid4()))
    return "\n  ".join(
        [
            "sybils (goal: the offer stays, staff are alerted; the owner gets a code)",
            report_offer(send, UUID(offer), staff),
            ask_for_codes(send, services, database.vault, contact),
        ]
    )


_DRILLS: Mapping[str, Callable[[Settings, float], Any]] = {
    "lock": _run_lock,
    "frozen-valkey": lambda *args: _run_frozen("valkey-server", "a page within 1 s", *args),
    "frozen-postgres": lambda *args: _run_frozen("postgres", "every answer comes", *args),
    "sybils": _run_sybils,
}


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60.0)
