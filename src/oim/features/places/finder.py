"""Place recognition: find the place that a text means.

Names are compared as folded words (lower case, no accents), the longest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from oim.features.places.name_context import (
    AMBIGUOUS_NAMES,
    SEGMENT_END,
    has_place_context,
    split_segments,
    tokenise,
)
from oim.features.places.table import Place, get, load_rows

COUNTRY_NAMES = frozenset({"cameroun", "cameroon"})
_WRITTEN_WORD = re.compile(r"[^\W_]+")
MAX_NAME_WORDS = 5  # words; the longest name of the table has four

Mention = tuple[Place, ...]  # the places that one name may mean, likeliest first


def find(text: str) -> Place | None:
    """Find the place that a French or English text names, as precisely as the text does.

    Of several places, the first below the level of a region is meant. The name of a city with several
    communes ("Douala") means its department. A name that is also a common word counts only where the words
    around it confirm that it is a place.
    """
    # A text that is nothing but a name needs no context: "Ouest" is the region.
    return _choose_place(_match_whole_name(text) or _find_mentions(text))


def resolve(region: str | None, locality: str | None) -> Place | None:
    """Find the place that two columns of a feed name. A column holds a code or names ("Littoral - Douala").

    The locality decides. The region distinguishes homonyms and replaces an unknown locality.
    """
    return _choose_place([*_match_column(locality or ""), *_match_column(region or "")])


def find_name_words(text: str) -> frozenset[str]:
    """The folded words of a text that belong to names of places, so that a caller can leave them out."""
    return frozenset(
        word
        for words in map(tokenise, split_segments(text))
        for start, end, _ in _scan_names(words)
        for word in words[start:end]
    )


def find_written_name(text: str) -> str | None:
    """The name, as it is written in a text, of the place that `find` finds there: "Akwa", not its commune.

    None where the text names none.
    """
    chosen = find(text)
    if chosen is None:
        return None
    written = [
        text[words[start][0] : words[end - 1][1]]
        for words in _split_written(text)
        for start, end, mention in _scan_names([folded for *_, folded in words])
        if chosen in mention
    ]
    return written[0] if written else text.strip()


def _split_written(text: str) -> Iterable[list[tuple[int, int, str]]]:
    """The words of each segment of a text: where each begins and ends, and its folded form."""
    begin = 0
    for end, after in [*((cut.start(), cut.end()) for cut in SEGMENT_END.finditer(text)), (len(text), 0)]:
        yield [
            (word.start(), word.end(), folded)
            for word in _WRITTEN_WORD.finditer(text, begin, end)
            for folded in tokenise(word.group())
        ]
        begin = after


@cache
def _load_names() -> dict[str, Mention]:
    """The places that each folded name or alias may mean, likeliest first."""
    names: dict[str, Mention] = {}
    proper = [
        (name, row.place) for row in load_rows().values() for name in (row.place.name_fr, row.place.name_en)
    ]
    aliases = [(alias, row.place) for row in load_rows().values() for alias in row.aliases]
    # Own names first: "Bali" means the commune of that name before the quarter of Douala.
    for name, place in proper + aliases:
        key = " ".join(tokenise(name))
        if place not in names.get(key, ()):
            names[key] = (*names.get(key, ()), place)
    return names


def _match_column(text: str) -> list[Mention]:
    """The places that a column names: by a code, by nothing but names, or by names among other words."""
    # Feeds write region codes with and without the country: "CM-OU", "ou".
    code = text.strip().upper()
    coded = get(code) or get(f"CM-{code}")
    if coded:
        return [(coded,)]
    parts = [part for part in split_segments(text) if " ".join(tokenise(part)) not in COUNTRY_NAMES]
    named = [_match_whole_name(part) for part in parts]
    # Only if every part is a name: "Centre, Littoral" is two regions, but "Centre, quartier X" is free text.
    return [mention for mentions in named for mention in mentions] if all(named) else _find_mentions(text)


def _match_whole_name(text: str) -> list[Mention]:
    """The mention of the place whose name is the entire text; empty when there is none."""
    mention = _load_names().get(" ".join(tokenise(text)))
    return [mention] if mention else []


def _find_mentions(text: str) -> list[Mention]:
    """The mentions of places within a text, in its order."""
    return [mention for part in split_segments(text) for _, _, mention in _scan_names(tokenise(part))]


def _scan_names(words: list[str]) -> Iterable[tuple[int, int, Mention]]:
    """Yield each name among the words: the index of its first word, the index after its last, its mention."""
    start = 0
    while start < len(words):
        end, mention = _match_longest_name(words, start)
        if mention:
            yield start, end, mention
        start = end


def _match_longest_name(words: list[str], start: int) -> tuple[int, Mention]:
    """The index after the longest name that begins at `start`, and its mention; else `start + 1` and ()."""
    # Longest first: "Douala 5ème" is a commune, although "Douala" alone is a name too.
    for end in range(min(start + MAX_NAME_WORDS, len(words)), start, -1):
        name = " ".join(words[start:end])
        mention = _load_names().get(name)
        if mention and (name not in AMBIGUOUS_NAMES or has_place_context(words, start, end)):
            return end, mention
    return start + 1, ()


def _choose_place(mentions: list[Mention]) -> Place | None:
    """Choose the first place below the level of a region, else the first region, and make it more precise.

    Another name inside the chosen place is meant instead: the commune in "Noun, à Foumban".
    """
    if not mentions:
        return None
    local = [mention for mention in mentions if mention[0].level != "region"]
    chosen = _resolve_homonym((local or mentions)[0], mentions)
    # A code begins with its parent's code, so these lie in the chosen place; the longest is the most precise.
    within = [place for mention in local for place in mention if place.code.startswith(chosen.code)]
    return max(within, key=lambda place: len(place.code), default=chosen)


def _resolve_homonym(homonyms: Mention, mentions: list[Mention]) -> Place:
    """Of places with one name, the first that lies in another place named in the text, else the likeliest."""
    other_codes = {place.code for mention in mentions if mention != homonyms for place in mention}
    inside = [place for place in homonyms if any(place.code.startswith(code) for code in other_codes)]
    return (inside or homonyms)[0]
