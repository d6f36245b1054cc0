"""Read the ways to answer of offers stored before OIM read them, from their stored page and text."""

from __future__ import annotations

from oim.features.ingestion.values.ways import read_ways
from oim.features.opportunities import list_unread_ways, save_ways
from oim.kit.db import Database

BATCH_SIZE = 250  # offers of one transaction


def fill_ways(database: Database) -> int:
    """Read the ways of all offers that have none read yet, and return how many there were.

    Contacts in columns of their own were not stored: those come when the source is taken in again.
    """
    filled = 0
    while True:
        with database.write() as session:
            offers = list_unread_ways(session, BATCH_SIZE)
            save_ways(
                session,
                {
                    offer.id: read_ways(
                        {"url": offer.draft.url}, offer.draft.description, offer.draft.location.country
                    )
                    for offer in offers
                },
            )
        filled += len(offers)
        if len(offers) < BATCH_SIZE:
            return filled
