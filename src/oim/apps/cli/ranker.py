"""`oim ranker`: list the trained rankers, and choose which one is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, t

if TYPE_CHECKING:
    from oim.features.matching import Ranker


app = typer.Typer()
Version = Annotated[int, typer.Argument(help=t("Version of a ranker; 0: the documented weights."), min=0)]


@app.command("list", help=t("List the rankers, newest first. Example: oim ranker list"))
def list_(json_: AsJson = False) -> None:
    """Print one line per ranker, the one in force marked with a star."""
    from oim.apps.cli.database import open_database
    from oim.features.matching import list_rankers

    with open_database() as database, database.read() as session:
        rankers = list_rankers(session)
    if json_:
        print_json({"rankers": [to_dict(ranker) for ranker in rankers]})
        return
    for ranker in rankers:
        output.print(_format_ranker(ranker), markup=False)
    if not any(ranker.in_force for ranker in rankers):
        output.print(t("The documented weights are in force."))


@app.command(
    "use", help=t("Put a ranker in force; engines follow within a minute. Example: oim ranker use 2")
)
def use_(version: Version) -> None:
    """Put a trained version in force; 0 stands for the documented weights, which have no version."""
    from oim.apps.cli.database import open_database
    from oim.features.matching import put_ranker_in_force

    with open_database() as database, database.write() as session:
        put_ranker_in_force(session, version or None)
    _print_in_force(version or None)


@app.command("rollback", help=t("Go back to what was in force before. Example: oim ranker rollback"))
def rollback_() -> None:
    """Undo the last switch of rankers."""
    from oim.apps.cli.database import open_database
    from oim.features.matching import rollback_ranker

    with open_database() as database, database.write() as session:
        version = rollback_ranker(session)
    _print_in_force(version)


def to_dict(ranker: Ranker) -> dict[str, object]:
    """Return a ranker as a dictionary for JSON."""
    return {
        "version": ranker.version,
        "created_at": ranker.created_at.isoformat(),
        "in_force": ranker.in_force,
        "card": ranker.card,
    }


def _format_ranker(ranker: Ranker) -> str:
    """Describe a ranker in one line: version, date, and its nDCG@10 beside that of what was in force then."""
    figures = ranker.card["ndcg@10"]
    sign = "*" if ranker.in_force else " "
    return sign + " " + t(
        "%(version)s: %(at)s, nDCG@10 %(new)s against %(before)s",
        version=ranker.version,
        at=ranker.created_at.strftime("%Y-%m-%d %H:%M"),
        new=figures["new"],
        before=figures["in_force"],
    )  # fmt: skip


def _print_in_force(version: int | None) -> None:
    """Print which ranker is in force now; None means the documented weights."""
    if version is None:
        output.print(t("The documented weights are in force."))
    else:
        output.print(t("Ranker %(version)s is in force.", version=version))
