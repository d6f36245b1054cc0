"""Signing in and registering: codes, tickets and sessions, shared telephones, guesses and races."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from people_factory import add_known, code_of, person

from oim.features import people
from oim.features.access import Actor, Role
from oim.features.audit import list_entries
from oim.features.consents import Purpose, load_decisions
from oim.features.people import Channel, Contact
from oim.features.sign_in import (
    AccountChange,
    ContactProof,
    Origin,
    PersonCredentials,
    PinChange,
    Registration,
    SignInServices,
    add_contact,
    change_name,
    change_pin,
    find_challenge_contact,
    load_ticket_contact,
    redeem_challenge,
    register_person,
    replace_sessions,
    require_pin,
    send_code,
    sign_in_person,
)
from oim.features.sign_in.rate_limits import code_limits
from oim.features.sign_in.sessions import OWNER_LIFETIME
from oim.kit.cache import Cache
from oim.kit.db import Database
from oim.kit.errors import BadInputError, NotFoundError, OimError, SignInError, TooManyError, UnavailableError

PHONE = Contact(Channel.SMS, "+237677123456")
WRONG = "0000000"


def request_code(
    database: Database, sign_in: SignInServices, contact: Contact = PHONE, address: str = "10.0.0.1"
) -> tuple[str, str]:
    """Request a code. Returns the challenge and the code."""
    challenge = send_code(database, sign_in, contact, language="fr", origin=Origin(address))
    return challenge, code_of(database)


def obtain_ticket(database: Database, sign_in: SignInServices, contact: Contact = PHONE) -> str:
    challenge, code = request_code(database, sign_in, contact)
    return redeem_challenge(sign_in.cache, database.vault, challenge, code)


def enter(database: Database, sign_in: SignInServices, ticket: str, name: str, pin: str) -> Actor:
    return sign_in_person(database, sign_in, PersonCredentials(ticket, name, pin)).actor


def register(
    database: Database, sign_in: SignInServices, ticket: str, name: str, pin: str, *agreed: Purpose
) -> Actor:
    newcomer = Registration(
        name=name,
        pin=pin,
        language="fr",
        channel="web",
        consents={purpose: purpose in agreed for purpose in Purpose},
    )
    return register_person(database, sign_in, ticket, newcomer).actor


def test_a_registered_person_can_sign_in_again(database: Database, sign_in: SignInServices) -> None:
    first = register(
        database, sign_in, obtain_ticket(database, sign_in), "Awa Ngono", "2580", Purpose.MATCHING
    )
    assert enter(database, sign_in, obtain_ticket(database, sign_in), "  awa NGONO", " 25 80") == first
    with database.write() as session:
        decisions = load_decisions(session, first, first.id or UUID(int=0))
        account = people.get(session, first, first.id or UUID(int=0))
    assert [(decision.purpose, decision.agreed, decision.channel) for decision in decisions.values()] == [
        (Purpose.MATCHING, True, "web")
    ]
    assert (account.name, list(account.contacts.values())) == ("Awa Ngono", [PHONE])


def test_requesting_a_code_does_not_reveal_whether_the_contact_is_known(
    database: Database, sign_in: SignInServices
) -> None:
    add_known(database, PHONE)
    known, unknown = (
        request_code(database, sign_in),
        request_code(database, sign_in, Contact(Channel.SMS, "+237677999999")),
    )
    assert [len(part) for part in known] == [len(part) for part in unknown]
    assert find_challenge_contact(sign_in.cache, database.vault, known[0]) == PHONE


def test_a_code_can_be_redeemed_once(database: Database, sign_in: SignInServices) -> None:
    challenge, code = request_code(database, sign_in)
    redeem_challenge(sign_in.cache, database.vault, challenge, f"{code[:3]} {code[3:]}")
    with pytest.raises(BadInputError) as refused:
        redeem_challenge(sign_in.cache, database.vault, challenge, code)
    assert refused.value.field == "code"
    assert find_challenge_contact(sign_in.cache, database.vault, challenge) is None


def test_a_code_can_be_tried_five_times_at_most(database: Database, sign_in: SignInServices) -> None:
    challenge, code = request_code(database, sign_in)
    for _ in range(5):
        with pytest.raises(BadInputError):
            redeem_challenge(sign_in.cache, database.vault, challenge, WRONG)
    with pytest.raises(BadInputError):
        redeem_challenge(sign_in.cache, database.vault, challenge, code)


def test_a_code_of_another_challenge_is_refused(database: Database, sign_in: SignInServices) -> None:
    (challenge, code), (other_challenge, other_code) = (
        request_code(database, sign_in),
        request_code(database, sign_in),
    )
    if code != other_code:
        with pytest.raises(BadInputError):
            redeem_challenge(sign_in.cache, database.vault, challenge, other_code)
    assert redeem_challenge(sign_in.cache, database.vault, other_challenge, other_code)


def test_of_fifty_concurrent_requests_with_one_code_one_succeeds(
    database: Database, sign_in: SignInServices
) -> None:
    challenge, code = request_code(database, sign_in)

    def attempt(_: int) -> bool:
        try:
            return bool(redeem_challenge(sign_in.cache, database.vault, challenge, code))
        except BadInputError:
            return False

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(attempt, range(50))) == 1


def test_of_fifty_concurrent_requests_with_one_ticket_one_succeeds(
    database: Database, sign_in: SignInServices
) -> None:
    add_known(database, PHONE)
    ticket = obtain_ticket(database, sign_in)

    def attempt(_: int) -> str:
        try:
            return enter(database, sign_in, ticket, "Awa", "2580").role.value
        except OimError as error:
            return error.code

    with ThreadPoolExecutor(50) as pool:
        outcomes = Counter(pool.map(attempt, range(50)))
    assert outcomes["person"] == 1
    assert set(outcomes) <= {"person", "sign-in", "too-many"}


def test_five_hundred_concurrent_pin_guesses_are_stopped_by_the_rate_limit(
    database: Database, sign_in: SignInServices
) -> None:
    add_known(database, PHONE)
    ticket = obtain_ticket(database, sign_in)
    pins = [f"{number:04}" for number in range(3000, 3500)]

    def attempt(pin: str) -> str:
        try:
            return enter(database, sign_in, ticket, "Awa", pin).role.value
        except OimError as error:
            return error.code

    with ThreadPoolExecutor(50) as pool:
        outcomes = Counter(pool.map(attempt, pins))
    assert outcomes == {"sign-in": 10, "too-many": 490}
    with pytest.raises(TooManyError) as refused:  # not even the right one, for now
        enter(database, sign_in, ticket, "Awa", "2580")
    assert 0 < refused.value.wait <= 15 * 60


def test_a_right_pin_does_not_reset_the_count_of_guesses(database: Database, sign_in: SignInServices) -> None:
    add_known(database, PHONE, "Awa", "2580")
    add_known(database, PHONE, "Biya", "1357")
    outcomes = []
    for turn in range(12):
        try:
            own = turn % 2 == 0
            outcomes.append(
                enter(
                    database, sign_in, plant_ticket(database, sign_in), "Biya" if own else "Awa", "1357"
                ).role
            )
        except (SignInError, TooManyError) as error:
            outcomes.append(error.code)
    assert outcomes.count("sign-in") <= 5
    assert outcomes[-1] == "too-many"


def plant_ticket(database: Database, sign_in: SignInServices) -> str:
    """Store a ticket directly in Valkey, without a code and so without a limit."""
    ticket = f"planted-{datetime.now(UTC).timestamp()}"
    sealed = database.vault.seal(f"sms {PHONE.value}".encode(), "valkey.ticket:contact")
    with sign_in.cache.commands() as valkey:
        valkey.set(f"ticket:{ticket}", sealed)
    return ticket


def test_a_wrong_pin_is_in_the_trail_of_the_person_with_that_name(
    database: Database, sign_in: SignInServices
) -> None:
    awa, biya = add_known(database, PHONE), add_known(database, PHONE, "Biya", "1357")
    ticket = obtain_ticket(database, sign_in)
    for name in ("AWA", "Nobody"):
        with pytest.raises(SignInError):
            enter(database, sign_in, ticket, name, "9876")
    with database.read() as session:
        tried = [
            (entry.role, entry.action) for entry in list_entries(session, awa) if entry.resource == "session"
        ]
        assert tried == [("stranger", "refused sign in")]
        assert not [entry for entry in list_entries(session, biya) if entry.resource == "session"]


def test_a_family_can_share_a_telephone(database: Database, sign_in: SignInServices) -> None:
    """Two people with one name and one with another: each signs in to their own account."""
    mother = register(database, sign_in, obtain_ticket(database, sign_in), "Awa", "2580")
    daughter = register(database, sign_in, obtain_ticket(database, sign_in), "Awa", "1357")
    son = register(database, sign_in, obtain_ticket(database, sign_in), "Biya", "2580")
    assert len({mother.id, daughter.id, son.id}) == 3
    assert enter(database, sign_in, obtain_ticket(database, sign_in), "Awa", "1357") == daughter
    with pytest.raises(SignInError):
        enter(database, sign_in, obtain_ticket(database, sign_in), "Biya", "1357")
    for reader in (mother, daughter, son):
        for other in (mother, daughter, son):
            if reader != other and other.id:
                with database.write() as session, pytest.raises(NotFoundError):
                    people.get(session, reader, other.id)


def test_registering_with_the_name_and_pin_of_somebody_on_the_contact_is_refused(
    database: Database, sign_in: SignInServices
) -> None:
    mother = register(database, sign_in, obtain_ticket(database, sign_in), "Awa", "2580")
    ticket = obtain_ticket(database, sign_in)
    with pytest.raises(BadInputError) as refused:
        register(database, sign_in, ticket, "AWA", "2580")
    assert refused.value.field == "pin"
    daughter = register(database, sign_in, ticket, "Awa", "1357")
    assert daughter != mother


def test_of_many_concurrent_registrations_with_one_name_and_pin_one_succeeds(
    database: Database, sign_in: SignInServices
) -> None:
    tickets = [plant_ticket(database, sign_in) for _ in range(8)]

    def attempt(ticket: str) -> bool:
        try:
            return bool(register(database, sign_in, ticket, "Awa", "2580"))
        except BadInputError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, tickets)) == 1


def test_a_change_to_the_name_and_pin_of_somebody_on_the_contact_is_refused(
    database: Database, sign_in: SignInServices
) -> None:
    mother = add_known(database, PHONE, "Awa", "2580")
    daughter = add_known(database, PHONE, "Awa", "1357")
    son = add_known(database, PHONE, "Biya", "2580")
    away = add_known(database, Contact(Channel.EMAIL, "awa@example.org"), "Awa", "2580")
    changes: tuple[Callable[[], None], ...] = (
        lambda: change_pin(database, sign_in, person(daughter), daughter, PinChange("1357", "2580")),
        lambda: change_name(database, sign_in, person(son), son, AccountChange("AWA", "fr", "2580")),
        lambda: change_name(
            database, sign_in, person(son), son, AccountChange(" \u200bA\u0301wa ", None, "2580")
        ),
        lambda: add_contact(
            database,
            sign_in,
            person(away),
            away,
            ContactProof(plant_ticket(database, sign_in), "2580"),
        ),
    )
    for change in changes:
        with pytest.raises(BadInputError):
            change()
    assert enter(database, sign_in, plant_ticket(database, sign_in), "Awa", "2580").id == mother
    # Who is alike elsewhere is nobody's business here.
    change_name(database, sign_in, person(son), son, AccountChange("Awa", "en", "2580x"))
    change_pin(database, sign_in, person(daughter), daughter, PinChange("1357", "9753"))


def test_trying_a_pin_on_a_namesake_counts_as_a_guess(database: Database, sign_in: SignInServices) -> None:
    add_known(database, PHONE, "Awa", "2580")
    guesser = add_known(database, PHONE, "Awa", "1357")
    outcomes = []
    for turn in range(12):
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=turn), tick=True):
            try:
                enter(database, sign_in, plant_ticket(database, sign_in), "Awa", f"30{turn:02}")
            except OimError as error:
                outcomes.append(error.code)
    assert outcomes[-1] == "too-many"
    with pytest.raises(TooManyError):
        change_pin(database, sign_in, person(guesser), guesser, PinChange("1357", "2580"))


def test_a_person_cannot_sign_in_on_a_telephone_that_is_not_theirs(
    database: Database, sign_in: SignInServices
) -> None:
    add_known(database, Contact(Channel.SMS, "+237699000000"))
    with pytest.raises(SignInError):
        enter(database, sign_in, obtain_ticket(database, sign_in), "Awa", "2580")


@pytest.mark.parametrize("name", ["", "Awa"])
@pytest.mark.parametrize("pin", ["", "12", "1234"])
def test_a_refused_registration_does_not_spend_the_ticket(
    database: Database, sign_in: SignInServices, name: str, pin: str
) -> None:
    ticket = obtain_ticket(database, sign_in)
    with pytest.raises(BadInputError):
        register(database, sign_in, ticket, name, pin)
    assert register(database, sign_in, ticket, "Awa", "2580")
    with pytest.raises(SignInError):
        register(database, sign_in, ticket, "Biya", "2581")


def test_codes_to_one_telephone_are_limited(database: Database, sign_in: SignInServices) -> None:
    for number in range(10):
        request_code(database, sign_in, address=f"10.0.0.{number}")
    with pytest.raises(TooManyError):
        request_code(database, sign_in, address="10.0.0.99")


@pytest.mark.parametrize(
    ("contacts", "most"),
    [
        # a range of numbers, and a country: by one address of the network, then by all together
        ((("10.0.0.1", Contact(Channel.SMS, f"+2376771{n:05}")) for n in range(100)), 20),
        (((f"10.0.{n % 99}.1", Contact(Channel.SMS, f"+2376771{n:05}")) for n in range(400)), 300),
        ((("10.0.0.1", Contact(Channel.SMS, f"+4477{n:08}")) for n in range(100)), 10),
        (((f"10.0.0.{n}", Contact(Channel.SMS, f"+4477{n:08}")) for n in range(100)), 80),
        ((("10.0.0.1", Contact(Channel.EMAIL, f"a{n}@example.org")) for n in range(400)), 300),
        (((f"2001:db8::{n}", Contact(Channel.EMAIL, f"a{n}@example.org")) for n in range(400)), 100),
    ],
)
def test_codes_to_many_contacts_are_limited(
    database: Database, sign_in: SignInServices, contacts: Iterator[tuple[str, Contact]], most: int
) -> None:
    accepted = 0
    for address, contact in contacts:
        origin = Origin(address)
        try:  # what sending a code counts first, without the message
            sign_in.rate_limiter.hit(code_limits(database.vault, contact, origin))
            accepted += 1
        except TooManyError:
            with pytest.raises(TooManyError):
                send_code(database, sign_in, contact, language="fr", origin=origin)
            break
    assert accepted == most


def test_the_limit_of_one_country_does_not_affect_a_neighbouring_country_code(
    database: Database, sign_in: SignInServices
) -> None:
    for n in range(80):
        contact = Contact(Channel.SMS, f"+2162{n:07}")  # of Tunisia, by many addresses
        send_code(database, sign_in, contact, language="fr", origin=Origin(f"10.0.0.{n}"))
    with pytest.raises(TooManyError):
        send_code(
            database, sign_in, Contact(Channel.SMS, "+21620999999"), language="fr", origin=Origin("10.0.1.1")
        )
    # Of Morocco, whose numbers begin alike.
    send_code(
        database, sign_in, Contact(Channel.SMS, "+212612345678"), language="fr", origin=Origin("10.0.1.1")
    )


def test_a_session_ends_when_idle_and_after_twelve_hours(sign_in: SignInServices) -> None:
    actor = person(UUID(int=1))
    token = sign_in.sessions.open(actor)
    with sign_in.cache.commands() as valkey:
        (key,) = valkey.keys("session:*")
        assert 1790 < valkey.ttl(key) - OWNER_LIFETIME.total_seconds() <= 1800
        assert token.encode() not in key
        began = int(valkey.hget(key, "at"))
        valkey.hset(key, "at", began - int(timedelta(hours=12, seconds=1).total_seconds() * 1e6))
    assert sign_in.sessions.find(token) is None


def test_sessions_can_be_ended_one_by_one_or_all_at_once(sign_in: SignInServices) -> None:
    actor, other = person(UUID(int=1)), Actor(Role.AGENT, UUID(int=2), UUID(int=3))
    first, second, other_token = (
        sign_in.sessions.open(actor),
        sign_in.sessions.open(actor),
        sign_in.sessions.open(other),
    )
    assert sign_in.sessions.find(first) == sign_in.sessions.find(second) == actor
    sign_in.sessions.end(first)
    assert (sign_in.sessions.find(first), sign_in.sessions.find(second)) == (None, actor)
    third = replace_sessions(sign_in, actor)
    assert (sign_in.sessions.find(second), sign_in.sessions.find(third)) == (None, actor)
    assert sign_in.sessions.find(other_token) == other
    assert sign_in.sessions.find("") is sign_in.sessions.find("nobody's") is None


def test_changing_the_pin_requires_the_old_pin(database: Database, sign_in: SignInServices) -> None:
    id_ = add_known(database, PHONE)
    with pytest.raises(BadInputError) as refused:
        change_pin(database, sign_in, person(id_), id_, PinChange("9999", "1357"))
    assert refused.value.field == "old"
    change_pin(database, sign_in, person(id_), id_, PinChange("2580", "1357"))
    require_pin(database, sign_in, id_, "1357", "")
    for pin in ("2580", "0001"):
        with pytest.raises(BadInputError):
            require_pin(database, sign_in, id_, pin, "")
    with pytest.raises(TooManyError):
        require_pin(database, sign_in, id_, "1357", "")


def test_a_contact_can_be_added_and_removed_but_not_the_last(
    database: Database, sign_in: SignInServices
) -> None:
    id_ = add_known(database, PHONE)
    mail = Contact(Channel.EMAIL, "awa@example.org")
    proof = ContactProof(obtain_ticket(database, sign_in, mail), "2580")
    add_contact(database, sign_in, person(id_), id_, proof)
    with database.write() as session:
        contacts = people.get(session, person(id_), id_).contacts
        assert list(contacts.values()) == [PHONE, mail]
        people.remove_contact(session, person(id_), id_, next(iter(contacts)))
    with database.write() as session:
        (last,) = people.get(session, person(id_), id_).contacts
        with pytest.raises(OimError, match="only contact"):
            people.remove_contact(session, person(id_), id_, last)


def test_nothing_in_valkey_identifies_anybody(database: Database, sign_in: SignInServices) -> None:
    pin = "25801397"  # a short one stands in a hash or an instant by chance
    ticket = obtain_ticket(database, sign_in)
    sign_in.sessions.open(register(database, sign_in, ticket, "Awa Ngono", pin))
    request_code(database, sign_in, Contact(Channel.EMAIL, "awa@example.org"))
    with sign_in.cache.commands() as valkey:
        dump = b"".join(key + (valkey.dump(key) or b"") for key in valkey.keys("*"))
    assert len(dump) > 1000
    for canary in (b"677123456", b"Awa", b"awa@example", b"10.0.0.1", pin.encode()):
        assert canary not in dump


def test_without_valkey_nobody_can_sign_in(database: Database, sign_in: SignInServices) -> None:
    away = SignInServices(Cache("redis://127.0.0.1:1/0"), sign_in.rate_limiter, sign_in.sessions)
    with pytest.raises(UnavailableError):
        load_ticket_contact(away.cache, database.vault, "any")


def test_the_rate_limit_message_states_the_wait_in_minutes(
    database: Database, sign_in: SignInServices
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=True):
        for _ in range(5):
            request_code(database, sign_in)
        with pytest.raises(TooManyError, match="in 60 min"):
            request_code(database, sign_in)
