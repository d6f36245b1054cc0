"""`oim doctor`: check every configured service and print one line for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from oim import bootstrap
from oim.apps.cli.checks import Check, Result
from oim.apps.cli.doctor_probes import probe_clocks, probe_operator, probe_workers
from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, report, t
from oim.kit.errors import OimError, UnavailableError
from oim.kit.faults import is_supervised
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

if TYPE_CHECKING:
    from oim.kit.cache import Cache
    from oim.kit.db import ReadSession
    from oim.kit.faults import Fault

# What waits for each consumer of the outbox, in words.
WAITING_CHANGES = {
    "index": mark("for the index of offers"),
    "files": mark("files to erase"),
    "stream": mark("events to pass on"),
}


def doctor(json_: AsJson = False) -> None:
    """Print a line for each service; exit 1 when a check fails."""
    results = []
    for result in _check_all():
        results.append(result)
        if not json_:
            output.print(str(result), markup=False)
    if json_:
        print_json({"checks": [asdict(result) for result in results]})
    if not all(result.passed for result in results):
        raise typer.Exit(1)


def _check_all() -> Iterator[Result]:
    """Run every check; where the engine does not start, those that need none.

    With faulty settings nothing can be started or reached: then each fault is a result, and nothing else.
    """
    if faults := bootstrap.find_faults(Settings()):
        for fault in faults:
            yield Result(t("Settings"), False, t(fault.message, **fault.values))
        return
    try:
        yield from _run_checks(("postgres", "valkey", "engine"), CHECKS)
    except UnavailableError as error:
        yield _make_failure(ENGINE_CHECK, t(error.message, **error.values).replace("\n", " | "))
        yield from _run_checks(("postgres", "valkey"), CHECKS[:5])


def _run_checks(services: tuple[str, ...], checks: tuple[Check, ...]) -> Iterator[Result]:
    """Run checks beside these services."""
    import redis
    from sqlalchemy.exc import SQLAlchemyError

    from oim.apps.up import running_services

    with running_services(Settings(), services, report, _prepare_if_available) as settings:
        optional = (check for name, check in OPTIONAL_CHECKS.items() if getattr(settings, name))
        # Beside servers that this command has started for itself there are no workers.
        has_workers = is_supervised(settings.home) or Settings().valkey_url != EMBEDDED
        for check in (*checks, *optional, *((WORKERS_CHECK,) if has_workers else ())):
            try:
                yield Result(t(check.name), True, check.probe(settings))
            except (OimError, SQLAlchemyError, redis.RedisError, OSError, ValueError) as error:
                cause = (
                    t(error.message, **error.values) if isinstance(error, OimError) else _first_line(error)
                )
                yield _make_failure(check, cause)


def _make_failure(check: Check, cause: str) -> Result:
    """Make the result of a check that failed: what failed, why, and what to do."""
    return Result(t(check.name), False, cause, t(check.remedy))


def _prepare_if_available(settings: Settings) -> None:
    """Prepare the database if it answers; if not, its own check says so rather than this command failing."""
    from sqlalchemy.exc import SQLAlchemyError

    from oim.apps.cli.database import prepare_database

    with suppress(SQLAlchemyError, OimError):
        prepare_database(settings)


def _first_line(error: Exception) -> str:
    """Return the first line of an error's text, or its class where it has none: one line per check."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _probe_database(settings: Settings) -> str:
    """Query the server's version and count the offers."""
    return _describe_database(settings.database_url)


def _probe_replica(settings: Settings) -> str:
    """Query the replica in the same way."""
    return _describe_database(settings.database_read_url)


def _describe_database(url: str) -> str:
    """Describe a server by its version and the offers in it."""
    from sqlalchemy import text

    from oim.features import opportunities

    with _read_database(url) as session:
        version = session.scalar(text("SHOW server_version"))
        return t(
            "PostgreSQL %(version)s, %(held)s offers",
            version=version,
            held=opportunities.count_offers(session),
        )


@contextmanager
def _read_database(url: str) -> Iterator[ReadSession]:
    """Yield a session of a database that is opened for it, and closed after it."""
    from oim.kit.db import Database

    with closing(Database(url, pool_size=1)) as database, database.read() as session:
        yield session


def _probe_outbox(settings: Settings) -> str:
    """Count what waits for each consumer. Raises ValueError for those that fail at present."""
    from oim.features.events import CONSUMERS
    from oim.kit.db import load_progress

    with _read_database(settings.database_url) as session:
        progress = load_progress(session, CONSUMERS)
    failing = [consumer for consumer in progress if consumer.failures]
    if failing:
        names = ", ".join(f"{t(WAITING_CHANGES[part.consumer])} ({part.failures})" for part in failing)
        raise ValueError(t("failed, times in a row: %(consumers)s", consumers=names))
    return t(
        "waiting: %(waiting)s; passed over because they fail: %(skipped)s",
        waiting=", ".join(f"{t(WAITING_CHANGES[part.consumer])} {part.waiting}" for part in progress),
        skipped=sum(consumer.skipped for consumer in progress),
    )


def _probe_valkey(settings: Settings) -> str:
    """Query the server's version."""
    return _describe_valkey(bootstrap.cache_client(settings))


def _probe_broker(settings: Settings) -> str:
    """Query the broker's version, where it is another server."""
    from oim.kit.cache import Cache

    return _describe_valkey(Cache(bootstrap.broker_url(settings)))


def _describe_valkey(cache: Cache) -> str:
    """Describe a server by its version."""
    with cache.commands() as commands:
        info = commands.info("server")
    # Valkey reports both, with the Redis version it is compatible with; Redis reports its own alone.
    return str(info.get("valkey_version") or info.get("redis_version"))


def _probe_keys(settings: Settings) -> str:
    """Load the key ring and count its keys."""
    source = bootstrap.key_source(settings)
    return t("%(count)s in %(file)s", count=len(source.load().keys), file=source)


def _probe_files(settings: Settings) -> str:
    """Write, read and delete a small file in the blob store."""
    from oim.kit.blobs import read_blob

    key, blobs = "doctor/sound", bootstrap.blobs(settings)
    blobs.put(key, b"1")
    read_blob(blobs, key)
    blobs.delete(key)
    return str(settings.blobs_folder) if settings.blobs_url == EMBEDDED else settings.blobs_url


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


def _probe_parts(settings: Settings) -> str:
    """Look for parts that are started again, and at the disk. Raises ValueError if anything is amiss."""
    from oim.kit.faults import read_faults

    faults = read_faults(settings.home.absolute())
    if faults:
        raise ValueError(" ".join(describe_fault(fault) for fault in faults))
    return t("nothing is amiss")


def describe_fault(fault: Fault) -> str:
    """Describe one fault by a sentence, how a part ended, and the last line of its log."""
    from oim.channels.wording import render_cause, render_fault

    cause = render_cause(fault, t)
    return f"{render_fault(fault, t)} {f'({cause}) ' if cause else ''}{fault.line}".rstrip()


def _probe_privileges(settings: Settings) -> str:
    """Name the parts that may do more than they need; that is no failure."""
    from oim.apps.cli.privileges import list_excesses

    with _read_database(settings.database_url) as session:
        return "; ".join(list_excesses(session)) or t("each part may do only what it needs")


def _probe_index(settings: Settings) -> str:
    """Name the vector index in use: the embedded folder, or the server's current index."""
    if settings.index_url == EMBEDDED:
        return f"Qdrant Edge, {settings.index_folder}"
    current = bootstrap.indexes(settings).current()
    return f"Qdrant, {current[0] if current else t('no index yet')}"


ENGINE_CHECK = Check(
    mark("Engine"), _probe_engine, mark("check OIM_ENGINE_URL and OIM_ENGINE_TOKEN, and the engine's log")
)
WORKERS_CHECK = Check(
    mark("Workers"), probe_workers, mark("start the workers of these queues, or look into their log")
)
# The first five need no engine and are run without it when it does not start: see `doctor`.
CHECKS = (
    Check(mark("Database"), _probe_database, mark("check OIM_DATABASE_URL and that the server runs")),
    Check(mark("Valkey"), _probe_valkey, mark("check OIM_VALKEY_URL and that the server runs")),
    Check(
        mark("Clocks"),
        probe_clocks,
        mark("have each host set its clock by NTP; meanwhile OIM goes by that of the database"),
    ),
    Check(
        mark("Keys"),
        _probe_keys,
        mark("set OIM_KEYS_URL, or put the file back: without it nobody's data can be read"),
    ),
    Check(mark("Files"), _probe_files, mark("check that this folder can be written to")),
    ENGINE_CHECK,
    Check(mark("Index"), _probe_index, mark("check OIM_INDEX_URL and OIM_INDEX_KEY")),
    Check(mark("Embeddings"), _probe_embedder, mark("run oim reindex, or set OIM_EMBEDDER_URL back")),
    Check(
        mark("Parts and disk"),
        _probe_parts,
        mark("look into the logs in OIM_HOME, and free some space if the disk is full"),
    ),
    Check(mark("Privileges"), _probe_privileges, mark("check OIM_DATABASE_URL and that the server runs")),
    Check(mark("Operator"), probe_operator, mark("OIM_OPERATOR_LOGO must name a picture that can be read")),
    Check(mark("Changes to pass on"), _probe_outbox, mark("look into the worker’s log")),
)
# By setting: of what has a server of its own only where that setting names one.
OPTIONAL_CHECKS = {
    "database_read_url": Check(
        mark("Replica"), _probe_replica, mark("check OIM_DATABASE_READ_URL: the database serves meanwhile")
    ),
    "broker_url": Check(mark("Broker"), _probe_broker, mark("check OIM_BROKER_URL and that the server runs")),
}
