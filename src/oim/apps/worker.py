"""The worker's process: Celery with beat. `celery -A oim.apps.worker worker -B`."""

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
from oim.features.following import send_due_alerts
from oim.features.matching import DigestShard, Engine, reindex
from oim.features.messages import deliver
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database
from oim.kit.errors import ConflictError
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging, logger

BATCH = 32  # changes of offers an indexing step
LONGEST_TASK = 6 * 3600  # seconds: a new embedding model reads every offer again

settings = Settings()
app = Celery("oim", broker=settings.valkey_url)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    # A task that outlives the visibility timeout would be delivered, and run, twice.
    broker_transport_options={"visibility_timeout": 2 * LONGEST_TASK, "unacked_restore_interval": 1},
    task_time_limit=LONGEST_TASK,
    timezone="Africa/Douala",
    beat_schedule={
        # Expires before the next one, so that a slow step leaves no queue of the same task.
        "index": {"task": "matching.index_pending", "schedule": 2.0, "options": {"expires": 2.0}},
        "messages": {"task": "messages.deliver", "schedule": 1.0, "options": {"expires": 1.0}},
        "sweep": {"task": "cv.sweep", "schedule": 300.0, "options": {"expires": 300.0}},
        "terms": {"task": "rights.keep_to_terms", "schedule": crontab(hour="2", minute="30")},
        "heads": {"task": "audit.note_head", "schedule": 60.0, "options": {"expires": 60.0}},
        "model": {"task": "matching.follow_model", "schedule": 60.0, "options": {"expires": 60.0}},
        "alerts": {"task": "following.alert", "schedule": crontab(hour="7", minute="0")},
        "outcomes": {"task": "applications.ask_outcomes", "schedule": crontab(hour="9", minute="0")},
        "night": {"task": "matching.rebuild", "schedule": crontab(hour="3", minute="15")},
    },
)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _configure_logging(**_: object) -> None:
    """Log as every process of ours does, rather than as Celery would."""
    configure_logging(settings.log_level, settings.log_format)


@cache
def _database() -> Database:
    """One for each of the worker's processes, opened after it was forked."""
    return bootstrap.database(settings)


@cache
def _engine() -> Engine:
    return bootstrap.engine(settings)


@app.task(name="matching.index_pending")  # type: ignore[untyped-decorator]  # Celery is untyped
def index_pending() -> None:
    """Bring every waiting change of an offer into the index."""
    while indexed := _engine().index_pending(BATCH):
        logger(__name__).info("indexed", offers=indexed)


@app.task(name="messages.deliver")  # type: ignore[untyped-decorator]
def deliver_messages() -> None:
    """Send what people are to be told."""
    sent = deliver(_database(), bootstrap.senders(settings), render_message)
    if sent:
        logger(__name__).info("sent", messages=sent)


@app.task(name="applications.ask_outcomes")  # type: ignore[untyped-decorator]
def ask_about_outcomes() -> None:
    """Ask people what became of what they applied for, where the day has come."""
    asked = ask_outcomes(_database(), now().astimezone(CAMEROON).date())
    logger(__name__).info("asked", outcomes=asked)


@app.task(name="following.alert")  # type: ignore[untyped-decorator]
def alert_about_new_offers() -> None:
    """Tell people of the new offers that their searches find."""
    told = send_due_alerts(_database(), _engine(), now())
    logger(__name__).info("alerted", people=told)


@app.task(name="cv.sweep")  # type: ignore[untyped-decorator]
def delete_orphan_files() -> None:
    """Delete the files that no document names any more."""
    cv.sweep(_database(), bootstrap.blobs(settings), now())


@app.task(name="rights.keep_to_terms")  # type: ignore[untyped-decorator]
def apply_retention() -> None:
    """End what is past its time; and erase again whoever should be gone, as after a restore."""
    database, blobs, sessions = (
        _database(),
        bootstrap.blobs(settings),
        bootstrap.sign_in_services(settings).sessions,
    )
    again = rights.replay_journal(database, blobs)
    ended = rights.apply_retention(database, blobs, sessions, now())
    logger(__name__).info("kept to terms", **asdict(ended), erased_again=again)


@app.task(name="audit.note_head")  # type: ignore[untyped-decorator]
def record_audit_head() -> None:
    """Write the trail's head down outside the database."""
    with _database().read() as session:
        found = load_head(session)
    if found:
        append_head(settings.heads_file, found)


@app.task(name="matching.rebuild")  # type: ignore[untyped-decorator]
def rebuild_index() -> None:
    """Build the index anew, in its fastest form, and swap."""
    database, indexes = _database(), bootstrap.indexes(settings)
    embedder = bootstrap.embedder(bootstrap.embedder_url(settings))
    try:
        held = reindex(database, indexes, embedder, _engine(), lambda _: None)
    except ConflictError:
        return  # another process builds it
    logger(__name__).info("rebuilt", offers=held, embedder=embedder.url)


@app.task(name="matching.follow_model")  # type: ignore[untyped-decorator]
def rebuild_on_model_change() -> None:
    """Rebuild when settings want another embedding model than the index was built with."""
    if _engine().health().embedder != bootstrap.embedder_url(settings):
        rebuild_index()


@app.task(name="matching.digest")  # type: ignore[untyped-decorator]
def compute_digests(first: str, last: str, due: int, at: str) -> None:
    """Compute the digests that are due of the people between two ids."""
    shard = DigestShard(UUID(first), UUID(last), due)
    done = compute_shard(settings, shard, datetime.fromisoformat(at))
    logger(__name__).info("digests", people=done)
