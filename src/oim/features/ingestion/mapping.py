"""Mappings: which column of a source holds each of our fields, declared in TOML (`mappings/*.toml`).

For an unknown source `column_guess` makes one. Values are passed on as the source wrote them: their meaning
(dates, money, places) is settled in `normalisation`.
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
# The name in braces in "{monthsOfExperience} months".
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns of each of our fields, of which the first that is not empty counts; else a constant.

    A column is a name, a path into nested values ("hiringOrganization.name"), or a template
    ("{monthsOfExperience} months") that counts when its first placeholder has a value.
    """

    name: str
    columns: dict[str, tuple[str, ...]]
    constants: dict[str, Any] = field(default_factory=dict)
    format: str = ""


def find_mapping(source: str, format_name: str) -> Mapping | None:
    """Return the mapping declared for a source, else the standard one of the format, else None."""
    declared = _load_declared().get(source)
    # A source's mapping holds for one format: column names differ between a portal's feed and its export.
    if declared and declared.format == format_name:
        return declared
    return _load_declared().get(STANDARD_MAPPINGS.get(format_name, ""))


def read_mapping(path: Path) -> Mapping:
    """Read a mapping from a TOML file in the form of those in `mappings/`, described in docs/mapping.md.

    Raises BadInputError for a file that is not a mapping or that names unknown fields.
    """
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
    """Return the record's values by our field names, not yet parsed.

    A field that the record does not state is absent.
    """
    # Constants first: a column that has a value in this record overrides the constant of its field.
    values = dict(mapping.constants)
    for name, columns in mapping.columns.items():
        cells = (_read_column(record.fields, column) for column in columns)
        value = next((cell for cell in cells if cell), None)
        if value is not None:
            values[name] = value
    return values


def _read_column(fields: AnyMapping[str, Any], column: str) -> Any:
    """Return the value of a column; None where it is empty.

    Numbers and booleans become text, so that 0 and False count as values and not as empty.
    """
    # A real column may have braces in its name: it is then no template.
    is_template = column not in fields and PLACEHOLDER.search(column)
    value = _fill_template(fields, column) if is_template else _find_at_path(fields, column)
    # ":f" avoids the exponent of 1e+16, which the parsers of numbers do not read; nan and inf are no values.
    if isinstance(value, float):
        return f"{value:f}" if math.isfinite(value) else None
    return str(value) if isinstance(value, bool | int) else value or None


def _fill_template(fields: AnyMapping[str, Any], template: str) -> str | None:
    """Fill the placeholders of a template; None where the first one has no value."""
    placeholders = PLACEHOLDER.findall(template)
    if _read_column(fields, placeholders[0]) is None:
        return None
    return PLACEHOLDER.sub(lambda match: str(_read_column(fields, match[1]) or ""), template)


def _find_at_path(value: Any, path: str) -> Any:
    """Return the value at a dotted path; in a list, that of the first object that has one."""
    if isinstance(value, list):
        nested = (_find_at_path(item, path) for item in value if isinstance(item, dict))
        return next((part for part in nested if part), None)
    if not isinstance(value, dict):
        return None
    # The whole path as one name first: columns of a CSV may have dots in their names.
    if path in value:
        return value[path]
    name, _, nested_path = path.partition(".")
    return _find_at_path(value.get(name), nested_path) if nested_path else None


@cache
def _load_declared() -> dict[str, Mapping]:
    """Load the mappings that OIM ships, by name: the file name without ".toml"."""
    folder = resources.files("oim.features.ingestion") / "mappings"
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return {
        name: _parse_mapping(name, entry.read_text("utf-8")) for entry in files if (name := entry.name[:-5])
    }


def _parse_mapping(name: str, text: str) -> Mapping:
    """Parse the TOML text of a mapping. Raises ValueError, KeyError, TypeError or AttributeError."""
    tables = tomllib.loads(text)
    columns = {
        key: tuple([value] if isinstance(value, str) else value) for key, value in tables["columns"].items()
    }
    return Mapping(name, columns, tables.get("constants", {}), tables.get("format", ""))


# Every field of ours, in the order of `mappings/oim.toml`. Last in the module: it needs the parser.
FIELDS = tuple(_load_declared()[OWN_MAPPING].columns)
