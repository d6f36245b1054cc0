"""A search as the API takes it, in a query or in a body, and gives it back."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from oim.channels.rest.strict_model import Cursor, Day, PageSize, PlaceCode, RegionCode, example_config
from oim.features.occupations import Sector
from oim.features.opportunities import (
    MAX_AMOUNT_XAF,
    MAX_DISTANCE_KM,
    MAX_SEARCH_LENGTH,
    Contract,
    Kind,
    Search,
)

_EXAMPLE: dict[str, Any] = {
    "words": "couture",
    "kinds": ["training", "employment"],
    "near": "CM-LT-01",
    "within_km": 50,
    "free_only": True,
}


class SearchCriteria(BaseModel):
    """What offers must meet. What is left out is no condition."""

    words: str = Field(
        "", max_length=MAX_SEARCH_LENGTH, description="What it is about, in French or English."
    )
    region: RegionCode | None = Field(None, description="ISO 3166-2, for example CM-LT.")
    near: PlaceCode | None = Field(
        None, description="Code of a region, department or commune: in it, or around it with `within_km`."
    )
    within_km: int | None = Field(
        None, ge=1, le=MAX_DISTANCE_KM, description="Of `near`, or of its chief town."
    )
    education: int | None = Field(
        None,
        ge=0,
        le=8,
        description="ISCED 2011 level of who searches: offers that ask for more are left out.",
    )
    amount_min: int | None = Field(
        None, ge=1, le=MAX_AMOUNT_XAF, description="XAF: of pay or allowance a month, of a grant or loan."
    )
    free_only: bool = Field(False, description="Courses that cost nothing.")
    closing_before: Day | None = Field(None, description="Closed by the end of that day.")
    open_on: Day | None = Field(None, description="Still, or already, open on that day.")
    posted_since: Day | None = None


class SearchQuery(SearchCriteria):
    """The conditions in a query, and the page; several values of one name are alternatives."""

    kind: list[Kind] = Field([], max_length=3)
    sector: list[Sector] = Field([], max_length=len(Sector))
    contract: list[Contract] = Field([], max_length=len(Contract))
    after: Cursor = None
    limit: PageSize = 20

    def to_search(self) -> Search:
        """Raises BadInputError."""
        stated = self.model_dump(exclude={"kind", "sector", "contract", "after", "limit"})
        return Search(
            **stated, kinds=tuple(self.kind), sectors=tuple(self.sector), contracts=tuple(self.contract)
        )


class SearchShape(SearchCriteria):
    """The conditions in a body; several values of one field are alternatives."""

    model_config = example_config(_EXAMPLE)

    kinds: list[Kind] = Field([], max_length=3)
    sectors: list[Sector] = Field([], max_length=len(Sector))
    contracts: list[Contract] = Field([], max_length=len(Contract))

    @classmethod
    def from_domain(cls, search: Search) -> SearchShape:
        """A search as it was given."""
        return cls(**{name: getattr(search, name) for name in cls.model_fields})

    def to_search(self) -> Search:
        """Raises BadInputError."""
        stated: dict[str, Any] = self.model_dump()
        lists = ("kinds", "sectors", "contracts")
        return Search(**stated | {name: tuple(stated[name]) for name in lists})
