"""What is personal is sealed, goes with its person, and is asked for in the words of its version."""

import hashlib
import pkgutil
from importlib import import_module

import pytest
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB

from oim import features
from oim.channels.wording import CONSENTS
from oim.features.consents import VERSION
from oim.features.rights import REGISTER, DataClass
from oim.kit.db import Base
from oim.kit.db.sealed import sealed_columns
from oim.kit.i18n import LANGUAGES, translator


@pytest.fixture(scope="module", autouse=True)
def _every_table() -> None:
    """Load the models of every feature."""
    for module in pkgutil.walk_packages(features.__path__, "oim.features."):
        if module.name.endswith(".models"):
            import_module(module.name)


# The words of each version, in both languages: other words are another version.
WORDS = {"2026-11": "bec935aa937b6fe1", "2026-11-30": "94b2f7f6322d2fcd"}


def test_every_table_of_a_person_lets_them_go() -> None:
    kept = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name == "person_id" or (table.name, column.name) == ("profiles", "id"):
                (key,) = column.foreign_keys or [None]
                rule = key.ondelete if key is not None else None
                if rule not in ("CASCADE", "SET NULL"):
                    kept.append(f"{table.name}.{column.name}")
    assert kept == []


def test_consent_is_asked_for_in_the_words_of_its_version() -> None:
    told = [
        translator(language)(part) for language in LANGUAGES for words in CONSENTS.values() for part in words
    ]
    assert hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] == WORDS[VERSION]


def test_the_register_holds_every_class_of_data_once() -> None:
    assert [record.data for record in REGISTER] == list(DataClass)


# Columns of text in tables of people that hold codes and no words of anybody, so that they lie open.
CODES = {
    "applications": {"title", "kind", "region", "route", "stage", "next_step"},
    "consents": {"purpose", "version", "language", "channel"},
    "contacts": {"channel"},
    "pin_requests": {"pin_hash"},
    "dismissed_offers": {"reason"},
    "documents": {"media_type", "blob"},
    "messages": {"kind", "channel", "language", "state"},
    "outcomes": {"answer"},
    "people": {"pin_hash", "language"},
    "profiles": {"embedder"},
    "reports": {"reason"},
}


def test_words_of_people_are_sealed() -> None:
    """A new column of text in a table of people is sealed, or said here to hold codes only."""
    sealed = {(table.name, column.name) for table, column in sealed_columns()}
    open_: dict[str, set[str]] = {}
    for table in Base.metadata.sorted_tables:
        theirs = table.name in ("people", "profiles") or "person_id" in table.columns
        for column in table.columns if theirs else ():
            words = isinstance(column.type, Text | JSONB) and (table.name, column.name) not in sealed
            if words:
                open_.setdefault(table.name, set()).add(column.name)
    assert open_ == CODES
