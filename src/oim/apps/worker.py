"""The worker process, Celery with its scheduler (beat): `celery -A oim.apps.worker worker -B`.

Every task must be safe to run twice: the broker delivers again what a killed worker had not acknowledged.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import cache
from uuid import UUID

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

from oim import bootstrap
from oim.apps.digest_shard import compute_shard
from oim.channels.wording import render_message
from oim.features import cv, rights
from oim.features.applications import ask_outcomes
from oim.features.audit import append_head, load_head
from oim.features.events import EventStream, forward_events
from oim.features.following import send_due_alerts
from oim.features.matching import DigestShard, Engine, reindex
from oim.features.messages import deliver
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database
from oim.kit.errors import ConflictError
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging, logger

BATCH = 32  # changed offers per indexing step
LONGEST_TASK = 6 * 3600  # seconds: after a change of embedding model every offer is embedded again

settings = Settings()
app = Celery("oim", broker=settings.valkey_url)
app.conf.update(
    task_ignore_result=True,
    # Acknowledged after the work, not before: a task of a worker that was killed is delivered again.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # A process reserves no task beyond the one it runs, so a long rebuild delays no short task.
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    # A task that outlives the visibility timeout would be delivered, and run, twice.
    broker_transport_options={"visibility_timeout": 2 * LONGEST_TASK, "unacked_restore_interval": 1},
    task_time_limit=LONGEST_TASK,
    timezone="Africa/Douala",  # of the crontab hours below
    beat_schedule={
        # Expires when the next one is due, so that a slow step leaves no queue of the same task.
        "index": {"task": "matching.index_pending", "schedule": 2.0, "options": {"expires": 2.0}},
        "messages": {"task": "messages.deliver", "schedule": 1.0, "options": {"expires": 1.0}},
        "events": {"task": "events.forward", "schedule": 5.0, "options": {"expires": 5.0}},
        "sweep": {"task": "cv.sweep", "schedule": 300.0, "options": {"expires": 300.0}},
        "terms": {"task": "rights.keep_to_terms", "schedule": crontab(hour="2", minute="30")},
        "heads": {"task": "audit.note_head", "schedule": 60.0, "options": {"expires": 60.0}},
        "model": {"task": "matching.follow_model", "schedule": 60.0, "options": {"expires": 60.0}},
        # What sends messages runs when people are awake, what is heavy at night.
        "alerts": {"task": "following.alert", "schedule": crontab(hour="7", minute="0")},
        "outcomes": {"task": "applications.ask_outcomes", "schedule": crontab(hour="9", minute="0")},
        "night": {"task": "matching.rebuild", "schedule": crontab(hour="3", minute="15")},
    },
)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _configure_logging(**_: object) -> None:
    """Log like the other OIM processes. Celery leaves logging alone when a receiver of this signal exists."""
    configure_logging(settings.log_level, settings.log_format)


@cache
def _database() -> Database:
    """The database of this worker process.

    Opened at first use, which is after the fork: two processes must never share one connection.
    """
    return bootstrap.database(settings)


@cache
def _engine() -> Engine:
    """The engine client of this worker process, opened after the fork like the database."""
    return bootstrap.engine(settings)


@cache
def _event_stream() -> EventStream:
    """The event stream of this worker process, opened after the fork like the database."""
    return bootstrap.event_stream(settings)


@app.task(name="matching.index_pending")  # type: ignore[untyped-decorator]  # Celery is untyped
def index_pending() -> None:
    """Index every offer that was added, changed or withdrawn since the last run."""
    while indexed := _engine().index_pending(BATCH):
        logger(__name__).info("indexed", offers=indexed)


@app.task(name="messages.deliver")  # type: ignore[untyped-decorator]
def deliver_messages() -> None:
    """Send the messages that are due: text messages and emails."""
    sent = deliver(_database(), bootstrap.senders(settings), render_message)
    if sent:
        logger(__name__).info("sent", messages=sent)


@app.task(name="events.forward")  # type: ignore[untyped-decorator]
def forward_recorded_events() -> None:
    """Forward recorded events to the event stream. One that is forwarded twice keeps its id."""
    forward_events(_database(), _event_stream())


@app.task(name="applications.ask_outcomes")  # type: ignore[untyped-decorator]
def ask_about_outcomes() -> None:
    """Ask people about the outcome of an application, on the days set for it."""
    questions = ask_outcomes(_database(), now().astimezone(CAMEROON).date())
    logger(__name__).info("asked", outcomes=questions)


@app.task(name="following.alert")  # type: ignore[untyped-decorator]
def alert_about_new_offers() -> None:
    """Alert people to new offers that match their saved searches."""
    people = send_due_alerts(_database(), _engine(), now())
    logger(__name__).info("alerted", people=people)


@app.task(name="cv.sweep")  # type: ignore[untyped-decorator]
def delete_orphan_files() -> None:
    """Delete stored files that no document refers to, as an interrupted upload or deletion leaves them."""
    cv.delete_orphans(_database(), bootstrap.blobs(settings), now())


@app.task(name="rights.keep_to_terms")  # type: ignore[untyped-decorator]
def apply_retention() -> None:
    """Delete data past its retention period, and erase again people whom a restored backup brought back."""
    database, blobs, sessions = (
        _database(),
        bootstrap.blobs(settings),
        bootstrap.sign_in_services(settings).sessions,
    )
    # The journal first, so that retention neither warns nor counts somebody who was already erased.
    erased_again = rights.replay_journal(database, blobs)
    counts = rights.apply_retention(database, blobs, sessions, now())
    logger(__name__).info("kept to terms", **asdict(counts), erased_again=erased_again)


@app.task(name="audit.note_head")  # type: ignore[untyped-decorator]
def record_audit_head() -> None:
    """Append the head of the audit trail to a file outside the database.

    With it, `oim audit verify` can tell that entries were cut off the end of the trail.
    """
    with _database().read() as session:
        head = load_head(session)
    if head:
        append_head(settings.heads_file, head)


@app.task(name="matching.rebuild")  # type: ignore[untyped-decorator]
def rebuild_index() -> None:
    """Build a new, compact index beside the one in use, then swap them.

    An index built in one go answers faster than one that was changed offer by offer all day.
    """
    database, indexes = _database(), bootstrap.indexes(settings)
    embedder = bootstrap.embedder(bootstrap.embedder_url(settings))
    try:
        offers = reindex(database, indexes, embedder, _engine(), lambda _: None)
    except ConflictError:
        return  # another process is rebuilding it, or the engine keeps its indexes elsewhere
    logger(__name__).info("rebuilt", offers=offers, embedder=embedder.url)


@app.task(name="matching.follow_model")  # type: ignore[untyped-decorator]
def rebuild_on_model_change() -> None:
    """Rebuild the index when the settings name another embedding model than the one it was built with."""
    if _engine().health().embedder != bootstrap.embedder_url(settings):
        rebuild_index()


@app.task(name="matching.digest")  # type: ignore[untyped-decorator]
def compute_digests(first: str, last: str, due: int, at: str) -> None:
    """Compute the due digests of the people whose ids lie between two, as of the instant `at` (ISO 8601).

    `oim recommend --all-people` sends one such task per shard; arguments are JSON, hence the texts.
    """
    shard = DigestShard(UUID(first), UUID(last), due)
    done = compute_shard(settings, shard, datetime.fromisoformat(at))
    logger(__name__).info("digests", people=done)
