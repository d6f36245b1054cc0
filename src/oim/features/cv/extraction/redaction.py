"""What a proposal must never hold: who somebody is, when they were born, where they live and are reached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from oim.features.cv.extraction.lines import COLUMN_GAP, Line
from oim.kit.text import fold

# A label and its colon: what stands between it and the next label is private.
_PRIVATE_LABELS = (
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
_PUBLIC_LABELS = (
    r"(?:\w+ )?(?:languages?|langues?(?: parlees?)?)|skills|competences|experiences?|formations?|education"
)
_LABEL = re.compile(rf"(?<![\w-])(?:(?P<private>{_PRIVATE_LABELS})|{_PUBLIC_LABELS})(?:\(e?s\))? ?:")
# What needs no colon, at the start of a line.
_PRIVATE_START = re.compile(
    r"(?:noms?|prenoms?|adresse|address|telephone|date (?:et lieu )?de naissance|lieu de naissance|"
    r"nee?(?:\(e\))? (?:le|en|vers|a)|nationalite|nationality|situation (?:matrimoniale|familiale)|"
    r"statut matrimonial|sexe|"
    r"born (?:on|in)|date of birth|place of birth|marital status|gender|religion|b\.?p\.? \d|p\.?o\.? ?box|"
    r"age \d|agee? de|celibataire|marie\(?e?\)?(?: |$)|\d+ (?:ans|years old)$|de nationalite)\b"
)
_SELF_INTRODUCTION = re.compile(
    r"(?<![a-z])(?:my name is|i am called|je m'?appelle|je me (?:nomme|prenomme))(?![a-z])"
)
_CONTACT = re.compile(
    r"[^\s@,;:|()]+@[^\s@]+|(?i:https?://|www\.)\S+|(?i:linkedin|facebook|github)\.com/?\S*"
)
_PHONE_NUMBER = re.compile(r"(?:\+|\b00)?\(?\d(?:[ \t().\u00a0/-]{0,2}\d){7,}")
_DATES = re.compile(r"(?:(?:\d{1,2}[ \t./-]+){0,2}(?:19|20)\d\d[ \t./-]*)+")
_NAME_LABEL = re.compile(r"(?:noms?|prenoms?|names?|surname)\b[^:]*:(?P<name>[^|\t]{2,60})")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
NAME_LINES = 4  # lines among which a name stands alone
MAX_NAME_WORDS = 5  # words


def redact_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines, or what is left of them, without what is private. A label within a line begins another line."""
    for line in lines:
        if not line.text:
            yield line
        elif not _PRIVATE_START.match(line.folded_text) and not _SELF_INTRODUCTION.search(line.folded_text):
            for part in _split_public_parts(line):
                if part == line.text and redact_contacts(part) == part:
                    yield line
                elif text := redact_contacts(part).strip(f" {COLUMN_GAP}|,;"):
                    yield Line(text, line.bullet)


def _split_public_parts(line: Line) -> Iterator[str]:
    """The text before the first label, then what each public label tells."""
    found = list(_LABEL.finditer(line.folded_text))
    if not found:
        yield line.text
        return
    yield line.text[: found[0].start()]
    for label, following in zip(found, [*found[1:], None], strict=True):
        if not label["private"]:
            yield line.text[label.start() : following.start() if following else None]


def redact_contacts(text: str) -> str:
    """A text without addresses and numbers."""
    return _PHONE_NUMBER.sub(
        lambda number: number[0] if _DATES.fullmatch(number[0]) else "", _CONTACT.sub("", text)
    )


def find_owner_names(lines: list[Line], is_heading_or_title: Callable[[Line], bool]) -> frozenset[str]:
    """The folded words of the person's name, as a label tells it, or as it stands alone above the rest."""
    told: set[str] = set()
    for line in lines:
        if found := _NAME_LABEL.match(line.folded_text):
            told.update(_fold_words(line.text[found.start("name") : found.end("name")]))
    alone = (
        line for line in islice((line for line in lines if line.text), NAME_LINES) if _is_person_name(line)
    )
    for line in alone:
        if not is_heading_or_title(line):
            told.update(_fold_words(line.text))
    return frozenset(told)


def mentions_name(text: str, name: frozenset[str]) -> bool:
    """Whether a text says the name: two words of it, or nothing else."""
    said = set(_fold_words(text))
    return bool(said) and (len(said & name) >= 2 or said <= name)


def _is_person_name(line: Line) -> bool:
    said = _WORD.findall(line.text)
    bare = _WORD.sub("", line.text).strip(" .\t")
    return 2 <= len(said) <= MAX_NAME_WORDS and not bare and all(word[0].isupper() for word in said)


def _fold_words(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text) if len(word) > 1]
