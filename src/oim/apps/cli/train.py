"""`oim train`: make what OIM learns or computes from data: rankers, the adapter of job titles, vectors."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, progress_bar, t
from oim.kit.clock import now

if TYPE_CHECKING:
    from oim.features.matching.learning.training import TrainingResult
app = typer.Typer()
Folder = Annotated[Path, typer.Argument(help=t("Folder laid out as ../shared/data: esco, rome, melo."))]
OutputFolder = Annotated[Path, typer.Option("--into", help=t("Folder to write to."))]


@app.command("ranker", help=t("Learn to rank from what people took; in force only if it surely ranks better. "
                              "Example: oim train ranker"))  # fmt: skip
def ranker(json_: AsJson = False) -> None:
    """Train a ranker from events, compare it with the one in force, record it, and print the result."""
    from oim.apps.cli.database import open_database

    # Imported here because the learning libraries take a second to load, which no other command should wait.
    from oim.features.matching.learning.training import train_ranker

    with open_database() as database:
        result = train_ranker(database)
    if json_:
        print_json(asdict(result))
    else:
        _show(result)


def _show(result: TrainingResult) -> None:
    """Print what a training learned from, how it compares, and whether the ranker is in force now."""
    lists, figures = result.card["lists"], result.card["ndcg@10"]
    output.print(
        t(
            "Ranker %(version)s learned from %(learned)s lists, judged on the %(held)s after.",
            version=result.version,
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
    output.print(t("It is in force.") if result.in_force else t("It is recorded, not put in force."))


@app.command(
    "adapter",
    help=t("Learn the adapter of titles again; about an hour, most of it embedding names. "
           "Example: oim train adapter ../shared/data --into made"),
)  # fmt: skip
def adapter(folder: Folder, into: OutputFolder) -> None:
    """Embed the names of occupations, evaluate on held-out names, train on all names, write the adapter.

    Embedding takes most of the hour; its vectors are stored, so that later runs skip it.
    """
    from oim.apps.cli.evaluation_output import open_cached_embedder
    from oim.features.titles import normalise_title, save_adapter
    from oim.features.titles.training import Recipe, read_names, train_adapter

    names = read_names(folder)
    into.mkdir(parents=True, exist_ok=True)
    with open_cached_embedder() as embedder:
        embeddings = embedder.embed_queries([normalise_title(text) for text in names.texts])
    with progress_bar() as bar:
        task = bar.add_task(t("Learning"), total=None, detail="")

        def report_progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, detail=f"{done}/{total}")

        trained_adapter, card = train_adapter(names, embeddings, embedder.url, Recipe(), report_progress)
    save_adapter(trained_adapter, into / "adapter.npz")
    (into / "adapter.md").write_text(card, "utf-8")
    output.print(t("Written: %(path)s", path=into / "adapter.npz"), markup=False)


@app.command(
    "vectors",
    help=t("Embed again the texts that OIM brings along, sample offers and names of trades; some minutes. "
           "Example: oim train vectors --into made"),
)  # fmt: skip
def vectors(into: OutputFolder) -> None:
    """Write the file of vectors that is shipped with the package, after its texts or the embedder changed."""
    from oim.apps.cli.evaluation_output import open_cached_embedder
    from oim.features import occupations
    from oim.features.ingestion import sample_drafts
    from oim.features.matching import (
        SHIPPED_FILE,
        build_passage,
        embed_offers,
        hash_passage,
        hash_query,
        save_shipped_vectors,
    )
    from oim.features.opportunities import Draft

    # The dates of sample offers are counted from today, and are no part of what is embedded.
    drafts = [draft for draft in sample_drafts(now().date()) if isinstance(draft, Draft)]
    passages = [build_passage(draft) for draft in drafts]
    names = [name.text for name in occupations.load_trade_names()]
    into.mkdir(parents=True, exist_ok=True)
    with open_cached_embedder() as embedder:
        offers = zip(map(hash_passage, passages), embed_offers(embedder, passages), strict=True)
        trades = zip(map(hash_query, names), embedder.embed_queries(names), strict=True)
        save_shipped_vectors(into / SHIPPED_FILE, embedder.url, dict(offers) | dict(trades))
    output.print(t("Written: %(path)s", path=into / SHIPPED_FILE), markup=False)
