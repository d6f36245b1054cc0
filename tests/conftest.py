"""What all suites share: the folder of real data, the distribution over processes, the summary of a run."""

import os
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

SHARED = Path(__file__).parents[2] / "shared" / "data"
# Whose files share a running stack, a filled database, or the syntax trees of the source.
ONE_PROCESS_FOLDERS = {"journeys", "channels", "house"}
SEPARATE_FILES = {"test_journey_ingestion.py", "test_terminal_flow.py"}  # of these: they have their own homes


# No test fails for being slow: on a busy machine any example may take more than Hypothesis' 200 ms. A quarter
# of its examples: they are new ones in each run, and a fault that hides from 25 seldom shows itself to 100.
hypothesis.settings.register_profile("suite", deadline=None, max_examples=25)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the real data beside the checkout (../shared/data) is not here")
    return SHARED


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--drills` runs the tests marked `drill` alone: the same acts in full size, which take minutes each."""
    parser.addoption("--drills", action="store_true", help="run the drills instead of the suite")


def pytest_configure() -> None:
    """Pin each of xdist's processes to a core of its own, so that none slows another down."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the drills, or all else. Journeys run first: started last they would run alone at the end."""
    wanted = config.getoption("drills")
    left_out = [item for item in items if (item.get_closest_marker("drill") is not None) != wanted]
    items[:] = [item for item in items if (item.get_closest_marker("drill") is not None) == wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: "journeys" not in item.path.parts)


class SharedScopeScheduling(LoadScopeScheduling):
    """Runs in one process the tests that share fixtures: those of a file, or of a whole folder."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        in_shared_folder = file.parent.name in ONE_PROCESS_FOLDERS and "unit" not in file.parts
        return str(file.parent if in_shared_folder and file.name not in SEPARATE_FILES else file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedScopeScheduling:
    """Group tests by their path: the marks of xdist 3.8 for groups have no effect in pytest 9.2, silently."""
    return SharedScopeScheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print last what was counted and measured by tests, what was not tested, and why."""
    totals: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        # Properties that tests record by `record_property`: numbers are added up over all tests.
        for name, value in report.user_properties:
            if isinstance(value, int):
                totals[name] = totals.get(name, 0) + value
            else:
                terminalreporter.write_line(f"{name}: {value}")
    for name, count in totals.items():
        terminalreporter.write_line(f"{name}: {count:,}")
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT TESTED ({count}): {reason.removeprefix('Skipped: ')}")
