"""How bodies are described: strict, each with an example."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from oim.features import places

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
Cursor = Annotated[str | None, Field(max_length=100, description="`next` of the page before.")]
PageSize = Annotated[int, Field(ge=1, le=100)]

OccupationCode = Annotated[str, Field(max_length=20)]
ShortText = Annotated[str, Field(max_length=200)]


def example_config(example: dict[str, Any]) -> ConfigDict:
    """The configuration of a body that takes nothing unknown and shows an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


class StrictModel(BaseModel):
    """A body that takes nothing unknown."""

    model_config = ConfigDict(extra="forbid")


def _check_region(code: str) -> str:
    codes = [region.code for region in places.regions()]
    if code not in codes:
        raise PydanticCustomError("enum", "no such region", {"expected": ", ".join(codes)})
    return code


def _check_place(code: str) -> str:
    if places.get(code) is None:
        raise PydanticCustomError("unknown_place", "no such place")
    return code


RegionCode = Annotated[
    str,
    AfterValidator(_check_region),
    WithJsonSchema({"type": "string", "enum": [region.code for region in places.regions()]}),
]
PlaceCode = Annotated[str, AfterValidator(_check_place)]
