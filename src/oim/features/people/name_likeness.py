"""How like two names are as people say and write them, since nobody writes a name twice in the same way.

Hyphens, apostrophes, accents and doubled letters count for nothing, nor does the order of the names; letters
that sound alike in the French and English spellings of Cameroon are the same (`ph` and `f`, `ou` and `w`, `k`
and `c`, `dj` and `j`), and one letter of a longer name may be missing, too much or another. It is generous,
since a PIN decides beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from itertools import permutations

from rapidfuzz.distance import OSA

from oim.kit.text import fold


class NameLikeness(IntEnum):
    """How like a name is to another, the likest first."""

    SAME = 0  # but for case and accents
    HEARD = 1  # sounds like it, in any order
    PART = 2  # one of the two has all names of the other, and more


MIN_FUZZY_LENGTH = 5  # sounds of a name in which one may be another: of fewer, one makes another name
# Characters of a name that is compared. Patterns below take time with the square of its length.
MAX_COMPARED_LENGTH = 160
MAX_PERMUTED = 4  # names whose orders are all looked at where spaces may be missing

# A letter that only an apostrophe joins to its name: N'Gono is written N Gono as well.
_PREFIXES = re.compile(r"\b([dlmn]) (?=[a-z])")
# What is written and what is heard, from the longest spelling on. Applied in this order, to folded letters.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"ch(?=[rl])", "k"),
        (r"tch|tsh|sch|ch|sh", "x"),  # Tchoupo, Choupo; Aïcha, Aisha
        (r"ck|cqu?|qu|q|c(?![eiy])", "k"),  # Jacques, Jak; Christine, Kristine
        (r"c", "s"),
        (r"z", "s"),
        (r"gu(?=[eiy])", "g"),
        (r"dj|j", "j"),  # Djibril, Jibril
        (r"eau|au", "o"),
        (r"ou|oo|w", "u"),  # Kouam, Kwam; Moussa, Musa
        (r"aye?$|ai|ei|ey|ay|ae|oe", "e"),
        (r"y", "i"),
        (r"h", ""),  # Hawa, Awa; Mohamed, Moamed
        (r"n(?=[bp])", "m"),  # Nballa, Mballa
        (r"(.)\1+", r"\1"),
        (r"(?<=..)(?:[stdx]+|es*)$", ""),  # silent: Bernard, Bernar; Ousmane, Usman
    )
)


def compare_names(name: str, other: str) -> NameLikeness | None:
    """Compare two names. None if they are different."""
    if max(len(name), len(other)) > MAX_COMPARED_LENGTH:
        return None
    if fold(name) == fold(other):
        return NameLikeness.SAME
    fewer, more = sorted((_split_name(name), _split_name(other)), key=len)
    if not fewer:  # of no letters: only the same is the same
        return None
    if len(fewer) != len(more) and _is_run_together(fewer, more):
        return NameLikeness.HEARD
    if not _has_all([_to_sounds(word) for word in more], [_to_sounds(word) for word in fewer]):
        return None
    return NameLikeness.HEARD if len(fewer) == len(more) else NameLikeness.PART


def _split_name(name: str) -> list[str]:
    """Split a name into its names, folded, of letters and digits alone."""
    # A cedilla is heard; folding would take it for a c.
    text = fold(unicodedata.normalize("NFC", name).replace("ç", "ss").replace("Ç", "Ss"))
    # Whatever stands for an apostrophe is nothing; whatever else is no letter, such as a hyphen, parts names.
    text = re.sub(r"['’‘‛`´ʼʻʹ′＇\"]", "", text)
    return _PREFIXES.sub(r"\1", " ".join(re.sub(r"[\W_]+", " ", text).split())).split()


def _to_sounds(word: str) -> str:
    """Write a folded word as it is heard."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word or "h"


def _is_run_together(fewer: list[str], more: list[str]) -> bool:
    """Tell whether two names sound the same but for their spaces, in some order."""
    if len(more) > MAX_PERMUTED:
        return False
    sounds, other_sounds = (
        {_to_sounds("".join(order)) for order in permutations(names)} for names in (fewer, more)
    )
    return not sounds.isdisjoint(other_sounds)


def _has_all(names: Iterable[str], required: list[str]) -> bool:
    """Tell whether each required name is there, once for each time that it is required."""
    left = list(names)
    # Those that are there letter by letter first, so that no similar one takes another's place.
    rest = []
    for name in required:
        if name in left:
            left.remove(name)
        else:
            rest.append(name)
    for name in rest:
        similar = next((candidate for candidate in left if _is_similar(candidate, name)), None)
        if similar is None:
            return False
        left.remove(similar)
    return True


def _is_similar(sound: str, other: str) -> bool:
    """Tell whether two names differ by one sound at most, or by two that changed places."""
    if min(len(sound), len(other)) < MIN_FUZZY_LENGTH:
        return sound == other
    return OSA.distance(sound, other, score_cutoff=1) <= 1
