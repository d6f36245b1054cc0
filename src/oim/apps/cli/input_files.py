"""Check and read the files named on the command line."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from oim.features.matching import Profile
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRequest(Profile):
    """A profile as the API accepts it, with the number of offers to return."""

    # An unknown field is an error: a misspelled one would silently have no effect.
    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    limit: int | None = None


_PROFILE_REQUEST = TypeAdapter(ProfileRequest)


def check_readable(path: Path) -> Path:
    """Return the path if it is a file that can be read. Raises BadInputError."""
    # Not `path.exists()`, which raises for a folder that may not be entered.
    if not os.access(path, os.F_OK):
        raise BadInputError(mark("There is no file %(path)s."), path=path)
    if path.is_dir() or not os.access(path, os.R_OK):
        raise BadInputError(mark("%(path)s is a folder, or a file that you may not read."), path=path)
    return path


def read_profile(path: Path) -> ProfileRequest:
    """Read a profile from a JSON file. Raises BadInputError, which names the first field at fault."""
    values = _read_json(check_readable(path))
    if not isinstance(values, dict):
        raise BadInputError(mark('%(path)s must hold a JSON object, like {"text": "…"}.'), path=path)
    try:
        return _PROFILE_REQUEST.validate_python(values)
    except ValidationError as error:
        first_error = error.errors()[0]
        raise BadInputError(
            mark("%(path)s cannot be used as a profile: look at %(name)s."),
            path=path,
            name=".".join(map(str, first_error["loc"])),
        ) from error


def _read_json(path: Path) -> Any:
    """Read any JSON value from a file. Raises BadInputError, with the line at fault where it is known."""
    content = path.read_bytes()
    if not content.strip():
        raise BadInputError(mark("%(file)s is empty."), file=path)
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise BadInputError(
            mark("%(path)s is not valid JSON: look at line %(line)s."), path=path, line=error.lineno
        ) from error
    # Bytes that are not UTF-8, or brackets nested beyond Python's recursion limit.
    except (ValueError, RecursionError) as error:
        raise BadInputError(mark("%(path)s is not valid JSON."), path=path) from error
