"""`oim doctor`: check every configured service and print one line for each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import redis
import typer
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from oim import bootstrap
from oim.apps.cli.terminal import output, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.features import opportunities
from oim.features.events import CONSUMERS
from oim.kit.crypto import read_ring
from oim.kit.db import Database, load_progress
from oim.kit.errors import OimError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

HELP = t("Check every port: what is wrong and what to do. Example: oim doctor")


@dataclass(frozen=True, slots=True)
class Check:
    """One service to check: its name, a probe, and what to do when the probe fails."""

    name: str
    probe: Callable[[Settings], str]  # returns a description of what it found, or raises
    remedy: str


def doctor() -> None:
    """Print a line for each service; exit 1 when a check fails."""
    try:
        all_passed = _run_checks(("postgres", "valkey", "engine"), CHECKS)
    except UnavailableError as error:  # the engine did not start: check without it what does not need it
        _print_failure(ENGINE_CHECK, t(error.message, **error.values).replace("\n", " | "))
        _run_checks(("postgres", "valkey"), CHECKS[:4])
        all_passed = False
    if not all_passed:
        raise typer.Exit(1)


def _run_checks(services: tuple[str, ...], checks: tuple[Check, ...]) -> bool:
    """Run checks beside these services and print a line for each; return whether all passed."""
    all_passed = True
    with running_services(Settings(), services, report, _prepare_if_available) as settings:
        for check in checks:
            try:
                output.print(f"✓ {t(check.name)} — {check.probe(settings)}", markup=False)
            except (OimError, SQLAlchemyError, redis.RedisError, OSError, ValueError) as error:
                all_passed = False
                cause = (
                    t(error.message, **error.values) if isinstance(error, OimError) else _first_line(error)
                )
                _print_failure(check, cause)
    return all_passed


def _print_failure(check: Check, cause: str) -> None:
    """Print the line of a check that failed: what failed, why, and what to do."""
    output.print(f"✗ {t(check.name)} — {cause} → {t(check.remedy)}", markup=False)


def _prepare_if_available(settings: Settings) -> None:
    """Prepare the database if it answers; if not, its own check says so rather than this command failing."""
    with suppress(SQLAlchemyError, OimError):
        prepare_database(settings)


def _first_line(error: Exception) -> str:
    """Return the first line of an error's text, or its class where it has none: one line per check."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _probe_database(settings: Settings) -> str:
    """Query the server's version and count the offers."""
    with Database(settings.database_url).read() as session:
        version = session.scalar(text("SHOW server_version"))
        return t(
            "PostgreSQL %(version)s, %(held)s offers",
            version=version,
            held=opportunities.count_offers(session),
        )


def _probe_outbox(settings: Settings) -> str:
    """Count what waits for each consumer. Raises ValueError for those that fail at present."""
    with Database(settings.database_url).read() as session:
        progress = load_progress(session, CONSUMERS)
    failing = [f"{consumer.consumer} ({consumer.failures})" for consumer in progress if consumer.failures]
    if failing:
        raise ValueError(t("failed, times in a row: %(consumers)s", consumers=", ".join(failing)))
    return t(
        "waiting: %(waiting)s; passed over because they fail: %(skipped)s",
        waiting=", ".join(f"{consumer.consumer} {consumer.waiting}" for consumer in progress),
        skipped=sum(consumer.skipped for consumer in progress),
    )


def _probe_valkey(settings: Settings) -> str:
    """Query the server's version."""
    with redis.Redis.from_url(settings.valkey_url, socket_connect_timeout=3) as client:
        info = client.info("server")
    # Valkey reports both, with the Redis version it is compatible with; Redis reports its own alone.
    return str(info.get("valkey_version") or info.get("redis_version"))


def _probe_keys(settings: Settings) -> str:
    """Read the key ring and count its keys."""
    ring = read_ring(settings.ring_file)
    return t("%(count)s in %(file)s", count=len(ring.keys), file=settings.ring_file)


def _probe_files(settings: Settings) -> str:
    """Write, read and delete a small file in the blob store."""
    key, blobs = "doctor/sound", bootstrap.blobs(settings)
    blobs.put(key, b"1")
    blobs.get(key)
    blobs.delete(key)
    return str(settings.blobs_folder)


def _probe_engine(settings: Settings) -> str:
    """Query how many offers the engine has indexed and how many changes wait."""
    health = bootstrap.engine(settings).health()
    return t("%(offers)s offers indexed, %(waiting)s waiting", offers=health.offers, waiting=health.waiting)


def _probe_embedder(settings: Settings) -> str:
    """Compare the index's embedding model with the configured one. Raises ValueError if they differ."""
    configured, used = bootstrap.embedder_url(settings), bootstrap.engine(settings).health().embedder
    if configured != used:
        raise ValueError(
            t("the index was built with %(used)s, settings want %(wanted)s", used=used, wanted=configured)
        )
    # Opening the embedder of an Ollama server queries it, so this also checks that it answers.
    return f"{used} ({bootstrap.embedder(used).dimension})"


def _probe_index(settings: Settings) -> str:
    """Name the vector index in use: the embedded folder, or the server's current index."""
    if settings.index_url == EMBEDDED:
        return f"Qdrant Edge, {settings.index_folder}"
    current = bootstrap.indexes(settings).current()
    return f"Qdrant, {current[0] if current else t('no index yet')}"


ENGINE_CHECK = Check(
    mark("Engine"), _probe_engine, mark("check OIM_ENGINE_URL and OIM_ENGINE_TOKEN, and the engine's log")
)
# The first four need no engine and are run without it when it does not start: see `doctor`.
CHECKS = (
    Check(mark("Database"), _probe_database, mark("check OIM_DATABASE_URL and that the server runs")),
    Check(mark("Valkey"), _probe_valkey, mark("check OIM_VALKEY_URL and that the server runs")),
    Check(
        mark("Keys"),
        _probe_keys,
        mark("set OIM_KEYS, or put the file back: without it nobody's data can be read"),
    ),
    Check(mark("Files"), _probe_files, mark("check that this folder can be written to")),
    ENGINE_CHECK,
    Check(mark("Index"), _probe_index, mark("check OIM_INDEX_URL and OIM_INDEX_KEY")),
    Check(mark("Embeddings"), _probe_embedder, mark("run oim reindex, or set OIM_EMBEDDER_URL back")),
    Check(mark("Outbox"), _probe_outbox, mark("look for the names of these consumers in the worker's log")),
)
