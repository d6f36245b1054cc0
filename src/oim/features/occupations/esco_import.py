"""ESCO into the database: every file streamed into passing tables, then merged in the same transaction.

What an import brings takes the place of what it replaces: the labels of a kind in a language, the relations
of a file. So two folders in two languages add up, and a kill half-way leaves the former taxonomy whole.
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
Progress = Callable[[str, int], None]  # a file's name, and how many of all bytes were read


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: rows written or taken away, relations to concepts unknown, and what is now held."""

    changed: int
    left_out: int
    held: TaxonomyCounts


def import_esco(database: Database, folder: Path, progress: Progress | None = None) -> ImportResult:
    """Import every file of ESCO in a folder, whole or not at all; done twice, it changes nothing.

    Raises BadInputError for files missing or misshapen, ConflictError while another import runs.
    """
    files = find_esco_files(folder)
    with database.try_lock("taxonomy-import") as free:
        if not free:
            raise ConflictError(mark("Another import of the taxonomy runs. Wait for its end."))
        with database.write() as session:
            for statement in esco_merge.CREATE_STAGING:
                session.execute(text(statement))
            _stage_files(session, files, progress or _ignore_progress)
            for statement in esco_merge.INDEX_STAGING:
                session.execute(text(statement))
            changed = sum(_execute(session, statement) for statement in esco_merge.MERGE)
            return ImportResult(changed, _count_unresolved(session), count_taxonomy(session))


def _ignore_progress(name: str, done: int) -> None:
    """Nobody watches."""


def _execute(session: WriteSession, statement: str) -> int:
    return cast("CursorResult[Any]", session.execute(text(statement))).rowcount


def _count_unresolved(session: WriteSession) -> int:
    return int(session.scalar(text(esco_merge.COUNT_UNRESOLVED)) or 0)


def _stage_files(session: WriteSession, files: list[EscoFile], progress: Progress) -> None:
    before = 0
    for file in files:
        _stage_file(session, file, partial(_report_progress, progress, file.path.name, before))
        before += file.path.stat().st_size


def _report_progress(progress: Progress, name: str, before: int, done: int) -> None:
    progress(name, before + done)


def _stage_file(session: WriteSession, file: EscoFile, progress: Callable[[int], None]) -> None:
    connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
    into = {"broader": "staged_broader", "relations": "staged_skills"}.get(file.content, "staged_labels")
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for line in file.read_lines(progress):
            for row in _to_staged_rows(file, line):
                copy.write_row(row)


def _to_staged_rows(file: EscoFile, line: dict[str, str]) -> Iterator[StagedRow]:
    match file.content:
        case "broader":
            yield line["conceptUri"], line["broaderUri"]
        case "relations":
            yield line["occupationUri"], line["skillUri"], line["relationType"]
        case kind:
            isco = line.get(ISCO_COLUMNS.get(kind, ""), "").removeprefix("C") or None
            for label, sort in parse_labels(line).items():
                yield line["conceptUri"], kind, isco, file.language, label, sort
