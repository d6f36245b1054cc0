"""`oim bench`: measure speed and quality now, as ratios against named peers."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from typing import Annotated

import typer

import oim
from oim.apps.cli.terminal import t
from oim.kit.errors import BadInputError, UnavailableError
from oim.kit.i18n import mark

Sizes = Annotated[str, typer.Option(help=t("How many offers, separated by commas."))]


def bench(sizes: Sizes = "20000,100000") -> None:
    """Run the benchmarks of the checkout. Raises BadInputError or UnavailableError."""
    # One or more numbers of 3 to 7 digits, separated by commas: `20000,100000`.
    if not re.fullmatch(r"[1-9]\d{2,6}(,[1-9]\d{2,6})*", sizes):
        raise BadInputError(
            mark("Give numbers of offers from 100 on, separated by commas: --sizes 20000,100000"),
            field="sizes",
        )
    checkout = Path(oim.__file__).parents[2]
    if not (checkout / "bench" / "__main__.py").is_file():
        raise UnavailableError(mark("Benchmarks are run from a checkout of the project: make bench"))
    # Benchmarks are not part of the installed package: run as `python -m bench SIZES` from the checkout.
    sys.path.insert(0, str(checkout))
    sys.argv = ["bench", sizes]
    runpy.run_module("bench", run_name="__main__")
