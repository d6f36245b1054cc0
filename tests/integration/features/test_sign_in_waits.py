"""Signing in waits and dies at the right moments: without a connection, and so that it can be done again."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from uuid import UUID, uuid4

import pytest
from people_factory import add_known, person
from session_guard import SessionGuard, WaitInSessionError
from sqlalchemy import func, select

from oim.features import people
from oim.features.consents import Purpose
from oim.features.people import Channel, Contact
from oim.features.people.models import PersonRow
from oim.features.sign_in import (
    PersonCredentials,
    Registration,
    Sessions,
    SignedIn,
    SignInServices,
    load_ticket_contact,
    register_person,
    sign_in_person,
)
from oim.kit.cache import Cache
from oim.kit.db import Database
from oim.kit.errors import BadInputError, OimError, SignInError
from oim.kit.rate_limits import RateLimiter

SIGN_INS = 200
PHONE = Contact(Channel.SMS, "+237677123456")
AWA, PIN = "Awa", "2580"


def plant_ticket(database: Database, sign_in: SignInServices, contact: Contact = PHONE) -> str:
    """Store a ticket directly in Valkey, without a code and so without a limit."""
    ticket = uuid4().hex
    sealed = database.vault.seal(f"{contact.channel.value} {contact.value}".encode(), "valkey.ticket:contact")
    with sign_in.cache.commands() as valkey:
        valkey.set(f"ticket:{ticket}", sealed)
    return ticket


def register(database: Database, sign_in: SignInServices, ticket: str, name: str = AWA) -> SignedIn:
    consents = dict.fromkeys(Purpose, False)
    newcomer = Registration(name=name, pin=PIN, language="fr", channel="web", consents=consents)
    return register_person(database, sign_in, ticket, newcomer)


def count_people(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(PersonRow)) or 0


def count_open_sessions(sign_in: SignInServices) -> int:
    with sign_in.cache.commands() as valkey:
        return len(valkey.keys("session:*"))


@pytest.fixture
def killed_before_opening() -> Iterator[Callable[[], None]]:
    """A process that dies after the commit, before it opens a session. Call the result to live again."""

    def die(*_: object) -> bool:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sessions, "activate", die)
        yield patch.undo


def test_two_hundred_sign_ins_hold_no_connection_while_they_wait(
    database: Database, sign_in: SignInServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A site's process has 40 threads. 200 on a busy machine need more connections to Valkey, and more time.
    monkeypatch.setattr("oim.kit.cache.TIMEOUT", 60.0)
    # They go on at once, and the last then waits for a connection as long as the work of all takes.
    monkeypatch.setattr(database._engine.pool, "_timeout", 60.0)
    cache = Cache(f"{sign_in.cache.url}?max_connections={2 * SIGN_INS}")
    sign_in = SignInServices(cache, RateLimiter(cache), Sessions(cache))
    monkeypatch.setattr("oim.features.sign_in.service.MIN_RESPONSE_TIME", 3600)
    contacts = [Contact(Channel.SMS, f"+2376771{number:05}") for number in range(SIGN_INS)]
    ids = [add_known(database, contact, AWA, PIN) for contact in contacts]
    tickets = [plant_ticket(database, sign_in, contact) for contact in contacts]
    held: list[int] = []
    # Nobody goes on until all 200 wait: with 16 connections only 16 could wait in a session at once.
    all_wait = Barrier(SIGN_INS, lambda: held.append(database._engine.pool.checkedout()), timeout=60)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        all_wait.wait()

    monkeypatch.setattr("oim.features.sign_in.service.sleep", wait)

    def attempt(ticket: str) -> UUID | str | None:
        try:
            return sign_in_person(database, sign_in, PersonCredentials(ticket, AWA, PIN)).actor.id
        except (OimError, BrokenBarrierError) as error:
            return repr(error)

    with ThreadPoolExecutor(SIGN_INS) as pool:
        assert list(pool.map(attempt, tickets)) == ids
    cache.close()
    assert held == [0]
    assert len(waits) == SIGN_INS
    assert min(waits) > 3000


def test_a_registration_killed_before_its_session_can_be_repeated(
    database: Database, sign_in: SignInServices, killed_before_opening: Callable[[], None]
) -> None:
    ticket = plant_ticket(database, sign_in)
    with pytest.raises(KeyboardInterrupt):
        register(database, sign_in, ticket)
    killed_before_opening()
    assert count_open_sessions(sign_in) == 0
    repeated = register(database, sign_in, ticket)
    assert sign_in.sessions.find(repeated.token) == repeated.actor
    assert count_people(database) == 1
    for name in (AWA, "Biya"):
        with pytest.raises(SignInError):
            register(database, sign_in, ticket, name)


def test_a_ticket_that_created_one_account_creates_no_second_one(
    database: Database, sign_in: SignInServices, killed_before_opening: Callable[[], None]
) -> None:
    ticket = plant_ticket(database, sign_in)
    with pytest.raises(KeyboardInterrupt):
        register(database, sign_in, ticket)
    killed_before_opening()
    with pytest.raises(SignInError):
        register(database, sign_in, ticket, "Biya")
    assert (count_people(database), count_open_sessions(sign_in)) == (1, 0)


def test_a_ticket_of_somebody_else_does_not_sign_in_who_was_created_by_another(
    database: Database, sign_in: SignInServices
) -> None:
    register(database, sign_in, plant_ticket(database, sign_in))
    with pytest.raises(BadInputError):
        register(database, sign_in, plant_ticket(database, sign_in))


def test_a_sign_in_killed_before_its_session_can_be_repeated_by_that_person_alone(
    database: Database, sign_in: SignInServices, killed_before_opening: Callable[[], None]
) -> None:
    awa = add_known(database, PHONE, AWA, PIN)
    add_known(database, PHONE, "Biya", "1357")
    ticket = plant_ticket(database, sign_in)
    with pytest.raises(KeyboardInterrupt):
        sign_in_person(database, sign_in, PersonCredentials(ticket, AWA, PIN))
    killed_before_opening()
    with pytest.raises(SignInError):
        sign_in_person(database, sign_in, PersonCredentials(ticket, "Biya", "1357"))
    assert sign_in_person(database, sign_in, PersonCredentials(ticket, AWA, PIN)).actor.id == awa
    assert count_open_sessions(sign_in) == 1


@pytest.mark.parametrize("step", ["touch_last_seen", "create_person"])
def test_no_session_opens_and_no_ticket_is_spent_if_the_transaction_fails(
    database: Database, sign_in: SignInServices, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    ticket = plant_ticket(database, sign_in)

    def fail(*_: object) -> None:
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(people, step, fail)
        with pytest.raises(RuntimeError):
            register(database, sign_in, ticket)
    assert (count_people(database), count_open_sessions(sign_in)) == (0, 0)
    assert load_ticket_contact(sign_in.cache, database.vault, ticket) == PHONE
    assert register(database, sign_in, ticket).token


def test_of_many_registrations_by_one_ticket_one_creates_an_account(
    database: Database, sign_in: SignInServices
) -> None:
    ticket = plant_ticket(database, sign_in)

    def attempt(name: str) -> str:
        try:
            return register(database, sign_in, ticket, name).actor.role.value
        except SignInError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(attempt, "ABCDEFGH"))
    assert outcomes == {"person": 1, "sign-in": 7}
    assert (count_people(database), count_open_sessions(sign_in)) == (1, 1)


def test_a_session_prepared_before_all_were_ended_does_not_open(sign_in: SignInServices) -> None:
    actor = person(UUID(int=1))
    ended, spent = sign_in.sessions.prepare(actor), sign_in.sessions.prepare(actor, "ticket:gone")
    sign_in.sessions.end_all(actor.id or UUID(int=0))
    sign_in.sessions.activate(ended)
    assert sign_in.sessions.find(ended) is None
    assert not sign_in.sessions.activate(spent)
    opened = sign_in.sessions.prepare(actor)
    assert sign_in.sessions.find(opened) is None
    assert sign_in.sessions.activate(opened)
    assert sign_in.sessions.activate(opened)
    assert sign_in.sessions.find(opened) == actor
    sign_in.sessions.end(opened)
    assert not sign_in.sessions.activate(opened)


def test_a_wait_in_an_open_session_is_refused(
    database: Database, sign_in: SignInServices, session_guard: SessionGuard
) -> None:
    def limit() -> None:
        load_ticket_contact(sign_in.cache, database.vault, "any")

    def hash_slowly() -> None:
        people.hash_pin(database.vault, uuid4(), PIN)

    def open_another() -> None:
        with database.read():
            pass

    for wait in (limit, hash_slowly, open_another):
        with database.read(), pytest.raises(WaitInSessionError):
            wait()
    assert len(session_guard.refused) == 3
    session_guard.refused.clear()
