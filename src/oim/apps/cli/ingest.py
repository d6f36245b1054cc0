"""`oim ingest`: take offers in from a file or the shipped sample, and show which records were rejected."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import errors, output, progress_bar, t
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import fold

if TYPE_CHECKING:
    from oim.apps.cli.tools import Tools
    from oim.features.ingestion import Counts, SourceReader


app = typer.Typer()

MAX_SOURCE_LENGTH = 60  # characters
SourceName = Annotated[
    str | None, typer.Option(help=t("Name of what supplies these offers; the file's by default."))
]
OffersFile = Annotated[Path, typer.Argument(help=t("The file of offers."))]
MappingFile = Annotated[
    Path | None, typer.Option(help=t("Which column is what, as a TOML file: docs/mapping.md."))
]


@app.command("file", help=t("Take in a file: CSV, JSON Lines, JSON-LD in HTML, RSS or XML. "
                            "Example: oim ingest file offers.csv --source my-portal"))  # fmt: skip
def from_file(
    path: OffersFile, source: SourceName = None, mapping: MappingFile = None, json_: AsJson = False
) -> None:
    """Read a file, store and index its offers, and print the counts."""
    from oim.apps.cli.input_files import check_readable
    from oim.apps.cli.tools import check_room, index_all, open_tools
    from oim.features.ingestion import file_document, open_source, read_mapping

    slug = _clean(path.name.split(".")[0]) if source is None else _read_source(source)
    column_mapping = read_mapping(check_readable(mapping)) if mapping else None
    with open_source(file_document(check_readable(path)), slug, column_mapping) as reader:
        # Guesses before the tools: a person who sees a wrong one can stop before anything is stored.
        if not json_:
            _show_guesses(reader)
        with open_tools() as tools:
            check_room(tools)
            counts = _store_drafts(tools, reader, slug)
            index_all(tools)
    _show_counts(counts, json_)


@app.command("sample", help=t("Take in the sample offers that OIM ships. Example: oim ingest sample"))
def from_sample(json_: AsJson = False) -> None:
    """Store and index the sample; print the counts."""
    from oim.apps.cli.tools import check_room, load_sample, open_tools

    with open_tools() as tools:
        check_room(tools)
        counts = load_sample(tools)
    _show_counts(counts, json_)


@app.command("rejects", help=t("Show what the last run of each source refused. "
                               "Example: oim ingest rejects --source my-portal"))  # fmt: skip
def rejects(source: SourceName = None, json_: AsJson = False) -> None:
    """Print the row number, the reason and the beginning of each rejected record."""
    from oim.apps.cli.tools import open_tools
    from oim.features.ingestion import REJECT_REASONS, load_last_rejects

    with open_tools() as tools, tools.database.read() as session:
        rejected = load_last_rejects(session, source)
    if json_:
        rows = [
            {"origin": origin, **asdict(reject), "text": t(REJECT_REASONS[reject.reason])}
            for origin, reject in rejected
        ]
        print_json({"rejects": rows}, indent=2)
        return
    for origin, reject in rejected:
        detail = f" ({reject.detail})" if reject.detail else ""
        # In words: `file:12` would be read as a line, which a header and texts of several lines shift.
        place = t("%(file)s, record %(number)s:", file=origin, number=reject.number)
        output.print(f"{place} {t(REJECT_REASONS[reject.reason])}{detail}", markup=False)
        if reject.excerpt:
            output.print(f"    {reject.excerpt}", markup=False)
    if not rejected:
        output.print(t("Nothing was refused."))


def _read_source(name: str) -> str:
    """Return the name of a source. Raises BadInputError for one that is not clean, with one that would be."""
    if len(name) > MAX_SOURCE_LENGTH or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise BadInputError(
            mark(
                "The name of a source has small letters a to z, digits, and hyphens between them, %(most)s "
                "characters at most: %(clean)s, not %(given)s."
            ),
            field="source",
            most=MAX_SOURCE_LENGTH,
            clean=_clean(name),
            given=name,
        )
    return name


def _clean(name: str) -> str:
    """Make the name of a source of that of a file: `Offres_été_2026` becomes `offres-ete-2026`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name))[:MAX_SOURCE_LENGTH].strip("-") or "my-portal"


def _show_guesses(reader: SourceReader) -> None:
    """Print which column was guessed for each field of an unknown source, and why."""
    if not reader.guesses:
        return
    errors.print(t("This source is not known: its columns were guessed."))
    for guess in reader.guesses:
        line = f"  {guess.field:<16} <- {guess.column}  ({guess.confidence:.0%}, {t(guess.explanation)})"
        errors.print(line, markup=False)


def _store_drafts(tools: Tools, reader: SourceReader, source: str) -> Counts:
    """Store the offers of a source, with a progress bar; return the counts."""
    from oim.features.ingestion import ingest_offers

    with progress_bar() as bar:
        task = bar.add_task(t("Reading"), total=reader.bytes_total, detail="")

        def report_progress(counts: Counts) -> None:
            # Bytes measure progress, since the number of records is unknown until the end.
            bar.update(task, completed=reader.bytes_read(), detail=str(counts.read))

        return ingest_offers(
            tools.database,
            reader.drafts(),
            source=source,
            origin=reader.name,
            format_name=reader.format,
            on_progress=report_progress,
        )


def _show_counts(counts: Counts, json_: bool) -> None:
    """Print what a run did, and the commands for what needs a decision or a look."""
    if json_:
        fields = asdict(counts)
        # The JSON output names the field "held".
        fields["held"] = fields.pop("held_for_review")
        print_json(fields)
        return
    output.print(
        t(
            "%(read)s read: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(rejected)s rejected",
            **asdict(counts),
        )
    )
    if counts.held_for_review:
        output.print(
            t.plural(
                "%(count)s offer waits for your decision: oim trust queue",
                "%(count)s offers wait for your decision: oim trust queue",
                counts.held_for_review,
            )
        )
    if counts.rejected:
        output.print(t("To see what was rejected and why: oim ingest rejects"))
