"""Tasks that fill the disk wait while it has no room."""

import pytest
from celery.exceptions import Retry

from oim.apps.celery_app import add_tasks, create_app
from oim.kit.errors import UnavailableError
from oim.kit.tasks import Every, Queue, task


def run_on(queue: Queue, *, schedule: Every | None, has_room: bool) -> list[int]:
    ran: list[int] = []
    declared = task("test.work", queue, time_limit=1, repeatable="It only appends.", schedule=schedule)(
        lambda services, number: services.append(number)
    )
    app = create_app("memory://")
    add_tasks(app, ran, (declared,), lambda: has_room)
    app.tasks["test.work"](7)
    return ran


@pytest.mark.parametrize("queue", [Queue.URGENT, Queue.DEFAULT])
def test_what_may_not_wait_runs_on_a_full_disk(queue: Queue) -> None:
    assert run_on(queue, schedule=None, has_room=False) == [7]


@pytest.mark.parametrize("queue", [Queue.INDEX, Queue.BATCH])
def test_what_fills_the_disk_runs_where_there_is_room(queue: Queue) -> None:
    assert run_on(queue, schedule=None, has_room=True) == [7]


@pytest.mark.parametrize("queue", [Queue.INDEX, Queue.BATCH])
def test_what_fills_a_full_disk_is_tried_again_later_or_comes_again_by_itself(queue: Queue) -> None:
    with pytest.raises(Retry):  # what Celery takes as: send it again
        run_on(queue, schedule=None, has_room=False)
    assert run_on(queue, schedule=Every(2), has_room=False) == []


def test_a_round_that_waited_behind_a_slow_one_is_dropped_by_no_hosts_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at, ran = [1000.0], []
    monkeypatch.setattr("oim.apps.celery_app.monotonic", lambda: at[0])

    def work(services: object) -> None:
        ran.append(at[0])
        at[0] += 7  # a slow run

    declared = task("test.round", Queue.URGENT, time_limit=1, repeatable="Yes.", schedule=Every(1))(work)
    app = create_app("memory://")
    add_tasks(app, None, (declared,))
    for _ in range(3):
        app.tasks["test.round"]()
    assert ran == [1000.0, 1007.0, 1014.0], "each began long after the one before"
    at[0] = 1014.2
    app.tasks["test.round"]()
    assert len(ran) == 3
    assert "expires" not in app.conf.beat_schedule["test.round"]["options"]


@pytest.mark.parametrize(
    ("error", "level"),
    [(UnavailableError("The search does not answer."), "INFO"), (KeyError("a fault of ours"), "ERROR")],
)
def test_a_part_that_does_not_answer_is_a_line_without_a_stack_trace(
    error: Exception, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    def work(services: object) -> None:
        raise error

    declared = task("test.work", Queue.DEFAULT, time_limit=1, repeatable="Yes.", schedule=None)(work)
    app = create_app("memory://")
    add_tasks(app, None, (declared,))
    with caplog.at_level("INFO", "celery.app.trace"):
        app.tasks["test.work"].apply()
    [line] = [record for record in caplog.records if record.name == "celery.app.trace"]
    assert line.levelname == level
    assert bool(line.exc_info) == (level == "ERROR")
