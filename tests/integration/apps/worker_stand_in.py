"""The worker of the batch queue, in a process of its own: `python worker_stand_in.py BROKER_URL`.

Its task says in Valkey that it began, waits there until it may go on, and says that it ended.
"""

import sys

import redis

from oim.apps.celery_app import add_tasks, create_app
from oim.features.matching.tasks import compute_digests
from oim.kit.tasks import Queue

BEGUN, MAY_END, ENDED = "test:begun", "test:may-end", "test:ended"  # lists


class WaitingServices:
    """Services of a task that takes as long as a test wants."""

    def __init__(self, url: str) -> None:
        self._valkey = redis.Redis.from_url(url, socket_timeout=None)

    def compute_shard(self, *_: object) -> int:
        self._valkey.rpush(BEGUN, 1)
        self._valkey.blpop([MAY_END])
        self._valkey.rpush(ENDED, 1)
        return 1


def main(url: str) -> None:
    """Serve the queue until the process is killed."""
    app = create_app(url)
    add_tasks(app, WaitingServices(url), (compute_digests,))
    app.Worker(pool_cls="solo", queues=[Queue.BATCH.value], quiet=True).start()


if __name__ == "__main__":
    main(sys.argv[1])
