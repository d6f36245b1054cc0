"""The workers: `python -m oim.apps.worker [--schedule FILE] [QUEUE ...]`, all queues if none is named.

One process imports the program once and forks a Celery worker for each queue, and with `--schedule` the
scheduler (beat) that sends tasks when they are due; there must be one scheduler in all. Forks share the
memory of what was imported: programs of their own would need several times as much, and as long to start.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module

from celery import Celery
from celery.signals import setup_logging, worker_ready

from oim import bootstrap
from oim.apps.celery_app import add_tasks, create_app
from oim.apps.forks import run_forks
from oim.apps.process_start import exit_on_error, load_settings
from oim.apps.worker_tasks import TASKS, WorkerServices
from oim.kit.disk import has_room
from oim.kit.faults import publish_faults
from oim.kit.tasks import Queue
from oim.kit.telemetry import configure_logging

# How many tasks of a queue run at once. Two urgent ones: a slow gateway should not hold back the next code.
CONCURRENCY: Mapping[Queue, int] = {Queue.URGENT: 2, Queue.DEFAULT: 1, Queue.INDEX: 1, Queue.BATCH: 1}
SCHEDULER = "scheduler"
# What Celery imports when a worker or the scheduler starts: imported once, before the forks, not in each.
PARTS_OF_CELERY = (
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.worker.autoscale",
    "celery.worker.consumer",
    "kombu.transport.redis",
)


def main(arguments: Sequence[str]) -> int:
    """Run the workers until SIGTERM or SIGINT. Returns 0, or 1 when one's first start fails."""
    parser = argparse.ArgumentParser(prog="python -m oim.apps.worker")
    parser.add_argument("--schedule", metavar="FILE", help="run the scheduler, which keeps its times here")
    parser.add_argument("queues", nargs="*", metavar="QUEUE", help=", ".join(Queue))
    options = parser.parse_args(arguments)
    queues = [Queue(name) for name in options.queues] or list(Queue)
    with exit_on_error():
        settings = load_settings()
        app = create_app(bootstrap.broker_url(settings))
        add_tasks(app, WorkerServices(settings), TASKS, partial(has_room, settings.home))
    targets: dict[str, Callable[[], None]] = {
        queue.value: partial(_run_worker, app, queue, settings.log_level) for queue in queues
    }
    if options.schedule:
        targets[SCHEDULER] = partial(_run_scheduler, app, options.schedule, settings.log_level)

    def configure(**_: object) -> None:
        """Log like the other OIM processes. Celery leaves logging alone when its signal has a receiver."""
        configure_logging(settings.log_level, settings.log_format)

    configure()
    # Not weak: nothing else refers to the function.
    setup_logging.connect(configure, weak=False)
    for part in PARTS_OF_CELERY:
        import_module(part)
    return run_forks(targets, publish=partial(publish_faults, settings.home, "worker"))


def _run_worker(app: Celery, queue: Queue, log_level: str) -> None:
    """Serve one queue, in this process and those that Celery forks from it."""

    def report_ready(**_: object) -> None:
        # Not logged: `oim up` waits for it, whatever the level. Celery has replaced `sys.stdout` by its log.
        print(f"{queue} workers are ready", file=sys.__stdout__, flush=True)

    worker_ready.connect(report_ready)
    # Not by `worker_main`, the command line of Celery, which loads a shell: as long as the worker itself.
    worker = app.Worker(
        queues=[queue.value],
        hostname=f"{queue.value}@",  # the name of this machine follows
        concurrency=CONCURRENCY[queue],
        loglevel=log_level,
        quiet=True,
        # What these leave out serves monitors, and workers that know of one another: it only costs time.
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _run_scheduler(app: Celery, file: str, log_level: str) -> None:
    """Send the tasks that are due."""
    app.Beat(schedule=file, loglevel=log_level, quiet=True).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
