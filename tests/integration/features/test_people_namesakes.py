"""Who is meant by a name and a PIN on a shared contact, where names are like one another."""

from uuid import UUID

import pytest
from people_factory import add_known

from oim.features import people
from oim.features.people import Channel, Contact
from oim.features.sign_in.namesakes import NameAndPin, compare_namesakes
from oim.kit.db import Database

PHONE = Contact(Channel.SMS, "+237677123456")


def find(database: Database, name: str, pin: str) -> UUID | None:
    with database.read() as session:
        namesakes = people.load_namesakes(session, PHONE, name)
    holder = people.match_pin(database.vault, namesakes, pin)
    return holder.id if holder else None


@pytest.mark.parametrize(
    "name",
    [
        "Marie Claire N'Gono",
        "N'Gono Marie-Claire",
        "Marie–Claire NGONO",
        "Marie Klaire Ngonno",
        "Marie Ngono",
    ],
)
def test_a_returning_person_is_recognised_however_they_write_their_name(
    database: Database, name: str
) -> None:
    marie = add_known(database, PHONE, "Marie-Claire N’Gono", "7391")
    add_known(database, PHONE, "Paul N’Gono", "6482")
    assert find(database, name, "7391") == marie
    assert find(database, name, "6482") is None


def test_the_pin_tells_two_names_apart_that_sound_alike(database: Database) -> None:
    moussa, musa = (add_known(database, PHONE, *known) for known in (("Moussa", "7391"), ("Musa", "6482")))
    assert [find(database, "Moussa", pin) for pin in ("7391", "6482")] == [moussa, musa]
    assert [find(database, "Mousa", pin) for pin in ("7391", "6482")] == [moussa, musa]


def test_of_two_with_one_pin_a_name_that_both_have_names_nobody(database: Database) -> None:
    awa, paul = (add_known(database, PHONE, name, "7391") for name in ("Awa Ngono", "Paul Ngono"))
    assert find(database, "Ngono", "7391") is None
    assert [find(database, name, "7391") for name in ("Awa Ngono", "Ngono Paul")] == [awa, paul]


def test_two_of_one_name_and_pin_are_nobody(database: Database) -> None:
    """From before they were compared: each would land in the account of the older one."""
    for _ in range(2):
        add_known(database, PHONE, "Awa Ngono", "7391")
    assert find(database, "Awa Ngono", "7391") is None


def test_the_likest_name_is_meant(database: Database) -> None:
    whole, short = (add_known(database, PHONE, name, "7391") for name in ("Marie-Claire", "Marie"))
    assert [find(database, name, "7391") for name in ("Marie Claire", "marie")] == [whole, short]


def test_nobody_joins_with_the_pin_of_somebody_whose_name_sounds_the_same(database: Database) -> None:
    add_known(database, PHONE, "Moussa", "7391")
    # From before names were heard: both have the same PIN, and the name of neither is anybody's exactly.
    add_known(database, PHONE, "Musa", "7391")
    holder, _ = compare_namesakes(database, NameAndPin((PHONE,), "Mousa", "7391"))
    assert holder is not None
    assert compare_namesakes(database, NameAndPin((PHONE,), "Mousa", "6482"))[0] is None
    assert compare_namesakes(database, NameAndPin((PHONE,), "Moussa Ali", "7391"))[0] is None


def test_a_vague_name_is_compared_with_few_people_alone(database: Database) -> None:
    for index in range(people.MAX_VAGUE_NAMESAKES + 2):
        add_known(database, PHONE, f"{'BDFKLR'[index] * 3} Ngono", "7391")
    with database.read() as session:
        assert len(people.load_namesakes(session, PHONE, "Ngono")) == people.MAX_VAGUE_NAMESAKES
        assert len(people.load_namesakes(session, PHONE, "RRR Ngono")) == 1
