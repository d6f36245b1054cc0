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
from oim.features.occupations.esco_files import ISCO_COLUMN, EscoFile, find_files, labels
from oim.features.occupations.store import Held, held
from oim.kit.db import Database, WriteSession
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

Row = tuple[str | None, ...]
Progress = Callable[[str, int], None]  # a file's name, and how many of all bytes were read


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows written or taken away, relations to concepts unknown, and what is now held."""

    changed: int
    left_out: int
    held: Held


def import_esco(database: Database, folder: Path, progress: Progress | None = None) -> Imported:
    """Import every file of ESCO in a folder, whole or not at all; done twice, it changes nothing.

    Raises BadInputError for files missing or misshapen, ConflictError while another import runs.
    """
    files = find_files(folder)
    with database.try_lock("taxonomy-import") as free:
        if not free:
            raise ConflictError(mark("Another import of the taxonomy runs. Wait for its end."))
        with database.write() as session:
            for statement in esco_merge.STAGING:
                session.execute(text(statement))
            _stage_all(session, files, progress or _unheard)
            for statement in esco_merge.READYING:
                session.execute(text(statement))
            changed = sum(_count(session, statement) for statement in esco_merge.MERGE)
            return Imported(changed, _left_out(session), held(session))


def _unheard(name: str, done: int) -> None:
    """Nobody watches."""


def _count(session: WriteSession, statement: str) -> int:
    return cast("CursorResult[Any]", session.execute(text(statement))).rowcount


def _left_out(session: WriteSession) -> int:
    return int(session.scalar(text(esco_merge.LEFT_OUT)) or 0)


def _stage_all(session: WriteSession, files: list[EscoFile], progress: Progress) -> None:
    before = 0
    for file in files:
        _stage(session, file, partial(_told, progress, file.path.name, before))
        before += file.path.stat().st_size


def _told(progress: Progress, name: str, before: int, done: int) -> None:
    progress(name, before + done)


def _stage(session: WriteSession, file: EscoFile, progress: Callable[[int], None]) -> None:
    connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
    into = {"broader": "staged_broader", "relations": "staged_skills"}.get(file.holds, "staged_labels")
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for line in file.lines(progress):
            for row in _rows(file, line):
                copy.write_row(row)


def _rows(file: EscoFile, line: dict[str, str]) -> Iterator[Row]:
    match file.holds:
        case "broader":
            yield line["conceptUri"], line["broaderUri"]
        case "relations":
            yield line["occupationUri"], line["skillUri"], line["relationType"]
        case kind:
            isco = line.get(ISCO_COLUMN.get(kind, ""), "").removeprefix("C") or None
            for label, sort in labels(line).items():
                yield line["conceptUri"], kind, isco, file.language, label, sort
