"""First stage: turn a profile into what an index can be queried by and a card compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from oim.features import occupations, places
from oim.features.free_text import Exclusions, find_kinds, read_wishes
from oim.features.matching.answer import MissingInfo
from oim.features.matching.bm25 import stem_query
from oim.features.matching.eligibility import add_youth_status
from oim.features.matching.eligibility_terms import extract_memberships
from oim.features.matching.index import Filters
from oim.features.matching.profile import Profile
from oim.features.matching.query_text import limit_stems, select_query_text, select_wishes
from oim.features.matching.verdict import Facts
from oim.features.occupations import Occupation, OccupationLink
from oim.features.opportunities import Kind
from oim.features.places import Place
from oim.kit.text import fold

MIN_SURE_SCORE = 0.5  # score of an occupation link from which the words name the trade with certainty
MAX_TRADES = 3  # that are shown as understood
_WORD = re.compile(r"\w+")
_BEGINNER = re.compile(
    r"\b(debutante?s?|beginners?|junior|sans experience|no experience|premier emploi|first job)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What was understood from a profile."""

    query_text: (
        str  # text to embed: their words and trades, of a long text the core; empty: none is distinctive
    )
    stems: dict[str, str]  # stem to the person's own word, without places and words of inexperience
    occupations: tuple[OccupationLink, ...]
    place: Place | None  # the place their text names, else where they live
    place_as_written: str  # the named place as they wrote it; empty when `place` is where they live
    has_own_words: bool  # whether the stems come from their text, not from trades they ticked
    experience_years: int | None  # 0 for a person who says to be a beginner
    kinds: frozenset[Kind]  # ticked, or detected in the text; empty: any
    exclusions: Exclusions  # what their text says they do not want
    filters: Filters
    facts: Facts
    profile: Profile
    # Text or place, if absent. What else to ask depends on the offers retrieved: see `list_missing_info`.
    missing_info: tuple[MissingInfo, ...]

    @property
    def sure_trades(self) -> tuple[Occupation, ...]:
        """The trades that the words name with certainty, each once, at most `MAX_TRADES`."""
        sure = [link.occupation for link in self.occupations if link.score >= MIN_SURE_SCORE]
        return tuple({trade.label_fr: trade for trade in sure}.values())[:MAX_TRADES]


@dataclass(frozen=True, slots=True)
class _ScannedText:
    """The person's text, folded and split into words once for all detectors."""

    text: str
    folded: str
    words: tuple[tuple[int, int, str], ...]  # start, end and folded form of each word, in order
    place_words: frozenset[str]  # folded words that name places


def _scan_text(text: str) -> _ScannedText:
    """Fold a text, split it into words and find the words that name places."""
    words = tuple((match.start(), match.end(), fold(match.group())) for match in _WORD.finditer(text))
    return _ScannedText(text, fold(text), words, places.find_name_words(text))


def understand(profile: Profile, at: datetime) -> Understanding:
    """Interpret a profile as of a point in time. No field of it is required."""
    wishes = read_wishes(profile.text)
    scanned = _scan_text(profile.text)
    # Most texts exclude nothing: they are scanned once.
    wished = scanned if wishes.text == profile.text else _scan_text(wishes.text)
    links = _link_occupations(profile, wishes.text)
    named_place = places.find(wishes.place_text)
    text_without_places = _remove_places(wished)
    has_own_words = bool(_stem_distinctive_words(text_without_places))
    # "je cherche un travail" says nothing to search by: then the names of the trades ticked are searched.
    text = text_without_places if has_own_words else ", ".join(link.occupation.label_fr for link in links)
    stems = _stem_distinctive_words(text)
    query_text = select_query_text(text, _find_unnamed_trades(text, links)) if stems else ""
    home = _find_home(profile)
    place = named_place or home
    facts = _build_facts(profile, scanned, home, at)
    return Understanding(
        query_text=query_text,
        stems=limit_stems(stems, stem_query(query_text)),
        occupations=links,
        place=place,
        place_as_written=_find_place_words(scanned, named_place) if named_place else "",
        has_own_words=has_own_words,
        experience_years=_detect_experience_years(profile, scanned),
        kinds=frozenset(profile.kinds) or find_kinds(wished.folded),
        exclusions=wishes.exclusions,
        filters=_build_filters(profile, facts, wishes.exclusions, at),
        facts=facts,
        profile=profile,
        missing_info=_list_missing_info(stems, place),
    )


def _build_filters(profile: Profile, facts: Facts, exclusions: Exclusions, at: datetime) -> Filters:
    """The conditions of the index query. Kinds detected in the text only rank; ticked kinds exclude."""
    remaining = tuple(kind for kind in Kind if kind not in exclusions.kinds) if exclusions.kinds else ()
    return Filters(
        at=at,
        kinds=profile.kinds or remaining,
        age=facts.age,
        gender=facts.gender,
        statuses=None if facts.statuses is None else add_youth_status(facts.statuses, facts.age),
        region=facts.region,
        education=facts.education,
    )


def _build_facts(profile: Profile, scanned: _ScannedText, home: Place | None, at: datetime) -> Facts:
    """The facts that decide eligibility. The region is where the person lives, not a place the text names."""
    return Facts(
        age=at.year - profile.birth_year if profile.birth_year else None,
        gender=profile.gender,
        statuses=profile.statuses or None,
        region=profile.region or (places.lineage(home.code)[0].code if home else None),
        education=profile.education,
        memberships=(
            extract_memberships(scanned.folded) if profile.memberships is None else profile.memberships
        ),
        documents=profile.documents,
        savings=profile.savings,
    )


def _stem_distinctive_words(text: str) -> dict[str, str]:
    """Map stems to words, for the words that distinguish offers: no stop words, no words for beginners."""
    return {stem: word for stem, word in stem_query(text).items() if not _BEGINNER.fullmatch(fold(word))}


def _link_occupations(profile: Profile, text: str) -> tuple[OccupationLink, ...]:
    """The trades ticked (valid codes, certain), else those that the text of wishes names."""
    stated = [occupations.get(code) for code in profile.occupations]
    if any(stated):
        return tuple(OccupationLink(occupation, 1.0) for occupation in stated if occupation)
    # A letter also names the trade of whom it is addressed to, and a CV those of referees.
    wished = occupations.link_text(select_wishes(text)).occupations
    if wished and wished[0].score >= MIN_SURE_SCORE:
        return wished
    return occupations.link_text(text).occupations


def _find_home(profile: Profile) -> Place | None:
    """Where the person lives, as precisely as they stated it."""
    for code in (profile.commune, profile.department, profile.region):
        if code and (place := places.get(code)):
            return place
    return None


def _find_unnamed_trades(text: str, links: tuple[OccupationLink, ...]) -> list[str]:
    """Names of trades described with certainty but in other words (« je couds »), to search for as well."""
    folded = fold(text)
    sure = [link.occupation.label_fr for link in links if link.score >= MIN_SURE_SCORE]
    return [name for name in sure if fold(name) not in folded]


def _remove_places(scanned: _ScannedText) -> str:
    """The text without the place names in it: offers are compared to them by distance, not by words."""
    pieces, end = [], 0
    for start, stop, word in scanned.words:
        if word in scanned.place_words:
            pieces += [scanned.text[end:start], " "]
            end = stop
    return "".join([*pieces, scanned.text[end:]]).strip(" ,.;")


def _find_place_words(scanned: _ScannedText, place: Place) -> str:
    """A place as the person wrote it, else its French name."""
    # Neighbouring words that name places belong together: "Bafoussam", "Abong-Mbang".
    runs = groupby(scanned.words, key=lambda word: word[2] in scanned.place_words)
    written = (
        " ".join(scanned.text[start:stop] for start, stop, _ in words) for is_place, words in runs if is_place
    )
    return next((run for run in written if places.find(run) == place), place.name_fr)


def _detect_experience_years(profile: Profile, scanned: _ScannedText) -> int | None:
    """Stated years of experience, else 0 if the text says that the person is a beginner."""
    if profile.experience_years is None and _BEGINNER.search(scanned.folded):
        return 0
    return profile.experience_years


def _list_missing_info(stems: dict[str, str], place: Place | None) -> tuple[MissingInfo, ...]:
    """What the profile lacks to distinguish offers, most useful first."""
    checks = ((MissingInfo.TEXT, not stems), (MissingInfo.PLACE, place is None))
    return tuple(info for info, is_missing in checks if is_missing)
