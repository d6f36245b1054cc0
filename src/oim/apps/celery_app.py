"""Celery, which carries background tasks from whoever sends them to the workers of their queues."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from celery import Celery
from celery import Task as CeleryTask
from celery.schedules import crontab

from oim.kit.errors import UnavailableError
from oim.kit.tasks import DailyAt, Every, Queue, Task

Parameters = ParamSpec("Parameters")
ServicesT = TypeVar("ServicesT")
FILLING_QUEUES = frozenset({Queue.INDEX, Queue.BATCH})
DISK_WAIT = 60  # seconds until a task is tried again that waits for room on the disk
LONGEST_TASK = 6 * 3600  # seconds; no task may have a longer limit


def create_app(broker_url: str) -> Celery:
    """Create the Celery application of a broker, without tasks."""
    app = Celery("oim", broker=broker_url)
    app.conf.update(
        task_ignore_result=True,
        # Acknowledged after the work, not before: a task of a worker that was killed is delivered again.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # A process reserves no task beyond the one it runs: another process of its queue may be free.
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        # A task that outlives the visibility timeout would be delivered, and run, twice.
        broker_transport_options={"visibility_timeout": 2 * LONGEST_TASK, "unacked_restore_interval": 1},
        timezone="Africa/Douala",  # of `DailyAt`
    )
    return app


def add_tasks(
    app: Celery,
    services: ServicesT,
    tasks: Iterable[Task[ServicesT, ...]],
    has_room: Callable[[], bool] = lambda: True,
) -> None:
    """Let the workers of an application run tasks with these services, and its scheduler send them.

    Tasks of the queues that fill the disk wait while it has no room.
    """
    for task in tasks:
        _add_task(app, services, task, has_room)


def _add_task(
    app: Celery, services: ServicesT, task: Task[ServicesT, ...], has_room: Callable[[], bool]
) -> None:
    began_at = -math.inf  # of the last run in this process (a queue may have two), monotonic

    def run(self: CeleryTask, *args: object, **kwargs: object) -> None:
        nonlocal began_at
        # What waited behind a slow run is the same again. Celery's own `expires` compares the clocks of two
        # hosts: workers a second ahead of the scheduler would drop every round of codes.
        if isinstance(task.schedule, Every) and monotonic() - began_at < task.schedule.seconds / 2:
            return
        began_at = monotonic()
        if task.queue not in FILLING_QUEUES or has_room():
            task.run(services, *args, **kwargs)
        elif not isinstance(task.schedule, Every):  # which comes again by itself
            raise self.retry(args=args, kwargs=kwargs, countdown=DISK_WAIT, queue=task.queue.value)

    # Not shared: Celery would register it with every application of the process, with these services.
    options: dict[str, Any] = {"time_limit": task.time_limit, "max_retries": None, "shared": False}
    # A part that does not answer is said in a line, not with a stack trace: it is started again meanwhile.
    options["throws"] = (UnavailableError,)
    app.task(run, name=task.name, bind=True, **options)
    if task.schedule is not None:
        app.conf.beat_schedule[task.name] = {"task": task.name, **_describe_schedule(task)}


def _describe_schedule(task: Task[Any, ...]) -> dict[str, Any]:
    """Describe when the scheduler sends a task, and where to, as Celery takes it."""
    options: dict[str, object] = {"queue": task.queue.value}
    if isinstance(task.schedule, DailyAt):
        return {"schedule": crontab(hour=task.schedule.hour, minute=task.schedule.minute), "options": options}
    if isinstance(task.schedule, Every):
        return {"schedule": task.schedule.seconds, "options": options}
    raise TypeError("this task has no schedule")


def send(
    app: Celery, task: Task[Any, Parameters], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> None:
    """Send a task to the workers of its queue. The arguments must be JSON."""
    app.send_task(task.name, args=args, kwargs=kwargs, queue=task.queue.value, ignore_result=True)
