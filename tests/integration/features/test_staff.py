"""Accounts of staff: three secrets at once, each code once, no account that tells it is there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pyotp
import pytest
import time_machine
from people_factory import add_people, person

from oim.features import access, staff
from oim.features.access import SYSTEM, Action, Actor, Resource, Role, Subject, is_permitted
from oim.features.sign_in import SignInServices, sign_in_staff
from oim.features.sign_in.rate_limits import password_limits
from oim.kit.db import Database
from oim.kit.errors import BadInputError, ConflictError, NotFoundError, SignInError, TooManyError

Clock = time_machine.Traveller
EMAIL, PASSWORD = "ada@example.org", "quatre mots bien longs"
START = datetime(2026, 11, 25, 12, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def invited(database: Database, email: str = EMAIL, role: Role = Role.ADMINISTRATOR) -> tuple[UUID, str]:
    with database.write() as session:
        return staff.invite(session, SYSTEM, email, "Ada", role)


def confirmed(
    database: Database, email: str = EMAIL, role: Role = Role.ADMINISTRATOR
) -> tuple[UUID, pyotp.TOTP]:
    """An account that may sign in, and its authenticator."""
    id_, secret = invited(database, email, role)
    with database.write() as session:
        totp = pyotp.TOTP(staff.find_invited_member(session, secret).key)
        staff.confirm_account(session, secret, PASSWORD, totp.now())
    return id_, totp


def entered(database: Database, doors: SignInServices, *three: str) -> Actor:
    with database.write() as session:
        return sign_in_staff(session, doors, *three, address="10.0.0.1")


def test_an_invitation_leads_to_an_account(database: Database, doors: SignInServices, clock: Clock) -> None:
    id_, totp = confirmed(database)
    clock.shift(30)
    assert entered(database, doors, " ADA@Example.org ", PASSWORD, totp.now()) == Actor(
        Role.ADMINISTRATOR, id_
    )


def test_an_invitation_serves_once_and_for_a_week(database: Database, clock: Clock) -> None:
    _, secret = invited(database)
    with database.write() as session:
        key = staff.find_invited_member(session, secret).key
        assert "secret=" + key in staff.find_invited_member(session, secret).uri
    clock.shift(timedelta(days=8))
    with database.write() as session, pytest.raises(NotFoundError):
        staff.find_invited_member(session, secret)
    clock.move_to(START)
    with database.write() as session:
        staff.confirm_account(session, secret, PASSWORD, pyotp.TOTP(key).now())
    with database.write() as session, pytest.raises(NotFoundError):
        staff.confirm_account(session, secret, PASSWORD, pyotp.TOTP(key).now())


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaaaaa", "ada@example.org1"[:11]])
def test_a_password_that_is_guessed_is_refused(database: Database, password: str) -> None:
    _, secret = invited(database)
    with database.write() as session, pytest.raises(BadInputError) as refused:
        staff.confirm_account(session, secret, password, "000000")
    assert refused.value.field == "password"


def test_any_of_the_three_wrong_is_the_same_refusal(
    database: Database, doors: SignInServices, clock: Clock
) -> None:
    _, totp = confirmed(database)
    clock.shift(60)
    told = set()
    for three in (
        ("nobody@example.org", PASSWORD, totp.now()),
        (EMAIL, "another password", totp.now()),
        (EMAIL, PASSWORD, "000000"),
        ("", "", ""),
    ):
        with pytest.raises(SignInError) as refused:
            entered(database, doors, *three)
        told.add(str(refused.value))
    assert len(told) == 1


def test_a_code_serves_once_even_to_twenty_at_once(
    database: Database, doors: SignInServices, clock: Clock
) -> None:
    _, totp = confirmed(database)
    clock.shift(30)
    code = totp.now()

    def attempt(number: int) -> bool:
        with database.write() as session:
            return staff.authenticate(session, EMAIL, PASSWORD, code) is not None

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 1
    with pytest.raises(SignInError):
        entered(database, doors, EMAIL, PASSWORD, code)


def test_a_code_a_minute_old_is_too_old(database: Database, doors: SignInServices, clock: Clock) -> None:
    _, totp = confirmed(database)
    clock.shift(60)
    code = totp.now()
    clock.shift(60)
    with pytest.raises(SignInError):
        entered(database, doors, EMAIL, PASSWORD, code)


def test_passwords_are_tried_five_times(database: Database, doors: SignInServices, clock: Clock) -> None:
    _, totp = confirmed(database)
    clock.shift(60)
    for _ in range(5):
        with pytest.raises(SignInError):
            entered(database, doors, EMAIL, "wrong password", totp.now())
    with pytest.raises(TooManyError):
        entered(database, doors, EMAIL, PASSWORD, totp.now())
    other, theirs = confirmed(database, "eve@example.org", Role.ANALYST)
    clock.shift(30)
    assert entered(database, doors, "eve@example.org", PASSWORD, theirs.now()).id == other


def test_no_stranger_shuts_staff_out_of_their_account(
    database: Database, doors: SignInServices, clock: Clock
) -> None:
    id_, totp = confirmed(database)
    clock.shift(60)
    for _ in range(6):
        with database.write() as session, pytest.raises((SignInError, TooManyError)):
            sign_in_staff(session, doors, EMAIL, "wrong password", "000000", address="203.0.113.7")
    assert entered(database, doors, EMAIL, PASSWORD, totp.now()).id == id_


def test_guesses_from_everywhere_are_counted_together(database: Database, doors: SignInServices) -> None:
    codes = []
    for number in range(310):
        try:
            doors.rate_limiter.hit(password_limits(database.vault, EMAIL, f"10.0.{number}.1"))
        except TooManyError as error:
            codes.append(error.code)
    assert len(codes) == 10


def test_who_is_disabled_or_invited_anew_signs_in_no_more(
    database: Database, doors: SignInServices, clock: Clock
) -> None:
    confirmed(database)
    id_, totp = confirmed(database, "eve@example.org", Role.ANALYST)
    clock.shift(60)
    invited(database, "EVE@example.org", Role.CASE_WORKER)
    with pytest.raises(SignInError):
        entered(database, doors, "eve@example.org", PASSWORD, totp.now())
    with database.write() as session:
        staff.disable(session, SYSTEM, id_)
    with database.write() as session:
        (eve,) = [one for one in staff.list_members(session, SYSTEM) if one.id == id_]
        assert (eve.role, eve.email, eve.disabled_at) == (Role.CASE_WORKER, "eve@example.org", clock_now())


def clock_now() -> datetime:
    return datetime.now(UTC)


def test_the_last_administrator_stays(database: Database) -> None:
    ada, _ = confirmed(database)
    with database.write() as session, pytest.raises(ConflictError):
        staff.disable(session, SYSTEM, ada)
    confirmed(database, "eve@example.org")
    with database.write() as session:
        staff.disable(session, SYSTEM, ada)
    with database.write() as session, pytest.raises(NotFoundError):
        staff.disable(session, SYSTEM, uuid4())


def test_only_administrators_invite(database: Database) -> None:
    for role in (Role.PERSON, Role.ANALYST, Role.CASE_WORKER):
        with database.write() as session, pytest.raises(NotFoundError):
            staff.invite(session, Actor(role, uuid4()), EMAIL, "Ada", Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("role", "organisation"), [(Role.AGENT, None), (Role.ANALYST, uuid4()), (Role.PERSON, None)]
)
def test_agents_and_nobody_else_belong_to_an_organisation(
    database: Database, role: Role, organisation: UUID | None
) -> None:
    with database.write() as session, pytest.raises(BadInputError):
        staff.invite(session, SYSTEM, EMAIL, "Ada", role, organisation)


def test_a_case_worker_is_named_by_a_code(database: Database) -> None:
    id_, _ = confirmed(database, role=Role.CASE_WORKER)
    with database.write() as session:
        held = staff.find_case_worker(session, id_)
        assert held is not None
        assert staff.find_case_worker_by_code(session, f" {held.code[:3].lower()} {held.code[3:]} ") == held
        with pytest.raises(NotFoundError):
            staff.find_case_worker_by_code(session, "")


def test_who_is_invited_anew_helps_nobody_any_more(database: Database) -> None:
    with database.write() as session:
        id_, _ = staff.invite(session, SYSTEM, EMAIL, "Esther", Role.CASE_WORKER)
    [awa] = add_people(database)
    with database.write() as session:
        access.give_mandate(session, person(awa), awa, id_)
        helper = Actor(Role.CASE_WORKER, id_)
        assert is_permitted(session, helper, Action.READ, Subject(Resource.PROFILE, person=awa))
    with database.write() as session:
        assert staff.invite(session, SYSTEM, EMAIL, "Paul", Role.CASE_WORKER)[0] == id_
        assert access.list_mandates(session, person(awa), awa) == []


def test_the_last_administrator_is_not_invited_anew(database: Database, clock: Clock) -> None:
    confirmed(database)
    with database.write() as session, pytest.raises(ConflictError):
        staff.invite(session, SYSTEM, EMAIL, "Ada", Role.ANALYST)
    invited(database)  # with another authenticator, though
