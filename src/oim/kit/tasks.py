"""Background tasks: what each does, on which queue, within which limit, and why it may run twice.

Features declare theirs in `tasks.py` with `@task`. Nothing here knows a broker: `apps.worker` runs the tasks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Concatenate, Generic, ParamSpec, TypeVar


class Queue(StrEnum):
    """Where tasks wait. Each queue has processes of its own, so that none waits for the work of another."""

    URGENT = "urgent"  # seconds count: codes, conversations
    DEFAULT = "default"  # minutes at most
    INDEX = "index"  # changed offers, on their way into the index
    BATCH = "batch"  # may take hours


@dataclass(frozen=True, slots=True)
class Every:
    """A schedule: so many seconds after the last time. A run that has not begun by the next is dropped."""

    seconds: float


@dataclass(frozen=True, slots=True)
class DailyAt:
    """A schedule: once a day, at a time in Cameroon."""

    hour: int
    minute: int


Parameters = ParamSpec("Parameters")
# What a task needs from outside, as a Protocol of its feature. Contravariant: services that do more will do.
ServicesT_contra = TypeVar("ServicesT_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Task(Generic[ServicesT_contra, Parameters]):
    """One task; whatever it is sent with must be JSON.

    The broker delivers again what a killed worker had not finished, so every task may run twice.
    """

    name: str  # on the wire, `feature.verb_object`
    queue: Queue
    time_limit: int  # seconds after which the process that runs it is killed
    repeatable: str  # why running it twice does no harm
    schedule: Every | DailyAt | None
    run: Callable[Concatenate[ServicesT_contra, Parameters], None]


def task(
    name: str, queue: Queue, *, time_limit: int, repeatable: str, schedule: Every | DailyAt | None = None
) -> Callable[
    [Callable[Concatenate[ServicesT_contra, Parameters], None]], Task[ServicesT_contra, Parameters]
]:
    """Declare the function below as a task; its first parameter receives the services it needs."""

    def declare(
        run: Callable[Concatenate[ServicesT_contra, Parameters], None],
    ) -> Task[ServicesT_contra, Parameters]:
        return Task(name, queue, time_limit, repeatable, schedule, run)

    return declare
