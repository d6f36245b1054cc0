"""Identification of reporters: each has one blind index, and may report so often."""

from datetime import timedelta
from uuid import uuid4

import pytest
from people_factory import add_known, age_contacts, person

from oim.features import trust
from oim.features.access import STRANGER, Actor, Role
from oim.features.people import Channel, Contact, parse_contact
from oim.features.sign_in import SignInServices
from oim.features.trust import Reporter
from oim.features.trust.reporters import PROOF_AGE
from oim.kit.db import Database
from oim.kit.errors import TooManyError

AWA, BIH = Actor(Role.PERSON, uuid4()), Actor(Role.PERSON, uuid4())
ESTHER = Actor(Role.CASE_WORKER, uuid4())
DAY = timedelta(days=1)


def identify(
    sign_in: SignInServices, database: Database, actor: Actor = STRANGER, address: str = "198.51.100.7"
) -> Reporter:
    return trust.identify_reporter(database, sign_in.rate_limiter, actor, address)


def test_people_are_identified_by_their_account_and_strangers_by_their_address(
    sign_in: SignInServices, database: Database
) -> None:
    assert identify(sign_in, database, AWA) == identify(sign_in, database, AWA, "203.0.113.9")
    assert identify(sign_in, database, AWA) != identify(sign_in, database, BIH)
    assert identify(sign_in, database) == identify(sign_in, database)
    assert identify(sign_in, database) != identify(sign_in, database, address="203.0.113.9")
    assert (identify(sign_in, database, AWA).person, identify(sign_in, database).person) == (AWA.id, None)


def test_staff_count_as_one_reporter_and_not_as_a_person(sign_in: SignInServices, database: Database) -> None:
    reporter = identify(sign_in, database, ESTHER)
    assert reporter.person is None
    assert reporter.blind_index not in (
        identify(sign_in, database).blind_index,
        identify(sign_in, database, AWA).blind_index,
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
def test_all_addresses_of_a_subscriber_are_one_reporter(
    sign_in: SignInServices, database: Database, first: str, second: str, same: bool
) -> None:
    blind_indexes = {identify(sign_in, database, address=address).blind_index for address in (first, second)}
    assert (len(blind_indexes) == 1) == same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1", True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False),
        ("198.51.100.7", "198.51.100.250", True),
        ("198.51.100.7", "198.51.101.7", False),
        ("::ffff:198.51.100.7", "198.51.100.9", True),
        ("", "no address", False),
    ],
)
def test_all_strangers_of_a_network_are_one_voice(
    sign_in: SignInServices, database: Database, first: str, second: str, same: bool
) -> None:
    voices = {identify(sign_in, database, address=address).voice for address in (first, second)}
    assert (len(voices) == 1) == same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("awa+1@example.org", "awa+2@example.org", True),
        ("awa@example.org", "awa+x+y@example.org", True),
        ("a.w.a@gmail.com", "awa+1@googlemail.com", True),
        ("a.wa@example.org", "awa@example.org", False),
        ("+1@example.org", "+2@example.org", False),
        ("awa@example.org", "bih@example.org", False),
        ("awa@example.org", "awa@example.com", False),
    ],
)
def test_all_names_of_a_mailbox_are_one_voice(
    sign_in: SignInServices, database: Database, first: str, second: str, same: bool
) -> None:
    people = [person(add_known(database, parse_contact(text))) for text in (first, second)]
    voices = {identify(sign_in, database, actor).voice for actor in people}
    assert (len(voices) == 1) == same


def test_a_contact_is_proven_once_it_is_old_enough(sign_in: SignInServices, database: Database) -> None:
    awa = person(add_known(database, parse_contact("677123456")))
    for age, is_proven in ((timedelta(0), False), (PROOF_AGE - DAY, False), (PROOF_AGE, True)):
        age_contacts(database, age)
        assert identify(sign_in, database, awa).is_proven == is_proven
    assert not identify(sign_in, database, ESTHER).is_proven
    assert not identify(sign_in, database).is_proven


def test_strangers_of_a_network_have_a_common_limit_of_reports(
    sign_in: SignInServices, database: Database
) -> None:
    for number in range(60):
        identify(sign_in, database, address=f"198.51.100.{number % 10}")
    with pytest.raises(TooManyError):
        identify(sign_in, database, address="198.51.100.11")
    identify(sign_in, database, address="203.0.113.9")


def test_the_blind_index_does_not_reveal_the_address(sign_in: SignInServices, database: Database) -> None:
    reporter = identify(sign_in, database)
    assert len(reporter.blind_index) == 32
    assert b"198.51" not in reporter.blind_index


def test_an_address_and_a_person_have_a_limit_of_reports(sign_in: SignInServices, database: Database) -> None:
    for actor, limit in ((STRANGER, 10), (AWA, 20)):
        for _ in range(limit):
            identify(sign_in, database, actor)
        with pytest.raises(TooManyError):
            identify(sign_in, database, actor)
    identify(sign_in, database, BIH)
    identify(sign_in, database, address="203.0.113.9")


def test_all_accounts_of_one_telephone_are_one_reporter(sign_in: SignInServices, database: Database) -> None:
    phone, other = Contact(Channel.SMS, "+237677123456"), Contact(Channel.SMS, "+237677123457")
    awa, binta = (person(add_known(database, phone, name)) for name in ("Awa", "Binta"))
    actors = awa, binta, person(add_known(database, other))
    reporters = [identify(sign_in, database, actor) for actor in actors]
    assert reporters[0].blind_index == reporters[1].blind_index != reporters[2].blind_index
    assert [reporter.person for reporter in reporters[:2]] == [awa.id, binta.id]


def test_the_people_of_one_address_have_a_common_limit_of_reports(
    sign_in: SignInServices, database: Database
) -> None:
    people = [Actor(Role.PERSON, uuid4()) for _ in range(6)]
    for turn in range(100):
        identify(sign_in, database, people[turn % 5])
    with pytest.raises(TooManyError):
        identify(sign_in, database, people[5])
    identify(sign_in, database, people[5], "203.0.113.9")
