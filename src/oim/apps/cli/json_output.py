"""`--json`: what a command found, as one JSON object on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from oim.apps.cli.language import t

AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


def print_json(value: Mapping[str, object], *, indent: int | None = None) -> None:
    """Print one JSON object; what the terminal's encoding lacks is escaped, so that nothing of it is lost."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    typer.echo(json.dumps(value, ensure_ascii=not is_utf8, indent=indent))
