"""What is logged of an error: its class and where it happened, never a text that may be personal."""

import logging
from collections.abc import Iterator

import pytest

from oim.kit.errors import BadInputError, UnavailableError
from oim.kit.telemetry import configure_logging, logger

NAME, NUMBER = "Zebulonne", "677395184"


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def fail() -> None:
    try:
        int(f"{NAME}")
    except ValueError as error:
        raise RuntimeError(f"{NUMBER} is no number") from error


def log_as_oim(error: Exception) -> None:
    logger("oim.test").exception("it failed", exc_info=error)


def log_as_library(error: Exception) -> None:
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)


def log_as_celery(error: Exception) -> None:
    arguments = {"name": "messages.deliver", "id": "1", "exc": repr(error), "traceback": str(error)}
    logging.getLogger("celery.app.trace").error("Task %(name)s raised: %(exc)s", arguments, exc_info=error)


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("log", [log_as_oim, log_as_library, log_as_celery])
def test_the_text_of_unknown_errors_is_not_logged(log, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", form)
    try:
        fail()
    except RuntimeError as error:
        log(error)
    written = capsys.readouterr().err
    # The traceback quotes the line of code `int(f"{NAME}")`, which holds the constant's name alone.
    assert NAME not in written.replace(f'int(f"{NAME}")', "")
    assert NUMBER not in written
    for part in ("builtins.RuntimeError", "builtins.ValueError", "in fail", "test_kit_telemetry.py"):
        assert part in written
    assert written.index("builtins.ValueError") < written.index("builtins.RuntimeError")


def test_the_text_of_our_own_and_of_network_errors_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    log_as_oim(UnavailableError("The database does not answer."))
    log_as_oim(BadInputError("There is no region %(name)s.", name=NAME))
    log_as_oim(ConnectionRefusedError(111, "Connection refused"))
    written = capsys.readouterr().err
    for part in ("The database does not answer.", "There is no region %(name)s.", "Connection refused"):
        assert part in written
    assert NAME not in written
