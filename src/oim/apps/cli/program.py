"""The `oim` program: its commands, and errors printed as one line with exit 1 (failed) or 2 (bad input)."""

from __future__ import annotations

import sys

import typer

from oim.apps.cli import (
    audit,
    bench,
    doctor,
    erasures,
    evaluate,
    ingest,
    keys,
    ranker,
    recommend,
    reindex,
    serve,
    simulate,
    staff,
    taxonomy,
    train,
    trust,
    up,
)
from oim.apps.cli.failures import to_exit
from oim.apps.cli.terminal import errors, t
from oim.kit.settings import Settings
from oim.kit.telemetry import configure_logging

app = typer.Typer(
    name="oim",
    help=t("Livelihood offers in Cameroon, gathered and matched to each person."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# The order of `oim --help`: what a newcomer needs first, what an operator rarely needs last.
app.command("up", help=up.HELP)(up.up)
app.command("recommend", help=recommend.HELP)(recommend.recommend)
app.add_typer(ingest.app, name="ingest")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(taxonomy.app, name="taxonomy")
app.add_typer(train.app, name="train")
app.add_typer(ranker.app, name="ranker")
app.add_typer(serve.app, name="serve")
app.add_typer(staff.app, name="staff")
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.add_typer(erasures.app, name="erasures")
app.add_typer(trust.app, name="trust")
app.add_typer(simulate.app, name="simulate")
app.command("reindex", help=reindex.HELP)(reindex.reindex)
app.command("doctor", help=doctor.HELP)(doctor.doctor)
app.command("bench", help=bench.HELP)(bench.bench)


def main() -> None:
    """Run the command that the command line names, and exit."""
    try:
        # Only warnings: a command reports progress in its own lines.
        configure_logging("WARNING", Settings().log_format)
        # Not standalone: Click would print errors itself, in English, rather than raise them.
        sys.exit(app(standalone_mode=False))
    except Exception as error:
        failure = to_exit(error)
        if failure is None:
            raise
        line, code = failure
        errors.print(line, markup=False)
        sys.exit(code)
