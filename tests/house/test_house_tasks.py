"""Every task names a queue, every queue has workers, every schedule names a task."""

import pkgutil
from collections import Counter
from importlib import import_module
from types import SimpleNamespace

from oim import features
from oim.apps.celery_app import LONGEST_TASK, add_tasks, create_app
from oim.apps.up.home import open_home
from oim.apps.up.services import SERVICES
from oim.apps.worker import CONCURRENCY
from oim.apps.worker_tasks import TASKS
from oim.kit.settings import Settings
from oim.kit.tasks import Queue, Task


def test_every_task_of_a_feature_is_run_by_the_workers() -> None:
    modules = pkgutil.walk_packages(features.__path__, "oim.features.")
    declared = [
        value
        for module in modules
        if module.name.endswith(".tasks")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, Task)
    ]
    assert {task.name for task in declared} == {task.name for task in TASKS}
    assert max(Counter(task.name for task in declared).values()) == 1
    assert len(TASKS) == len(declared)


def test_every_task_names_its_queue_its_limit_and_why_it_may_run_twice() -> None:
    for task in TASKS:
        assert task.queue in Queue
        assert 0 < task.time_limit <= LONGEST_TASK
        assert task.repeatable.endswith(".")


def test_what_is_urgent_is_short() -> None:
    assert max(task.time_limit for task in TASKS if task.queue is Queue.URGENT) <= 120


def test_every_queue_has_workers_in_the_table_of_services(tmp_path) -> None:
    assert CONCURRENCY.keys() == set(Queue)
    assert min(CONCURRENCY.values()) >= 1
    plan = SERVICES["worker"].plan(Settings(home=tmp_path), open_home(tmp_path))
    # Without names of queues the workers serve all of them.
    assert list(plan.command[1:3]) == ["-m", "oim.apps.worker"]
    assert not set(plan.command) & set(Queue)


def test_every_schedule_sends_a_task_to_its_queue() -> None:
    app = create_app("memory://")
    add_tasks(app, SimpleNamespace(), TASKS)
    by_name = {task.name: task for task in TASKS}
    schedule = app.conf.beat_schedule
    assert schedule.keys() == {task.name for task in TASKS if task.schedule}
    for name, entry in schedule.items():
        assert entry["task"] == name
        assert name in app.tasks
        assert entry["options"]["queue"] == by_name[name].queue
        assert app.tasks[name].time_limit == by_name[name].time_limit
