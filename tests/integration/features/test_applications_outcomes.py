"""Questions after 30, 90 and 180 days, what is counted of their answers, and what stays after an erasure."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from application_factory import (
    AWA,
    PURPOSES,
    Scene,
    add_offers,
    applied,
    decide,
    draft,
    scene,
)
from people_factory import add_known, add_people, person
from sqlalchemy import delete, func, select

from oim.features import applications, statistics
from oim.features.access import NOT_FOUND_MESSAGE, STRANGER, SYSTEM, Actor, Role
from oim.features.applications import (
    DueQuestion,
    HiddenReason,
    Move,
    Next,
    NextStep,
    OutcomeAnswer,
    Stage,
    Submission,
)
from oim.features.applications.models import ApplicationRow, OutcomeRow, StageRow
from oim.features.consents import Purpose
from oim.features.events import EventKind, record_shown_list
from oim.features.events.models import EventRow
from oim.features.matching.learning.events import GAINS, load_shown_lists
from oim.features.messages.models import MessageRow
from oim.features.opportunities import Kind
from oim.features.people.models import PersonRow
from oim.features.statistics.models import TallyRow
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.errors import ConflictError, NotFoundError

OF_PEOPLE = MessageRow.staff_id.is_(None)  # not those to the agents of partners
START = datetime(2026, 11, 5, 9, tzinfo=UTC)
ANALYST = Actor(Role.ANALYST, UUID(int=9))
Tally = tuple[str, str, str, str, int]


def at(day: int) -> time_machine.travel:
    return time_machine.travel(START + timedelta(days=day), tick=False)


def due(database: Database, made: Scene) -> list[DueQuestion]:
    with database.write() as session:
        return applications.list_due_questions(session, made.person, made.awa, now().date())


def answer(database: Database, actor: Actor, outcome: UUID, said: OutcomeAnswer) -> None:
    with database.write() as session:
        applications.answer_outcome(session, actor, outcome, said)


def tallies(database: Database) -> list[Tally]:
    with database.read() as session:
        rows = session.scalars(select(TallyRow).where(TallyRow.count > 0).order_by(TallyRow.month))
        return [(f"{row.month:%Y-%m}", row.what, row.kind, row.answer, row.count) for row in rows]


def test_questions_come_after_30_90_and_180_days_and_once_each(database: Database) -> None:
    with at(0):
        made = scene(database)
        applied(database, made)
    asked = []
    for day in (29, 30, 31, 90, 180, 181):
        with at(day):
            asked.append(applications.ask_outcomes(database, now().date()))
            assert applications.ask_outcomes(database, now().date()) == 0
    assert asked == [0, 1, 0, 1, 1, 0]
    with database.read() as session:
        assert session.scalars(select(MessageRow.kind).where(OF_PEOPLE)).all() == ["outcome"] * 3


def test_a_person_is_written_to_once_a_day_however_many_the_questions(database: Database) -> None:
    with at(0):
        made = scene(database)
        applied(database, made)
        [other] = add_offers(database, draft(2))
        with database.write() as session:
            applications.send(session, made.person, made.awa, Submission(offer=other))
        silent = add_known(database, AWA, "Binta", "2580", Purpose.SHARING)
        with database.write() as session:
            applications.send(session, person(silent), silent, Submission(offer=other))
    with at(100):  # nobody asked for long: two questions of each application are due
        assert applications.ask_outcomes(database, now().date()) == 6
        assert [(one.day, one.is_follow_up) for one in due(database, made)] == [(90, False), (90, False)]
    with database.read() as session:
        assert session.scalars(select(MessageRow.person_id).where(OF_PEOPLE)).all() == [made.awa]
        assert session.scalar(select(func.count()).where(OutcomeRow.asked_at.is_(None))) == 3


def test_who_answered_is_not_asked_and_who_got_it_is_asked_later_whether_it_lasts(database: Database) -> None:
    with at(0):
        made = scene(database)
        applied(database, made)
    with at(30):
        [question] = due(database, made)
        answer(database, made.person, question.id, OutcomeAnswer.GOT_IT)
        assert due(database, made) == []
        assert applications.ask_outcomes(database, now().date()) == 0
    with at(90):
        [question] = due(database, made)
        assert (question.day, question.is_follow_up) == (90, True)
        answer(database, made.person, question.id, OutcomeAnswer.GOT_IT_LEFT)
    with at(180):
        [question] = due(database, made)
        assert (question.day, question.is_follow_up) == (180, False)
        with database.write() as session:
            [mine] = applications.list_for_person(session, made.person, made.awa)
    assert [(one.day, one.answer) for one in mine.outcomes] == [
        (30, OutcomeAnswer.GOT_IT),
        (90, OutcomeAnswer.GOT_IT_LEFT),
        (180, None),
    ]


def test_a_question_is_answered_only_when_it_is_due_and_by_its_person(database: Database) -> None:
    with at(0):
        made = scene(database)
        applied(database, made)
        with database.read() as session:
            [first] = session.scalars(select(OutcomeRow.id).where(OutcomeRow.day == 30))
        with pytest.raises(ConflictError):
            answer(database, made.person, first, OutcomeAnswer.NO)
    with at(30):
        [other] = add_people(database)
        for actor in (person(other), made.agent, STRANGER):
            with pytest.raises(NotFoundError):
                answer(database, actor, first, OutcomeAnswer.NO)
            with pytest.raises(NotFoundError), database.write() as session:
                applications.list_due_questions(session, actor, made.awa, now().date())
        with pytest.raises(NotFoundError, match=NOT_FOUND_MESSAGE):
            answer(database, SYSTEM, uuid4(), OutcomeAnswer.NO)


def test_an_answer_may_change_and_counts_once(database: Database) -> None:
    with at(0):
        made = scene(database, Kind.TRAINING)
        applied(database, made)
    with at(30):  # 5 December
        [question] = due(database, made)
        answer(database, made.person, question.id, OutcomeAnswer.WAITING)
        answer(database, made.person, question.id, OutcomeAnswer.WAITING)
    with at(40):
        answer(database, made.person, question.id, OutcomeAnswer.GOT_IT)
    counted = [
        ("2026-11", "applied", "training", "", 1),
        ("2026-12", "outcome_30", "training", "got_it", 1),
    ]
    assert tallies(database) == counted
    with at(60):  # in January, what December's table said stays
        answer(database, made.person, question.id, OutcomeAnswer.NO)
    assert tallies(database) == counted


def test_who_does_not_agree_is_not_counted_nor_stays_counted(database: Database) -> None:
    with at(0):
        made = scene(database, Kind.AGR, Purpose.SHARING)
        applied(database, made)
    with at(30):
        [question] = due(database, made)
        answer(database, made.person, question.id, OutcomeAnswer.NO)
        assert tallies(database) == []
        decide(database, made.awa, Purpose.STATISTICS, given=True)
        answer(database, made.person, question.id, OutcomeAnswer.NO)
        assert [row[3:] for row in tallies(database)] == [("no", 1)]
        decide(database, made.awa, Purpose.STATISTICS, given=False)
        answer(database, made.person, question.id, OutcomeAnswer.OTHER_LIVELIHOOD)
        assert tallies(database) == []


def test_people_are_counted_not_how_often_they_apply_or_answer(database: Database) -> None:
    with at(0):
        made = scene(database)
        offers = [made.offer, *add_offers(database, *(draft(number) for number in range(2, 13)))]
        for offer in offers:
            with database.write() as session:
                applications.send(session, made.person, made.awa, Submission(offer=offer))
                applications.record_redirect(session, made.person, offer, None)
    with at(30):
        for question in due(database, made):
            answer(database, made.person, question.id, OutcomeAnswer.WAITING)
            answer(database, made.person, question.id, OutcomeAnswer.NO)
        answer(database, made.person, question.id, OutcomeAnswer.GOT_IT)
    assert sorted((row[1], row[3], row[4]) for row in tallies(database)) == [
        ("applied", "", 1),
        ("outcome_30", "got_it", 1),
        ("outcome_30", "no", 1),
    ]


def apply_from_list(database: Database) -> Scene:
    """Apply for an offer that a list showed."""
    list_id = uuid4()
    with at(0):
        made = scene(database)
        with database.write() as session:
            record_shown_list(session, now(), list_id, [(made.offer, {"text": 0.5})], known=True)
            sending = Submission(offer=made.offer, list_id=list_id)
            applications.send(session, made.person, made.awa, sending)
    return made


def test_getting_it_teaches_the_ranker(database: Database) -> None:
    made = apply_from_list(database)
    with at(30):
        [question] = due(database, made)
        answer(database, made.person, question.id, OutcomeAnswer.NO)
        answer(database, made.person, question.id, OutcomeAnswer.GOT_IT)
    with database.read() as session:
        assert session.scalars(select(EventRow.kind).order_by(EventRow.id)).all() == [
            "shown",
            "applied",
            "outcome",
            "outcome",
        ]
        [shown_list] = load_shown_lists(session)
    assert [offer.gain for offer in shown_list.offers] == [GAINS[EventKind.OUTCOME]]


def test_not_getting_it_is_recorded_and_worth_no_more_than_applying(database: Database) -> None:
    made = apply_from_list(database)
    with at(30):
        [question] = due(database, made)
        for _ in range(2):
            answer(database, made.person, question.id, OutcomeAnswer.NO)
    with database.read() as session:
        [outcome] = session.scalars(select(EventRow).where(EventRow.kind == "outcome"))
        [shown_list] = load_shown_lists(session)
    assert outcome.details == {"answer": "no", "day": 30, "reported": False}
    assert [offer.gain for offer in shown_list.offers] == [GAINS[EventKind.APPLIED]]


def test_an_erasure_takes_the_hour_and_the_place_of_a_meeting(database: Database) -> None:
    made = scene(database)
    id_ = applied(database, made)
    meeting = Next(on=now().date() + timedelta(days=3), hour=time(9, 30), place="Chez Awa")
    with database.write() as session:
        applications.move(session, made.agent, id_, Move(Stage.INTERVIEW, meeting))
        [sent] = applications.list_for_person(session, made.person, made.awa)
        assert sent.next == meeting
        applications.anonymise(session, made.awa)
    with database.read() as session:
        row = session.scalars(select(ApplicationRow)).one()
        assert (row.next_on, row.next_hour, row.next_place) == (None, None, None)


def test_an_erasure_leaves_a_row_without_anybody_and_the_counts(database: Database) -> None:
    with at(0):
        made = scene(database)
        id_ = applied(database, made)
    with at(30):
        with database.write() as session:
            words = Next(NextStep.NEXT_CALL, "Revenez, Awa", now().date())
            applications.move(session, made.agent, id_, Move(Stage.NOT_RETAINED, words))
        answer(database, made.person, due(database, made)[0].id, OutcomeAnswer.NO)
        before = tallies(database)
        with database.write() as session:
            assert applications.anonymise(session, made.awa) == 1
            session.execute(delete(PersonRow).where(PersonRow.id == made.awa))
    with database.write() as session:
        row = session.scalars(select(ApplicationRow)).one()
        assert (row.person_id, row.letter, row.document_id) == (None, None, None)
        assert (row.next_words, row.next_on, row.list_id) == (None, None, None)
        assert (row.stage, row.next_step, row.region) == ("not_retained", "next_call", "CM-OU")
        assert {row.created_at.isoformat(), row.stage_at.isoformat()} == {
            "2026-10-31T23:00:00+00:00",
            "2026-11-30T23:00:00+00:00",
        }  # the first instants of November and December in Cameroon
        dates = session.scalars(select(StageRow.at).order_by(StageRow.id)).all()
        assert dates == [row.created_at, row.stage_at]
        assert session.scalars(select(OutcomeRow)).all() == []
        [listed] = applications.list_for_partner(session, made.agent)
        assert (listed.hidden, listed.name, listed.stage) == (HiddenReason.ERASED, None, Stage.NOT_RETAINED)
        with pytest.raises(ConflictError):
            applications.move(session, made.agent, id_, Move(Stage.SHORTLISTED))
    assert tallies(database) == before
    assert [row[1:2] + row[3:] for row in before] == [("applied", "", 1), ("outcome_30", "no", 1)]


def test_another_persons_application_stays_whole(database: Database) -> None:
    with at(0):
        made = scene(database)
        applied(database, made)
        binta = add_known(database, AWA, "Binta", "2580", *PURPOSES)
        with database.write() as session:
            sending = Submission(offer=made.offer, letter="De Binta")
            kept = applications.send(session, person(binta), binta, sending)
            applications.anonymise(session, made.awa)
    with database.write() as session:
        found = applications.load_for_person_view(session, person(binta), kept)
    assert (found.letter, found.created_at) == ("De Binta", START)


def people_counted(database: Database, cells: dict[str, int], detail: str = "") -> None:
    with database.write() as session:
        for region, times in cells.items():
            for _ in range(times):
                statistics.increment(session, "applied", "employment", region, detail)


def test_small_cells_are_blank_and_nothing_beside_them_gives_them_back(database: Database) -> None:
    with at(0):
        people_counted(database, {"CM-OU": 25, "CM-SU": 3, "": 12, "CM-LT": 10, "CM-ES": 9})
    with at(30), database.write() as session:
        cells = statistics.load_table(session, ANALYST)
    assert {cell.region: cell.count for cell in cells} == {
        "": 12,
        "CM-ES": None,
        "CM-LT": 10,
        "CM-OU": 25,
        "CM-SU": None,
    }
    # A difference needs a published number that contains the blank: each is one cell, no two overlap.
    keys = [(cell.month, cell.what, cell.kind, cell.region, cell.answer) for cell in cells]
    assert len(set(keys)) == len(keys)
    assert 3 + 9 not in {cell.count for cell in cells if cell.region}
    assert 25 + 3 + 12 + 10 + 9 not in {cell.count for cell in cells}


def test_two_readings_do_not_give_back_what_happened_between_them(database: Database) -> None:
    readings = []
    with at(0):
        people_counted(database, {"CM-OU": 15})
    for day in (0, 1, 26, 40):  # to December and into it
        with at(day):
            people_counted(database, {"CM-OU": 1})
            with database.write() as session:
                statistics.replace_count(session, "applied", "employment", "CM-OU", "", "other")
                readings.append(statistics.load_table(session, ANALYST))
    assert readings[0] == readings[1] == []
    assert readings[2] == readings[3]
    assert [(cell.answer, cell.count) for cell in readings[2]] == [("", 15), ("other", None)]


def test_who_count_at_once_lose_nothing_and_never_wait_for_one_another(database: Database) -> None:
    def swing(number: int) -> None:
        with database.write() as session:
            here, there = ("a", "b") if number % 2 else ("b", "a")
            statistics.replace_count(session, "applied", "employment", "", here, there)

    people_counted(database, {"": 50}, "a")
    people_counted(database, {"": 50}, "b")
    with ThreadPoolExecutor(6) as some:
        list(some.map(swing, range(40)))
    assert {row[3]: row[4] for row in tallies(database)} == {"a": 50, "b": 50}


def test_questions_asked_by_two_at_once_are_put_once(database: Database) -> None:
    with at(0):
        made = scene(database)
        applied(database, made)
    on = START.date() + timedelta(days=30)
    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(lambda _: applications.ask_outcomes(database, on), range(2))) == 1


def test_only_who_watches_the_programme_reads_the_table(database: Database) -> None:
    [someone] = add_people(database)
    for actor in (
        STRANGER,
        person(someone),
        Actor(Role.AGENT, uuid4(), uuid4()),
        Actor(Role.CASE_WORKER, uuid4()),
    ):
        with pytest.raises(NotFoundError), database.write() as session:
            statistics.load_table(session, actor)
    with database.write() as session:
        assert statistics.load_table(session, Actor(Role.ADMINISTRATOR, uuid4())) == []
