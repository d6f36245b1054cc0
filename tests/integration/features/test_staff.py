"""Staff accounts: invitations, passwords, one-time codes, and refusals that do not reveal an account."""

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
from oim.features.sign_in import Origin, SignInServices, StaffCredentials, sign_in_staff
from oim.features.sign_in.rate_limits import password_limits
from oim.features.staff import CodeUse
from oim.kit.db import Database
from oim.kit.errors import BadInputError, ConflictError, NotFoundError, SignInError, TooManyError

Clock = time_machine.Traveller
EMAIL, PASSWORD = "ada@example.org", "quatre mots bien longs"
START = datetime(2026, 11, 25, 12, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def invite(database: Database, email: str = EMAIL, role: Role = Role.ADMINISTRATOR) -> tuple[UUID, str]:
    with database.write() as session:
        return staff.invite(session, SYSTEM, email, "Ada", role)


def add_confirmed(
    database: Database, email: str = EMAIL, role: Role = Role.ADMINISTRATOR
) -> tuple[UUID, pyotp.TOTP]:
    """An account that may sign in, and its authenticator."""
    id_, secret = invite(database, email, role)
    enrolment = staff.begin_enrolment(database, secret, PASSWORD)
    with database.read() as session:
        totp = pyotp.TOTP(staff.find_invited_member(session, enrolment).key)
    staff.confirm_account(database, enrolment, totp.now())
    return id_, totp


def enter(database: Database, sign_in: SignInServices, *credentials: str) -> Actor:
    signed_in = sign_in_staff(database, sign_in, StaffCredentials(*credentials), origin=Origin("10.0.0.1"))
    assert sign_in.sessions.find(signed_in.token) == signed_in.actor
    return signed_in.actor


def test_an_invited_member_can_confirm_the_account_and_sign_in(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    id_, totp = add_confirmed(database)
    clock.shift(30)
    assert enter(database, sign_in, " ADA@Example.org ", PASSWORD, totp.now()) == Actor(
        Role.ADMINISTRATOR, id_
    )


def test_an_invitation_can_be_used_once_and_within_a_week(database: Database, clock: Clock) -> None:
    _, secret = invite(database)
    enrolment = staff.begin_enrolment(database, secret, PASSWORD)
    with database.write() as session:
        key = staff.find_invited_member(session, enrolment).key
        assert "secret=" + key in staff.find_invited_member(session, enrolment).uri
    clock.shift(timedelta(days=8))
    for late in (secret, enrolment):
        with database.write() as session, pytest.raises(NotFoundError):
            staff.find_invited_member(session, late)
    clock.move_to(START)
    staff.confirm_account(database, enrolment, pyotp.TOTP(key).now())
    with pytest.raises(NotFoundError):
        staff.confirm_account(database, enrolment, pyotp.TOTP(key).now())
    with pytest.raises(NotFoundError):
        staff.begin_enrolment(database, secret, PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaaaaa", "ada@example.org1"[:11]])
def test_a_password_that_is_easy_to_guess_is_refused(database: Database, password: str) -> None:
    _, secret = invite(database)
    with pytest.raises(BadInputError) as refused:
        staff.begin_enrolment(database, secret, password)
    assert refused.value.field == "password"


def test_a_wrong_email_password_or_code_gives_the_same_message(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    _, totp = add_confirmed(database)
    clock.shift(60)
    messages = set()
    for credentials in (
        ("nobody@example.org", PASSWORD, totp.now()),
        (EMAIL, "another password", totp.now()),
        (EMAIL, PASSWORD, "000000"),
        ("", "", ""),
    ):
        with pytest.raises(SignInError) as refused:
            enter(database, sign_in, *credentials)
        messages.add(str(refused.value))
    assert len(messages) == 1


def test_of_twenty_concurrent_sign_ins_with_one_code_one_succeeds(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    _, totp = add_confirmed(database)
    clock.shift(30)
    code = totp.now()

    def attempt(number: int) -> bool:
        with database.read() as session:
            account = staff.find_account(session, EMAIL)
        assert account is not None
        assert staff.is_password_right(database.vault, account, PASSWORD)
        with database.write() as session:
            return staff.use_code(session, account, code) is CodeUse.RIGHT

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 1
    with pytest.raises(SignInError):
        enter(database, sign_in, EMAIL, PASSWORD, code)


def test_a_code_from_a_minute_ago_is_refused(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    _, totp = add_confirmed(database)
    clock.shift(60)
    code = totp.now()
    clock.shift(60)
    with pytest.raises(SignInError):
        enter(database, sign_in, EMAIL, PASSWORD, code)


def test_passwords_can_be_tried_five_times(database: Database, sign_in: SignInServices, clock: Clock) -> None:
    _, totp = add_confirmed(database)
    clock.shift(60)
    for _ in range(5):
        with pytest.raises(SignInError):
            enter(database, sign_in, EMAIL, "wrong password", totp.now())
    with pytest.raises(TooManyError):
        enter(database, sign_in, EMAIL, PASSWORD, totp.now())
    other_id, other_totp = add_confirmed(database, "eve@example.org", Role.ANALYST)
    clock.shift(30)
    assert enter(database, sign_in, "eve@example.org", PASSWORD, other_totp.now()).id == other_id


def test_a_stranger_cannot_lock_staff_out_of_their_account(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    id_, totp = add_confirmed(database)
    clock.shift(60)
    wrong = StaffCredentials(EMAIL, "wrong password", "000000")
    for _ in range(6):
        with pytest.raises((SignInError, TooManyError)):
            sign_in_staff(database, sign_in, wrong, origin=Origin("203.0.113.7"))
    assert enter(database, sign_in, EMAIL, PASSWORD, totp.now()).id == id_


def test_password_tries_from_many_addresses_are_counted_together(
    database: Database, sign_in: SignInServices
) -> None:
    codes = []
    for number in range(310):
        try:
            sign_in.rate_limiter.hit(password_limits(database.vault, EMAIL, Origin(f"10.0.{number}.1")))
        except TooManyError as error:
            codes.append(error.code)
    assert len(codes) == 10


def test_an_account_in_use_is_not_invited_again(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    id_, totp = add_confirmed(database)
    clock.shift(60)
    for role in (Role.ADMINISTRATOR, Role.ANALYST):
        with pytest.raises(ConflictError):
            invite(database, EMAIL, role)
    assert enter(database, sign_in, EMAIL, PASSWORD, totp.now()).id == id_


def test_a_disabled_member_who_is_invited_again_cannot_sign_in(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    add_confirmed(database)
    id_, totp = add_confirmed(database, "eve@example.org", Role.ANALYST)
    clock.shift(60)
    with database.write() as session:
        staff.disable(session, SYSTEM, id_)
    invite(database, "EVE@example.org", Role.CASE_WORKER)
    with pytest.raises(SignInError):
        enter(database, sign_in, "eve@example.org", PASSWORD, totp.now())
    with database.write() as session:
        staff.disable(session, SYSTEM, id_)
    with database.write() as session:
        (eve,) = [member for member in staff.list_members(session, SYSTEM) if member.id == id_]
        assert (eve.role, eve.email, eve.disabled_at) == (Role.CASE_WORKER, "eve@example.org", present_time())


def present_time() -> datetime:
    return datetime.now(UTC)


def test_an_account_is_found_by_its_email_in_any_state(database: Database) -> None:
    id_, _ = invite(database)
    with database.write() as session:
        assert staff.find_member_id(session, " ADA@Example.org ") == id_
        with pytest.raises(NotFoundError, match=r"eve@example\.org"):
            staff.find_member_id(session, "eve@example.org")


def test_the_last_administrator_cannot_be_disabled(database: Database) -> None:
    ada, _ = add_confirmed(database)
    with database.write() as session, pytest.raises(ConflictError):
        staff.disable(session, SYSTEM, ada)
    add_confirmed(database, "eve@example.org")
    with database.write() as session:
        staff.disable(session, SYSTEM, ada)
    with database.write() as session, pytest.raises(NotFoundError):
        staff.disable(session, SYSTEM, uuid4())


def test_only_administrators_can_invite(database: Database) -> None:
    for role in (Role.PERSON, Role.ANALYST, Role.CASE_WORKER):
        with database.write() as session, pytest.raises(NotFoundError):
            staff.invite(session, Actor(role, uuid4()), EMAIL, "Ada", Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("role", "organisation"), [(Role.AGENT, None), (Role.ANALYST, uuid4()), (Role.PERSON, None)]
)
def test_agents_and_nobody_else_must_belong_to_an_organisation(
    database: Database, role: Role, organisation: UUID | None
) -> None:
    with database.write() as session, pytest.raises(BadInputError):
        staff.invite(session, SYSTEM, EMAIL, "Ada", role, organisation)


def test_a_case_worker_is_found_by_their_help_code(database: Database) -> None:
    id_, _ = add_confirmed(database, role=Role.CASE_WORKER)
    with database.write() as session:
        worker = staff.find_case_workers(session, [id_, uuid4()])[id_]
        assert (
            staff.find_case_worker_by_code(session, f" {worker.code[:3].lower()} {worker.code[3:]} ")
            == worker
        )
        with pytest.raises(NotFoundError):
            staff.find_case_worker_by_code(session, "")


def test_inviting_a_case_worker_again_ends_their_mandates(database: Database) -> None:
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
