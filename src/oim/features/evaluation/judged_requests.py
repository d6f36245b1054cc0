"""Reading of judged requests: what people write, and what a judge reads in each offer of the sample.

`tests/quality/README.md` describes the three kinds of files, each column, and how an answer is graded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oim.features.evaluation.csv_rows import read_csv_rows
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import fold

OFFERS_FILE, TRADES_FILE, REQUESTS_FOLDER = "offers.csv", "trades.csv", "requests"
SEEN, UNSEEN = "seen", "unseen"  # the halves of the set: nobody mends the engine by the unseen one
_TRADE_COLUMNS = ("trade", "near")
_OFFER_COLUMNS = ("id", "kind", "trades", "towns", "region", "conditions")
_REQUEST_COLUMNS = (
    *("id", "half", "text", "failure", "kinds", "not_kinds", "trades", "not_trades"),
    *("place", "region", "place_rule", "not_places", "facts", "answer"),
)
Values = frozenset[str]


@dataclass(frozen=True, slots=True)
class JudgedOffer:
    """An offer as a judge reads it. `towns` are folded; a condition without a value has an empty one."""

    id: str  # the external id of the offer
    kind: str
    trades: Values
    towns: Values
    region: str
    conditions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JudgedRequest:
    """What somebody writes, and what answers it. Empty fields: not stated. Places are folded."""

    id: str
    register: str  # the name of its file
    half: str
    text: str
    failure: str  # the difficulty that it tries
    kinds: Values
    not_kinds: Values
    trades: Values
    near_trades: Values
    not_trades: Values
    places: Values
    regions: Values
    place_rule: str  # there, near, or anywhere
    not_places: Values
    facts: Mapping[str, str]  # of the one who will work; several values of one are joined by "|"
    answer: str  # what must come instead of offers: "words:distress"


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Requests with the offers that they are graded over."""

    requests: tuple[JudgedRequest, ...]
    offers: Mapping[str, JudgedOffer]  # by external id


def read_judged_set(folder: Path) -> JudgedSet:
    """Read the files of a folder. Raises BadInputError, naming the file at fault."""
    near = {row["trade"]: _split(row["near"]) for row in _read_rows(folder / TRADES_FILE, _TRADE_COLUMNS)}
    offers = [_to_offer(row) for row in _read_rows(folder / OFFERS_FILE, _OFFER_COLUMNS)]
    files = sorted((folder / REQUESTS_FOLDER).glob("*.csv"))
    if not files:
        raise BadInputError(mark("%(folder)s holds no requests."), folder=folder / REQUESTS_FOLDER)
    requests = tuple(
        _to_request(row, file.stem, near) for file in files for row in _read_rows(file, _REQUEST_COLUMNS)
    )
    return JudgedSet(requests, {offer.id: offer for offer in offers})


def _read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV file by the names of its header. Raises BadInputError."""
    if not path.is_file():
        raise BadInputError(mark("There is no file %(file)s."), file=path)
    return read_csv_rows(path, columns)


def _to_offer(row: Mapping[str, str]) -> JudgedOffer:
    conditions = dict(part.partition(":")[::2] for part in _split(row["conditions"]))
    towns = frozenset(map(fold, _split(row["towns"])))
    return JudgedOffer(row["id"], row["kind"], _split(row["trades"]), towns, row["region"], conditions)


def _to_request(row: Mapping[str, str], register: str, near: Mapping[str, Values]) -> JudgedRequest:
    trades = _split(row["trades"])
    return JudgedRequest(
        id=row["id"],
        register=register,
        half=row["half"],
        text=row["text"],
        failure=row["failure"],
        kinds=_split(row["kinds"]),
        not_kinds=_split(row["not_kinds"]),
        trades=trades,
        near_trades=frozenset(label for trade in trades for label in near.get(trade, ())),
        not_trades=_split(row["not_trades"]),
        places=frozenset(map(fold, _split(row["place"]))),
        regions=_split(row["region"]),
        place_rule=row["place_rule"],
        not_places=frozenset(map(fold, _split(row["not_places"]))),
        facts=dict(part.partition("=")[::2] for part in _split(row["facts"])),
        answer=row["answer"],
    )


def _split(cell: str) -> Values:
    return frozenset(part for part in cell.split(";") if part)
