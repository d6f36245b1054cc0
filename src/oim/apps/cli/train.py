"""`oim train`: what is learned from data, made again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.evaluation_output import open_cached_embedder
from oim.apps.cli.ranker import open_database
from oim.apps.cli.terminal import output, progress_bar, t
from oim.features.titles import normalise_title, save_adapter
from oim.features.titles.training import Recipe, read_names, train_adapter

if TYPE_CHECKING:
    from oim.features.matching.learning.training import TrainingResult
app = typer.Typer(help=t("Learn from data: the adapter of titles, rankers."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
Folder = Annotated[Path, typer.Argument(help=t("Folder laid out as ../shared/data: esco, rome, melo."))]
OutputFolder = Annotated[
    Path, typer.Option("--into", help=t("Where to write adapter.npz and its card, adapter.md."))
]


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


@app.command(
    "adapter",
    help=t("Learn the adapter of titles again; about an hour, most of it embedding names. "
           "Example: oim train adapter ../shared/data --into made"),
)  # fmt: skip
def adapter(folder: Folder, into: OutputFolder) -> None:
    """Embed the names, once for all runs; rehearse, learn, write."""
    names = read_names(folder)
    into.mkdir(parents=True, exist_ok=True)
    with open_cached_embedder() as embedder:
        embeddings = embedder.embed_queries([normalise_title(text) for text in names.texts])
    with progress_bar() as bar:
        task = bar.add_task(t("Learning"), total=None, detail="")

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, detail=f"{done}/{total}")

        learned, card = train_adapter(names, embeddings, embedder.url, Recipe(), progress)
    save_adapter(learned, into / "adapter.npz")
    (into / "adapter.md").write_text(card, "utf-8")
    output.print(t("Written: %(path)s", path=into / "adapter.npz"), markup=False)
