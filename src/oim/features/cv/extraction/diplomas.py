"""Diplomas in French and English, and the ISCED 2011 level of each, beside those that ingestion knows."""

from __future__ import annotations

import re

from oim.features.ingestion import certificate_level
from oim.kit.text import fold

# Short forms are words of other meanings too ("ma", "bs"), so capitals and full stops tell.
_ABBREVIATION_LEVELS = tuple(
    (re.compile(rf"(?<![\w.])(?:{forms})(?![\w+#])"), level)
    for forms, level in (
        (r"Ph\.? ?D|PHD|D\.?B\.?A|D\.?Sc", 8),
        (r"M\.? ?A|M\.? ?[Ss]c|M\.? ?S|M\.?Tech|M\.?Eng|MBA|LL\.?M|M\.?Phil|M\.?Ed", 7),
        (r"B\.? ?A|B\.? ?[Ss]c|B\.?S|B\.?Tech|B\.?Eng|BBA|LL\.?B|B\.?Ed|DIPET|DIPES", 6),
        (r"CAPIEMP|BEP", 3),
    )
)
_PHRASE_LEVELS = tuple(
    (re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"), level)
    for words, level in (
        (r"docteur en|doctoral|doctorate|these de doctorat", 8),
        (r"dipes ?(?:ii|2)|dipet ?(?:ii|2)|diplome d'ingenieur|postgraduate|magister|maitrise", 7),
        (r"bachelor\w*|graduate degree|degree in|licenciee? en", 6),
        (r"(?:brevet de )?technicien superieur|higher (?:national )?diploma|higher technician", 5),
        (r"diplome d'etat d'infirmi\w+|infirmi\w+ diplomee? d'etat", 5),
        (r"capacite en droit|grade (?:one|two|1|2|i{1,2}) certificate|teacher'?s? grade", 4),
        (r"matriculation|secondary (?:school )?(?:certificate|diploma)|senior secondary", 3),
        (r"junior secondary|brevet d'etudes du premier cycle", 2),
    )
)
_NOT_A_DIPLOMA = re.compile(  # what sounds like a diploma and is none
    r"(?i)scrum ?masters?|master ?(?:data|class|plan|card|piece)s?|quarter ?masters?|driving licen[cs]es?|"
    r"licen[cs]e (?:key|b\b)|permis\b|licences? de (?:conduire|logiciel)s?|software licen[cs]es?|cap sur|"
    r"primary (?:language|key)s?"
)
_UNFINISHED = re.compile(
    r"(?<![a-z])(?:niveau(?! (?:d'etudes?|scolaire))|level of|en cours|ongoing|in progress|unfinished|"
    r"incomplete|not (?:completed|finished)|inacheve\w*|no diploma|non obtenue?|sans obtention|abandon\w*|"
    r"candidate? (?:a|au|for)|expected|(?:licence|master|bts|dut) ?(?:1|i)(?![a-z0-9])|licence 2|[lm] ?1|"
    r"l ?2|"
    r"(?:1|2|premiere|deuxieme|first|second|third|last)[a-z]* (?:annee|year)|year student|annee de licence|"
    r"current(?:ly)?|etudiante?|students?)(?![a-z])"
)
_OBTAINED = re.compile(r"(?<![a-z])(?<!non )(?:obtenue?s?|obtained|graduated)(?![a-z])")


def detect_level(words: str) -> int | None:
    """The ISCED 2011 level of the highest diploma that words name, whether held or not."""
    told = _NOT_A_DIPLOMA.sub(" ", words)
    said = fold(told)
    found = [value for pattern, value in _ABBREVIATION_LEVELS if pattern.search(told)]
    found += [value for pattern, value in _PHRASE_LEVELS if pattern.search(said)]
    stated = None if said.isdigit() else certificate_level(said)
    return max(found if stated is None else [*found, stated], default=None)


def is_obtained(words: str) -> bool:
    """Whether words name a diploma without saying that it is not held, or not yet."""
    said = fold(words)
    return bool(_OBTAINED.search(said)) or not _UNFINISHED.search(said)
