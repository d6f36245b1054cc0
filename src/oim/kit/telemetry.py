"""Logging, without personal data.

The text of an error may quote what somebody typed, or a row of a table. Only the texts of OimError (without
their values) and of network errors are logged; of other errors, the class and where it was raised.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

import structlog

from oim.kit.errors import OimError

# Libraries that would log a line for every request or task that succeeds.
NOISY_LOGGERS = ("alembic", "celery.app.trace", "celery.beat", "celery.worker.strategy", "httpx", "httpx2")


# Arguments of Celery's log lines that hold the text of an error, as in "Task %(name)s raised: %(exc)s".
_CELERY_ERROR_FIELDS = ("exc", "traceback")


def configure_logging(level: str, log_format: str) -> None:
    """Send all log records, structlog's and the standard library's, to standard error as "json" or "text"."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    # Both kinds of records end in this formatter: those of the standard library pass `foreign_pre_chain`,
    # ours have passed the same processors in `structlog.configure` below.
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_render_exception),
            renderer,
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(_strip_error_text)
    # force: replaces the handlers that a library has already installed on the root logger
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in NOISY_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return bound


def _render_exception(exc_info: structlog.typing.ExcInfo) -> str:
    """Format an error and the chain of its causes, the first cause first, each with its traceback."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        # Tracebacks quote lines of code, never the values of variables.
        lines.insert(0, f"{_format_location(error.__traceback__)}{_name_error(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _name_error(error: BaseException) -> str:
    """Return the class of an error, with its text where that cannot be personal."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OimError):
        return f"{name}: {error.message}"  # the template, without the values
    return f"{name}: {error}" if isinstance(error, OSError) else name


def _format_location(trace: TracebackType | None) -> str:
    """Format a traceback, without the error itself."""
    return "".join(traceback.format_tb(trace))


def _strip_error_text(record: logging.LogRecord) -> bool:
    """Remove an error's text from Celery's log lines; the error itself follows in our own form.

    A logging filter: returning True lets the record pass.
    """
    if isinstance(record.args, dict):
        record.args = {**record.args, **{name: "" for name in _CELERY_ERROR_FIELDS if name in record.args}}
    return True
