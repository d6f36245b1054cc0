"""Every background task, and the services that they all run with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from oim import bootstrap
from oim.apps.digest_shard import compute_shard
from oim.channels.wording import render_message
from oim.features.applications import tasks as applications
from oim.features.audit import tasks as audit
from oim.features.cv import tasks as cv
from oim.features.events import EventStream
from oim.features.events import tasks as events
from oim.features.following import tasks as following
from oim.features.ingestion import tasks as ingestion
from oim.features.matching import DigestShard, Embedder, Engine, Indexes
from oim.features.matching import tasks as matching
from oim.features.messages import RenderMessage, Sender
from oim.features.messages import tasks as messages
from oim.features.people import Channel
from oim.features.rights import tasks as rights
from oim.features.sign_in import Sessions
from oim.kit.blobs import Blobs
from oim.kit.db import Database
from oim.kit.settings import Settings
from oim.kit.tasks import Task


class WorkerServices:
    """The services of one worker process.

    Each is opened at its first use, which is after the fork: two processes must never share one connection.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.heads_file: Path = settings.heads_file
        self.embedder_url: str = bootstrap.embedder_url(settings)
        self.render_message: RenderMessage = partial(render_message, address=settings.address.rstrip("/"))

    @cached_property
    def database(self) -> Database:
        return bootstrap.database(self._settings)

    @cached_property
    def engine(self) -> Engine:
        return bootstrap.engine(self._settings)

    @cached_property
    def senders(self) -> Mapping[Channel, Sender]:
        return bootstrap.senders(self._settings)

    @cached_property
    def event_stream(self) -> EventStream:
        return bootstrap.event_stream(self._settings)

    @cached_property
    def blobs(self) -> Blobs:
        return bootstrap.blobs(self._settings)

    @cached_property
    def sessions(self) -> Sessions:
        return bootstrap.sign_in_services(self._settings).sessions

    @property
    def indexes(self) -> Indexes:
        return bootstrap.indexes(self._settings)

    def make_embedder(self) -> Embedder:
        return bootstrap.embedder(self.embedder_url)

    def compute_shard(self, shard: DigestShard, at: datetime) -> int:
        return compute_shard(self._settings, shard, at)


TASKS: tuple[Task[WorkerServices, ...], ...] = (
    messages.deliver_codes,
    messages.deliver_others,
    applications.ask_about_outcomes,
    applications.send_partner_digests,
    audit.record_head,
    audit.enter_refusals,
    cv.delete_orphan_files,
    events.forward_recorded_events,
    events.purge_events_of_strangers,
    matching.index_pending,
    matching.rebuild_index,
    matching.rebuild_on_model_change,
    matching.compute_digests,
    following.send_alerts,
    ingestion.fill_unread_ways,
    rights.apply_retention,
)
