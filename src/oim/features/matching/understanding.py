"""First stage: a profile becomes what can be asked of an index and compared with a card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from oim.features import occupations, places
from oim.features.matching.answer import MissingInfo
from oim.features.matching.bm25 import stem_query
from oim.features.matching.eligibility import add_youth_status
from oim.features.matching.eligibility_terms import extract_memberships
from oim.features.matching.index import Filters
from oim.features.matching.profile import Profile
from oim.features.matching.verdict import Facts
from oim.features.occupations import OccupationLink
from oim.features.opportunities import Kind
from oim.features.places import Place
from oim.kit.text import fold

_KIND_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.AGR,
        re.compile(
            r"\b(prets?(?![ -]a\b)|credits?|micro-?credits?|loans?|subventions?|grants?|fund(s|ing)?|capital|"
            r"financ(?!i(er|al)|es?\b)\w+|entrepren\w+|startup|installer a mon compte|agr|"
            r"activites? generatrices?|mon (propre )?(business|commerce|projet|activite)|"
            r"(own|small|my) (business|shop|trade))\b"
        ),
    ),
    (
        Kind.TRAINING,
        re.compile(
            r"\b(formations?|me former|apprendre|apprenti\w*|(?<!en )(?<!au )cours|stages? de formation|"
            r"certificat\w*|training|be trained|learn\w*|courses?|cqp|dqp)\b"
        ),
    ),
    (
        Kind.EMPLOYMENT,
        re.compile(
            r"\b(emplois?|boulot|travail\w*|cdi|cdd|salarie\w*|recrut\w+|embauche\w*|jobs?|hired?|employment)\b"
        ),
    ),
)
MIN_SURE_SCORE = 0.5  # of a trade, from its words
_WORD = re.compile(r"\w+")
_BEGINNER = re.compile(
    r"\b(debutante?s?|beginners?|junior|sans experience|no experience|premier emploi|first job)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What was understood of a profile."""

    query_text: str  # what to embed: their words and trades; empty when nothing tells offers apart
    stems: dict[str, str]  # stem to the person's own word, places and experience left out
    occupations: tuple[OccupationLink, ...]
    place: Place | None  # the one their words name, else where they live
    place_as_written: str  # that place as they wrote it; empty when it is where they live
    has_own_words: bool  # whether the stems come from what they said, not from trades they ticked
    experience_years: int | None  # years; 0 for who says to be a beginner
    kinds: frozenset[Kind]  # asked for, or told by the words; empty: any
    filters: Filters
    facts: Facts
    profile: Profile
    missing_info: tuple[MissingInfo, ...]  # of what tells offers apart; the rest hangs on the offers found


@dataclass(frozen=True, slots=True)
class _ReadText:
    """The person's text, folded and scanned once for all that looks at it."""

    text: str
    folded: str
    words: tuple[tuple[int, int, str], ...]  # start, end and folded form of each word, in order
    place_words: frozenset[str]  # folded words that name places


def _read_text(text: str) -> _ReadText:
    words = tuple((found.start(), found.end(), fold(found.group())) for found in _WORD.finditer(text))
    return _ReadText(text, fold(text), words, places.find_name_words(text))


def understand(profile: Profile, at: datetime) -> Understanding:
    """Read a profile as of an instant. Nothing of it is required."""
    read = _read_text(profile.text)
    linked = _link_occupations(profile)
    named = places.find(profile.text)
    said = _remove_places(read)
    own_words = bool(_stem_distinctive_words(said))
    text = said if own_words else ", ".join(link.occupation.label_fr for link in linked)
    stems = _stem_distinctive_words(text)
    home = _find_home(profile)
    place = named or home
    facts = _build_facts(profile, read, home, at)
    return Understanding(
        query_text=", ".join([text, *_find_unnamed_trades(text, linked)]) if stems else "",
        stems=stems,
        occupations=linked,
        place=place,
        place_as_written=_find_place_words(read, named) if named else "",
        has_own_words=own_words,
        experience_years=_detect_experience_years(profile, read),
        kinds=frozenset(profile.kinds) or _detect_kinds(read),
        filters=Filters(
            at=at,
            kinds=profile.kinds,
            age=facts.age,
            gender=facts.gender,
            statuses=None if facts.statuses is None else add_youth_status(facts.statuses, facts.age),
            region=facts.region,
            education=facts.education,
        ),
        facts=facts,
        profile=profile,
        missing_info=_list_missing_info(stems, place),
    )


def _build_facts(profile: Profile, read: _ReadText, home: Place | None, at: datetime) -> Facts:
    return Facts(
        age=at.year - profile.birth_year if profile.birth_year else None,
        gender=profile.gender,
        statuses=profile.statuses or None,
        region=profile.region or (places.lineage(home.code)[0].code if home else None),
        education=profile.education,
        memberships=extract_memberships(read.folded) if profile.memberships is None else profile.memberships,
        documents=profile.documents,
        savings=profile.savings,
    )


def _stem_distinctive_words(text: str) -> dict[str, str]:
    """Stem to word, of the words that tell offers apart."""
    return {stem: word for stem, word in stem_query(text).items() if not _BEGINNER.fullmatch(fold(word))}


def _link_occupations(profile: Profile) -> tuple[OccupationLink, ...]:
    stated = [occupations.get(code) for code in profile.occupations]
    if any(stated):
        return tuple(OccupationLink(occupation, 1.0) for occupation in stated if occupation)
    return occupations.link_text(profile.text).occupations


def _find_home(profile: Profile) -> Place | None:
    for code in (profile.commune, profile.department, profile.region):
        if code and (place := places.get(code)):
            return place
    return None


def _find_unnamed_trades(text: str, links: tuple[OccupationLink, ...]) -> list[str]:
    """The names of trades surely told in other words (« je couds »): their offers must be found too."""
    folded = fold(text)
    sure = [link.occupation.label_fr for link in links if link.score >= MIN_SURE_SCORE]
    return [name for name in sure if fold(name) not in folded]


def _remove_places(read: _ReadText) -> str:
    """The text less the places it names: these are sought on the map, not by likeness of words."""
    pieces, end = [], 0
    for start, stop, word in read.words:
        if word in read.place_words:
            pieces += [read.text[end:start], " "]
            end = stop
    return "".join([*pieces, read.text[end:]]).strip(" ,.;")


def _find_place_words(read: _ReadText, place: Place) -> str:
    """A place by the words that name it in a text, else by its French name."""
    runs = groupby(read.words, key=lambda word: word[2] in read.place_words)
    written = (
        " ".join(read.text[start:stop] for start, stop, _ in words) for is_place, words in runs if is_place
    )
    return next((run for run in written if places.find(run) == place), place.name_fr)


def _detect_kinds(read: _ReadText) -> frozenset[Kind]:
    """The kinds that the words ask for; all that are named, so « formation puis crédit » means both."""
    return frozenset(kind for kind, pattern in _KIND_PATTERNS if pattern.search(read.folded))


def _detect_experience_years(profile: Profile, read: _ReadText) -> int | None:
    if profile.experience_years is None and _BEGINNER.search(read.folded):
        return 0
    return profile.experience_years


def _list_missing_info(stems: dict[str, str], place: Place | None) -> tuple[MissingInfo, ...]:
    lacking = ((MissingInfo.TEXT, not stems), (MissingInfo.PLACE, place is None))
    return tuple(missing for missing, lacks in lacking if lacks)
