"""A forgotten PIN: a new one serves after a delay that every contact is told of, or at once where proved."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from people_factory import add_case_worker, add_known, code_of, person
from sqlalchemy import select, update

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
    Registration,
    SignInServices,
    budgets,
    cancel_by_secret,
    cancel_pin_request,
    confirm_pin_request,
    find_pin_request,
    purge_pin_requests,
    redeem_challenge,
    register_person,
    request_pin,
    send_code,
    sign_in_person,
    vouch_for_person,
)
from oim.features.sign_in.budgets import HOME, HOME_BUDGETS
from oim.features.sign_in.pin_notices import count_announcement
from oim.kit.clock import now
from oim.kit.db import Database, unseal
from oim.kit.errors import BadInputError, NotFoundError, SignInError, TooManyError
from oim.kit.rate_limits import RateLimit

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

    def ask(
        self, name: str = "Awa Ngono", contact: Contact = PHONE, pin: str = NEW, ticket: str = ""
    ) -> PinClaim:
        return request_pin(
            self.database,
            self.services,
            PersonCredentials(ticket or self.prove(contact), name, pin),
            language="fr",
            make_link=lambda secret: f"https://oim.example/fr/pin/{secret}",
        )

    def enter(self, pin: str, name: str = "Awa Ngono", contact: Contact = PHONE) -> UUID | None:
        credentials = PersonCredentials(self.prove(contact), name, pin)
        return sign_in_person(self.database, self.services, credentials).actor.id

    def send(self) -> None:
        """Let all messages that wait reach their gateways now."""
        with self.database.write() as session:
            session.execute(
                update(MessageRow)
                .where(MessageRow.state == "waiting")
                .values(state="sent", ended_at=now())
                .execution_options(synchronize_session=False)
            )

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
    family.send()
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
    family.send()
    token = family.services.sessions.open(person(family.awa))
    clock.shift(PIN_DELAY + timedelta(minutes=1))
    family.enter(NEW)
    assert family.services.sessions.find(token) is None


@pytest.mark.parametrize("way", ["link", "session", "old pin"])
def test_a_new_pin_is_cancelled(family: Family, clock: time_machine.Traveller, way: str) -> None:
    family.ask()
    family.send()
    if way == "old pin":
        assert family.enter(OLD) == family.awa
    else:
        secret = next(secret for contact, secret in family.notices() if contact == OWN.value)
        if way == "link":
            assert cancel_by_secret(family.database, secret)
        else:
            with family.database.write() as session:
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
        vouch_for_person(session, worker, family.awa, "")
    claim = family.ask()
    for actor in (other, person(family.awa), person(family.paul)):
        _expect_refusal(family, actor)
    with family.database.write() as session:
        vouch_for_person(session, worker, family.awa, f"{claim.number[:3]} {claim.number[3:]}")
    assert family.enter(NEW) == family.awa
    with family.database.read() as session:
        entries = list_entries(session, family.awa)
    assert (worker.role.value, "change", "vouching") in [
        (entry.role, entry.action, entry.resource) for entry in entries
    ]


def _expect_refusal(family: Family, actor: Actor) -> None:
    with pytest.raises(NotFoundError), family.database.write() as session:
        vouch_for_person(session, actor, family.awa, "")


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
        assert purge_pin_requests(session, now() + PIN_DELAY - timedelta(minutes=1)) == 0
        assert purge_pin_requests(session, now() + PIN_DELAY + timedelta(minutes=1)) == 1


@pytest.fixture
def worker(family: Family) -> Actor:
    """A case worker whom Awa lets help her."""
    actor = add_case_worker(family.database)
    with family.database.write() as session:
        give_mandate(session, person(family.awa), family.awa, actor.id or UUID(int=0))
    return actor


def find_contact(family: Family, owner: UUID, contact: Contact) -> UUID:
    with family.database.write() as session:
        contacts = people.get(session, person(owner), owner).contacts
    return next(id_ for id_, each in contacts.items() if each == contact)


def test_a_case_worker_confirms_the_request_of_whoever_tells_its_number(
    family: Family, worker: Actor
) -> None:
    awas, pauls = family.ask(), family.ask(pin="9164")
    assert awas.number != pauls.number
    for number in (awas.number, ""):
        with pytest.raises(BadInputError) as refused, family.database.write() as session:
            vouch_for_person(session, worker, family.awa, number)
        assert refused.value.field == "number"
    for pin in (NEW, "9164"):
        with pytest.raises(SignInError):
            family.enter(pin)


@pytest.mark.parametrize("way", ["case worker", "second contact"])
def test_what_was_confirmed_is_not_replaced(family: Family, worker: Actor, way: str) -> None:
    claim = family.ask()
    if way == "case worker":
        with family.database.write() as session:
            vouch_for_person(session, worker, family.awa, claim.number)
    else:
        confirm_pin_request(family.database, family.services, claim.secret, family.prove(OWN))
    assert family.ask(pin="9164").number != claim.number
    assert family.enter(NEW) == family.awa


@pytest.mark.parametrize("way", ["removes", "is erased"])
@pytest.mark.parametrize(("first", "second"), [(PHONE, AUNT), (AUNT, PHONE)])
def test_a_contact_that_another_left_is_not_soon_ones_own(
    family: Family, way: str, first: Contact, second: Contact
) -> None:
    left = find_contact(family, family.paul, PHONE)
    with family.database.write() as session:
        if way == "is erased":
            people.delete_person(session, family.paul)
        else:
            people.remove_contact(session, person(family.paul), family.paul, left)
    claim = family.ask(contact=first)
    with pytest.raises(BadInputError):
        confirm_pin_request(family.database, family.services, claim.secret, family.prove(second))


def test_that_the_first_contact_alone_is_ones_own_lets_nobody_in(family: Family) -> None:
    claim = family.ask(contact=OWN)
    with pytest.raises(BadInputError):
        confirm_pin_request(family.database, family.services, claim.secret, family.prove(PHONE))


def test_a_contact_is_ones_own_some_weeks_after_another_left_it(family: Family) -> None:
    with family.database.write() as session:
        people.delete_person(session, family.paul)
        assert people.purge_removed_contacts(session, now() - timedelta(days=30)) == 0
        assert people.purge_removed_contacts(session, now() + timedelta(minutes=1)) == 2
    claim = family.ask()
    confirm_pin_request(family.database, family.services, claim.secret, family.prove(AUNT))


def test_what_one_removed_oneself_is_no_hindrance(family: Family) -> None:
    own = find_contact(family, family.awa, OWN)
    with family.database.write() as session:
        people.remove_contact(session, person(family.awa), family.awa, own)
    with family.database.write() as session:
        people.add_contact(session, person(family.awa), family.awa, OWN)
    claim = family.ask()
    confirm_pin_request(family.database, family.services, claim.secret, family.prove(OWN))


def test_an_older_link_cancels_what_replaced_its_request(family: Family) -> None:
    family.ask()
    [first] = [secret for contact, secret in family.notices() if contact == OWN.value]
    family.ask(pin="9164")
    assert cancel_by_secret(family.database, first)
    with family.database.write() as session:
        assert find_pin_request(session, person(family.awa), family.awa) is None
    assert not any(cancel_by_secret(family.database, secret) for _, secret in family.notices())


def test_the_link_of_who_asks_cancels_and_never_says_whether_somebody_is_there(family: Family) -> None:
    for name in ("Awa Ngono", "Zacharie"):
        family.ask(name)
    links = [secret for contact, secret in family.notices() if contact == PHONE.value]
    assert [cancel_by_secret(family.database, secret) for secret in links] == [False, False]
    with family.database.write() as session:
        assert find_pin_request(session, person(family.awa), family.awa) is None


@pytest.mark.parametrize("name", ["Awa Ngono", "Zacharie"])
def test_the_same_request_twice_is_one(family: Family, name: str) -> None:
    ticket = family.prove(PHONE)
    first, second = (family.ask(name, ticket=ticket) for _ in range(2))
    assert first == second
    assert len(family.notices()) == (3 if name == "Awa Ngono" else 1)
    assert family.ask(name, pin="9164", ticket=ticket) != first


def mark_messages(family: Family, state: str, person_id: UUID | None) -> None:
    """Let the announcements end, of a person or, without one, on the contact that asked."""
    announced = MessageRow.kind == "pin_asked", MessageRow.person_id.is_not_distinct_from(person_id)
    with family.database.write() as session:
        session.execute(update(MessageRow).where(*announced).values(state=state, ended_at=now()))


def test_the_delay_runs_once_a_message_went_to_another_contact(
    family: Family, clock: time_machine.Traveller
) -> None:
    family.ask()
    mark_messages(family, "sent", None)  # to the telephone that asked: of no use
    mark_messages(family, "given_up", family.awa)
    clock.shift(PIN_DELAY + timedelta(days=5))
    with pytest.raises(SignInError):
        family.enter(NEW)
    mark_messages(family, "sent", family.awa)
    clock.shift(PIN_DELAY - timedelta(minutes=5))
    with pytest.raises(SignInError):
        family.enter(NEW)
    clock.shift(timedelta(minutes=10))
    assert family.enter(NEW) == family.awa


def test_with_one_contact_alone_the_message_to_it_counts(
    family: Family, clock: time_machine.Traveller
) -> None:
    alone = Contact(Channel.SMS, "+237655123456")
    zoe = add_known(family.database, alone, "Zoé", OLD)
    family.ask("Zoé", alone)
    clock.shift(PIN_DELAY + timedelta(minutes=1))
    with pytest.raises(SignInError):
        family.enter(NEW, "Zoé", alone)
    mark_messages(family, "sent", None)
    clock.shift(PIN_DELAY + timedelta(minutes=1))
    assert family.enter(NEW, "Zoé", alone) == zoe


def test_a_person_is_written_to_three_times_a_day_from_all_contacts_together(family: Family) -> None:
    claims = [family.ask(contact=contact, pin="9164") for contact in (PHONE, AUNT, OWN, PHONE, AUNT)]
    assert {len(claim.secret) for claim in claims} == {32}
    with family.database.read() as session:
        mine = MessageRow.person_id == family.awa, MessageRow.kind == "pin_asked"
        assert len(session.scalars(select(MessageRow.id).where(*mine)).all()) == 6  # to two others each time
    with pytest.raises(BadInputError):  # what nobody was told of is not there, and has replaced nothing
        confirm_pin_request(family.database, family.services, claims[3].secret, family.prove(OWN))
    with family.database.write() as session:
        assert find_pin_request(session, person(family.awa), family.awa) is not None


def test_every_paid_message_counts_for_the_budget_of_codes(family: Family) -> None:
    (limit,) = (each for each in HOME_BUDGETS if each.name.endswith("day"))

    def count_paid() -> int:
        quota = family.services.rate_limiter.read_quota(limit, HOME)
        return quota.limit - quota.remaining

    claim, ticket = family.ask(), family.prove(OWN)
    assert count_paid() == 3  # one code and two messages, to two telephones; the mailbox costs nothing
    confirm_pin_request(family.database, family.services, claim.secret, ticket)
    sign_in_person(family.database, family.services, PersonCredentials(ticket, "Awa Ngono", NEW))
    assert count_paid() == 5


def test_no_message_goes_beyond_its_budget(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "HOME_BUDGETS", (RateLimit("code-country-hour", "1 per hour"),))
    others = [OWN, AUNT]
    assert count_announcement(family.services, family.awa, others) == [OWN, AUNT]
    assert count_announcement(family.services, family.awa, others) == [OWN]


def test_nobody_joins_with_name_and_pin_that_somebody_asked_for(family: Family) -> None:
    newcomer = Registration(name="Awa Ngonno", pin=NEW, language="fr", channel="web", consents={})
    claim = family.ask()
    with pytest.raises(BadInputError, match="uses this contact already"):
        register_person(family.database, family.services, family.prove(PHONE), newcomer)
    confirm_pin_request(family.database, family.services, claim.secret, family.prove(OWN))
    with pytest.raises(BadInputError, match="uses this contact already"):
        register_person(family.database, family.services, family.prove(PHONE), newcomer)
    assert family.enter(NEW) == family.awa
