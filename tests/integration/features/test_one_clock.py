"""Hosts whose clocks are wrong work together: what they compare is of one clock, the database's."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
import time_machine
from gateway_factory import FakeGateway
from sqlalchemy import select

from oim.adapters.blob_folder import FolderBlobs
from oim.apps.cli import doctor_probes
from oim.features.messages import MessageKind, deliver
from oim.features.people import Channel, Contact
from oim.features.rights import retention
from oim.features.rights.tasks import apply_retention
from oim.features.sign_in import Origin, SignInServices, find_budget_faults, redeem_challenge, send_code
from oim.features.sign_in.budgets import COUNTRY_BUDGETS, watch_budgets
from oim.features.staff.credentials import find_totp_step
from oim.kit import clock
from oim.kit.db import Database
from oim.kit.errors import TooManyError
from oim.kit.i18n import Language, translator
from oim.kit.rate_limits import RateLimit, RateLimiter
from oim.kit.settings import Settings

PHONE = Contact(Channel.SMS, "+237677123456")
AHEAD = [timedelta(minutes=20), timedelta(hours=-3)]
RIGHT = timedelta()
NOTHING_DONE = retention.RetentionResult(0, 0, 0, 0)


@contextmanager
def on_host(ahead: timedelta) -> Iterator[None]:
    """Be a process that starts on a host whose clock is that far ahead of the servers'."""
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(datetime.now(UTC) + ahead):
        patch.setattr(clock, "_SKEW", clock._Skew())
        yield


def send_codes(database: Database, gateway: FakeGateway) -> int:
    """One round of a worker."""
    return deliver(
        database,
        {Channel.SMS: gateway},
        lambda kind, payload, language: ("", str(payload["code"])),
        {MessageKind.CODE},
    )


@pytest.mark.parametrize("site", [*AHEAD, RIGHT])
@pytest.mark.parametrize("worker", [*AHEAD, RIGHT])
def test_a_code_is_sent_in_the_first_round_and_usable(
    database: Database, sign_in: SignInServices, site: timedelta, worker: timedelta
) -> None:
    gateway = FakeGateway()
    with on_host(site):
        challenge = send_code(database, sign_in, PHONE, language="fr", origin=Origin("10.0.0.1"))
    with on_host(worker):
        assert send_codes(database, gateway) == 1
    [text] = gateway.received.values()
    with on_host(site):
        assert redeem_challenge(sign_in.cache, database.vault, challenge, text.partition(": ")[2])


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_a_wrong_host_counted_counts_for_as_long_as_any(
    database: Database, sign_in: SignInServices, ahead: timedelta
) -> None:
    limit, limiter = RateLimit("test", "2/minute"), RateLimiter(sign_in.cache)
    with on_host(ahead):
        with database.read():
            pass  # any act tells a process the time
        limiter.hit([(limit, "somebody")] * 2)
    with on_host(RIGHT):
        assert limiter.read_quota(limit, "somebody").remaining == 0
        with pytest.raises(TooManyError) as refusal:
            limiter.hit([(limit, "somebody")])
    assert refusal.value.wait <= 60


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-3)])
def test_an_alarm_of_another_budget_stays_where_a_host_is_wrong(
    database: Database, sign_in: SignInServices, ahead: timedelta
) -> None:
    cache, limiter = sign_in.cache, RateLimiter(sign_in.cache)
    for host, country, number in ((RIGHT, "+33", "+33612345678"), (ahead, "+216", "+21620999999")):
        with on_host(host):
            with database.read():
                pass
            limiter.hit([(replace(COUNTRY_BUDGETS[0], reserve=0), country)] * 80)
            watch_budgets(limiter, cache, Contact(Channel.SMS, number))
            assert f"codes {country}" in {fault.part for fault in find_budget_faults(cache)}
    with on_host(RIGHT):
        assert {fault.part for fault in find_budget_faults(cache)} == {"codes +33", "codes +216"}


@pytest.mark.parametrize("ahead", AHEAD)
def test_codes_of_an_authenticator_go_by_the_host_not_by_a_database_that_is_wrong(ahead: timedelta) -> None:
    key = pyotp.random_base32()
    with on_host(RIGHT):
        clock.follow_clock(lambda _: ahead)
        assert find_totp_step(key, pyotp.TOTP(key).now()) is not None


def test_a_host_that_is_right_goes_by_its_own_clock(database: Database) -> None:
    with on_host(RIGHT):
        with database.read():
            pass
        assert clock._SKEW.ahead == timedelta()
        assert not clock.is_measuring_due()


def test_a_request_does_not_fail_because_the_clock_cannot_be_measured(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the server takes no more connections, and those of requests are open already."""
    with closing(Database("postgresql://nobody@127.0.0.1:1/oim")) as unreachable:
        monkeypatch.setattr(database, "_health_engine", unreachable._health_engine)
        with on_host(RIGHT):
            for _ in range(2):
                with database.read() as session:
                    assert session.scalar(select(1)) == 1
                with database.write() as session:
                    assert session.scalar(select(1)) == 1
            assert not clock.is_measuring_due()


def test_threads_that_find_measuring_due_do_not_queue_for_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    measuring, asked, threads = clock.measure_skew, [], 6
    start = threading.Barrier(threads)

    def measure(*args: Any) -> timedelta:
        asked.append(args)
        return measuring(*args)

    def work(_: int) -> object:
        start.wait(10)
        with database.read() as session:
            return session.scalar(select(1))

    monkeypatch.setattr(clock, "measure_skew", measure)
    with on_host(RIGHT), ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(work, range(threads))) == [1] * threads
    assert len(asked) == 1


@pytest.mark.parametrize("ahead", [timedelta(days=900), timedelta(days=-900), timedelta(hours=2)])
def test_nobody_is_erased_while_the_clocks_are_hours_apart(
    database: Database, sign_in: SignInServices, tmp_path: Path, ahead: timedelta
) -> None:
    services = SimpleNamespace(database=database, blobs=FolderBlobs(tmp_path), sessions=sign_in.sessions)
    with pytest.MonkeyPatch.context() as patch:
        applied: list[object] = []
        patch.setattr(retention, "apply_retention", lambda *args: applied.append(args) or NOTHING_DONE)
        with on_host(ahead):
            apply_retention.run(services)
        assert not applied
        with on_host(RIGHT):
            apply_retention.run(services)
        assert len(applied) == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_doctor_says_how_far_a_clock_is_off(
    postgres: str, valkey: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_probes, "t", translator(language))
    settings = Settings(database_url=postgres, valkey_url=valkey)
    with on_host(RIGHT):
        assert doctor_probes.probe_clocks(settings).count(" 0 s") == 2
    with on_host(timedelta(minutes=20)), pytest.raises(ValueError, match=r"1\D?(200|199)\D.*1\D?(200|199)\D"):
        doctor_probes.probe_clocks(settings)
