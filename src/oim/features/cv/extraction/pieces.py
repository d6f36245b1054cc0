"""What a line says besides its dates: its pieces, in their order."""

from __future__ import annotations

import re

from oim.kit.text import fold

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
