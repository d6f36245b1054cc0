"""Between retrieving and composing: who may have which candidate, and the place of the almost eligible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID

from oim.features.matching.eligibility import assess, question
from oim.features.matching.ranking import Ranked
from oim.features.matching.types import Hit, Missing
from oim.features.matching.understanding import Understanding
from oim.features.matching.verdict import State, Verdict

SHARE = 5  # one place in so many, while eligible offers fill the rest
MOST_ASKED = 4  # questions of one answer

Verdicts = dict[UUID, Verdict]
Choose = Callable[[list[Ranked], int], list[Ranked]]


def verdicts(understanding: Understanding, hits: list[Hit]) -> Verdicts:
    """The verdict of each candidate that the person may have, or nearly: none of those that bar them."""
    at = understanding.filters.at
    found = {hit.id: assess(hit.card, understanding.facts, at) for hit in hits}
    return {id_: one for id_, one in found.items() if one.state is not State.NOT_ELIGIBLE or one.almost}


def choose_apart(ranked: list[Ranked], found: Verdicts, limit: int, choose: Choose) -> list[Ranked]:
    """At most `limit` candidates, the almost eligible after all others.

    They take the places that the others leave, and of theirs one in five at most, where they are worth more.
    """
    able = [one for one in ranked if not found[one.hit.id].almost]
    almost = [one for one in ranked if found[one.hit.id].almost]
    left = max(0, limit - len(able))
    pairs = zip(almost[left:], reversed(able[:limit]), strict=False)
    worthier = [one for one, other in pairs if one.score > other.score][: limit // SHARE]
    last = choose(almost, min(len(almost), max(left, min(left + len(worthier), limit // SHARE))))
    return [*choose(able, limit - len(last)), *last]


def questions(understanding: Understanding, found: Iterable[Verdict]) -> tuple[Missing, ...]:
    """What the person could add: what tells offers apart, then the questions that most offers hang on.

    Papers come last: they are gathered to apply, not to search.
    """
    hanging = Counter(question(need, understanding.facts) for one in found for need in one.unknown)
    ordered = sorted(hanging, key=lambda asked: (asked is Missing.DOCUMENTS, -hanging[asked]))
    return tuple(dict.fromkeys([*understanding.missing, *ordered]))[:MOST_ASKED]
