"""Attack a stolen database without its keys: how many telephone numbers does brute force recover?

Every Cameroonian mobile number is hashed in the ways that an attacker tries first, and looked up among the
values of a dump. As a control, the same attack is run on plain hashes of the numbers: there all of them must
be recovered, or the attack proves nothing. Run `python -m bench.attack [people]`; it takes some minutes.
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
from uuid import uuid4

from rich.console import Console
from sqlalchemy import select

from bench.stack import report_nothing
from oim.apps.up import running_services
from oim.bootstrap import migrate_database
from oim.features import people
from oim.features.people import Channel, Contact
from oim.kit.crypto import RingFile, Vault, create_ring
from oim.kit.db import Base, Database
from oim.kit.settings import Settings

SECOND_DIGITS = "2456789"  # a mobile number is 6, one of these, and seven more digits
TAIL_COUNT = 10_000_000  # numbers that share the first two digits
CHUNK = 500_000  # numbers that one task of a worker tries
PREFIX_BYTES = 16  # bytes by which values are compared: enough to be unique, and they find truncated hashes
# What an attacker tries who has read the source but has no key.
HASHES: Mapping[str, Callable[[bytes], bytes]] = {
    "SHA-256": lambda text: hashlib.sha256(text).digest(),
    "HMAC-SHA-256, no key": lambda text: hmac.digest(b"", text, "sha256"),
    "HMAC-SHA-256, our prefix, no key": lambda text: hmac.digest(b"", _frame_parts(text), "sha256"),
    "BLAKE2b": lambda text: hashlib.blake2b(text).digest(),
}
console = Console()


def _frame_parts(text: bytes) -> bytes:
    """Frame a number as the blind index does before it hashes; the framing is public, in the source."""
    return b"\0\0\0\x03tel" + len(text).to_bytes(4, "big") + text


def main(count: int) -> None:
    """Print, for each hash, how many numbers were recovered from the dump and from the control."""
    numbers = _draw_numbers(count)
    with (
        tempfile.TemporaryDirectory(prefix="oim-attack-") as folder,
        running_services(Settings(home=Path(folder) / "home"), ("postgres",), report_nothing) as settings,
    ):
        migrate_database(settings)
        create_ring(settings.ring_file)
        database = Database(settings.database_url, Vault(RingFile(settings.ring_file)))
        for number in numbers:
            id_ = uuid4()
            newcomer = people.Newcomer(id_, "Awa", people.hash_pin(database.vault, id_, "2580"))
            with database.write() as session:
                people.create_person(session, newcomer, Contact(Channel.SMS, number), "fr")
        dump = _dump_values(database)
        database.close()
    console.print(f"{len(dump):,} values of a dump with {count:,} people; a control of as many plain hashes")
    total = len(SECOND_DIGITS) * TAIL_COUNT
    for name in HASHES:
        started = perf_counter()
        control = frozenset(HASHES[name](number.encode())[:PREFIX_BYTES] for number in numbers)
        ours, controls = _try_hash(name, dump, control)
        seconds = perf_counter() - started
        console.print(
            f"{name}: {total:,} numbers in {seconds:.0f} s: {ours} of ours fell, {controls} of the control"
        )


def _draw_numbers(count: int) -> list[str]:
    """Draw mobile numbers with a fixed seed."""
    rng = Random(1)
    return [f"+2376{rng.choice(SECOND_DIGITS)}{rng.randrange(TAIL_COUNT):07}" for _ in range(count)]


def _dump_values(database: Database) -> frozenset[bytes]:
    """Return the first bytes of every value of every table, binary values as they are and others as text."""
    prefixes: set[bytes] = set()
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                for value in row:
                    text = value if isinstance(value, bytes) else str(value).encode()
                    prefixes.add(text[:PREFIX_BYTES])
    return frozenset(prefixes)


def _try_hash(name: str, dump: frozenset[bytes], control: frozenset[bytes]) -> tuple[int, int]:
    """Try one hash on all mobile numbers; return how many are in the dump and how many in the control."""
    chunks = [(second, start) for second in SECOND_DIGITS for start in range(0, TAIL_COUNT, CHUNK)]
    # Forked workers share the sets of the parent instead of unpickling them for every chunk.
    with ProcessPoolExecutor(os.cpu_count(), get_context("fork")) as pool:
        counts = list(pool.map(partial(_try_chunk, name, dump, control), chunks))
    return sum(ours for ours, _ in counts), sum(controls for _, controls in counts)


def _try_chunk(
    name: str, dump: frozenset[bytes], control: frozenset[bytes], chunk: tuple[str, int]
) -> tuple[int, int]:
    """Try one hash, by its name, on one chunk of numbers."""
    # By name, because a lambda cannot be sent to another process.
    digest, (second, start) = HASHES[name], chunk
    ours = controls = 0
    for tail in range(start, start + CHUNK):
        text = b"+2376%b%07d" % (second.encode(), tail)
        value = digest(text)[:PREFIX_BYTES]
        # A number in clear text in any column would be recovered without a hash.
        ours += value in dump or text[:PREFIX_BYTES] in dump
        controls += value in control
    return ours, controls


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
