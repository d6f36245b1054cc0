"""`oim taxonomy`: import the ESCO classification of occupations and skills into the database."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oim import bootstrap
from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, progress_bar, report, t
from oim.kit.i18n import mark
from oim.kit.settings import Settings

if TYPE_CHECKING:
    from oim.features.occupations import ImportResult


app = typer.Typer()

Folder = Annotated[
    Path, typer.Argument(help=t("Folder of ESCO's CSV files, v1.0 to v1.2, any language, plain or .gz."))
]
CONCEPT_LABELS = {
    "group": mark("ISCO groups"),
    "occupation": mark("occupations"),
    "skill_group": mark("groups of skills"),
    "skill": mark("skills"),
}


@app.command("import", help=t("Import the CSV files of ESCO; a second import changes only what differs. "
                              "Example: oim taxonomy import esco"))  # fmt: skip
def import_(folder: Folder, json_: AsJson = False) -> None:
    """Import the CSV files of a folder; print what the database holds then, and what changed."""
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import running_services
    from oim.features.occupations import find_esco_files, import_esco

    total = sum(file.path.stat().st_size for file in find_esco_files(folder))  # bytes
    with (
        running_services(Settings(), ("postgres",), report, prepare_database) as settings,
        progress_bar() as bar,
    ):
        task = bar.add_task(t("Reading"), total=total, detail="")

        def report_progress(name: str, done: int) -> None:
            bar.update(task, completed=done, detail=name)

        database = bootstrap.database(settings)
        try:
            result = import_esco(database, folder, report_progress)
        finally:
            database.close()
    _show(result, json_)


def _show(result: ImportResult, json_: bool) -> None:
    """Print the counts of an import: one JSON object, or four to five lines."""
    if json_:
        # The keys are part of the command's interface: they do not follow the names of the fields.
        document = {
            "changed": result.changed,
            "left_out": result.left_out,
            "held": asdict(result.totals),
        }
        print_json(document)
        return
    totals = result.totals  # of the database after the import, not of the files
    concepts = ", ".join(f"{count} {t(CONCEPT_LABELS[kind])}" for kind, count in totals.concepts.items())
    labels = ", ".join(f"{language} {count}" for language, count in totals.labels.items())
    output.print(t("Held: %(concepts)s", concepts=concepts), markup=False)
    output.print(t("Labels: %(labels)s", labels=labels), markup=False)
    output.print(
        t(
            "Relations: %(broader)s of hierarchy, %(skills)s of an occupation to a skill",
            broader=totals.broader,
            skills=totals.occupation_skills,
        )
    )
    output.print(t("Rows changed: %(changed)s", changed=result.changed))
    if result.left_out:
        output.print(
            t("Relations left out, of concepts that no file names: %(count)s", count=result.left_out)
        )
