"""A stolen database without its keys: no telephone number is found in it by trying all numbers."""

import hashlib
import hmac
from collections.abc import Callable
from random import Random

import pytest
from people_factory import add_known
from sqlalchemy import select

from oim.features.consents import Purpose
from oim.features.people import Channel, Contact
from oim.kit.db import Base, Database

FIRST, TRIED = 677_000_000, 100_000  # all mobiles here are 70 million: `python -m bench.attack` tries them
WIDTH = 16  # bytes, enough to tell values apart
GUESSES: dict[str, Callable[[bytes], bytes]] = {
    "the number itself": lambda text: text,
    "MD5": lambda text: hashlib.md5(text, usedforsecurity=False).digest(),
    "SHA-1": lambda text: hashlib.sha1(text, usedforsecurity=False).digest(),
    "SHA-256": lambda text: hashlib.sha256(text).digest(),
    "SHA-256, as hex": lambda text: hashlib.sha256(text).hexdigest().encode(),
    "HMAC without a key": lambda text: hmac.digest(b"", text, "sha256"),
    "BLAKE2b": lambda text: hashlib.blake2b(text).digest(),
}


@pytest.fixture
def numbers(database: Database) -> list[str]:
    """Numbers of people with an account, among those that are tried."""
    numbers = [f"+237{FIRST + tail}" for tail in Random(4).sample(range(TRIED), 20)]
    for number in numbers:
        add_known(database, Contact(Channel.SMS, number), "Awa", "2580", *Purpose)
    return numbers


def load_value_prefixes(database: Database) -> set[bytes]:
    """Load the first bytes of each value of each row of each table."""
    with database.read() as session:
        cells = [
            cell
            for name in Base.metadata.tables.values()
            for row in session.execute(select(name))
            for cell in row
        ]
    return {(cell if isinstance(cell, bytes) else str(cell).encode())[:WIDTH] for cell in cells}


def test_no_number_is_found_by_hashing_all_numbers(database: Database, numbers: list[str]) -> None:
    stolen = load_value_prefixes(database)
    assert len(stolen) > len(numbers)
    for name, guess in GUESSES.items():
        control = {guess(number.encode())[:WIDTH] for number in numbers}
        tried = [guess(b"+237%d" % (FIRST + tail))[:WIDTH] for tail in range(TRIED)]
        assert [value for value in tried if value in stolen] == [], name
        # The method works: stored as plain hashes, all would be found.
        assert sum(value in control for value in tried) == len(numbers)
