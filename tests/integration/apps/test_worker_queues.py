"""Celery with a real broker: what takes long in one queue delays nothing in another."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from uuid import UUID

import pytest
import redis
from celery import Celery
from celery.contrib.testing.worker import start_worker
from gateway_factory import FakeGateway

from oim.apps.celery_app import add_tasks, create_app, send
from oim.channels.wording import render_message
from oim.features.matching.tasks import compute_digests
from oim.features.messages import queue_code
from oim.features.messages.tasks import deliver_codes
from oim.features.people import Channel, Contact
from oim.kit.db import Database
from oim.kit.tasks import Queue

pytestmark = pytest.mark.skip(
    reason="two Celery workers in one process do not always end: queues apart are not tested yet"
)
LIMIT = 120  # seconds until a test fails that waits for what does not come


class BusyServices:
    """Services for codes; a batch task blocks until it is released."""

    render_message = staticmethod(render_message)

    def __init__(self, database: Database) -> None:
        self.database = database
        self.gateway = FakeGateway()
        self.senders = dict.fromkeys(Channel, self.gateway)
        self.has_begun, self.may_end, self.has_sent = (threading.Event() for _ in range(3))
        self.gateway.before_answer = lambda _: self.has_sent.set()
        self.shards: list[tuple[object, object]] = []

    def compute_shard(self, *arguments: object) -> int:
        self.has_begun.set()
        assert self.may_end.wait(2 * LIMIT)
        self.shards.append(arguments)
        return 1


@pytest.fixture
def services(database: Database) -> BusyServices:
    return BusyServices(database)


@pytest.fixture
def app(valkey: str, services: BusyServices) -> Iterator[Celery]:
    """An application whose workers serve the urgent queue and that of batches."""
    with redis.Redis.from_url(valkey) as broker:
        broker.flushall()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    app = create_app(valkey)
    add_tasks(app, services, (deliver_codes, compute_digests))
    with ExitStack() as workers:
        for queue in (Queue.URGENT, Queue.BATCH):
            workers.enter_context(
                start_worker(app, perform_ping_check=False, shutdown_timeout=LIMIT, queues=[queue.value])
            )
        workers.callback(services.may_end.set)
        yield app
    app.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_long_task_in_batch_does_not_delay_a_code(app: Celery, services: BusyServices) -> None:
    send(app, compute_digests, str(UUID(int=1)), str(UUID(int=2)), 1, "2026-11-25T11:00:00+00:00")
    assert services.has_begun.wait(LIMIT)
    with services.database.write() as session:
        contact = Contact(Channel.SMS, "+237677123456")
        queue_code(session, contact, "fr", "1234567", timedelta(minutes=10))
    send(app, deliver_codes)
    assert services.has_sent.wait(LIMIT)
    assert services.shards == []  # the batch task is still at work
    assert len(services.gateway.received) == 1
