"""Lines of a CV made comparable, without those that tell who somebody is and where they are reached."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from oim.kit.text import fold

MAX_LINE_LENGTH = 400  # characters of a line that are looked at
MIN_SPACED_LETTERS = 4  # letters of a word whose letters stand apart
COLUMN_GAP = "\t"  # between columns, and wherever there was more than one space
_BULLET = re.compile(r"^(?:[•●▪■◦○∙·➢➤►▶✓✔❖*+~§«>-]|[–—]|o(?=\s))+\s*")
_YEAR = r"(?:19|20)\d\d"
_OPEN_SPAN = re.compile(rf"{_YEAR}\s*(?:[-–—/]|à|au|to|until)$")
_SPAN_CONTINUATION = re.compile(
    rf"(?i)\W*(?:{_YEAR}|\d\d?[/.]\d|[^\W\d]{{3,9}}\.? {_YEAR}|pr[eé]sent|aujourd|now|today|ce jour|"
    r"nos jours)"
)
_WIDE_SPACE = re.compile(r"[ \u00a0]*\t\s*|[ \u00a0]{2,}")
_LEADER_DOTS = re.compile(r"[._…]{4,}")
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)|\[[^\[\]]*(?:\]|$)")
_PIECE_SEPARATOR = re.compile(
    r"(?<=[a-z]{3})\.\s+(?=[A-ZÀ-Ý])|\t|\||\s[-–—•]+\s|\s[-–—]+(?=[^\W\d_])|[;:](?=\s|$)|,(?!\d)|\s/\s|\s@\s"
    r"|\s(?i:(?:chez|at)\s|(?:au sein|pour le compte|aupr[eè]s) (?:(?:de la|du|des|de)\s|(?:de l|"
    r"d)['’]))(?=\S)"
    r"|\s(?:à l['’]|dans l['’]|(?:à la|à|au|aux|dans (?:la|le|les|une|un)|in|with)\s)(?=[A-ZÀ-Ý])"
)
_FIELD_LABEL = re.compile(
    r"roles?|positions?|postes?(?: occupes?)?|fonctions?(?: occupees?)?|(?:job )?titles?|titre|qualite|"
    r"designation|en qualite d[e']|employeur|employer|entreprise|company|structure|societe|organisation|"
    r"organization|"
    r"institution|lieu|periode?|period|duree|duration|dates?|secteur|tel|en tant que|comme|as"
)
_EDGE_SIGNS = " \t-–—:;,.|/\\()[]•*'\"«»_=<>~’"


@dataclass(frozen=True)
class Line:
    """A line, and whether a sign set it apart as an item of a list."""

    text: str
    bullet: bool = False

    @cached_property
    def folded_text(self) -> str:
        """The text in small letters without accents, letter for letter."""
        return "".join(map(_fold_letter, self.text))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(re.findall(r"[a-z0-9]+", fold(self.text)))


def clean_lines(raw: Iterable[str]) -> list[Line]:
    """Every line, cleaned; an empty one stays, as a paragraph's end."""
    lines: list[Line] = []
    for one in map(_clean_line, raw):
        if lines and _OPEN_SPAN.search(lines[-1].text) and _SPAN_CONTINUATION.match(one.text):
            lines[-1] = Line(f"{lines[-1].text} {one.text}", lines[-1].bullet)
        else:
            lines.append(one)
    return lines


def _clean_line(raw: str) -> Line:
    printable = "".join(letter if letter.isprintable() else COLUMN_GAP for letter in raw[:MAX_LINE_LENGTH])
    text = _join_spaced_words(_LEADER_DOTS.sub(COLUMN_GAP, printable)).strip()
    bare = _BULLET.sub("", text)
    return Line(bare, bullet=bare != text)


def _join_spaced_words(text: str) -> str:
    """`W O R K  H I S T O R Y` as people mean it; programs leave a pair of letters together now and then."""
    return COLUMN_GAP.join(map(_unspace, _WIDE_SPACE.split(text)))


def _unspace(words: str) -> str:
    told = words.split(" ")
    spaced = len(told) >= MIN_SPACED_LETTERS and all(len(word) <= 2 for word in told)
    return "".join(told) if spaced and sum(len(word) == 1 for word in told) * 3 >= len(told) * 2 else words


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    return "'" if letter in "’‘ʼ`´" else unicodedata.normalize("NFKD", letter)[0].lower()[0]


def split_pieces(text: str) -> list[str]:
    """Its pieces, without what is said in brackets."""
    told = (trim_piece(part) for part in _PIECE_SEPARATOR.split(_BRACKETS.sub(" ", text)) if part)
    return [piece for piece in told if piece and not _FIELD_LABEL.fullmatch(fold(piece))]


def strip_label(text: str) -> str:
    """What stands after a label that says what it is: `Poste : Caissière`."""
    label, colon, rest = text.partition(":")
    return rest.strip(" .") if colon and _FIELD_LABEL.fullmatch(fold(label)) else text


def trim_piece(text: str) -> str:
    """A piece without signs around it, in single spaces; nothing where no letters are left."""
    said = " ".join(text.split()).strip(_EDGE_SIGNS)
    return said if sum(letter.isalpha() for letter in said) >= 2 else ""
