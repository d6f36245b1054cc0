"""Import ESCO: stream every file into temporary tables, then merge these in the same transaction.

An import replaces only what its files cover: labels of one kind of concept in one language, the broader
concepts of the concepts listed, the skills of occupations. So imports of two languages add up; and a process
killed half-way leaves the previous taxonomy untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import psycopg
from sqlalchemy import CursorResult, text

from oim.features.occupations import esco_merge
from oim.features.occupations.esco_files import ISCO_COLUMNS, EscoFile, find_esco_files, parse_labels
from oim.features.occupations.store import TaxonomyCounts, count_taxonomy
from oim.kit.db import Database, WriteSession
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

StagedRow = tuple[str | None, ...]
Progress = Callable[[str, int], None]  # name of the file, and bytes read so far over all files


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: rows written or deleted, relations left out, and what the database holds now.

    A relation is left out when no file describes one of its two concepts.
    """

    changed: int
    left_out: int
    totals: TaxonomyCounts


def import_esco(database: Database, folder: Path, progress: Progress | None = None) -> ImportResult:
    """Import every ESCO file in a folder, completely or not at all; a second import changes nothing.

    `progress` is called while a file is read. Raises BadInputError for missing or malformed files, and
    ConflictError while another import runs.
    """
    files = find_esco_files(folder)
    # One import at a time: two merges that run together would each delete rows that the other inserts.
    with database.try_lock("taxonomy-import") as free:
        if not free:
            raise ConflictError(mark("Another import of the taxonomy runs. Wait for its end."))
        with database.write() as session:
            for statement in esco_merge.CREATE_STAGING:
                session.execute(text(statement))
            _stage_files(session, files, progress or _ignore_progress)
            # Indexes come after the rows: to fill a table that has none is faster.
            for statement in esco_merge.INDEX_STAGING:
                session.execute(text(statement))
            changed = sum(_execute(session, statement) for statement in esco_merge.MERGE)
            return ImportResult(changed, _count_unresolved(session), count_taxonomy(session))


def _ignore_progress(name: str, done: int) -> None:
    """Do nothing: the caller of the import asked for no progress."""


def _execute(session: WriteSession, statement: str) -> int:
    """Run a statement and return how many rows it wrote or deleted."""
    return cast("CursorResult[Any]", session.execute(text(statement))).rowcount


def _count_unresolved(session: WriteSession) -> int:
    """Count the staged relations that could not be stored."""
    return int(session.scalar(text(esco_merge.COUNT_UNRESOLVED)) or 0)


def _stage_files(session: WriteSession, files: list[EscoFile], progress: Progress) -> None:
    """Copy every file into the staging tables, reporting the bytes read over all of them."""
    before = 0  # bytes of the files already done
    for file in files:
        _stage_file(session, file, partial(_report_progress, progress, file.path.name, before))
        before += file.path.stat().st_size


def _report_progress(progress: Progress, name: str, before: int, done: int) -> None:
    """Report bytes read of one file as bytes read of all files."""
    progress(name, before + done)


def _stage_file(session: WriteSession, file: EscoFile, progress: Callable[[int], None]) -> None:
    """Stream one file into its staging table, in the session's transaction."""
    # COPY is the driver's, not SQLAlchemy's: it takes rows as they are read, with no file in memory.
    connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
    table = {"broader": "staged_broader", "relations": "staged_skills"}.get(file.content, "staged_labels")
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for line in file.read_lines(progress):
            for row in _to_staged_rows(file, line):
                copy.write_row(row)


def _to_staged_rows(file: EscoFile, line: dict[str, str]) -> Iterator[StagedRow]:
    """Yield the rows of the staging table that one line of a file becomes: one for each label or relation."""
    match file.content:
        case "broader":
            yield line["conceptUri"], line["broaderUri"]
        case "relations":
            yield line["occupationUri"], line["skillUri"], line["relationType"]
        case kind:
            # A code may be written with a leading C ("C7531"); the database stores the digits alone.
            isco = line.get(ISCO_COLUMNS.get(kind, ""), "").removeprefix("C") or None
            for label, sort in parse_labels(line).items():
                yield line["conceptUri"], kind, isco, file.language, label, sort
