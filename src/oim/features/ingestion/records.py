"""Records of a file, as the source wrote them, and rejects: what could not be used, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oim.kit.i18n import mark

MAX_EXCERPT_LENGTH = 200  # characters

# The message shown for each reason. `Reject.detail` adds the values of the case, such as "40 > 20" for ages.
REJECT_REASONS = {
    "bad-age": mark("The youngest age is above the oldest one."),
    "bad-kind": mark("The kind of offer is not employment, training or support to a business."),
    "broken-file": mark("The file breaks off here: nothing after this could be read."),
    "broken-json": mark("This is not a JSON object."),
    "broken-quote": mark("A quotation mark is never closed, or is closed in the wrong place."),
    "duplicate": mark("The file gives this offer twice."),
    "no-title": mark("The offer has no title."),
    "nul-byte": mark("The row holds bytes that are not text."),
    "ragged": mark("The row has more or fewer cells than the header."),
    "too-long": mark("The record is too long."),
    "unstorable": mark("The database refused the offer."),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file, by the source's own column names.

    `number` counts from 1, as a person would: the data rows of a CSV after its header, else the records.
    """

    number: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be used: its number, the reason (a key of `REJECT_REASONS`) and its beginning."""

    number: int
    reason: str
    detail: str
    excerpt: str


def make_reject(number: int, reason: str, detail: str, excerpt: str) -> Reject:
    """Build a reject, with its texts cut and freed of characters that the database refuses."""
    return Reject(number, reason, _to_storable(detail), _to_storable(excerpt))


def _to_storable(text: str) -> str:
    """Replace line ends, control characters and lone surrogates by spaces, and cut the text.

    PostgreSQL refuses NUL in text, and a lone surrogate cannot be encoded as UTF-8.
    """
    # Cut first, to twice the length: a record may be a million characters, and spaces are squeezed after.
    printable = "".join(c if c.isprintable() else " " for c in text[: MAX_EXCERPT_LENGTH * 2])
    return " ".join(printable.split())[:MAX_EXCERPT_LENGTH]
