"""`oim ranker`: the rankers that were trained, and which is in force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from oim import bootstrap
from oim.apps.cli.terminal import output, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.features.matching import Ranker, list_rankers, put_ranker_in_force, rollback_ranker
from oim.kit.db import Database
from oim.kit.settings import Settings

WEIGHTS = 0  # the documented weights, where a version is asked for

app = typer.Typer(help=t("Rankers learned from events: which were trained, which is in force."),
                  no_args_is_help=True)  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
Version = Annotated[int, typer.Argument(help=t("Version of a ranker; 0: the documented weights."), min=0)]


@contextmanager
def open_database() -> Iterator[Database]:
    """The database alone, for the duration of a verb."""
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        held = bootstrap.database(settings)
        try:
            yield held
        finally:
            held.close()


@app.command("list", help=t("List the rankers, newest first. Example: oim ranker list"))
def list_(json_: AsJson = False) -> None:
    """One line a ranker."""
    with open_database() as held, held.read() as session:
        found = list_rankers(session)
    if json_:
        typer.echo(json.dumps([to_dict(one) for one in found]))
        return
    for one in found:
        output.print(_format_ranker(one), markup=False)
    if not any(one.in_force for one in found):
        output.print(t("The documented weights are in force."))


@app.command(
    "use", help=t("Put a ranker in force; engines follow within a minute. Example: oim ranker use 2")
)
def use_(version: Version) -> None:
    """Put a version in force, 0 for the weights."""
    with open_database() as held, held.write() as session:
        put_ranker_in_force(session, version or None)
    _print_in_force(version or None)


@app.command("rollback", help=t("Go back to what was in force before. Example: oim ranker rollback"))
def rollback_() -> None:
    """Undo the last switch."""
    with open_database() as held, held.write() as session:
        version = rollback_ranker(session)
    _print_in_force(version)


def to_dict(ranker: Ranker) -> dict[str, object]:
    """A ranker as data."""
    return {
        "version": ranker.version,
        "created_at": ranker.created_at.isoformat(),
        "in_force": ranker.in_force,
        "card": ranker.card,
    }


def _format_ranker(ranker: Ranker) -> str:
    held = ranker.card["ndcg@10"]
    sign = "*" if ranker.in_force else " "
    return sign + " " + t(
        "%(version)s: %(at)s, nDCG@10 %(new)s against %(before)s",
        version=ranker.version,
        at=ranker.created_at.strftime("%Y-%m-%d %H:%M"),
        new=held["new"],
        before=held["in_force"],
    )  # fmt: skip


def _print_in_force(version: int | None) -> None:
    if version is None:
        output.print(t("The documented weights are in force."))
    else:
        output.print(t("Ranker %(version)s is in force.", version=version))
