"""Compare personal reads a second: the audit trail under one lock, in shards, and the same reads without one.

`python -m bench.trail [seconds]`: how long each contender is measured in each round. Eight clients read
profiles of different people, once by calling the feature and once over REST, through the whole application
in this process. The contenders take turns, so that a machine that slows down slows all alike. The trail under
one lock is the same program with one shard, which is faster than the former one was.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, cast
from unittest.mock import patch
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bench.stack import report_nothing
from oim.apps.up import running_services
from oim.bootstrap import migrate_database
from oim.channels.http.services import Services
from oim.channels.rest import create_app
from oim.features import profile
from oim.features.access import Actor, Role
from oim.features.audit import verify
from oim.features.audit.chain import SHARDS
from oim.features.people.models import PersonRow
from oim.features.profile import Record
from oim.features.sign_in import Sessions, SignInServices
from oim.kit.cache import Cache
from oim.kit.clock import now
from oim.kit.crypto import RingFile, Vault, create_ring
from oim.kit.db import Database, seal
from oim.kit.rate_limits import RateLimiter
from oim.kit.settings import Settings

CLIENTS = 8
PEOPLE = 1024  # enough that no caller meets the rate limit of the API
ROUNDS = 5
ONE_LOCK, SHARDED, NO_TRAIL = "one lock", "shards", "no trail"
CONTENDERS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    ONE_LOCK: lambda: patch("oim.features.audit.service.choose_shard", lambda _: SHARDS[0]),
    SHARDED: nullcontext,
    NO_TRAIL: lambda: patch("oim.features.access.permissions.record_entry", lambda *_: None),
}
console = Console(width=110)


@dataclass(frozen=True)
class Bench:
    """The services under measurement and the people to read about, each with the token of a session."""

    services: Services
    tokens: dict[UUID, str]


Measure = Callable[[Bench, float], float]  # reads a second, measured for so many seconds


def main(seconds: float) -> None:
    """Measure both levels and print one table."""
    table = Table("reads by", "contender", "reads/s", "ratio to one lock", "ratio to no trail")
    with tempfile.TemporaryDirectory(prefix="oim-bench-") as folder, _open_bench(Path(folder)) as bench:
        for level, measure in LEVELS.items():
            rates = measure_rounds(bench, measure, seconds, ROUNDS)
            for name in CONTENDERS:
                ratios = (f"{compute_ratio(rates, name, other):.2f}" for other in (ONE_LOCK, NO_TRAIL))
                table.add_row(level, name, f"{median(rates[name]):,.0f}", *ratios)
        with bench.services.database.read() as session:
            entries, chain_break = verify(session)
    console.print(table)
    console.print(
        f"{CLIENTS} clients; medians of {ROUNDS} rounds of {seconds:g} s. {entries:,} entries were written, "
        + ("and the trail is intact." if chain_break is None else f"and the trail breaks: {chain_break}.")
    )


def measure_rounds(bench: Bench, measure: Measure, seconds: float, rounds: int) -> dict[str, list[float]]:
    """Measure every contender in turn, for several rounds; return their rates."""
    rates: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    # The first round fills caches and is not counted.
    for number in range(rounds + 1):
        for name, switch in CONTENDERS.items():
            with switch():
                rate = measure(bench, seconds)
            if number:
                rates[name].append(rate)
    return rates


def compute_ratio(rates: dict[str, list[float]], name: str, other: str) -> float:
    """Compute how many times as fast one contender is as another: the median over the rounds."""
    return median(ours / theirs for ours, theirs in zip(rates[name], rates[other], strict=True))


def measure_feature(bench: Bench, seconds: float) -> float:
    """Measure calls of the feature by eight threads."""
    database, end = bench.services.database, perf_counter() + seconds

    def read(people: Sequence[UUID]) -> int:
        count = 0
        for person in cycle(people):
            if perf_counter() > end:
                break
            with database.write() as session:
                profile.load_record(session, Actor(Role.PERSON, person), person)
            count += 1
        return count

    ids = list(bench.tokens)
    started = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        total = sum(pool.map(read, [ids[number::CLIENTS] for number in range(CLIENTS)]))
    return total / (perf_counter() - started)


def measure_rest(bench: Bench, seconds: float) -> float:
    """Measure `GET /v1/me/profile` by eight clients of one event loop, as a server has them."""
    app, tokens = create_app(bench.services), list(bench.tokens.values())

    async def read(own_tokens: Sequence[str], end: float) -> int:
        count = 0
        for token in cycle(own_tokens):
            if perf_counter() > end:
                break
            await _get_profile(app, token)
            count += 1
        return count

    async def read_all() -> float:
        started = perf_counter()
        clients = (read(tokens[number::CLIENTS], started + seconds) for number in range(CLIENTS))
        return sum(await asyncio.gather(*clients)) / (perf_counter() - started)

    return asyncio.run(read_all())


LEVELS: dict[str, Measure] = {"feature": measure_feature, "REST": measure_rest}


async def _get_profile(app: Any, token: str) -> None:
    """Call the application as a server does. Raises RuntimeError unless it answers 200."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": "/v1/me/profile",
        "raw_path": b"/v1/me/profile",
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"authorization", f"Bearer {token}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 443),
    }
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    if statuses != [200]:
        raise RuntimeError(f"the application answers {statuses}")


@contextmanager
def _open_bench(folder: Path) -> Iterator[Bench]:
    """Start the servers and fill the database with people who have a profile and are signed in."""
    servers = ("postgres", "valkey")
    with running_services(Settings(home=folder / "home"), servers, report_nothing) as settings:
        migrate_database(settings)
        create_ring(settings.ring_file)
        database = Database(settings.database_url, Vault(RingFile(settings.ring_file)))
        cache = Cache(settings.valkey_url)
        sign_in = SignInServices(cache, RateLimiter(cache), Sessions(cache))
        yield fill_bench(database, sign_in, PEOPLE)
        cache.close()
        database.close()


def fill_bench(database: Database, sign_in: SignInServices, people: int) -> Bench:
    """Add people with a profile, and sign them in."""
    tokens = {id_: sign_in.sessions.open(Actor(Role.PERSON, id_)) for id_ in _add_people(database, people)}
    # The engine and the files are not asked for.
    return Bench(Services(database, cast(Any, None), sign_in, cast(Any, None)), tokens)


def _add_people(database: Database, count: int) -> list[UUID]:
    """Add people with a profile; return their ids."""
    # Spread over all UUIDs, as random ones are: multiplied by an odd constant modulo a power of two.
    ids = [UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128)) for number in range(count)]
    with database.write() as session:
        at = now()
        shared = {"pin_hash": "", "language": "fr", "created_at": at, "seen_on": at.date()}
        rows = [{"id": id_, "name": seal(session, PersonRow.name, id_, "Awa"), **shared} for id_ in ids]
        session.execute(insert(PersonRow), rows)
    record = Record(region="CM-OU", birth_year=1998, skills=("coudre", "tenir les comptes"))
    with database.write() as session:
        for id_ in ids:
            profile.update_record(session, Actor(Role.PERSON, id_), id_, lambda _: record)
    return ids


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
