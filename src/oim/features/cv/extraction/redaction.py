"""Removal of personal data that a proposal must never hold: identity, birth, address, contacts.

It removes whole lines and parts of lines, before anything is extracted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from oim.features.cv.extraction.lines import COLUMN_GAP, Line
from oim.kit.text import fold

# Labels before a colon: what stands between such a label and the next one is private.
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
# Labels that end a private part within a line: "Age : 30  Langues : français".
_PUBLIC_LABELS = (
    r"(?:\w+ )?(?:languages?|langues?(?: parlees?)?)|skills|competences|experiences?|formations?|education"
)
_LABEL = re.compile(rf"(?<![\w-])(?:(?P<private>{_PRIVATE_LABELS})|{_PUBLIC_LABELS})(?:\(e?s\))? ?:")
# Starts of private lines that need no colon: "Né le 12/03/1990 à ...", "Célibataire", "BP 1234".
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
# Mail addresses, URLs, names of accounts.
_CONTACT = re.compile(
    r"[^\s@,;:|()]+@[^\s@]+|(?i:https?://|www\.)\S+|(?i:linkedin|facebook|github)\.com/?\S*"
)
# Eight digits or more, at most two separators between any: "+237 6 77 00 11 22", "(237) 699.88.77.66".
_PHONE_NUMBER = re.compile(r"(?:\+|\b00)?\(?\d(?:[ \t().\u00a0/-]{0,2}\d){7,}")
# What looks like a telephone number and is dates: "2015 - 2018", "01/03/2015 30/06/2018".
_DATES = re.compile(r"(?:(?:\d{1,2}[ \t./-]+){0,2}(?:19|20)\d\d[ \t./-]*)+")
# "Nom : NGONO", "Noms et prénoms : Ngono Marie", up to the next column.
_NAME_LABEL = re.compile(r"(?:noms?|prenoms?|names?|surname)\b[^:]*:(?P<name>[^|\t]{2,60})")
# A word of letters, also "Jean-Paul" and "N'Gono".
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
NAME_LINES = 4  # first lines of a CV, among which a name may stand without a label
MAX_NAME_WORDS = 5  # words of a name


def redact_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines without their private parts; each public part of a line becomes a line of its own."""
    for line in lines:
        if not line.text:
            yield line
        elif not _PRIVATE_START.match(line.folded_text) and not _SELF_INTRODUCTION.search(line.folded_text):
            for part in _split_public_parts(line):
                # The line itself where nothing was removed, since it caches its folded text.
                if part == line.text and redact_contacts(part) == part:
                    yield line
                elif text := redact_contacts(part).strip(f" {COLUMN_GAP}|,;"):
                    yield Line(text, line.bullet)


def _split_public_parts(line: Line) -> Iterator[str]:
    """Yield the text before the first label, then each public label with the text after it."""
    labels = list(_LABEL.finditer(line.folded_text))
    if not labels:
        yield line.text
        return
    yield line.text[: labels[0].start()]
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        if not label["private"]:
            yield line.text[label.start() : following.start() if following else None]


def redact_contacts(text: str) -> str:
    """Remove mail addresses, URLs and telephone numbers from a text; dates stay."""
    return _PHONE_NUMBER.sub(
        lambda number: number[0] if _DATES.fullmatch(number[0]) else "", _CONTACT.sub("", text)
    )


def find_owner_names(lines: list[Line], is_heading_or_title: Callable[[Line], bool]) -> frozenset[str]:
    """Find the folded words of the person's name: after a label, or alone on one of the first lines.

    `is_heading_or_title` excludes lines that only look like a name.
    """
    names: set[str] = set()
    for line in lines:
        if match := _NAME_LABEL.match(line.folded_text):
            # Matched in folded text and cut from the text itself: offsets are the same in both.
            names.update(_fold_words(line.text[match.start("name") : match.end("name")]))
    candidates = (
        line for line in islice((line for line in lines if line.text), NAME_LINES) if _is_person_name(line)
    )
    for line in candidates:
        if not is_heading_or_title(line):
            names.update(_fold_words(line.text))
    return frozenset(names)


def mentions_name(text: str, name: frozenset[str]) -> bool:
    """Whether a text has two words of the name, or consists of its words only."""
    # One word of it among others proves nothing: "Quincaillerie Mbarga" may be somebody's employer.
    words = set(_fold_words(text))
    return bool(words) and (len(words & name) >= 2 or words <= name)


def _is_person_name(line: Line) -> bool:
    """Whether a line may be a person's name: two to five words, each with a capital, and no other sign."""
    words = _WORD.findall(line.text)
    other_signs = _WORD.sub("", line.text).strip(" .\t")
    return 2 <= len(words) <= MAX_NAME_WORDS and not other_signs and all(word[0].isupper() for word in words)


def _fold_words(text: str) -> list[str]:
    """List the folded words of a text, without initials."""
    return [fold(word) for word in _WORD.findall(text) if len(word) > 1]
