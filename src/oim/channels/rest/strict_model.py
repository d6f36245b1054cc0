"""The base class and field types of bodies: unknown fields are refused, and each model shows an example."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from oim.features import places

# Bounded: dates near the years 1 and 9999 overflow once an instant or a time zone is computed from them.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
Cursor = Annotated[str | None, Field(max_length=100, description="`next` of the page before this one.")]
PageSize = Annotated[int, Field(ge=1, le=100)]

# Of a clock in Cameroon, which needs neither seconds nor a time zone: "09:30".
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
OccupationCode = Annotated[str, Field(max_length=20)]
ShortText = Annotated[str, Field(max_length=200)]


def example_config(example: dict[str, Any]) -> ConfigDict:
    """The configuration of a body that refuses unknown fields, with an example for the documentation."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


class StrictModel(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


def list_examples(base: type[StrictModel] = StrictModel) -> Iterator[tuple[type[StrictModel], Any]]:
    """List the models of bodies that have an example, with it."""
    for model in base.__subclasses__():
        extra = model.model_config.get("json_schema_extra")
        if isinstance(extra, dict):
            yield model, extra["example"]
        yield from list_examples(model)


def _check_region(code: str) -> str:
    """Check the code of a region. Raises PydanticCustomError."""
    codes = [region.code for region in places.regions()]
    if code not in codes:
        # Of the type `enum`, so that `problems` lists the accepted codes in the caller's language.
        raise PydanticCustomError("enum", "no such region", {"expected": ", ".join(codes)})
    return code


def _check_place(code: str) -> str:
    """Check the code of a region, department or commune. Raises PydanticCustomError."""
    if places.get(code) is None:
        raise PydanticCustomError("unknown_place", "no such place")
    return code


# The ten codes are data, not an enum of Python; the schema lists them as if they were one.
RegionCode = Annotated[
    str,
    AfterValidator(_check_region),
    WithJsonSchema({"type": "string", "enum": [region.code for region in places.regions()]}),
]
PlaceCode = Annotated[str, AfterValidator(_check_place)]
