"""Places to go to in a text: the sentence that sends people to an office or an agency."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oim.features.ingestion.values.text import truncate
from oim.features.opportunities import Way, WayKind
from oim.kit.text import fold

MAX_LENGTH = 240  # characters of a sentence that says where to go
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«\d(])|\n")
# All patterns below are matched on folded text: lower case, without accents.
_PREMISES = (
    r"siege|bureaux?|guichet|secretariat|accueil|agences?|boutique|atelier|mairie|centre|delegation|antenne|"
    r"service du personnel|office|branch|shop|workshop|reception|council|counter|headquarters|agency|premises"
)
_PAPERS = r"(?:dossiers?|candidatures?|cv|demandes?|fiches?|plis?|lettres?|applications?|files?|forms?)"
_GO = re.compile(
    rf"\b(?:se presenter|presentez-vous|veuillez vous presenter|passez (?:nous voir|au|a)\b|"
    rf"(?:inscri\w+|recrut\w+|postul\w+|{_PAPERS}) sur place|"
    rf"rendez-vous (?:au|aux|a|dans|directement|en)\b|"
    rf"(?:depot|depos\w+|retir\w+|retrait|remis\w*)\b.{{0,60}}\b{_PAPERS}\b|{_PAPERS}\b.{{0,40}}\b(?:depos|retir)\w+|"
    rf"inscri\w+ (?:au|a|dans|en)\b.{{0,30}}\b(?:{_PREMISES})|venez (?:nous voir|avec|au|a la|deposer)\b|"
    rf"come to|come with|come and|walk[- ]in|visit (?:us|our|the|your)\b|in person|"
    rf"drop (?:off )?your|report to|call in at|"
    rf"(?:submit|bring|hand in|collect|register|apply|enrol)\b.{{0,60}}\bat (?:the|our|any)\b)"
)
_AGENCY = re.compile(
    r"\b(?:agences?|agency|agencies|branch(?:es)?|delegations?|antennes?|guichet unique)\b.{0,60}"
    r"\b(?:proche|votre|regionale?s?|locale?s?|departementale?s?|nearest|local|regional|fne|onefop|any)\b|"
    r"\b(?:votre|toute|chaque|nos|l'une de nos|une de nos|your|our|any|nearest|local|the nearest) (?:\w+ )?"
    r"(?:agences?|agency|agencies|branch(?:es)?|delegations?|antennes?)\b|\b(?:fne|onefop|anpe|pole emploi)\b"
)
# These send people elsewhere than to a place, whatever else the sentence says.
_ELSEWHERE = re.compile(
    r"en ligne|online|e-?mail|courriel|@|https?:|www\.|entretien|interview|(?:depos|remis)\w{0,12} par\b"
)


def find_visits(text: str) -> Iterator[Way]:
    """Yield the places to go to that a text names, each as the sentence that sends people there."""
    for sentence in _SENTENCE_END.split(text):
        folded = fold(sentence)
        if _GO.search(folded) and not _ELSEWHERE.search(folded):
            yield make_visit(sentence, _AGENCY.search(folded) is not None)


def make_visit(words: str, is_agency: bool, hours: str = "") -> Way:
    """A way that costs a journey, by the words that say where."""
    kind = WayKind.AGENCY if is_agency else WayKind.ADDRESS
    return Way(kind, truncate(" ".join(words.split()), MAX_LENGTH), hours)
