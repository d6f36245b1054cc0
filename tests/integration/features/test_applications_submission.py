"""Applying, being read, moved on and withdrawn, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from application_factory import (
    LETTER,
    Scene,
    add_agent,
    add_cv,
    add_offers,
    applied,
    decide,
    draft,
    scene,
)
from people_factory import add_people, person
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from oim.features import applications, opportunities
from oim.features.access import STRANGER, SYSTEM, Action, Actor, Role
from oim.features.applications import HiddenReason, Move, Next, NextStep, Route, Stage, Submission
from oim.features.applications.models import ApplicationRow, OutcomeRow, StageRow
from oim.features.applications.partner_view import PAGE_SIZE
from oim.features.audit import AuditRow
from oim.features.consents import Purpose
from oim.features.cv.models import DocumentRow
from oim.features.events import record_shown_list
from oim.features.events.models import EventRow
from oim.features.messages.models import MessageRow
from oim.features.opportunities.models import OpportunityRow
from oim.features.staff import StaffRow
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database
from oim.kit.errors import BadInputError, ConflictError, NotFoundError

REFUSED = Move(Stage.NOT_RETAINED, Next(NextStep.OTHER_OFFERS, "Merci d'être venue."))


def send(database: Database, made: Scene, sending: Submission) -> UUID:
    with database.write() as session:
        return applications.send(session, made.person, made.awa, sending)


def test_what_is_sent_reaches_the_partner_and_its_reading_shows(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    with database.write() as session:
        [listed] = applications.list_for_partner(session, made.agent)
        assert (listed.id, listed.stage, listed.name, listed.letter) == (id_, Stage.SENT, "Awa", LETTER)
        assert listed.contact
        assert listed.contact.value == "+237677123456"
        assert applications.open_for_partner(session, made.agent, id_).stage is Stage.SEEN
    with database.write() as session:
        [mine] = applications.list_for_person(session, made.person, made.awa)
        assert mine == applications.load_for_person_view(session, made.person, id_)
    assert (mine.stage, mine.letter, mine.organisation) == (Stage.SEEN, LETTER, "Chantiers du Noun")
    assert [one.stage for one in mine.stages] == [Stage.SENT, Stage.SEEN]


def test_a_letter_is_sealed(database: Database) -> None:
    applied(database, scene(database))
    with database.read() as session:
        row = session.scalars(select(ApplicationRow)).one()
    assert row.letter
    assert b"briques" not in row.letter


def test_only_an_organisation_with_somebody_here_receives(database: Database) -> None:
    made = scene(database)
    [nobodys, unnamed] = add_offers(database, draft(2, organisation="Autre"), draft(3, organisation=None))
    with database.read() as session:
        can = [
            applications.can_apply(session, opportunities.get(session, id_))
            for id_ in (made.offer, nobodys, unnamed)
        ]
    assert can == [True, False, False]
    with pytest.raises(ConflictError, match="their own site"):
        send(database, made, Submission(offer=nobodys))
    with database.write() as session:
        session.execute(update(StaffRow).values(disabled_at=now()))
    with pytest.raises(ConflictError, match="their own site"):
        applied(database, made)


def test_nothing_is_sent_without_consent(database: Database) -> None:
    made = scene(database)
    decide(database, made.awa, Purpose.SHARING, given=False)
    with pytest.raises(ConflictError, match="not agreed"):
        applied(database, made)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(ApplicationRow)) == 0


def test_a_closed_offer_an_unknown_one_and_a_long_letter_are_refused(database: Database) -> None:
    made = scene(database)
    [closed] = add_offers(database, replace(draft(2), valid_through=now() - timedelta(days=1)))
    with pytest.raises(ConflictError, match="closed"):
        send(database, made, Submission(offer=closed))
    with pytest.raises(NotFoundError):
        send(database, made, Submission(offer=uuid4()))
    with pytest.raises(BadInputError) as error:
        send(database, made, Submission(offer=made.offer, letter="x" * 2001))
    assert error.value.field == "letter"
    send(database, made, Submission(offer=made.offer, letter=" " + "x" * 2000 + "\n"))


def test_an_offer_that_waits_for_staff_is_neither_applied_nor_left_for(database: Database) -> None:
    made = scene(database)
    with database.write() as session:
        session.execute(update(OpportunityRow).values(held_at=now()))
    with pytest.raises(NotFoundError):
        applied(database, made)
    with pytest.raises(NotFoundError), database.write() as session:
        applications.record_redirect(session, made.person, made.offer, None)


def test_two_taps_at_once_send_one_application(database: Database) -> None:
    made = scene(database)
    with ThreadPoolExecutor(4) as taps:
        sent = set(taps.map(lambda _: applied(database, made), range(4)))
    with database.write() as session:
        [mine] = applications.list_for_person(session, made.person, made.awa)
    assert sent == {mine.id}
    assert [one.stage for one in mine.stages] == [Stage.SENT]


def test_a_second_tap_changes_nothing_and_another_letter_is_refused(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    assert applied(database, made, f"\n{LETTER} \x00") == id_
    with pytest.raises(ConflictError, match="already"):
        applied(database, made, "Autre lettre")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(StageRow)) == 1
        assert session.scalar(select(func.count()).select_from(OutcomeRow)) == 3


def test_a_letter_keeps_its_lines_and_the_spaces_of_french_marks(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made, " À\u00a0:  Paul\t\x00\r\n\r\n«\u202fBonjour\u202f» ")
    with database.write() as session:
        assert (
            applications.load_for_person_view(session, made.person, id_).letter
            == "À\u00a0: Paul\n\n«\u202fBonjour\u202f»"
        )


def test_nobody_reaches_what_is_anothers(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    [other] = add_people(database)
    add_offers(database, draft(2, organisation="Autre"))
    elsewhere = add_agent(database, "Autre")
    strangers = [person(other), elsewhere, STRANGER, Actor(Role.ANALYST, uuid4()), Actor(Role.AGENT, uuid4())]
    for actor in strangers:
        for reach in (
            applications.load_for_person_view,
            applications.withdraw,
            applications.open_for_partner,
        ):
            with pytest.raises(NotFoundError), database.write() as session:
                reach(session, actor, id_)
        with pytest.raises(NotFoundError), database.write() as session:
            applications.move(session, actor, id_, REFUSED)
        with pytest.raises(NotFoundError), database.write() as session:
            applications.list_for_person(session, actor, made.awa)
        with pytest.raises(NotFoundError), database.write() as session:
            applications.send(session, actor, made.awa, Submission(offer=made.offer))
    with database.write() as session:
        assert applications.list_for_partner(session, elsewhere) == []
        assert applications.load_for_person_view(session, made.person, id_).stage is Stage.SENT
        refused = AuditRow.action.startswith("refused"), AuditRow.subject_id == made.awa
        assert session.scalar(select(func.count()).select_from(AuditRow).where(*refused)) == 30


def test_each_side_does_only_its_own(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    for actor in (made.person, SYSTEM):
        with pytest.raises(NotFoundError), database.write() as session:
            applications.move(session, actor, id_, REFUSED)
        with pytest.raises(NotFoundError), database.write() as session:
            applications.open_for_partner(session, actor, id_)
    for reach in (applications.withdraw, applications.load_for_person_view):
        with pytest.raises(NotFoundError), database.write() as session:
            reach(session, made.agent, id_)
    for reach in (applications.load_for_person_view, applications.withdraw, applications.open_for_partner):
        with pytest.raises(NotFoundError), database.write() as session:
            reach(session, SYSTEM, uuid4())
    with database.write() as session:
        assert applications.load_for_person_view(session, made.person, id_).stage is Stage.SENT


def test_a_move_is_told_with_its_next_step(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    with pytest.raises(BadInputError), database.write() as session:
        applications.move(session, made.agent, id_, Move(Stage.NOT_RETAINED))
    with database.write() as session:
        applications.move(session, made.agent, id_, REFUSED)
    with database.write() as session:
        found = applications.load_for_person_view(session, made.person, id_)
        kinds = session.scalars(select(MessageRow.kind).where(MessageRow.staff_id.is_(None))).all()
    assert (found.stage, found.next) == (Stage.NOT_RETAINED, REFUSED.next)
    assert kinds == ["stage"]
    with database.write() as session:
        applications.move(session, made.agent, id_, Move(Stage.STARTED))
    with database.write() as session:
        assert applications.load_for_person_view(session, made.person, id_).next == Next()
    with pytest.raises(ConflictError), database.write() as session:
        applications.move(session, made.agent, id_, REFUSED)


def test_the_database_itself_refuses_a_bare_refusal(database: Database) -> None:
    applied(database, scene(database))
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(update(ApplicationRow).values(stage=Stage.NOT_RETAINED.value))


def test_who_withdraws_is_seen_no_more_asked_no_more_and_may_send_again(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    for _ in range(2):
        with database.write() as session:
            applications.withdraw(session, made.person, id_)
    with database.write() as session:
        [listed] = applications.list_for_partner(session, made.agent)
        assert (listed.hidden, listed.name, listed.letter) == (HiddenReason.WITHDRAWN, None, "")
        assert session.scalar(select(func.count()).select_from(OutcomeRow)) == 0
        with pytest.raises(ConflictError):
            applications.move(session, made.agent, id_, REFUSED)
    assert applied(database, made, "Mieux écrite") == id_
    with database.write() as session:
        [listed] = applications.list_for_partner(session, made.agent)
        assert (listed.hidden, listed.stage, listed.letter) == (None, Stage.SENT, "Mieux écrite")
        assert session.scalar(select(func.count()).select_from(OutcomeRow)) == 3


def test_what_has_ended_is_not_withdrawn(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    with database.write() as session:
        applications.move(session, made.agent, id_, REFUSED)
    with pytest.raises(ConflictError), database.write() as session:
        applications.withdraw(session, made.person, id_)


def test_sharing_withdrawn_later_hides_all_that_is_personal(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    with database.write() as session:
        applications.move(session, made.agent, id_, Move(Stage.SHORTLISTED, Next(words="Bravo Awa")))
    decide(database, made.awa, Purpose.SHARING, given=False)
    with database.write() as session:
        seen = applications.open_for_partner(session, made.agent, id_)
        assert [seen] == applications.list_for_partner(session, made.agent)
        with pytest.raises(NotFoundError):
            applications.find_shared_document(session, made.agent, id_)
    assert (seen.hidden, seen.name, seen.contact, seen.letter) == (HiddenReason.CONSENT, None, None, "")
    assert seen.next == Next()
    with pytest.raises(ConflictError), database.write() as session:
        applications.move(session, made.agent, id_, REFUSED)
    decide(database, made.awa, Purpose.SHARING, given=True)
    with database.write() as session:
        assert applications.open_for_partner(session, made.agent, id_).name == "Awa"


def test_a_cv_is_opened_by_who_received_it_until_it_is_erased(database: Database) -> None:
    made = scene(database)
    document = add_cv(database, made.awa)
    id_ = send(database, made, Submission(offer=made.offer, letter=LETTER, document=document))
    add_offers(database, draft(2, organisation="Autre"))
    elsewhere = add_agent(database, "Autre")
    with database.write() as session:
        assert applications.open_for_partner(session, made.agent, id_).has_document
        assert applications.find_shared_document(session, made.agent, id_) == document
        for actor in (elsewhere, made.person):
            with pytest.raises(NotFoundError):
                applications.find_shared_document(session, actor, id_)
    with database.write() as session:
        session.execute(delete(DocumentRow))
    with database.write() as session:
        assert not applications.open_for_partner(session, made.agent, id_).has_document
        with pytest.raises(NotFoundError):
            applications.find_shared_document(session, made.agent, id_)


def test_nobody_sends_the_cv_of_another_or_one_that_is_not(database: Database) -> None:
    made = scene(database)
    [other] = add_people(database)
    for document in (add_cv(database, other), uuid4()):
        with pytest.raises(NotFoundError):
            send(database, made, Submission(offer=made.offer, letter=LETTER, document=document))
    with database.write() as session:
        assert applications.find_for_offer(session, made.person, made.awa, made.offer) is None


def test_what_somebody_sent_towards_an_offer_is_found_by_them_alone(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    [other] = add_people(database)
    with database.write() as session:
        found = applications.find_for_offer(session, made.person, made.awa, made.offer)
        assert found == applications.load_for_person_view(session, made.person, id_)
        assert applications.find_for_offer(session, made.person, made.awa, uuid4()) is None
        assert applications.find_for_offer(session, person(other), other, made.offer) is None
        with pytest.raises(NotFoundError):
            applications.find_for_offer(session, person(other), made.awa, made.offer)


def test_what_is_not_shared_is_not_marked_as_read(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    decide(database, made.awa, Purpose.SHARING, given=False)
    with database.write() as session:
        assert applications.open_for_partner(session, made.agent, id_).stage is Stage.SENT


def test_the_trail_tells_the_person_who_read_it(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    with database.write() as session:
        applications.list_for_partner(session, made.agent)
    with database.read() as session:
        entries = session.scalars(
            select(AuditRow).where(AuditRow.actor_id == made.agent.id, AuditRow.subject_id == made.awa)
        ).all()
    assert [(one.action, one.resource, one.object_id) for one in entries] == [
        (Action.READ.value, "application", str(id_))
    ]


def test_pages_of_what_was_received_follow_one_another(database: Database) -> None:
    made = scene(database)
    with database.write() as session:
        session.execute(
            insert(ApplicationRow),
            [
                {"id": uuid4(), "organisation_id": made.agent.organisation, "title": "Maçon",
                 "kind": "employment", "route": way, "stage": "sent", "stage_at": now(),
                 "created_at": now()}
                for way in ["inside"] * (PAGE_SIZE + 2) + ["redirected"]
            ],
        )  # fmt: skip
    with database.write() as session:
        first = applications.list_for_partner(session, made.agent)
        rest = applications.list_for_partner(session, made.agent, after=first[-1].id)
    assert (len(first), len(rest)) == (PAGE_SIZE, 2)
    assert len({one.id for one in first + rest}) == PAGE_SIZE + 2
    assert first[0].hidden is HiddenReason.ERASED


def test_an_application_outlives_its_offer(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    with database.write() as session:
        session.execute(delete(OpportunityRow))
    with database.write() as session:
        found = applications.load_for_person_view(session, made.person, id_)
    assert (found.opportunity, found.title) == (None, "Maçon 1")


def test_applying_teaches_the_ranker_where_the_list_is_known(database: Database) -> None:
    made = scene(database)
    list_id = uuid4()
    with database.write() as session:
        record_shown_list(session, now(), list_id, [(made.offer, {"text": 0.5})])
    send(database, made, Submission(offer=made.offer, list_id=list_id))
    [other] = add_offers(database, draft(2))
    send(database, made, Submission(offer=other, list_id=uuid4()))
    with database.read() as session:
        rows = session.execute(select(EventRow.kind, EventRow.list_id).order_by(EventRow.id)).all()
    # A list that did not show the offer is left out: nothing can be learned from it.
    assert rows == [("shown", list_id), ("applied", list_id), ("applied", None)]


def test_leaving_for_a_site_is_kept_for_who_signed_in_and_sent_later_if_they_wish(database: Database) -> None:
    made = scene(database)
    list_id = uuid4()
    with database.write() as session:
        record_shown_list(session, now(), list_id, [(made.offer, {"text": 0.5})])
        for actor in (STRANGER, made.agent):
            applications.record_redirect(session, actor, made.offer, None)
        assert session.scalar(select(func.count()).select_from(ApplicationRow)) == 0
        for _ in range(2):
            applications.record_redirect(session, made.person, made.offer, list_id)
    with database.write() as session:
        [mine] = applications.list_for_person(session, made.person, made.awa)
        assert mine.route is Route.REDIRECTED
        assert applications.list_for_partner(session, made.agent) == []
        assert session.scalars(select(EventRow.kind).order_by(EventRow.id)).all() == ["shown", "redirected"]
        with pytest.raises(NotFoundError):
            applications.open_for_partner(session, made.agent, mine.id)
    with time_machine.travel(now() + timedelta(days=10), tick=False):
        assert applied(database, made) == mine.id
        with database.write() as session:
            applications.record_redirect(session, made.person, made.offer, list_id)
            assert applications.load_for_person_view(session, made.person, mine.id).route is Route.INSIDE
            due = session.scalars(select(OutcomeRow.due_on).order_by(OutcomeRow.day)).all()
            assert due[0] == now().astimezone(CAMEROON).date() + timedelta(days=30)


def test_what_was_left_for_can_be_taken_off_and_left_for_again(database: Database) -> None:
    made = scene(database)
    for _ in range(2):
        with database.write() as session:
            applications.record_redirect(session, made.person, made.offer, None)
            [mine] = applications.list_for_person(session, made.person, made.awa)
            assert mine.stage is Stage.SENT
            applications.withdraw(session, made.person, mine.id)
