"""`oim train adapter`: the adapter of titles learned again from ESCO and ROME."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oim.apps.cli.evaluation_output import open_cached_embedder
from oim.apps.cli.terminal import output, progress_bar, t
from oim.features.titles import normalise_title, save_adapter
from oim.features.titles.training import Recipe, read_names, train_adapter

Folder = Annotated[Path, typer.Argument(help=t("Folder laid out as ../shared/data: esco, rome, melo."))]
OutputFolder = Annotated[
    Path, typer.Option("--into", help=t("Where to write adapter.npz and its card, adapter.md."))
]


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
