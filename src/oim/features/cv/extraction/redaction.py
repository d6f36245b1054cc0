"""What a proposal must never hold: who somebody is, when they were born, where they live and are reached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from oim.features.cv.extraction.lines import GAP, Line
from oim.kit.text import fold

# A label and its colon: what stands between it and the next label is private.
_LABELS = (
    r"noms?(?: ?(?:et|&|/) ?prenoms?)?|prenoms?(?: ?(?:et|&|/) ?noms?)?|(?:full |first |last |family )?names?"
    r"|surname|date (?:et lieu )?de naissance|lieu de naissance|naissance|date (?:and place )?of birth|"
    r"place of birth|birth ?(?:date|day|year)?|nee?(?:\(e\))? ?le|dob|born|age|sexe|sex|gender|genre|"
    r"situation (?:matrimoniale|familiale|de famille)|statut matrimonial|etat civil|marital status|"
    r"nationalite|nationality|citoyennete|citizenship|religion|ethnie|(?:region|departement|village) "
    r"d'origine|region of origin|adresse(?: \w+)?|address|residence|lieu de residence|domicile|quartier|"
    r"ville|"
    r"city(?: of residence)?|location|telephones?|tel|mobile(?: phone)?|phone(?: number)?|cell(?:ulaire)?|"
    r"cell ?phone|portable|gsm|whatsapp|e-?mails?|mail|courriel|contacts?|linked ?in|skype|telegram|facebook|"
    r"git(?:hub)?|site web|web ?site|portfolio|b\.?p\.?|p\.?o\.? ?box|(?:n[o°] ?)?cni|passe?port|permit "
    r"number|nombre d'enfants|enfants|children|father|mother|pere|mere|taille|height|poids|weight"
)
_PUBLIC = (
    r"(?:\w+ )?(?:languages?|langues?(?: parlees?)?)|skills|competences|experiences?|formations?|education"
)
_LABEL = re.compile(rf"(?<![\w-])(?:(?P<private>{_LABELS})|{_PUBLIC})(?:\(e?s\))? ?:")
# What needs no colon, at the start of a line.
_OPENING = re.compile(
    r"(?:noms?|prenoms?|adresse|address|telephone|date (?:et lieu )?de naissance|lieu de naissance|"
    r"nee?(?:\(e\))? (?:le|en|vers|a)|nationalite|nationality|situation (?:matrimoniale|familiale)|"
    r"statut matrimonial|sexe|"
    r"born (?:on|in)|date of birth|place of birth|marital status|gender|religion|b\.?p\.? \d|p\.?o\.? ?box|"
    r"age \d|agee? de|celibataire|marie\(?e?\)?(?: |$)|\d+ (?:ans|years old)$|de nationalite)\b"
)
_CALLED = re.compile(r"(?<![a-z])(?:my name is|i am called|je m'?appelle|je me (?:nomme|prenomme))(?![a-z])")
_REACHED = re.compile(
    r"[^\s@,;:|()]+@[^\s@]+|(?i:https?://|www\.)\S+|(?i:linkedin|facebook|github)\.com/?\S*"
)
_NUMBER = re.compile(r"(?:\+|\b00)?\(?\d(?:[ \t().\u00a0/-]{0,2}\d){7,}")
_DATES = re.compile(r"(?:(?:\d{1,2}[ \t./-]+){0,2}(?:19|20)\d\d[ \t./-]*)+")
_NAMED = re.compile(r"(?:noms?|prenoms?|names?|surname)\b[^:]*:(?P<name>[^|\t]{2,60})")
_LETTERS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
TOP = 4  # lines among which a name stands alone
LONGEST_NAME = 5  # words


def public(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines, or what is left of them, without what is private. A label within a line begins another line."""
    for line in lines:
        if not line.text:
            yield line
        elif not _OPENING.match(line.flat) and not _CALLED.search(line.flat):
            for part in _parts(line):
                if part == line.text and reached_nowhere(part) == part:
                    yield line
                elif text := reached_nowhere(part).strip(f" {GAP}|,;"):
                    yield Line(text, line.bullet)


def _parts(line: Line) -> Iterator[str]:
    """The text before the first label, then what each public label tells."""
    found = list(_LABEL.finditer(line.flat))
    if not found:
        yield line.text
        return
    yield line.text[: found[0].start()]
    for label, following in zip(found, [*found[1:], None], strict=True):
        if not label["private"]:
            yield line.text[label.start() : following.start() if following else None]


def reached_nowhere(text: str) -> str:
    """A text without addresses and numbers."""
    return _NUMBER.sub(
        lambda number: number[0] if _DATES.fullmatch(number[0]) else "", _REACHED.sub("", text)
    )


def names(lines: list[Line], is_else: Callable[[Line], bool]) -> frozenset[str]:
    """The folded words of the person's name, as a label tells it, or as it stands alone above the rest."""
    told: set[str] = set()
    for line in lines:
        if found := _NAMED.match(line.flat):
            told.update(_words(line.text[found.start("name") : found.end("name")]))
    alone = (line for line in islice((line for line in lines if line.text), TOP) if _is_name(line))
    for line in alone:
        if not is_else(line):
            told.update(_words(line.text))
    return frozenset(told)


def tells(text: str, name: frozenset[str]) -> bool:
    """Whether a text says the name: two words of it, or nothing else."""
    said = set(_words(text))
    return bool(said) and (len(said & name) >= 2 or said <= name)


def _is_name(line: Line) -> bool:
    said = _LETTERS.findall(line.text)
    bare = _LETTERS.sub("", line.text).strip(" .\t")
    return 2 <= len(said) <= LONGEST_NAME and not bare and all(word[0].isupper() for word in said)


def _words(text: str) -> list[str]:
    return [fold(word) for word in _LETTERS.findall(text) if len(word) > 1]
