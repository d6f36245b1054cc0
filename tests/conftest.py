"""What every suite shares: where the real data lies, and honest last lines about what was skipped."""

import os
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

SHARED = Path(__file__).parents[2] / "shared" / "data"
ONE_PROCESS = {"journeys", "channels"}  # folders whose files share a running stack, or a filled database
ALONE = {"test_journey_ingestion.py", "test_terminal_flow.py"}  # which have homes of their own


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the real data beside the checkout (../shared/data) is not here")
    return SHARED


def pytest_configure() -> None:
    """Of several processes each keeps to a core of its own, so that none holds another up."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys, which take longest, come first."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


class Shared(LoadScopeScheduling):
    """What shares something runs in one process: a file's tests, or a folder's."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        shared = file.parent.name in ONE_PROCESS and "unit" not in file.parts and file.name not in ALONE
        return str(file.parent if shared else file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shared:
    """Groups by place: the marks of groups that xdist 3.8 knows have no effect in pytest 9.2, silently."""
    return Shared(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last what was counted and measured, what was not tested, and why."""
    counted: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if isinstance(value, int):
                counted[name] = counted.get(name, 0) + value
            else:
                terminalreporter.write_line(f"{name}: {value}")
    for name, count in counted.items():
        terminalreporter.write_line(f"{name}: {count:,}")
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT TESTED ({count}): {reason.removeprefix('Skipped: ')}")
