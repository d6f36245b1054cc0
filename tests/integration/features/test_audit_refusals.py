"""Refusals that repeat one another take one entry and one count, and the trail stays whole."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, select

from oim.features.access import Action, Actor, Resource, Role, Subject, permit
from oim.features.audit import AuditRow, fold_refusals, list_entries, verify
from oim.features.audit.models import RefusalRow
from oim.features.audit.refusals import FOLDING_INTERVAL
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.errors import NotFoundError

AWA, BELLO = UUID(int=1), UUID(int=2)
GUESSER = Actor(Role.PERSON, BELLO)


def refuse(database: Database, subject: Subject, actor: Actor = GUESSER) -> None:
    with suppress(NotFoundError), database.write() as session:
        permit(session, actor, Action.READ, subject)
        pytest.fail("it was permitted")


def count(database: Database, table: type[AuditRow] | type[RefusalRow]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def later() -> time_machine.travel:
    return time_machine.travel(now() + FOLDING_INTERVAL + timedelta(minutes=1), tick=False)


@pytest.fixture
def refused(database: Database, nested_sessions: None) -> Database:
    """A database in which somebody was refused thirty times what is a person's."""
    for _ in range(30):
        refuse(database, Subject(Resource.PROFILE, person=AWA))
    return database


def test_the_first_refusal_is_in_the_trail_at_once(refused: Database) -> None:
    assert (count(refused, AuditRow), count(refused, RefusalRow)) == (1, 1)
    with refused.read() as session:
        [entry] = list_entries(session, AWA)
    assert (entry.actor_id, entry.action, entry.detail) == (BELLO, "refused read", {})


def test_what_repeats_it_enters_the_trail_as_a_count(refused: Database) -> None:
    assert fold_refusals(refused) == 0, "too early"
    with later():
        assert fold_refusals(refused) == 1
        assert fold_refusals(refused) == 0, "twice"
    with refused.read() as session:
        folded, _ = list_entries(session, AWA)
        assert verify(session) == (2, None)
    assert (folded.action, folded.actor_id, folded.detail["repeated"]) == ("refused read", BELLO, 29)
    assert count(refused, RefusalRow) == 0
    refuse(refused, Subject(Resource.PROFILE, person=AWA))
    assert count(refused, AuditRow) == 3, "a refusal after the interval is the first of another one"


def test_a_refusal_that_was_not_repeated_takes_one_entry(database: Database, nested_sessions: None) -> None:
    refuse(database, Subject(Resource.PROFILE, person=AWA))
    with later():
        assert fold_refusals(database) == 0
    assert (count(database, AuditRow), count(database, RefusalRow)) == (1, 0)


def test_refusals_about_different_people_or_by_different_actors_stay_apart(
    database: Database, nested_sessions: None
) -> None:
    for person in (AWA, BELLO):
        for actor in (Actor(Role.PERSON, uuid4()), Actor(Role.ANALYST, uuid4())):
            refuse(database, Subject(Resource.PROFILE, person=person), actor)
    refuse(database, Subject(Resource.CONSENTS, person=AWA))
    assert count(database, AuditRow) == 5


def test_guesses_of_what_is_nobodys_are_of_one_kind(database: Database, nested_sessions: None) -> None:
    for _ in range(20):
        refuse(database, Subject(Resource.APPLICATION, str(uuid4())))
    assert (count(database, AuditRow), count(database, RefusalRow)) == (1, 1)
