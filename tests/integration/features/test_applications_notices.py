"""Agents are written to when somebody applies, at once or once a day, and no e-mail says who."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from application_factory import add_agent, add_offers, applied, draft, scene
from gateway_factory import FakeGateway
from people_factory import add_known, person
from sqlalchemy import select, update

from oim.channels.wording import render_message
from oim.features import applications, staff
from oim.features.access import SYSTEM, Actor, Role
from oim.features.applications import ConsentRecord, Submission
from oim.features.applications.notices import send_digests
from oim.features.messages import MessageKind, OutgoingMessage, deliver
from oim.features.messages.models import MessageRow
from oim.features.people import Channel, Contact
from oim.features.staff import Notices, StaffRow
from oim.kit.db import Database
from oim.kit.errors import BadInputError, NotFoundError

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
KINDS = {MessageKind.APPLIED, MessageKind.APPLIED_DIGEST}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class Mailboxes(FakeGateway):
    """A gateway that remembers what it was handed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[OutgoingMessage] = []

    def send(self, message: OutgoingMessage) -> None:
        super().send(message)
        self.sent.append(message)


@pytest.fixture
def gateway() -> Mailboxes:
    return Mailboxes()


def deliver_all(database: Database, gateway: Mailboxes) -> list[tuple[str, str, str]]:
    """Deliver what is due; return address, subject and text of each e-mail so far."""
    deliver(database, {Channel.EMAIL: gateway}, render_message, KINDS)
    return [(message.address, message.subject, message.text) for message in gateway.sent]


def choose(database: Database, agent: Actor, choice: str, language="fr") -> None:
    with database.write() as session:
        staff.choose_notices(session, agent, choice, language)


def test_an_application_is_written_about_once_and_names_nobody(
    database: Database, gateway: Mailboxes
) -> None:
    made = scene(database)
    applied(database, made)
    applied(database, made)
    [(address, subject, text)] = deliver_all(database, gateway)
    assert address == "paul@example.cm"
    assert not {"Awa", "Maçon", "Noun"} & {*subject.split(), *text.split()}
    assert deliver_all(database, gateway) == [(address, subject, text)]
    with database.read() as session:
        [row] = session.scalars(select(MessageRow).where(MessageRow.staff_id.is_not(None)))
        assert (row.person_id, row.address, row.payload) == (None, None, None)


def test_the_link_leads_to_the_page_of_staff_in_the_language_chosen() -> None:
    _, text = render_message(MessageKind.APPLIED, {}, "en", "https://oim.example/")
    assert text.split()[-1] == "https://oim.example/en/staff/applications"
    _, text = render_message(MessageKind.APPLIED_DIGEST, {"count": 2}, "fr", "https://oim.example")
    assert text.endswith("/fr/staff/applications")
    assert "2 candidatures" in text
    assert "http" not in render_message(MessageKind.APPLIED, {}, "fr")[1]


def test_what_waits_still_is_one_email(database: Database, gateway: Mailboxes) -> None:
    made = scene(database)
    applied(database, made)
    send_as_another(database, made.offer)
    assert len(deliver_all(database, gateway)) == 1
    send_as_another(database, made.offer)
    assert len(deliver_all(database, gateway)) == 2


def test_of_two_agents_each_is_written_to_as_they_chose(
    database: Database, gateway: Mailboxes, clock
) -> None:
    made = scene(database)
    daily, at_once = add_agent(database), made.agent
    choose(database, daily, Notices.DAILY, "en")
    add_offers(database, draft(2, organisation="Autre"))
    add_agent(database, "Autre")
    clock.shift(timedelta(minutes=1))
    applied(database, made)
    assert len(deliver_all(database, gateway)) == 1
    assert send_digests(database, NOON + timedelta(minutes=2)) == 0, "they chose today"
    clock.shift(DAY)
    assert send_digests(database, NOON + DAY) == 1
    assert send_digests(database, NOON + DAY) == 0
    [_, (_, subject, text)] = deliver_all(database, gateway)
    assert "1 application" in text
    assert subject == "Applications that came to you"
    clock.shift(DAY)
    assert send_digests(database, NOON + 2 * DAY) == 0, "nothing came"
    assert at_once != daily


def test_each_application_is_in_one_digest(database: Database, clock) -> None:
    made = scene(database)
    choose(database, made.agent, Notices.DAILY)
    counts = []
    for day in range(1, 4):
        send_as_another(database, made.offer)
        clock.shift(DAY)
        send_digests(database, NOON + day * DAY)
        with database.write() as session:
            counts += session.scalars(select(MessageRow.id).where(MessageRow.staff_id.is_not(None))).all()
            session.execute(update(MessageRow).values(state="sent"))
    assert [len(set(counts)), len(counts)] == [3, 6]


@pytest.mark.parametrize(
    "values", [{"disabled_at": NOON}, {"confirmed_at": None}], ids=["closed", "invited anew"]
)
def test_whose_account_is_closed_is_written_to_no_more(
    database: Database, gateway: Mailboxes, values: dict[str, object]
) -> None:
    made = scene(database)
    applied(database, made)
    with database.write() as session:
        session.execute(update(StaffRow).values(values))
    assert deliver_all(database, gateway) == []
    with database.read() as session:
        [state] = session.scalars(select(MessageRow.state).where(MessageRow.staff_id.is_not(None)))
    assert state == "given_up"


def test_only_agents_choose_and_from_the_list_only(database: Database) -> None:
    made = scene(database)
    with database.read() as session:
        assert staff.find_notices(session, made.agent) is Notices.AT_ONCE
    with pytest.raises(BadInputError):
        choose(database, made.agent, "hourly")
    for actor in (SYSTEM, Actor(Role.ADMINISTRATOR, made.agent.id), Actor(Role.AGENT)):
        with pytest.raises(NotFoundError):
            choose(database, actor, Notices.DAILY)


def send_as_another(database: Database, offer) -> None:
    """Let somebody else apply to an offer."""
    who = add_known(database, Contact(Channel.SMS, f"+2376771{uuid4().int % 10**5:05}"))
    with database.write() as session:
        consent = ConsentRecord(language="fr", channel="web")
        applications.send(
            session, person(who), who, Submission(offer=offer, letter="Bonjour."), consent=consent
        )
