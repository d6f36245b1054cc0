"""The files in which ESCO is published, v1.0 to v1.2: which a folder holds, and what their lines say.

A column is known by its name, since versions add some and change their order.
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

CONCEPT_KINDS = {
    "iscogroups": "group",
    "occupations": "occupation",
    "skillgroups": "skill_group",
    "skills": "skill",
}
REQUIRED_COLUMNS = {
    "group": ("conceptUri", "code", "preferredLabel"),
    "occupation": ("conceptUri", "iscoGroup", "preferredLabel"),
    "skill_group": ("conceptUri", "preferredLabel"),
    "skill": ("conceptUri", "preferredLabel"),
    "broader": ("conceptUri", "broaderUri"),
    "relations": ("occupationUri", "relationType", "skillUri"),
}
ISCO_COLUMNS = {"group": "code", "occupation": "iscoGroup"}
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
MAX_LABEL_LENGTH = 600  # characters of a name
PROGRESS_INTERVAL = 512  # lines between two words of progress

Progress = Callable[[int], None]  # bytes of the file read so far


@dataclass(frozen=True, slots=True)
class EscoFile:
    """A file of ESCO: what it holds (a key of `COLUMNS`), and of labels the language."""

    path: Path
    content: str
    language: str = ""

    def read_lines(self, progress: Progress) -> Iterator[dict[str, str]]:
        """Its lines by column. Raises BadInputError for a file that is not what its name says."""
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
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if self.path.suffix.lower() == ".gz" else raw
        with io.TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            self._check_columns(REQUIRED_COLUMNS[self.content], reader.fieldnames or ())
            for number, line in enumerate(reader):
                if not all(line[name] for name in REQUIRED_COLUMNS[self.content]) or not _is_storable(line):
                    raise BadInputError(
                        mark("%(file)s is cut short or damaged at line %(line)s."),
                        file=self.path.name,
                        line=reader.line_num,
                    )
                yield line
                if number % PROGRESS_INTERVAL == 0:
                    progress(raw.tell())

    def _check_columns(self, required: Sequence[str], present: Sequence[str]) -> None:
        if lacking := [name for name in required if name not in present]:
            raise BadInputError(
                mark("%(file)s has no column %(columns)s: is it a file of ESCO?"),
                file=self.path.name,
                columns=", ".join(lacking),
            )


def find_esco_files(folder: Path) -> list[EscoFile]:
    """The files of ESCO in a folder. Raises BadInputError where there are none that name concepts."""
    if not folder.is_dir():
        raise BadInputError(mark("There is no folder %(path)s."), path=folder)
    found = [file for path in sorted(folder.iterdir()) if path.is_file() and (file := _recognise_file(path))]
    if not any(file.content == "occupation" for file in found):
        raise BadInputError(
            mark("%(path)s holds no occupations_fr.csv or occupations_en.csv (any language, plain or .gz)."),
            path=folder,
        )
    return sorted(found, key=lambda file: list(REQUIRED_COLUMNS).index(file.content))


def _is_storable(line: dict[str, str]) -> bool:
    """Whether no label is longer than a name can be, and none holds what no text does."""
    told = "\n".join(line.get(name) or "" for name in STORED_COLUMNS)
    return "\0" not in told and all(len(name) <= MAX_LABEL_LENGTH for name in told.splitlines())


def _recognise_file(path: Path) -> EscoFile | None:
    name = _FILE_NAME.fullmatch(path.name)
    if name is None:
        return None
    if name["concepts"]:
        return EscoFile(path, CONCEPT_KINDS[name["concepts"].lower()], name["language"].lower())
    return EscoFile(path, "broader" if name["broader"] else "relations")


def parse_labels(line: dict[str, str]) -> dict[str, str]:
    """Every label of a concept's line, each with its sort; one said twice is of the better sort."""
    told = (
        ("hidden", line.get("hiddenLabels")),
        ("alt", line.get("altLabels")),
        ("preferred", line["preferredLabel"]),
    )
    return {
        " ".join(label.split()): sort
        for sort, said in told
        for label in (said or "").splitlines()
        if label.strip()
    }
