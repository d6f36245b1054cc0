"""`oim taxonomy`: ESCO into the database."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from oim import bootstrap
from oim.apps.cli.terminal import output, progress_bar, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.features.occupations import ImportResult, find_esco_files, import_esco
from oim.kit.i18n import mark
from oim.kit.settings import Settings

app = typer.Typer(help=t("Occupations and skills of ESCO."), no_args_is_help=True)

Folder = Annotated[
    Path, typer.Argument(help=t("Folder of ESCO's CSV files, v1.0 to v1.2, any language, plain or .gz."))
]
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
CONCEPT_LABELS = {
    "group": mark("ISCO groups"),
    "occupation": mark("occupations"),
    "skill_group": mark("groups of skills"),
    "skill": mark("skills"),
}


@app.callback()
def taxonomy() -> None:
    """Keep `import` a verb of its own."""


@app.command("import", help=t("Import the CSV files of ESCO; a second import changes only what differs. "
                              "Example: oim taxonomy import esco"))  # fmt: skip
def import_(folder: Folder, json_: AsJson = False) -> None:
    """Import, print what is held."""
    total = sum(file.path.stat().st_size for file in find_esco_files(folder))
    with (
        running_services(Settings(), ("postgres",), report, prepare_database) as settings,
        progress_bar() as bar,
    ):
        task = bar.add_task(t("Reading"), total=total, detail="")

        def progress(name: str, done: int) -> None:
            bar.update(task, completed=done, detail=name)

        database = bootstrap.database(settings)
        try:
            imported = import_esco(database, folder, progress)
        finally:
            database.close()
    _show(imported, json_)


def _show(imported: ImportResult, json_: bool) -> None:
    if json_:
        typer.echo(json.dumps(asdict(imported), ensure_ascii=False))
        return
    held = imported.held
    concepts = ", ".join(f"{count} {t(CONCEPT_LABELS[kind])}" for kind, count in held.concepts.items())
    labels = ", ".join(f"{language} {count}" for language, count in held.labels.items())
    output.print(t("Held: %(concepts)s", concepts=concepts), markup=False)
    output.print(t("Labels: %(labels)s", labels=labels), markup=False)
    output.print(
        t(
            "Relations: %(broader)s of hierarchy, %(skills)s of an occupation to a skill",
            broader=held.broader,
            skills=held.occupation_skills,
        )
    )
    output.print(t("Rows changed: %(changed)s", changed=imported.changed))
    if imported.left_out:
        output.print(
            t("Relations left out, of concepts that no file names: %(count)s", count=imported.left_out)
        )
