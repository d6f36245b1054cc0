"""How bodies are described: strict, each with an example."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


def example_config(example: dict[str, Any]) -> ConfigDict:
    """The configuration of a body that takes nothing unknown and shows an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


class StrictModel(BaseModel):
    """A body that takes nothing unknown."""

    model_config = ConfigDict(extra="forbid")
