"""What every suite shares: where the real data lies, and honest last lines about what was skipped."""

import os
from pathlib import Path

import pytest

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
    """Journeys, which take longest, come first; what shares something runs in one process."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)
    for item in items:
        folder = item.path.parent
        shared = folder.name in ONE_PROCESS and "unit" not in folder.parts and item.path.name not in ALONE
        item.add_marker(pytest.mark.xdist_group(folder.name if shared else str(item.path)))


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
