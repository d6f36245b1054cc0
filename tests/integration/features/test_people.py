"""People's accounts, access to their data, consents and mandates of case workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import time_machine
from people_factory import add_case_worker, add_known, add_people, person
from sqlalchemy import func, select

from oim.features import people, profile
from oim.features.access import (
    RULES,
    STRANGER,
    SYSTEM,
    Action,
    Actor,
    Relation,
    Resource,
    Role,
    Subject,
    end_mandate,
    give_mandate,
    is_permitted,
    list_mandated_people,
    list_mandates,
    permit,
)
from oim.features.audit import AuditRow, verify
from oim.features.consents import Purpose, has_agreed, load_decisions, load_history, record_decisions
from oim.features.matching.models import ProfileRow
from oim.features.people import Channel, Contact
from oim.features.people.models import ContactRow, PersonRow
from oim.features.profile import Question, Record
from oim.kit.db import Database, unseal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError, UnavailableError

PHONE = Contact(Channel.SMS, "+237677123456")


@pytest.fixture
def awa(database: Database) -> UUID:
    return add_known(database, PHONE)


@pytest.fixture
def worker(database: Database) -> Actor:
    return add_case_worker(database)


def trail(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        assert verify(session)[1] is None
        rows = session.scalars(select(AuditRow).order_by(AuditRow.at))
        return [(row.role, row.action, row.resource) for row in rows]


def test_names_and_contacts_are_sealed(database: Database, awa: UUID) -> None:
    with database.read() as session:
        row, contact = session.get(PersonRow, awa), session.scalar(select(ContactRow))
        assert row is not None
        assert contact is not None
        assert b"Awa" not in row.name
        assert b"677123456" not in contact.value + contact.blind
        assert unseal(session, PersonRow.name, awa, row.name) == "Awa"
        with pytest.raises(UnavailableError):  # a value copied to another row cannot be opened
            unseal(session, PersonRow.name, uuid4(), row.name)


def test_reads_and_refusals_are_in_the_trail(database: Database, awa: UUID) -> None:
    with database.write() as session:
        people.get(session, person(awa), awa)
    with database.write() as session, pytest.raises(NotFoundError):
        people.get(session, person(uuid4()), awa)
    assert trail(database)[-2:] == [("person", "read", "person"), ("person", "refused read", "person")]


def relation_actors(owner: UUID, worker: Actor, organisation: UUID) -> Iterator[tuple[set[Relation], Actor]]:
    """Actors, and the relations of each to data of the owner that was shared with the organisation."""
    yield set(), STRANGER
    yield {Relation.OWNER}, person(owner)
    yield set(), person(uuid4())
    yield {Relation.PARTNER}, Actor(Role.AGENT, uuid4(), organisation)
    yield set(), Actor(Role.AGENT, uuid4(), uuid4())
    yield {Relation.HELPER, Relation.CASE_WORKER}, worker
    yield {Relation.CASE_WORKER}, Actor(Role.CASE_WORKER, uuid4())
    yield {Relation.ANALYST}, Actor(Role.ANALYST, uuid4())
    yield {Relation.ADMINISTRATOR}, Actor(Role.ADMINISTRATOR, uuid4())
    yield {Relation.SYSTEM}, SYSTEM


def test_access_is_granted_by_the_table_of_rules_only(database: Database, awa: UUID, worker: Actor) -> None:
    organisation = uuid4()
    with database.write() as session:
        give_mandate(session, person(awa), awa, worker.id or UUID(int=0))
    cases = 0
    with database.write() as session:
        for resource in Resource:
            for action in Action:
                subject = Subject(resource, "1", awa, organisation)
                for relations, actor in relation_actors(awa, worker, organisation):
                    expected = bool(RULES.get((resource, action), frozenset()) & relations)
                    assert is_permitted(session, actor, action, subject) == expected, (
                        resource,
                        action,
                        actor,
                    )
                    cases += 1
    assert cases == len(Resource) * len(Action) * 10


def test_staff_cannot_access_the_personal_data_of_people_who_did_not_ask_for_help(
    database: Database, awa: UUID
) -> None:
    """Independent of the table of rules, in case a rule is changed by mistake."""
    for role in (Role.AGENT, Role.CASE_WORKER, Role.ANALYST, Role.ADMINISTRATOR):
        actor = Actor(role, uuid4(), uuid4() if role is Role.AGENT else None)
        for resource in (
            Resource.PERSON,
            Resource.PROFILE,
            Resource.CONSENTS,
            Resource.DOCUMENT,
            Resource.EXPORT,
        ):
            for action in Action:
                with database.write() as session, pytest.raises(NotFoundError):
                    permit(session, actor, action, Subject(resource, person=awa))


def test_a_name_can_be_changed_but_not_removed(database: Database, awa: UUID) -> None:
    with database.write() as session:
        people.change_name(session, person(awa), awa, " Awa  Ngono ", "en")
    with database.write() as session:
        account = people.get(session, person(awa), awa)
        assert (account.name, account.language) == ("Awa Ngono", "en")
        with pytest.raises(BadInputError):
            people.change_name(session, person(awa), awa, " ", "en")


def test_a_person_can_have_five_contacts_at_most(database: Database, awa: UUID) -> None:
    with database.write() as session:
        for number in range(4):
            people.add_contact(session, person(awa), awa, Contact(Channel.EMAIL, f"a{number}@example.org"))
        people.add_contact(session, person(awa), awa, Contact(Channel.WHATSAPP, PHONE.value))
    with database.write() as session:
        assert len(people.get(session, person(awa), awa).contacts) == 5
        with pytest.raises(ConflictError):
            people.add_contact(session, person(awa), awa, Contact(Channel.EMAIL, "more@example.org"))


def test_a_contact_of_another_person_cannot_be_removed(database: Database, awa: UUID) -> None:
    other = add_known(database, PHONE, "Biya")
    with database.write() as session:
        (other_contact,) = people.get(session, person(other), other).contacts
        people.remove_contact(session, person(awa), awa, other_contact)
    with database.write() as session:
        assert list(people.get(session, person(other), other).contacts) == [other_contact]


def test_no_purpose_is_agreed_to_by_default_and_each_is_decided_alone(database: Database, awa: UUID) -> None:
    with database.write() as session:
        assert not any(has_agreed(session, awa, purpose) for purpose in Purpose)
        changed = record_decisions(
            session,
            person(awa),
            awa,
            {Purpose.MESSAGES: True, Purpose.SHARING: False},
            language="fr",
            channel="web",
        )
        assert changed == [Purpose.MESSAGES]
        assert [purpose for purpose in Purpose if has_agreed(session, awa, purpose)] == [Purpose.MESSAGES]


def test_the_history_contains_consents_and_withdrawals(database: Database, awa: UUID) -> None:
    for agreed in (True, True, False, True):
        with database.write() as session:
            record_decisions(
                session, person(awa), awa, {Purpose.MATCHING: agreed}, language="en", channel="ussd"
            )
    with database.write() as session:
        history = load_history(session, person(awa), awa)
        assert [decision.agreed for decision in history] == [True, False, True]
        assert {(decision.version, decision.language, decision.channel) for decision in history} == {
            ("2026-11-30", "en", "ussd")
        }
        assert load_decisions(session, person(awa), awa)[Purpose.MATCHING] == history[-1]


def test_nobody_can_consent_for_another_person(database: Database, awa: UUID, worker: Actor) -> None:
    with database.write() as session:
        give_mandate(session, person(awa), awa, worker.id or UUID(int=0))
    for actor in (person(add_people(database)[0]), worker):
        with database.write() as session, pytest.raises(NotFoundError):
            record_decisions(session, actor, awa, {Purpose.MATCHING: True}, language="fr", channel="web")


def test_a_mandate_lasts_three_months_and_can_be_ended_at_once(
    database: Database, awa: UUID, worker: Actor
) -> None:
    staff = worker.id or UUID(int=0)
    with database.write() as session:
        profile.save_answer(session, person(awa), awa, Question.WISH, {"wish": "couture"})
        with pytest.raises(NotFoundError):
            profile.load_record(session, worker, awa)
        mandate = give_mandate(session, person(awa), awa, staff)
        assert give_mandate(session, person(awa), awa, staff) == mandate  # renewed, not doubled
    with database.write() as session:
        assert profile.load_record(session, worker, awa).wish == "couture"
        assert list(list_mandated_people(session, worker)) == [awa]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91)), database.write() as session:
        assert list(list_mandated_people(session, worker)) == []
        with pytest.raises(NotFoundError):
            profile.load_record(session, worker, awa)
    with database.write() as session:
        end_mandate(session, person(awa), awa, mandate)
        assert list_mandates(session, person(awa), awa) == []
        with pytest.raises(NotFoundError):
            profile.load_record(session, worker, awa)


def test_nobody_can_give_or_end_a_mandate_for_another_person(
    database: Database, awa: UUID, worker: Actor
) -> None:
    staff = worker.id or UUID(int=0)
    other = person(add_people(database)[0])
    with database.write() as session:
        mandate = give_mandate(session, person(awa), awa, staff)
    for actor in (other, worker):
        with database.write() as session, pytest.raises(NotFoundError):
            give_mandate(session, actor, awa, staff)
        with database.write() as session, pytest.raises(NotFoundError):
            end_mandate(session, actor, awa, mandate)
    with database.write() as session:
        end_mandate(
            session, other, other.id or UUID(int=0), mandate
        )  # a mandate that is not of this person stays
        assert [active.id for active in list_mandates(session, person(awa), awa)] == [mandate]


def test_an_answer_is_saved_at_once_and_matched_only_with_consent(database: Database, awa: UUID) -> None:
    def matched() -> bool | None:
        with database.read() as session:
            return session.scalar(select(ProfileRow.matched).where(ProfileRow.id == awa))

    def agree(agreed: bool) -> None:
        with database.write() as session:
            profile.save_consents(
                session, person(awa), awa, {Purpose.MATCHING: agreed}, language="fr", channel="web"
            )

    assert matched() is None
    with database.write() as session:
        profile.save_answer(session, person(awa), awa, Question.WISH, {"wish": "coudre", "gender": "x"})
    assert matched() is False
    agree(True)
    assert matched() is True
    agree(False)
    assert matched() is False
    with database.write() as session:
        assert profile.load_record(session, person(awa), awa) == Record(wish="coudre", text="coudre")
        profile.save_answer(session, person(awa), awa, Question.WISH, {"wish": ""})
        assert profile.load_record(session, person(awa), awa) == Record()


def test_answers_out_of_bounds_are_refused(database: Database, awa: UUID) -> None:
    for question, values, field in (
        (Question.AGE, {"birth_year": 1700}, "birth_year"),
        (Question.EDUCATION, {"education": 9}, "education"),
        (Question.PLACE, {"region": "XX-00"}, "region"),
        (Question.SKILLS, {"skills": ("x" * 201,)}, "skills"),
        (Question.SKILLS, {"skills": tuple(map(str, range(31)))}, "skills"),
        (Question.WISH, {"wish": "x" * 2001}, "wish"),
    ):
        with database.write() as session, pytest.raises(BadInputError) as refused:
            profile.save_answer(session, person(awa), awa, question, values)
        assert refused.value.field == field


def test_concurrent_refusals_do_not_block_each_other(database: Database, awa: UUID) -> None:
    """Each is recorded on a connection of its own, for which no other transaction waits."""
    ready = Barrier(24)

    def attempt(_: int) -> bool:
        ready.wait()
        with database.write() as session:
            session.get(PersonRow, awa)
            try:
                # Of another stranger each: what one is refused repeatedly is a count.
                people.get(session, person(uuid4()), awa)
            except NotFoundError:
                return True
        return False

    with ThreadPoolExecutor(24) as pool:
        assert all(pool.map(attempt, range(24)))
    with database.read() as session:
        refused = select(func.count()).where(AuditRow.action == "refused read")
        assert session.scalar(refused) == 24
