"""Who reports: let in so often, and named by something blind."""

from uuid import uuid4

import pytest
from people_factory import add_known, person

from oim.features import trust
from oim.features.access import STRANGER, Actor, Role
from oim.features.people import Channel, Contact
from oim.features.sign_in import SignInServices
from oim.features.trust import Reporter
from oim.kit.db import Database
from oim.kit.errors import TooManyError

AWA, BIH = Actor(Role.PERSON, uuid4()), Actor(Role.PERSON, uuid4())
ESTHER = Actor(Role.CASE_WORKER, uuid4())


def named(
    doors: SignInServices, database: Database, actor: Actor = STRANGER, address: str = "198.51.100.7"
) -> Reporter:
    with database.read() as session:
        return trust.identify_reporter(session, doors.rate_limiter, actor, address)


def test_people_are_named_by_themselves_and_strangers_by_their_address(
    doors: SignInServices, database: Database
) -> None:
    assert named(doors, database, AWA) == named(doors, database, AWA, "203.0.113.9")
    assert named(doors, database, AWA) != named(doors, database, BIH)
    assert named(doors, database) == named(doors, database)
    assert named(doors, database) != named(doors, database, address="203.0.113.9")
    assert (named(doors, database, AWA).person, named(doors, database).person) == (AWA.id, None)


def test_staff_count_as_one_reporter_and_not_as_a_person(doors: SignInServices, database: Database) -> None:
    told = named(doors, database, ESTHER)
    assert told.person is None
    assert told.blind_index not in (
        named(doors, database).blind_index,
        named(doors, database, AWA).blind_index,
    )


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("198.51.100.7", "198.51.100.8", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("::ffff:198.51.100.7", "::ffff:198.51.100.8", False),
        ("", "no address", False),
    ],
)
def test_a_subscriber_counts_once(
    doors: SignInServices, database: Database, first: str, second: str, same: bool
) -> None:
    blinds = {named(doors, database, address=one).blind_index for one in (first, second)}
    assert (len(blinds) == 1) == same


def test_the_value_tells_nobody_the_address(doors: SignInServices, database: Database) -> None:
    told = named(doors, database)
    assert len(told.blind_index) == 32
    assert b"198.51" not in told.blind_index


def test_there_is_an_end_for_an_address_and_for_a_person(doors: SignInServices, database: Database) -> None:
    for actor, most in ((STRANGER, 10), (AWA, 20)):
        for _ in range(most):
            named(doors, database, actor)
        with pytest.raises(TooManyError):
            named(doors, database, actor)
    named(doors, database, BIH)
    named(doors, database, address="203.0.113.9")


def test_all_who_joined_on_one_telephone_are_one_reporter(doors: SignInServices, database: Database) -> None:
    phone, other = Contact(Channel.SMS, "+237677123456"), Contact(Channel.SMS, "+237677123457")
    awa, binta = (person(add_known(database, phone, name)) for name in ("Awa", "Binta"))
    told = [named(doors, database, one) for one in (awa, binta, person(add_known(database, other)))]
    assert told[0].blind_index == told[1].blind_index != told[2].blind_index
    assert [one.person for one in told[:2]] == [awa.id, binta.id]


def test_there_is_an_end_for_all_the_people_of_an_address(doors: SignInServices, database: Database) -> None:
    people = [Actor(Role.PERSON, uuid4()) for _ in range(6)]
    for turn in range(100):
        named(doors, database, people[turn % 5])
    with pytest.raises(TooManyError):
        named(doors, database, people[5])
    named(doors, database, people[5], "203.0.113.9")
