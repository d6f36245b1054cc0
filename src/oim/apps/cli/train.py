"""`oim train`: what is learned from data, made again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.adapter import adapter
from oim.apps.cli.ranker import open_database
from oim.apps.cli.terminal import output, t

if TYPE_CHECKING:
    from oim.features.matching.learning.training import TrainingResult

app = typer.Typer(help=t("Learn from data: the adapter of titles, rankers."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


app.command("adapter", help=t("Learn the adapter of titles again; about an hour, most of it embedding names. "
                              "Example: oim train adapter ../shared/data --into made"))(adapter)  # fmt: skip


@app.command("ranker", help=t("Learn to rank from what people took; in force only if it surely ranks better. "
                              "Example: oim train ranker"))  # fmt: skip
def ranker(json_: AsJson = False) -> None:
    """Train, judge, record, print."""
    # Imported here because learning's libraries take a second, which no other verb should wait.
    from oim.features.matching.learning.training import train_ranker  # noqa: PLC0415

    with open_database() as held:
        trained = train_ranker(held)
    if json_:
        typer.echo(json.dumps(asdict(trained)))
    else:
        _show(trained)


def _show(trained: TrainingResult) -> None:
    lists, figures = trained.card["lists"], trained.card["ndcg@10"]
    output.print(
        t(
            "Ranker %(version)s learned from %(learned)s lists, judged on the %(held)s after.",
            version=trained.version,
            learned=lists["learned"],
            held=lists["held_out"],
        )
    )
    output.print(
        t(
            "nDCG@10: %(new)s, of what was in force %(before)s; surely gained: %(gain)s",
            new=figures["new"],
            before=figures["in_force"],
            gain=figures["least_gain"],
        )
    )
    told = t("It is in force.") if trained.in_force else t("It is recorded, not put in force.")
    output.print(told)
