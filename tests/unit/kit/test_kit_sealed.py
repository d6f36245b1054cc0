"""Sealed values outlive the names of their columns: what was sealed stays readable after a rename."""

import importlib
import pkgutil

from oim import features
from oim.kit.db.idempotency import IdempotencyRow
from oim.kit.db.sealed import sealed_columns, sealing_context

# As they were when the first values were sealed. A changed one makes stored data unreadable, for good.
CONTEXTS = [
    "applications.letter:1", "applications.next_place:1", "applications.next_words:1", "contacts.value:1",
    "digests.items:1",
    "documents.file_name:1", "documents.proposal:1", "messages.address:1", "messages.told:1", "once.answer:1",
    "people.name:1", "profiles.profile:1", "profiles.vector:1", "reports.words:1", "reviews.note:1",
    "saved_searches.wanted:1", "staff.email:1", "staff.name:1", "staff.totp:1",
]  # fmt: skip


def test_every_sealed_column_keeps_the_context_of_its_first_values() -> None:
    for module in pkgutil.iter_modules(features.__path__, f"{features.__name__}."):
        importlib.import_module(module.name)  # so that every table is known
    assert IdempotencyRow.__tablename__ == "idempotent_calls"
    contexts = {sealing_context(column, 1) for _, column in sealed_columns()}
    assert sorted(contexts) == CONTEXTS
