"""What `oim doctor` asks of several processes or hosts together: the workers, and everybody's clock."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oim import bootstrap
from oim.apps.cli.terminal import t
from oim.kit.clock import measure_skew
from oim.kit.errors import UnavailableError
from oim.kit.i18n import format_number, mark
from oim.kit.settings import Settings

if TYPE_CHECKING:
    from oim.kit.cache import Cache

WORKERS_TIMEOUT = 3.0  # seconds for which answers of workers are waited for
MOST_SKEW = 5.0  # seconds between two hosts that are set by NTP: far less


def probe_clocks(settings: Settings) -> str:
    """Compare this host's clock with those of the servers. Raises ValueError where one is far from it."""
    from oim.kit.db import Database

    with closing(Database(settings.database_url, pool_size=1)) as database:
        ahead_of_us = {"database": database.measure_skew()}
    with closing(bootstrap.cache_client(settings)) as cache:
        ahead_of_us["valkey"] = measure_skew(lambda: _read_valkey_clock(cache))
    seconds = {name: round(-skew.total_seconds(), 1) + 0.0 for name, skew in ahead_of_us.items()}
    written = {name: format_number(skew, t.language) for name, skew in seconds.items()}
    finding = t(
        "this host is ahead of the database by %(database)s s, and of Valkey by %(valkey)s s", **written
    )
    if max(map(abs, seconds.values())) > MOST_SKEW:
        raise ValueError(finding)
    return finding


def _read_valkey_clock(cache: Cache) -> datetime:
    """Read the clock of the server of a cache."""
    with cache.commands() as commands:
        seconds, microseconds = commands.time()
    return datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)


def probe_operator(settings: Settings) -> str:
    """Name who runs this instance, or warn of what its pages cannot say; that is no failure.

    Raises BadInputError for a logo that cannot be used.
    """
    from oim.channels.http.operator import create_operator

    operator = create_operator(settings)
    warnings = (
        (
            operator.names,
            mark("set OIM_OPERATOR_NAME: pages say that whoever runs this site has given no name"),
        ),
        (
            operator.email or operator.phone,
            mark("set OIM_OPERATOR_EMAIL or OIM_OPERATOR_PHONE: people cannot reach you"),
        ),
        (
            operator.helplines,
            mark("set OIM_HELPLINES: people who report violence are shown no number to call"),
        ),
    )
    missing = [t(words) for value, words in warnings if not value]
    if missing:
        return t("warning: %(what)s", what="; ".join(missing))
    return t("%(name)s, helplines: %(count)s", name=settings.operator_name, count=len(operator.helplines))


def probe_workers(settings: Settings) -> str:
    """Ask the workers which queues they take tasks from. Raises ValueError if one is without any."""
    from kombu.exceptions import OperationalError

    from oim.apps.celery_app import create_app
    from oim.kit.cache import CACHE_UNAVAILABLE
    from oim.kit.tasks import Queue

    app = create_app(bootstrap.broker_url(settings))
    try:
        with closing(app):
            answers = app.control.inspect(timeout=WORKERS_TIMEOUT).active_queues() or {}
    except OperationalError:
        raise UnavailableError(CACHE_UNAVAILABLE) from None
    served = {queue["name"] for queues in answers.values() for queue in queues}
    if missing := [queue.value for queue in Queue if queue.value not in served]:
        raise ValueError(t("no worker takes tasks of: %(queues)s", queues=", ".join(missing)))
    return ", ".join(Queue)
