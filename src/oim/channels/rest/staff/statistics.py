"""The route of the anonymous monthly counts, for analysts and administrators."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import StaffOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import statistics
from oim.features.statistics import MIN_CELL_COUNT

router = APIRouter(route_class=PersonalRoute, prefix="/v1/staff/statistics", tags=["statistics"])
_EXAMPLE: dict[str, Any] = {
    "month": "2026-10-01",
    "what": "outcome_30",
    "kind": "employment",
    "region": "CM-OU",
    "answer": "got_it",
    "count": 14,
}


class CellOut(StrictModel):
    """How many people did something in a month. What does not apply, or is not known, is empty."""

    model_config = example_config(_EXAMPLE)

    month: date = Field(description="First day of the month.")
    what: str
    kind: str
    region: str
    answer: str
    # A small count could reveal who is counted.
    count: int | None = Field(description=f"Null stands for 1 to {MIN_CELL_COUNT - 1}.")


class TableOut(StrictModel):
    """The counts of the months that are over, oldest first. Counts of 0 are not listed."""

    model_config = example_config({"items": [_EXAMPLE]})

    items: list[CellOut]


@router.get("", **describe("Read the monthly counts", 401, 404, model=TableOut))
def list_statistics(services: ServicesOf, caller: StaffOf) -> TableOut:
    """Read how many people, of those who agreed to be counted, did what: by month, kind and region."""
    with services.database.write() as session:
        return TableOut(items=[CellOut(**asdict(cell)) for cell in statistics.load_table(session, caller)])
