"""A forgotten PIN: a new one serves after a delay that every contact is told of, or at once where proved."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from people_factory import add_case_worker, add_known, code_of, person
from sqlalchemy import select

from oim.features import people
from oim.features.access import Actor, give_mandate
from oim.features.audit import list_entries
from oim.features.messages.models import MessageRow
from oim.features.people import Channel, Contact
from oim.features.sign_in import (
    PIN_DELAY,
    Origin,
    PersonCredentials,
    PinClaim,
    SignInServices,
    cancel_by_secret,
    cancel_pin_request,
    confirm_pin_request,
    find_pin_request,
    purge_pin_requests,
    redeem_challenge,
    request_pin,
    send_code,
    sign_in_person,
    vouch_for_person,
)
from oim.kit.clock import now
from oim.kit.db import Database, unseal
from oim.kit.errors import BadInputError, NotFoundError, SignInError, TooManyError

PHONE, OWN, AUNT = (
    Contact(Channel.SMS, "+237677123456"),
    Contact(Channel.EMAIL, "awa@example.org"),
    Contact(Channel.SMS, "+237699123456"),
)
OLD, NEW = "2580", "7391"


class Family:
    """Awa and Paul on one telephone; Awa has a mailbox of her own beside it, and both have their aunt's."""

    def __init__(self, database: Database, services: SignInServices) -> None:
        self.database, self.services = database, services
        self.awa = add_known(database, PHONE, "Awa Ngono", OLD)
        self.paul = add_known(database, PHONE, "Paul Ngono", "6482")
        with database.write() as session:
            for owner, contact in ((self.awa, OWN), (self.awa, AUNT), (self.paul, AUNT)):
                people.add_contact(session, person(owner), owner, contact)

    def prove(self, contact: Contact) -> str:
        challenge = send_code(self.database, self.services, contact, language="fr", origin=Origin("10.0.0.1"))
        return redeem_challenge(self.services.cache, self.database.vault, challenge, code_of(self.database))

    def ask(self, name: str = "Awa Ngono", contact: Contact = PHONE, pin: str = NEW) -> PinClaim:
        return request_pin(
            self.database,
            self.services,
            PersonCredentials(self.prove(contact), name, pin),
            language="fr",
            make_link=lambda secret: f"https://oim.example/fr/pin/{secret}",
        )

    def enter(self, pin: str, name: str = "Awa Ngono", contact: Contact = PHONE) -> UUID | None:
        credentials = PersonCredentials(self.prove(contact), name, pin)
        return sign_in_person(self.database, self.services, credentials).actor.id

    def notices(self, kind: str = "pin_asked") -> list[tuple[str, str]]:
        """The contacts that were told, and the secrets of the links."""
        with self.database.read() as session:
            rows = session.scalars(
                select(MessageRow).where(MessageRow.kind == kind).order_by(MessageRow.created_at)
            ).all()
            told = []
            for row in rows:
                assert row.address is not None
                assert row.payload is not None
                payload = json.loads(unseal(session, MessageRow.payload, row.id, row.payload))
                address = unseal(session, MessageRow.address, row.id, row.address)
                told.append((address, payload.get("link", "").rpartition("/")[2]))
            return told


@pytest.fixture
def family(database: Database, sign_in: SignInServices) -> Family:
    return Family(database, sign_in)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now()) as travel:
        yield travel


def test_a_new_pin_serves_after_the_delay_and_not_before(
    family: Family, clock: time_machine.Traveller
) -> None:
    family.ask()
    assert sorted(contact for contact, _ in family.notices()) == sorted(
        contact.value for contact in (PHONE, OWN, AUNT)
    )
    clock.shift(PIN_DELAY - timedelta(minutes=5))
    with pytest.raises(SignInError):
        family.enter(NEW)
    clock.shift(timedelta(minutes=10))
    assert family.enter(NEW) == family.awa
    assert len(family.notices("pin_changed")) == 3
    with pytest.raises(SignInError):
        family.enter(OLD)
    assert family.enter(NEW) == family.awa


def test_a_new_pin_ends_the_sessions_of_the_old_one(family: Family, clock: time_machine.Traveller) -> None:
    family.ask()
    token = family.services.sessions.open(person(family.awa))
    clock.shift(PIN_DELAY + timedelta(minutes=1))
    family.enter(NEW)
    assert family.services.sessions.find(token) is None


@pytest.mark.parametrize("way", ["link", "session", "old pin"])
def test_a_new_pin_is_cancelled(family: Family, clock: time_machine.Traveller, way: str) -> None:
    family.ask()
    if way == "old pin":
        assert family.enter(OLD) == family.awa
    else:
        secret = next(secret for contact, secret in family.notices() if contact == OWN.value)
        with family.database.write() as session:
            if way == "link":
                cancel_by_secret(session, secret)
            else:
                cancel_pin_request(session, person(family.awa), family.awa)
    clock.shift(PIN_DELAY + timedelta(minutes=1))
    with pytest.raises(SignInError):
        family.enter(NEW)
    assert family.enter(OLD) == family.awa


@pytest.mark.parametrize("name", ["Awa Ngono", "Ngono", "Zacharie", "Ngono Pol"])
def test_asking_tells_nobody_who_else_is_there(family: Family, name: str) -> None:
    claim = family.ask(name)
    assert [contact for contact, _ in family.notices() if contact == PHONE.value] == [PHONE.value]
    with family.database.read() as session:
        on_phone = select(MessageRow.person_id).where(MessageRow.kind == "pin_asked")
        assert None in session.scalars(on_phone).all()
    assert abs(claim.opens_at - now() - PIN_DELAY) < timedelta(minutes=1)
    assert len(claim.secret) == 32


def test_part_of_a_name_asks_for_nobody(family: Family) -> None:
    family.ask("Ngono")
    family.ask("Awa")
    with family.database.write() as session:
        assert find_pin_request(session, person(family.awa), family.awa) is None
        assert find_pin_request(session, person(family.paul), family.paul) is None


def test_a_second_contact_of_ones_own_lets_in_at_once(family: Family) -> None:
    claim = family.ask()
    ticket = family.prove(OWN)
    confirm_pin_request(family.database, family.services, claim.secret, ticket)
    credentials = PersonCredentials(ticket, "Awa Ngono", NEW)
    assert sign_in_person(family.database, family.services, credentials).actor.id == family.awa


@pytest.mark.parametrize("second", [PHONE, AUNT, Contact(Channel.EMAIL, "paul@example.org")])
def test_what_others_of_the_family_read_lets_nobody_in_at_once(family: Family, second: Contact) -> None:
    claim = family.ask()
    with pytest.raises(BadInputError):
        confirm_pin_request(family.database, family.services, claim.secret, family.prove(second))
    with pytest.raises(BadInputError):
        confirm_pin_request(family.database, family.services, "another", family.prove(OWN))
    with pytest.raises(SignInError):
        family.enter(NEW)


def test_a_case_worker_with_a_mandate_vouches(family: Family) -> None:
    worker, other = add_case_worker(family.database), add_case_worker(family.database)
    with family.database.write() as session:
        give_mandate(session, person(family.awa), family.awa, worker.id or UUID(int=0))
    with pytest.raises(BadInputError), family.database.write() as session:
        vouch_for_person(session, worker, family.awa)
    family.ask()
    for actor in (other, person(family.awa), person(family.paul)):
        _expect_refusal(family, actor)
    with family.database.write() as session:
        vouch_for_person(session, worker, family.awa)
    assert family.enter(NEW) == family.awa
    with family.database.read() as session:
        entries = list_entries(session, family.awa)
    assert (worker.role.value, "change", "vouching") in [
        (entry.role, entry.action, entry.resource) for entry in entries
    ]


def _expect_refusal(family: Family, actor: Actor) -> None:
    with pytest.raises(NotFoundError), family.database.write() as session:
        vouch_for_person(session, actor, family.awa)


def test_a_contact_asks_three_times_a_day(family: Family) -> None:
    for name in ("Awa Ngono", "Nobody", "Awa Ngono"):
        family.ask(name)
    with pytest.raises(TooManyError):
        family.ask()


def test_a_pin_that_is_too_easy_is_refused_before_anything_is_told(family: Family) -> None:
    with pytest.raises(BadInputError):
        family.ask(pin="1234")
    assert family.notices() == []


def test_what_was_never_used_ends_by_its_term(family: Family) -> None:
    family.ask()
    with family.database.write() as session:
        assert purge_pin_requests(session, now()) == 0
        assert purge_pin_requests(session, now() + PIN_DELAY + timedelta(minutes=1)) == 1
