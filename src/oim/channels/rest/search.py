"""Models of a search for offers: as query parameters, and as the body of a search that is saved."""

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
    Order,
    Search,
    Sort,
)
from oim.kit.i18n import Language

_EXAMPLE: dict[str, Any] = {
    "words": "couture",
    "kinds": ["training", "employment"],
    "near": "CM-LT-01",
    "within_km": 50,
    "free_only": True,
}


class SearchCriteria(BaseModel):
    """Conditions that offers must meet. What is left out is no condition."""

    words: str = Field(
        "", max_length=MAX_SEARCH_LENGTH, description="What the offers are about, in French or English."
    )
    region: RegionCode | None = Field(None, description="ISO 3166-2, for example CM-LT.")
    near: PlaceCode | None = Field(
        None, description="Code of a region, department or commune: in it, or around it with `within_km`."
    )
    within_km: int | None = Field(
        None, ge=1, le=MAX_DISTANCE_KM, description="Kilometres from `near`, or from its chief town."
    )
    education: int | None = Field(
        None,
        ge=0,
        le=8,
        description="ISCED 2011 level of the person: offers that require a higher one are left out.",
    )
    amount_min: int | None = Field(
        None,
        ge=1,
        le=MAX_AMOUNT_XAF,
        description="XAF: pay or allowance per month, or amount of a grant or loan.",
    )
    free_only: bool = Field(False, description="Courses that cost nothing.")
    answerable_only: bool = Field(False, description="Only offers that give a way to answer them.")
    language: Language | None = Field(None, description="Language that the offer is written in.")
    closing_before: Day | None = Field(None, description="Closes by the end of that day.")
    open_on: Day | None = Field(None, description="Open on that day.")
    posted_since: Day | None = None


class SearchQuery(SearchCriteria):
    """The conditions as query parameters, and the page. Several values of one name are alternatives."""

    # In the singular: a query repeats the name for each value (`?kind=agr&kind=training`).
    kind: list[Kind] = Field([], max_length=3)
    sector: list[Sector] = Field([], max_length=len(Sector))
    contract: list[Contract] = Field([], max_length=len(Contract))
    sort: Sort | None = Field(
        None,
        description="What decides the order: `newest`, `closing` (those that close first) or `nearest` (to "
        "`near`, which it needs). Without it the best matches of `words` come first, else the newest.",
    )
    after: Cursor = None
    limit: PageSize = 20

    def to_search(self) -> Search:
        """Convert to a search. Raises BadInputError for values that make no sense."""
        stated = self.model_dump(exclude={"kind", "sector", "contract", "sort", "after", "limit"})
        return Search(
            **stated, kinds=tuple(self.kind), sectors=tuple(self.sector), contracts=tuple(self.contract)
        )

    def to_order(self) -> Order | None:
        """The order asked for; None for the usual one. Raises BadInputError for one that lacks a place."""
        return Order(self.sort, self.near) if self.sort else None


class SearchShape(SearchCriteria):
    """Conditions that offers must meet. Several values of one field are alternatives."""

    model_config = example_config(_EXAMPLE)

    kinds: list[Kind] = Field([], max_length=3)
    sectors: list[Sector] = Field([], max_length=len(Sector))
    contracts: list[Contract] = Field([], max_length=len(Contract))

    @classmethod
    def from_domain(cls, search: Search) -> SearchShape:
        """Convert a search back to the conditions that it was saved with."""
        return cls(**{name: getattr(search, name) for name in cls.model_fields})

    def to_search(self) -> Search:
        """Convert to a search. Raises BadInputError for values that make no sense."""
        stated: dict[str, Any] = self.model_dump()
        # `Search` is immutable, so its lists are tuples.
        lists = ("kinds", "sectors", "contracts")
        return Search(**stated | {name: tuple(stated[name]) for name in lists})
