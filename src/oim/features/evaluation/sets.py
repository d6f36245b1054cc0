"""Reading of evaluation sets: folders with queries, corpus elements, and judgements of which answer which.

`queries.tsv` and `corpus_elements.tsv` hold an id, a tab and a text on each line, without a header.
`annotations.tsv` is a TREC qrels file: query id, an unused column, corpus id, relevance. All are UTF-8.
An optional fourth file, `concept_mapping.tsv`, states which corpus ids name the same thing: a corpus id, a
tab and the id of the thing. This is the layout of the MELO benchmark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

QUERIES_FILE, CORPUS_FILE, ANNOTATIONS_FILE = "queries.tsv", "corpus_elements.tsv", "annotations.tsv"
REQUIRED_FILES = (QUERIES_FILE, CORPUS_FILE, ANNOTATIONS_FILE)
GROUPS_FILE = "concept_mapping.tsv"
_DUPLICATE_ID = mark("%(file)s, line %(line)s: the id %(id)s was given before.")
Judgements = dict[str, dict[str, int]]  # query id to corpus id to relevance


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Texts to search with, texts to find, and judgements. `ids`, `texts` and `groups` have one order."""

    name: str  # of the folder
    queries: dict[str, str]  # id to text; only queries with a judgement, the others cannot be measured
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    relevant: Judgements
    groups: tuple[str, ...] | None = None  # the id of the thing each text names, if the set states it


def read_set(folder: Path) -> EvaluationSet:
    """Read the set in a folder. Raises BadInputError, naming the file and line at fault."""
    if not folder.is_dir():
        raise BadInputError(mark("There is no folder %(folder)s."), folder=folder)
    for name in REQUIRED_FILES:
        if not (folder / name).is_file():
            raise BadInputError(mark("%(folder)s holds no file %(name)s."), folder=folder, name=name)
    queries, corpus = _read_texts(folder / QUERIES_FILE), _read_texts(folder / CORPUS_FILE)
    relevant = _read_judgements(folder / ANNOTATIONS_FILE, queries, corpus)
    judged = {key: text for key, text in queries.items() if key in relevant}
    texts = tuple(corpus.values())
    return EvaluationSet(
        folder.resolve().name, judged, tuple(corpus), texts, relevant, _read_groups(folder, corpus)
    )


def find_sets(folder: Path) -> list[Path]:
    """The folders of the sets inside a folder, by name; else the folder itself, as a set alone."""
    inner = sorted(path.parent for path in folder.glob(f"*/{QUERIES_FILE}"))
    # A folder with any file of a set is meant as a set: reading it then says which file is missing.
    if inner and not any((folder / name).exists() for name in REQUIRED_FILES):
        return inner
    return [folder]


def _read_groups(folder: Path, corpus: dict[str, str]) -> tuple[str, ...] | None:
    """The group of each corpus element, or None without the file. An element not in it is its own group."""
    if not (folder / GROUPS_FILE).is_file():
        return None
    group_by_id = _read_texts(folder / GROUPS_FILE)
    return tuple(group_by_id.get(key, key) for key in corpus)


def _read_texts(path: Path) -> dict[str, str]:
    """Read a file of ids and texts: id to text. Raises BadInputError for a missing or repeated id."""
    texts: dict[str, str] = {}
    for number, line in _read_lines(path):
        # A text may contain tabs: only the first one ends the id.
        key, tab, text = line.partition("\t")
        if not tab or not key.strip():
            raise _line_error(
                mark("%(file)s, line %(line)s: an id, a tab and a text are needed."), path, number
            )
        if key in texts:
            raise _line_error(_DUPLICATE_ID, path, number, key)
        texts[key] = text
    return texts


def _read_judgements(path: Path, queries: dict[str, str], corpus: dict[str, str]) -> Judgements:
    """Read the judgements. Raises BadInputError for a malformed line, an unknown id or a repeated pair."""
    judgements: Judgements = {}
    for number, line in _read_lines(path):
        # Qrels files have tabs or spaces; ids may contain spaces only where the columns have tabs.
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) != 4 or not columns[3].strip().lstrip("-").isdecimal():
            raise _line_error(
                mark("%(file)s, line %(line)s: a query id, 0, a corpus id and a whole number are needed."),
                path,
                number,
            )
        query, _, element, relevance = columns
        for key, known in ((query, queries), (element, corpus)):
            if key not in known:
                raise _line_error(mark("%(file)s, line %(line)s: there is no %(id)s."), path, number, key)
        judged = judgements.setdefault(query, {})
        if element in judged:
            raise _line_error(_DUPLICATE_ID, path, number, element)
        judged[element] = int(relevance)
    return judgements


def _read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1.

    Raises BadInputError when there is none, and for a line that is not UTF-8.
    """
    empty = True
    # Read as bytes and decoded line by line, so that an error can name its line.
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                # "-sig" drops the byte order mark that some editors put at the start of a file.
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                raise _line_error(
                    mark("%(file)s, line %(line)s: this is not UTF-8 text."), path, number
                ) from None
            if line.strip():
                empty = False
                yield number, line
    if empty:
        raise BadInputError(mark("%(file)s is empty."), file=path)


def _line_error(message: str, path: Path, number: int, id_: str = "") -> BadInputError:
    """The error for a line of a file."""
    return BadInputError(message, file=path, line=number, id=id_)
