"""Log lines and metrics. No personal data enters either.

The words of an error may quote what somebody typed, or a row: only those of our own and of the network are
written.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

import structlog

from oim.kit.errors import OimError

# Libraries that would log a line for every request or task that went well.
NOISY_LOGGERS = ("alembic", "celery.app.trace", "celery.beat", "celery.worker.strategy", "httpx", "httpx2")


_CELERY_ERROR_FIELDS = ("exc", "traceback")  # under which Celery words an error in the line itself


def configure_logging(level: str, log_format: str) -> None:
    """Send structlog and the standard library's records to standard error in one form ("json" or "text")."""
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
    """The logger of a module."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return bound


def _render_exception(exc_info: structlog.typing.ExcInfo) -> str:
    """An error as lines: what it came from first, where it happened, its kind."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        lines.insert(0, f"{_format_location(error.__traceback__)}{_name_error(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _name_error(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OimError):
        return f"{name}: {error.message}"  # without the values that it names
    return f"{name}: {error}" if isinstance(error, OSError) else name


def _format_location(trace: TracebackType | None) -> str:
    return "".join(traceback.format_tb(trace))


def _strip_error_text(record: logging.LogRecord) -> bool:
    """Celery's lines without the words of the error, which follows in our own form."""
    if isinstance(record.args, dict):
        record.args = {**record.args, **{name: "" for name in _CELERY_ERROR_FIELDS if name in record.args}}
    return True
