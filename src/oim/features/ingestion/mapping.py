"""Which of a source's columns holds each of our fields: declared in `mappings/*.toml`, or guessed (`guess`).

What a value means (dates, money, places) is `normalise`'s matter.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from oim.features.ingestion.records import Record
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

OWN_MAPPING = "oim"  # the mapping that names every field of ours
# The mapping of a format whose names are a standard, whatever the source.
STANDARD_MAPPINGS = {"jsonld": "schema-org", "rss": "rss", "indeed": "indeed"}
PLACEHOLDER = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Mapping:
    """For each field of ours: columns, of which the first that says something counts; else a constant.

    A column is a name, a path into nested values ("hiringOrganization.name"), or a text with holes
    ("{monthsOfExperience} months") that counts when its first hole is filled.
    """

    name: str
    columns: dict[str, tuple[str, ...]]
    constants: dict[str, Any] = field(default_factory=dict)
    format: str = ""


def find_mapping(source: str, format_name: str) -> Mapping | None:
    """The mapping declared for a source, else the standard one of the format, else None."""
    declared = _load_declared().get(source)
    if declared and declared.format == format_name:
        return declared
    return _load_declared().get(STANDARD_MAPPINGS.get(format_name, ""))


def read_mapping(path: Path) -> Mapping:
    """The mapping that a TOML file declares, in the form of those in `mappings/`. Raises BadInputError."""
    try:
        mapping = _parse_mapping(path.stem, path.read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(
            mark("%(file)s is not a mapping of columns. Copy the form of docs/mapping.md."), file=path.name
        ) from error
    unknown = sorted({*mapping.columns, *mapping.constants} - set(FIELDS))
    if unknown:
        raise BadInputError(
            mark("%(file)s names fields that do not exist: %(names)s. docs/mapping.md lists them."),
            file=path.name,
            names=", ".join(unknown),
        )
    return mapping


def apply_mapping(mapping: Mapping, record: Record) -> dict[str, Any]:
    """The record's values by our fields, untouched; a field that it does not state is absent."""
    values = dict(mapping.constants)
    for name, columns in mapping.columns.items():
        value = next((found for column in columns if (found := _read_column(record.fields, column))), None)
        if value is not None:
            values[name] = value
    return values


def _read_column(fields: AnyMapping[str, Any], column: str) -> Any:
    """What a column says; None for nothing. 0 and False say something: scalars become text."""
    is_template = column not in fields and PLACEHOLDER.search(column)
    value = _fill_template(fields, column) if is_template else _find_at_path(fields, column)
    if isinstance(value, float):
        return f"{value:f}" if math.isfinite(value) else None
    return str(value) if isinstance(value, bool | int) else value or None


def _fill_template(fields: AnyMapping[str, Any], template: str) -> str | None:
    holes = PLACEHOLDER.findall(template)
    if _read_column(fields, holes[0]) is None:
        return None
    return PLACEHOLDER.sub(lambda hole: str(_read_column(fields, hole[1]) or ""), template)


def _find_at_path(value: Any, path: str) -> Any:
    """The value at a path; in a list, that of the first object that has it."""
    if isinstance(value, list):
        return next(
            (found for item in value if isinstance(item, dict) and (found := _find_at_path(item, path))), None
        )
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    name, _, rest = path.partition(".")
    return _find_at_path(value.get(name), rest) if rest else None


@cache
def _load_declared() -> dict[str, Mapping]:
    folder = resources.files("oim.features.ingestion") / "mappings"
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return {
        name: _parse_mapping(name, entry.read_text("utf-8")) for entry in files if (name := entry.name[:-5])
    }


def _parse_mapping(name: str, text: str) -> Mapping:
    told = tomllib.loads(text)
    columns = {
        key: tuple([value] if isinstance(value, str) else value) for key, value in told["columns"].items()
    }
    return Mapping(name, columns, told.get("constants", {}), told.get("format", ""))


FIELDS = tuple(_load_declared()[OWN_MAPPING].columns)
