"""Offers in the memory of this process, for as long as the catalogue keeps its version. See decision 21."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from time import monotonic
from uuid import UUID

from oim.features import opportunities
from oim.features.opportunities import Opportunity
from oim.kit.db import Database
from oim.kit.errors import UnavailableError

VERSION_INTERVAL = 1.0  # seconds for which a version of the catalogue counts as the present one
MAX_OFFERS = 1000  # some 5 MB


class CatalogueWatch:
    """The version of the catalogue, read when somebody asks for it and the last reading is too old."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._version: UUID | None = None
        self._valid_until = float("-inf")

    def peek(self) -> UUID | None:
        """The version if it was read lately, without waiting; else None."""
        return self._version if monotonic() < self._valid_until else None

    def get(self) -> UUID | None:
        """The version, at most `VERSION_INTERVAL` old; None where it is not known."""
        # Threads that come while it is read wait for the same reading: none goes on with an old version.
        with self._lock:
            if monotonic() >= self._valid_until:
                self._read()
            return self._version

    def _read(self) -> None:
        """Read the version; its age counts from before the reading, that of a failure from after it."""
        valid_until = monotonic() + VERSION_INTERVAL
        try:
            # Of the replica, where there is one: what pages read of it afterwards is no older than that.
            with self._database.read_stale() as session:
                self._version = opportunities.load_catalogue_version(session)
        except UnavailableError:
            self._version, valid_until = None, monotonic() + VERSION_INTERVAL
        self._valid_until = valid_until


class OfferCache:
    """Offers by id, as everybody may see them. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self.versions = CatalogueWatch(database)
        self._database = database
        self._cached: tuple[UUID | None, dict[UUID, Opportunity]] = (None, {})

    def get_many(self, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
        """Offers by id, open or closed; unknown ids are omitted. Raises UnavailableError."""
        offers = self._find_offers()
        missing = [id_ for id_ in ids if id_ not in offers]
        if missing:
            # Not of the replica: it may lag behind the version, and these offers are kept as long as that.
            with self._database.read() as session:
                offers |= opportunities.get_many(session, missing)
        return {id_: offers[id_] for id_ in ids if id_ in offers}

    def _find_offers(self) -> dict[UUID, Opportunity]:
        """The offers cached for the present version: none for a new one, or if there were too many."""
        version = self.versions.get()
        cached_version, offers = self._cached
        # A thread that still has the dictionary of an earlier version fills that one, which nobody reads.
        if version is None or version != cached_version or len(offers) > MAX_OFFERS:
            offers = {}
            self._cached = version, offers
        return offers
