"""A lost authenticator: another one, set up by the member alone, and recovery codes until then."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pyotp
import pytest
import time_machine
from application_factory import add_offers, draft
from people_factory import add_people, person

from oim.features import access, opportunities, staff
from oim.features.access import SYSTEM, Action, Actor, Resource, Role, Subject, is_permitted
from oim.features.sign_in import Origin, SignInServices, StaffCredentials, begin_enrolment, sign_in_staff
from oim.kit.db import Database
from oim.kit.errors import BadInputError, ConflictError, NotFoundError, SignInError, TooManyError

Clock = time_machine.Traveller
EMAIL, PASSWORD = "esther@example.org", "quatre mots bien longs"
START = datetime(2026, 11, 25, 12, 0, 10, tzinfo=UTC)
HERE = Origin("10.0.0.1")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def key_of(database: Database, secret: str) -> pyotp.TOTP:
    with database.read() as session:
        return pyotp.TOTP(staff.find_invited_member(session, secret).key)


def add_member(database: Database, email: str = EMAIL) -> tuple[UUID, pyotp.TOTP, tuple[str, ...]]:
    """A case worker, their authenticator and their recovery codes."""
    with database.write() as session:
        id_, secret = staff.invite(session, SYSTEM, email, "Esther", Role.CASE_WORKER)
    enrolment = staff.begin_enrolment(database, secret, PASSWORD)
    totp = key_of(database, enrolment)
    return id_, totp, staff.confirm_account(database, enrolment, totp.now())


def re_enrol(database: Database, member: UUID, actor: Actor = SYSTEM) -> str:
    with database.write() as session:
        return staff.re_enrol(session, actor, member)


def enter(database: Database, sign_in: SignInServices, code: str, email: str = EMAIL) -> UUID | None:
    return sign_in_staff(database, sign_in, StaffCredentials(email, PASSWORD, code), origin=HERE).actor.id


def test_another_authenticator_leaves_password_and_mandates(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    id_, lost, codes = add_member(database)
    [awa] = add_people(database)
    with database.write() as session:
        access.give_mandate(session, person(awa), awa, id_)
        code = staff.find_case_workers(session, [id_])[id_].code
    other = sign_in.sessions.open(person(awa))
    secret = re_enrol(database, id_)
    clock.shift(60)
    for old in (lost.now(), codes[0]):
        with pytest.raises(SignInError):
            enter(database, sign_in, old)
    enrolment = begin_enrolment(database, sign_in, secret, PASSWORD, origin=HERE)
    new = key_of(database, enrolment)
    staff.confirm_account(database, enrolment, new.now())
    clock.shift(30)
    assert enter(database, sign_in, new.now()) == id_
    with database.write() as session:
        assert staff.find_case_worker_by_code(session, code).id == id_
        helper = Actor(Role.CASE_WORKER, id_)
        assert is_permitted(session, helper, Action.READ, Subject(Resource.PROFILE, person=awa))
    assert sign_in.sessions.find(other) == person(awa)


def test_whoever_has_the_link_needs_the_password(database: Database, sign_in: SignInServices) -> None:
    id_, _, _ = add_member(database)
    secret = re_enrol(database, id_)
    for _ in range(5):
        with pytest.raises(BadInputError) as refused:
            begin_enrolment(database, sign_in, secret, "cinq mots bien longs", origin=HERE)
        assert refused.value.field == "password"
    with pytest.raises(TooManyError):
        begin_enrolment(database, sign_in, secret, PASSWORD, origin=HERE)


@pytest.mark.parametrize("is_new", [False, True])
def test_whoever_made_the_link_does_not_hold_the_key(database: Database, is_new: bool) -> None:
    if is_new:
        with database.write() as session:
            _, secret = staff.invite(session, SYSTEM, EMAIL, "Esther", Role.CASE_WORKER)
    else:
        secret = re_enrol(database, add_member(database)[0])
    with database.read() as session:
        assert staff.find_invited_member(session, secret).key == ""
    with pytest.raises(NotFoundError):
        staff.confirm_account(database, secret, "000000")
    first = staff.begin_enrolment(database, secret, PASSWORD)
    keys = [key_of(database, first).secret]
    second = staff.begin_enrolment(database, secret, PASSWORD)  # the page was lost: another key
    keys.append(key_of(database, second).secret)
    assert len(set(keys)) == 2
    with pytest.raises(BadInputError):
        staff.begin_enrolment(database, secret, "cinq mots bien longs")
    with pytest.raises(NotFoundError):
        staff.confirm_account(database, first, pyotp.TOTP(keys[0]).now())
    assert len(staff.confirm_account(database, second, pyotp.TOTP(keys[1]).now())) == 8


def test_a_new_link_ends_what_was_begun_by_the_old_one(database: Database) -> None:
    id_, _, _ = add_member(database)
    begun = staff.begin_enrolment(database, re_enrol(database, id_), PASSWORD)
    re_enrol(database, id_)
    with pytest.raises(NotFoundError):
        key_of(database, begun)


def test_an_unattended_desk_is_invited_and_taken_over(database: Database) -> None:
    add_offers(database, draft(1))
    with database.write() as session:
        organisation = opportunities.get_organisation_id(session, "Chantiers du Noun")
        staff.open_unattended_desk(session, organisation, "desk@example.org", "Desk")
        desk = staff.find_member_id(session, "desk@example.org")
        with pytest.raises(NotFoundError):
            staff.re_enrol(session, SYSTEM, desk)
        id_, secret = staff.invite(session, SYSTEM, "desk@example.org", "Jean", Role.AGENT, organisation)
    assert id_ == desk
    enrolment = staff.begin_enrolment(database, secret, PASSWORD)
    staff.confirm_account(database, enrolment, key_of(database, enrolment).now())
    with pytest.raises(ConflictError), database.write() as session:
        staff.invite(session, SYSTEM, "desk@example.org", "Jean", Role.AGENT, organisation)


def test_nobody_sets_up_another_authenticator_for_themselves(database: Database) -> None:
    id_, _, _ = add_member(database)
    with pytest.raises(ConflictError):
        re_enrol(database, id_, Actor(Role.ADMINISTRATOR, id_))
    with pytest.raises(NotFoundError):
        re_enrol(database, id_, Actor(Role.CASE_WORKER, id_))
    with database.write() as session:
        staff.disable(session, SYSTEM, id_)
    with pytest.raises(NotFoundError):
        re_enrol(database, id_)


def test_each_recovery_code_serves_once(database: Database, sign_in: SignInServices) -> None:
    id_, _, codes = add_member(database)
    _, _, others = add_member(database, "paul@example.org")
    assert len({*codes, *others}) == 16
    assert enter(database, sign_in, codes[3]) == id_
    assert enter(database, sign_in, codes[4].lower().replace("-", " ")) == id_
    for wrong in (codes[3], others[0], "AAAAA-AAAAA"):
        with pytest.raises(SignInError):
            enter(database, sign_in, wrong)


def test_a_code_that_has_served_says_to_wait_for_the_next_one(
    database: Database, sign_in: SignInServices, clock: Clock
) -> None:
    id_, totp, _ = add_member(database)
    with pytest.raises(SignInError, match="next one"):
        enter(database, sign_in, totp.now())
    with pytest.raises(SignInError) as refused:
        enter(database, sign_in, "000000")
    assert "next one" not in str(refused.value)
    clock.shift(30)
    assert enter(database, sign_in, totp.now()) == id_
