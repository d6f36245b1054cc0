"""Which place a text means. Names are compared as folded words, the longest first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from oim.features.places.name_context import AMBIGUOUS_NAMES, has_place_context, split_segments, tokenise
from oim.features.places.table import Place, get, load_rows

COUNTRY_NAMES = frozenset({"cameroun", "cameroon"})
MAX_NAME_WORDS = 5  # words

Mention = tuple[Place, ...]  # the places that one name may mean, likeliest first


def find(text: str) -> Place | None:
    """The place that a French or English text names, as precisely as it names it.

    Of several, the first that is more than a region. The name of a city of several communes means its
    department. A name that is also a common word counts only where the text says that it is a place.
    """
    return _choose_place(_match_whole_name(text) or _find_mentions(text))


def resolve(region: str | None, locality: str | None) -> Place | None:
    """The place that two columns of a feed name: codes, names, or several names ("Littoral - Douala").

    The locality decides; the region tells homonyms apart and stands in for an unknown locality.
    """
    return _choose_place([*_match_column(locality or ""), *_match_column(region or "")])


def find_name_words(text: str) -> frozenset[str]:
    """The folded words of a text that name places."""
    return frozenset(
        word
        for words in map(tokenise, split_segments(text))
        for start, end, _ in _scan_names(words)
        for word in words[start:end]
    )


@cache
def _load_names() -> dict[str, Mention]:
    """Every name and alias, folded. A place's own name comes before the alias of another."""
    names: dict[str, Mention] = {}
    proper = [
        (name, row.place) for row in load_rows().values() for name in (row.place.name_fr, row.place.name_en)
    ]
    other = [(alias, row.place) for row in load_rows().values() for alias in row.aliases]
    for name, place in proper + other:
        key = " ".join(tokenise(name))
        if place not in names.get(key, ()):
            names[key] = (*names.get(key, ()), place)
    return names


def _match_column(text: str) -> list[Mention]:
    """The places of a column: a code, nothing but names, or names among other words."""
    code = text.strip().upper()
    coded = get(code) or get(f"CM-{code}")
    if coded:
        return [(coded,)]
    parts = [part for part in split_segments(text) if " ".join(tokenise(part)) not in COUNTRY_NAMES]
    named = [_match_whole_name(part) for part in parts]
    return [mention for mentions in named for mention in mentions] if all(named) else _find_mentions(text)


def _match_whole_name(text: str) -> list[Mention]:
    """The place whose name is the entire text."""
    mention = _load_names().get(" ".join(tokenise(text)))
    return [mention] if mention else []


def _find_mentions(text: str) -> list[Mention]:
    return [mention for part in split_segments(text) for _, _, mention in _scan_names(tokenise(part))]


def _scan_names(words: list[str]) -> Iterable[tuple[int, int, Mention]]:
    """Each name: its first word, the end of it, and what it may mean."""
    start = 0
    while start < len(words):
        end, mention = _match_longest_name(words, start)
        if mention:
            yield start, end, mention
        start = end


def _match_longest_name(words: list[str], start: int) -> tuple[int, Mention]:
    """Where the longest name from `start` ends and what it may mean; else the next start and nothing."""
    for end in range(min(start + MAX_NAME_WORDS, len(words)), start, -1):
        name = " ".join(words[start:end])
        mention = _load_names().get(name)
        if mention and (name not in AMBIGUOUS_NAMES or has_place_context(words, start, end)):
            return end, mention
    return start + 1, ()


def _choose_place(mentions: list[Mention]) -> Place | None:
    """The first place named that is no region (else the first region), made precise by what else is named."""
    if not mentions:
        return None
    local = [mention for mention in mentions if mention[0].level != "region"]
    chosen = _resolve_homonym((local or mentions)[0], mentions)
    within = [place for mention in local for place in mention if place.code.startswith(chosen.code)]
    return max(within, key=lambda place: len(place.code), default=chosen)


def _resolve_homonym(homonyms: Mention, mentions: list[Mention]) -> Place:
    """The homonym that lies in another place named, else the likeliest."""
    around = {place.code for mention in mentions if mention != homonyms for place in mention}
    inside = [place for place in homonyms if any(place.code.startswith(code) for code in around)]
    return (inside or homonyms)[0]
