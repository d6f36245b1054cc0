"""Contract of `EventStream`: events in order, whole, and the oldest dropped where a stream is bounded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import redis

from oim.adapters.valkey_stream import ValkeyStream
from oim.adapters.valkey_stream.stream import KEY
from oim.apps.up import running_services
from oim.features.events import EventStream, StreamedEvent
from oim.kit.errors import UnavailableError
from oim.kit.settings import Settings

AT = datetime(2026, 11, 29, 8, 30, 0, 123456, tzinfo=UTC)


def event(number: int) -> StreamedEvent:
    fields = {"opportunity_id": str(UUID(int=9)), "features": {"text": 0.5}, "list_id": None, "é": "ü"}
    return StreamedEvent(UUID(int=number), "shown", 1, AT, fields)


@dataclass(frozen=True)
class Subject:
    """A stream under test, and how another program reads it."""

    stream: EventStream
    read: Callable[[], list[StreamedEvent]]


@pytest.fixture(scope="module")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("valkey")
    with running_services(Settings(home=home), ("valkey",), lambda _, **values: None) as settings:
        yield settings.valkey_url


def read_valkey(url: str) -> list[StreamedEvent]:
    with redis.Redis.from_url(url, decode_responses=True) as client:
        entries = [entry for _, entry in client.xrange(KEY)]
    return [
        StreamedEvent(
            UUID(entry["id"]),
            entry["kind"],
            int(entry["version"]),
            datetime.fromisoformat(entry["at"]),
            json.loads(entry["fields"]),
        )
        for entry in entries
    ]


@pytest.fixture
def subject(valkey_url: str) -> Iterator[Subject]:
    with redis.Redis.from_url(valkey_url) as client:
        client.flushall()
    stream = ValkeyStream(valkey_url)
    yield Subject(stream, lambda: read_valkey(valkey_url))
    stream.close()


def test_events_are_read_whole_and_in_the_order_of_their_appends(subject: Subject) -> None:
    subject.stream.append([event(1), event(2)])
    subject.stream.append([event(3)])
    assert subject.read() == [event(1), event(2), event(3)]


def test_nothing_is_appended_by_no_events(subject: Subject) -> None:
    subject.stream.append([])
    assert subject.read() == []


def test_an_event_that_comes_twice_is_known_by_its_id(subject: Subject) -> None:
    for _ in range(2):
        subject.stream.append([event(1)])
    assert {read.id for read in subject.read()} == {UUID(int=1)}


def test_a_large_append_arrives_in_order(subject: Subject) -> None:
    events = [event(number) for number in range(1200)]
    subject.stream.append(events)
    assert subject.read() == events


def test_a_bounded_stream_drops_the_oldest(subject: Subject, valkey_url: str) -> None:
    bounded = ValkeyStream(valkey_url, max_length=100)
    bounded.append([event(number) for number in range(1000)])
    bounded.close()
    left = [read.id.int for read in subject.read()]
    assert 100 <= len(left) < 400
    assert left == list(range(1000 - len(left), 1000))


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    unreachable = ValkeyStream("redis://127.0.0.1:1/0")
    with pytest.raises(UnavailableError):
        unreachable.append([event(1)])
    unreachable.close()
