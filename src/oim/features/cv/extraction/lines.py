"""Cleaning the lines of a CV, and splitting a line into its pieces.

A piece is what a separator sets apart within a line: `Maçon, Chantier du port - Kribi` has three.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from oim.kit.text import fold

MAX_LINE_LENGTH = 400  # characters of a line that are read
MIN_SPACED_LETTERS = 4  # letters of a word with a space after each letter; "C V" has too few
COLUMN_GAP = "\t"  # stands between columns, and for every gap of more than one space
# "• ", "- ", "►", "o " at the start of a line.
_BULLET = re.compile(r"^(?:[•●▪■◦○∙·➢➤►▶✓✔❖*+~§«>-]|[–—]|o(?=\s))+\s*")
_YEAR = r"(?:19|20)\d\d"
# A span broken over two lines: "2015 -", then "2018" or "présent".
_OPEN_SPAN = re.compile(rf"{_YEAR}\s*(?:[-–—/]|à|au|to|until)$")
_SPAN_CONTINUATION = re.compile(
    rf"(?i)\W*(?:{_YEAR}|\d\d?[/.]\d|[^\W\d]{{3,9}}\.? {_YEAR}|pr[eé]sent|aujourd|now|today|ce jour|"
    r"nos jours)"
)
_WIDE_SPACE = re.compile(r"[ \u00a0]*\t\s*|[ \u00a0]{2,}")
# "Nom ......... Awa"
_LEADER_DOTS = re.compile(r"[._…]{4,}")
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)|\[[^\[\]]*(?:\]|$)")
_PIECE_SEPARATOR = re.compile(
    # The end of a sentence, tab, "|", a dash or bullet between spaces, ":", ";", "," except in "1,5", " @ ".
    r"(?<=[a-z]{3})\.\s+(?=[A-ZÀ-Ý])|\t|\||\s[-–—•]+\s|\s[-–—]+(?=[^\W\d_])|[;:](?=\s|$)|,(?!\d)|\s/\s|\s@\s"
    # "Caissière chez Santa Lucia", "stage au sein de la CNPS".
    r"|\s(?i:(?:chez|at)\s|(?:au sein|pour le compte|aupr[eè]s) (?:(?:de la|du|des|de)\s|(?:de l|"
    r"d)['’]))(?=\S)"
    # Before a capital only: "Infirmière à l'Hôpital de District", not "aide à domicile".
    r"|\s(?:à l['’]|dans l['’]|(?:à la|à|au|aux|dans (?:la|le|les|une|un)|in|with)\s)(?=[A-ZÀ-Ý])"
)
# Labels within an entry: "Poste : Caissière", "Période : 2015 - 2018".
_FIELD_LABEL = re.compile(
    r"roles?|positions?|postes?(?: occupes?)?|fonctions?(?: occupees?)?|(?:job )?titles?|titre|qualite|"
    r"designation|en qualite d[e']|employeur|employer|entreprise|company|structure|societe|organisation|"
    r"organization|"
    r"institution|lieu|periode?|period|duree|duration|dates?|secteur|tel|en tant que|comme|as"
)
_EDGE_SIGNS = " \t-–—:;,.|/\\()[]•*'\"«»_=<>~’"


@dataclass(frozen=True)
class Line:
    """A line, and whether a sign such as a bullet marks it as the item of a list."""

    text: str
    bullet: bool = False

    @cached_property
    def folded_text(self) -> str:
        """The text in small letters without accents, letter for letter, so that offsets stay the same."""
        return "".join(map(_fold_letter, self.text))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(re.findall(r"[a-z0-9]+", fold(self.text)))


def clean_lines(raw: Iterable[str]) -> list[Line]:
    """Clean lines, and join a span of dates broken over two. Empty lines stay, as ends of paragraphs."""
    lines: list[Line] = []
    for line in map(_clean_line, raw):
        joined = f"{lines[-1].text} {line.text}" if lines else ""
        # Not longer than one line may be: "2015 -" may stand on every line of a page.
        is_short = 0 < len(joined) <= MAX_LINE_LENGTH
        if is_short and _OPEN_SPAN.search(lines[-1].text) and _SPAN_CONTINUATION.match(line.text):
            lines[-1] = Line(joined, lines[-1].bullet)
        else:
            lines.append(line)
    return lines


def _clean_line(raw: str) -> Line:
    """Clean one line: no control characters, wide gaps as tabs, spaced words joined, no bullet."""
    printable = "".join(letter if letter.isprintable() else COLUMN_GAP for letter in raw[:MAX_LINE_LENGTH])
    text = _join_spaced_words(_LEADER_DOTS.sub(COLUMN_GAP, printable)).strip()
    bare = _BULLET.sub("", text)
    return Line(bare, bullet=bare != text)


def _join_spaced_words(text: str) -> str:
    """Turn wide gaps into tabs, and spaced words into words: `W O R K  H I S T O R Y`."""
    return COLUMN_GAP.join(map(_unspace, _WIDE_SPACE.split(text)))


def _unspace(words: str) -> str:
    """Join the letters of a spaced word; other words stay as they are."""
    tokens = words.split(" ")
    is_spaced = len(tokens) >= MIN_SPACED_LETTERS and all(len(token) <= 2 for token in tokens)
    # Programs leave a pair of letters together now and then ("P R O F E SS I O N"), so two thirds suffice.
    if is_spaced and sum(len(token) == 1 for token in tokens) * 3 >= len(tokens) * 2:
        return "".join(tokens)
    return words


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    """Fold one letter to exactly one; of a ligature only its first letter stays."""
    return "'" if letter in "’‘ʼ`´" else unicodedata.normalize("NFKD", letter)[0].lower()[0]


def split_pieces(text: str) -> list[str]:
    """Split a text into its pieces, without what is in brackets and without labels."""
    pieces = (trim_piece(part) for part in _PIECE_SEPARATOR.split(_BRACKETS.sub(" ", text)) if part)
    return [piece for piece in pieces if piece and not _FIELD_LABEL.fullmatch(fold(piece))]


def strip_label(text: str) -> str:
    """Remove a leading label: `Poste : Caissière` becomes `Caissière`."""
    label, colon, value = text.partition(":")
    return value.strip(" .") if colon and _FIELD_LABEL.fullmatch(fold(label)) else text


def trim_piece(text: str) -> str:
    """Trim the signs around a piece, with single spaces within; "" where fewer than two letters remain."""
    trimmed = " ".join(text.split()).strip(_EDGE_SIGNS)
    return trimmed if sum(letter.isalpha() for letter in trimmed) >= 2 else ""
