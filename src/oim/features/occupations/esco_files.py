"""Find and read the CSV files in which ESCO (v1.0 to v1.2) is published.

Columns are looked up by name, because ESCO versions add columns and change their order.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

# From the file name, in lower case, to `taxonomy_concepts.kind`.
CONCEPT_KINDS = {
    "iscogroups": "group",
    "occupations": "occupation",
    "skillgroups": "skill_group",
    "skills": "skill",
}
# By content of a file: a line without a value in one of these columns is damaged. The order of the keys is
# the order in which the files of a folder are read.
REQUIRED_COLUMNS = {
    "group": ("conceptUri", "code", "preferredLabel"),
    "occupation": ("conceptUri", "iscoGroup", "preferredLabel"),
    "skill_group": ("conceptUri", "preferredLabel"),
    "skill": ("conceptUri", "preferredLabel"),
    "broader": ("conceptUri", "broaderUri"),
    "relations": ("occupationUri", "relationType", "skillUri"),
}
ISCO_COLUMNS = {"group": "code", "occupation": "iscoGroup"}
# "occupations_fr.csv", "skills_en.csv.gz", "broaderRelationsOccPillar.csv", and, in newer versions, with a
# language for relations too: "occupationSkillRelations_en.csv".
_FILE_NAME = re.compile(
    r"(?:(?P<concepts>ISCOGroups|occupations|skillGroups|skills)_(?P<language>[a-z]{2})"
    r"|(?P<broader>broaderRelations(?:Occ|Skill)Pillar)(?:_[a-z]{2})?"
    r"|(?P<relations>occupationSkillRelations)(?:_[a-z]{2})?)\.csv(?:\.gz)?",
    re.IGNORECASE,
)

STORED_COLUMNS = (
    "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "broaderUri", "occupationUri", "skillUri",
    "relationType", "code", "iscoGroup",
)  # fmt: skip
# Characters of a label. A label is part of a primary key, and PostgreSQL refuses index entries over 2.7 kB.
MAX_LABEL_LENGTH = 600
PROGRESS_INTERVAL = 512  # lines between two reports of progress

Progress = Callable[[int], None]  # bytes of the file read so far


@dataclass(frozen=True, slots=True)
class EscoFile:
    """A file of ESCO: its path, its content (a key of `REQUIRED_COLUMNS`), and the language of its labels.

    `language` is empty for files of relations.
    """

    path: Path
    content: str
    language: str = ""

    def read_lines(self, progress: Progress) -> Iterator[dict[str, str]]:
        """Yield each line as a mapping from column name to value, reporting the bytes read so far.

        Raises BadInputError for a file that is damaged or is not what its name says.
        """
        try:
            with self.path.open("rb") as raw:
                yield from self._read_checked_lines(raw, progress)
        except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
            raise BadInputError(
                mark(
                    "%(file)s cannot be read as CSV in UTF-8: it is damaged, or not the file it is named for."
                ),
                file=self.path.name,
            ) from error

    def _read_checked_lines(self, raw: BinaryIO, progress: Progress) -> Iterator[dict[str, str]]:
        """Yield the lines of an open file, unpacked where needed, and refuse the first incomplete one."""
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if self.path.suffix.lower() == ".gz" else raw
        # utf-8-sig: some releases start with a byte-order mark, which would become part of the first column's
        # name. strict: a quote that is never closed is an error instead of one huge field.
        with io.TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            required, present = REQUIRED_COLUMNS[self.content], reader.fieldnames or ()
            self._check_columns(required, present)
            stored = [name for name in STORED_COLUMNS if name in present]
            for number, line in enumerate(reader):
                if not all(line[name] for name in required) or not _is_storable(line, stored):
                    raise BadInputError(
                        mark("%(file)s is cut short or damaged at line %(line)s."),
                        file=self.path.name,
                        line=reader.line_num,
                    )
                yield line
                # The position in the packed file: progress is compared with the size of the file on disk.
                if number % PROGRESS_INTERVAL == 0:
                    progress(raw.tell())

    def _check_columns(self, required: Sequence[str], present: Sequence[str]) -> None:
        """Raise BadInputError when the header has not every required column."""
        if missing := [name for name in required if name not in present]:
            raise BadInputError(
                mark("%(file)s has no column %(columns)s: is it a file of ESCO?"),
                file=self.path.name,
                columns=", ".join(missing),
            )


def find_esco_files(folder: Path) -> list[EscoFile]:
    """Return the ESCO files in a folder, files of concepts before files of relations.

    Raises BadInputError when there is no such folder, or no file of occupations in it.
    """
    if not folder.is_dir():
        raise BadInputError(mark("There is no folder %(path)s."), path=folder)
    files = [file for path in sorted(folder.iterdir()) if path.is_file() and (file := _recognise_file(path))]
    if not any(file.content == "occupation" for file in files):
        raise BadInputError(
            mark("%(path)s holds no occupations_fr.csv or occupations_en.csv (any language, plain or .gz)."),
            path=folder,
        )
    return sorted(files, key=lambda file: list(REQUIRED_COLUMNS).index(file.content))


def _is_storable(line: dict[str, str], columns: Sequence[str]) -> bool:
    """Whether the database can store these columns: no label is too long, and none has a NUL character."""
    stored_text = "\n".join([line[name] or "" for name in columns])
    # PostgreSQL's `text` cannot contain NUL: without this check the COPY would fail in mid-import.
    if "\0" in stored_text:
        return False
    # Most lines are short as a whole; only the others are looked at label by label.
    return len(stored_text) <= MAX_LABEL_LENGTH or all(
        len(name) <= MAX_LABEL_LENGTH for name in stored_text.splitlines()
    )


def _recognise_file(path: Path) -> EscoFile | None:
    """Return the ESCO file that a file name stands for, or None for any other file."""
    name = _FILE_NAME.fullmatch(path.name)
    if name is None:
        return None
    if name["concepts"]:
        return EscoFile(path, CONCEPT_KINDS[name["concepts"].lower()], name["language"].lower())
    return EscoFile(path, "broader" if name["broader"] else "relations")


def parse_labels(line: dict[str, str]) -> dict[str, str]:
    """Return every label of a concept's line with its sort: "preferred", "alt" or "hidden".

    A label listed twice gets the better sort.
    """
    # From the worst sort to the best: in the dict below a later entry replaces an earlier one.
    labels_by_sort = (
        ("hidden", line.get("hiddenLabels")),
        ("alt", line.get("altLabels")),
        ("preferred", line["preferredLabel"]),
    )
    # One cell holds several labels, a line each.
    return {
        " ".join(label.split()): sort
        for sort, labels in labels_by_sort
        for label in (labels or "").splitlines()
        if label.strip()
    }
