"""The reading order of a page whose text stands in columns, from its lines as they are laid out.

A PDF draws its text in any order. By position, a row is one line ("Caissière    2019 - 2022"); where two
columns each have headings of their own, the left one is read before the right one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from oim.features.cv.readers.date_cells import is_dates

MIN_GAP = 3  # spaces between two cells of a line
GUTTER = 2  # spaces between two columns, in each line of both
MIN_SHARED_LINES = 3  # lines with text in both columns
MAX_CROSSING_SHARE = 0.25  # lines across the gutter for each line with text on both sides
_GAP = re.compile(rf"(?<=\S) {{{MIN_GAP},}}(?=\S)")
MAX_HEADING_WORDS = 4
# Each place is compared with each line: a page has some 100 lines, and cells begin at some 20 places.
MAX_LINES = 300  # of a page, among which columns are looked for
MAX_STARTS = 100  # places at which most cells begin
# Words that begin headings, folded: columns have headings, the cells of a row have none.
_HEADING = re.compile(
    r"(?:mes |my |work |professional |personal )?(?:experience|formation|education|etude|diplome|competence|"
    r"skill|langue|language|profil|contact|coordonnee|interet|centre|loisir|hobb|reference|parcours|employment|cursus|"
    r"informatique|qualit|atout|savoir|projet|project|certifi|information|about|a propos|objectif)"
)


def has_cells(lines: Sequence[str]) -> bool:
    """Whether some line of a page has text in more than one place."""
    return any(map(_GAP.search, lines))


def order_lines(lines: Sequence[str]) -> list[str]:
    """Put the lines of a page in reading order; within a line, cells are separated by tabs."""
    gutter = _find_gutter(lines)
    if gutter is None:
        return [_GAP.sub("\t", line) for line in lines]
    ordered: list[str] = []
    left: list[str] = []
    right: list[str] = []
    for line in lines:
        if _crosses(line, gutter):
            ordered += [*left, *right, line]
            left, right = [], []
        else:
            left.append(line[:gutter])
            right.append(line[gutter:])
    return [
        _GAP.sub("\t", line.strip()) for line in (*ordered, *left, "", *right) if line.strip() or not line
    ]


def _find_gutter(lines: Sequence[str]) -> int | None:
    """Find where the right one of two columns begins, in characters; None where there is one column."""
    lines = lines[:MAX_LINES]
    starts = Counter(start for line in lines for start in _find_starts(line))
    # Where most lines have text on both sides; of equal ones the one furthest left, before indented items.
    shares = {
        start: sum(_is_shared(line, start) for line in lines) for start, _ in starts.most_common(MAX_STARTS)
    }
    gutter = max(shares, key=lambda start: (shares[start], -start), default=0)
    shared = [line for line in lines if gutter and _is_shared(line, gutter)]
    if len(shared) < MIN_SHARED_LINES:
        return None
    first, last = lines.index(shared[0]), len(lines) - 1 - lines[::-1].index(shared[-1])
    inside = lines[first : last + 1]
    crossing = sum(_crosses(line, gutter) for line in inside)
    dated = sum(any(is_dates(cell.strip()) for cell in _GAP.split(line)) for line in shared)
    if crossing > MAX_CROSSING_SHARE * len(shared) or 2 * dated > len(shared):
        return None
    sides = ([line[:gutter] for line in inside], [line[gutter:] for line in inside])
    return gutter if all(any(map(_is_heading, side)) for side in sides) else None


def _find_starts(line: str) -> Iterator[int]:
    """Yield where the cells of a line begin, the first excepted."""
    return (match.end() for match in _GAP.finditer(line))


def _is_shared(line: str, gutter: int) -> bool:
    """Whether a line has text on both sides of a gutter and none in it."""
    return not _crosses(line, gutter) and bool(line[:gutter].strip()) and bool(line[gutter:].strip())


def _crosses(line: str, gutter: int) -> bool:
    """Whether a line goes on across a gutter."""
    return bool(line[gutter - GUTTER : gutter].strip())


def _is_heading(cell: str) -> bool:
    """Whether a cell looks like a heading: in capitals, or few words that begin as headings do."""
    text = cell.strip(" :•-\t")
    letters = sum(map(str.isalpha, text))
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return (
        letters > len("BTS")
        and len(text.split()) <= MAX_HEADING_WORDS
        and not any(map(str.isdigit, text))
        and (text.isupper() or _HEADING.match(folded) is not None)
    )
