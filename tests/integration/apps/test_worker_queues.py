"""Celery with a real broker: what takes long in one queue delays nothing in another."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import redis
import worker_stand_in
from celery import Celery
from celery.contrib.testing.worker import start_worker
from gateway_factory import FakeGateway
from worker_stand_in import BEGUN, ENDED, MAY_END

from oim.apps.celery_app import add_tasks, create_app, send
from oim.channels.wording import render_message
from oim.features.matching.tasks import compute_digests
from oim.features.messages import queue_code
from oim.features.messages.tasks import deliver_codes
from oim.features.people import Channel, Contact
from oim.kit.db import Database
from oim.kit.tasks import Queue

LIMIT = 120  # seconds until a test fails that waits for what does not come


class CodeServices:
    """Services for codes."""

    render_message = staticmethod(render_message)

    def __init__(self, database: Database) -> None:
        self.database = database
        self.gateway = FakeGateway()
        self.senders = dict.fromkeys(Channel, self.gateway)
        self.has_sent = threading.Event()
        self.gateway.before_answer = lambda _: self.has_sent.set()


@pytest.fixture
def services(database: Database) -> CodeServices:
    return CodeServices(database)


@pytest.fixture
def broker(valkey: str) -> Iterator[redis.Redis]:
    """An empty broker."""
    with redis.Redis.from_url(valkey, socket_timeout=2 * LIMIT) as broker:
        broker.flushall()
        yield broker


@pytest.fixture
def batch_worker(valkey: str, broker: redis.Redis) -> Iterator[None]:
    """A worker of the batch queue. In its own process: two of Celery's workers in one share an event loop."""
    with subprocess.Popen([sys.executable, str(Path(worker_stand_in.__file__)), valkey]) as process:
        yield
        process.kill()


@pytest.fixture
def app(valkey: str, broker: redis.Redis, services: CodeServices) -> Iterator[Celery]:
    """An application whose worker serves the urgent queue."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    app = create_app(valkey)
    add_tasks(app, services, (deliver_codes,))
    with start_worker(app, perform_ping_check=False, shutdown_timeout=LIMIT, queues=[Queue.URGENT.value]):
        yield app
    app.close()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("batch_worker")
def test_a_long_task_in_batch_does_not_delay_a_code(
    app: Celery, services: CodeServices, broker: redis.Redis
) -> None:
    send(app, compute_digests, str(UUID(int=1)), str(UUID(int=2)), 1, "2026-11-25T11:00:00+00:00")
    assert broker.blpop([BEGUN], LIMIT)
    with services.database.write() as session:
        contact = Contact(Channel.SMS, "+237677123456")
        queue_code(session, contact, "fr", "1234567", timedelta(minutes=10))
    send(app, deliver_codes)
    assert services.has_sent.wait(LIMIT)
    assert broker.llen(ENDED) == 0  # the batch task is still at work
    broker.rpush(MAY_END, 1)
    assert broker.blpop([ENDED], LIMIT)
