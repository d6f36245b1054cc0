"""A stolen database without its keys: how many telephone numbers fall to brute force over all mobiles here.

Every Cameroonian mobile number is hashed in the ways that an attacker tries first, and looked for among the
bytes of a dump. The same attack is run on numbers that were hashed plainly: there all of them must fall, or
the attack is worth nothing. Run: `python -m bench.attack [people]`; some minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter

from rich.console import Console
from sqlalchemy import select

from oim.apps.up import running_services
from oim.features import people
from oim.features.people import Channel, Contact
from oim.kit.crypto import Vault, create_ring
from oim.kit.db import Base, Database
from oim.kit.db.migrate import migrate
from oim.kit.settings import Settings

SECOND_DIGITS = "2456789"  # second digits of mobile numbers: 6 and one of these
TAIL_COUNT = 10_000_000  # numbers that share the first two digits
CHUNK = 500_000
PREFIX_BYTES = 16  # bytes by which values are looked for
HASHES: Mapping[str, Callable[[bytes], bytes]] = {
    "SHA-256": lambda text: hashlib.sha256(text).digest(),
    "HMAC-SHA-256, no key": lambda text: hmac.digest(b"", text, "sha256"),
    "HMAC-SHA-256, our prefix, no key": lambda text: hmac.digest(b"", _frame_parts(text), "sha256"),
    "BLAKE2b": lambda text: hashlib.blake2b(text).digest(),
}
console = Console()


def _frame_parts(text: bytes) -> bytes:
    """As the blind index frames its parts, which the source tells everybody."""
    return b"\0\0\0\x03tel" + len(text).to_bytes(4, "big") + text


def main(count: int) -> None:
    """Print what fell, of how many, to how many hashes."""
    numbers = _draw_numbers(count)
    with (
        tempfile.TemporaryDirectory(prefix="oim-attack-") as folder,
        running_services(Settings(home=Path(folder) / "home"), ("postgres",), _report_nothing) as settings,
    ):
        migrate(settings.database_url)
        create_ring(settings.ring_file)
        database = Database(settings.database_url, Vault(settings.ring_file))
        for number in numbers:
            with database.write() as session:
                people.create_person(session, Contact(Channel.SMS, number), "Awa", "2580", "fr")
        dump = _dump_values(database)
        database.close()
    console.print(f"{len(dump):,} values of a dump with {count:,} people; a control of as many plain hashes")
    total = len(SECOND_DIGITS) * TAIL_COUNT
    for name in HASHES:
        started = perf_counter()
        control = frozenset(HASHES[name](number.encode())[:PREFIX_BYTES] for number in numbers)
        fell, shown = _try_hash(name, dump, control)
        seconds = perf_counter() - started
        console.print(
            f"{name}: {total:,} numbers in {seconds:.0f} s: {fell} of ours fell, {shown} of the control"
        )


def _draw_numbers(count: int) -> list[str]:
    rng = Random(1)
    return [f"+2376{rng.choice(SECOND_DIGITS)}{rng.randrange(TAIL_COUNT):07}" for _ in range(count)]


def _dump_values(database: Database) -> frozenset[bytes]:
    """The beginning of every binary value, and of every text, of every table."""
    found: set[bytes] = set()
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                for value in row:
                    text = value if isinstance(value, bytes) else str(value).encode()
                    found.add(text[:PREFIX_BYTES])
    return frozenset(found)


def _try_hash(name: str, dump: frozenset[bytes], control: frozenset[bytes]) -> tuple[int, int]:
    work = [(second, start) for second in SECOND_DIGITS for start in range(0, TAIL_COUNT, CHUNK)]
    with ProcessPoolExecutor(os.cpu_count(), get_context("fork")) as pool:
        found = list(pool.map(partial(_try_chunk, name, dump, control), work))
    return sum(fell for fell, _ in found), sum(shown for _, shown in found)


def _try_chunk(
    name: str, dump: frozenset[bytes], control: frozenset[bytes], work: tuple[str, int]
) -> tuple[int, int]:
    digest, (second, start) = HASHES[name], work
    fell = shown = 0
    for tail in range(start, start + CHUNK):
        text = b"+2376%b%07d" % (second.encode(), tail)
        value = digest(text)[:PREFIX_BYTES]
        fell += value in dump or text[:PREFIX_BYTES] in dump
        shown += value in control
    return fell, shown


def _report_nothing(_: str, /, **values: object) -> None:
    """Nothing to tell."""


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
