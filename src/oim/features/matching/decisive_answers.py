"""What `opportunities.count_by_condition` needs to count the offers that one more answer would decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from oim.features.matching.eligibility import add_youth_status, reachable_education
from oim.features.matching.eligibility_terms import (
    EASY_PAPERS,
    PASSBOOK,
    PROOF_OF_RETURN,
    normalise_paper,
)
from oim.features.matching.profile import Profile
from oim.features.opportunities import KnownAnswers, Status

# Papers that prove another condition: whoever meets it has them, so they are not asked for again.
_PROVED_FIELDS = {PASSBOOK: "membership", PROOF_OF_RETURN: "statuses"}


def list_known_answers(profile: Profile, at: datetime) -> KnownAnswers:
    """What a person has answered already that shuts offers to them for good."""
    age = at.year - profile.birth_year if profile.birth_year else None
    return KnownAnswers(
        kinds=profile.kinds,
        gender=profile.gender,
        age=age,
        is_young=Status.YOUTH in add_youth_status((), age),
        statuses=add_youth_status(profile.statuses, age) if profile.statuses else None,
        region=profile.region,
        education_within_reach=None if profile.education is None else reachable_education(profile.education),
    )


def group_decisive_papers(names: Iterable[str]) -> Mapping[str, Collection[str]]:
    """Those of the names whose papers take time to get, by the condition that each proves, else ""."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        code = normalise_paper(name)
        if code not in EASY_PAPERS:
            groups[_PROVED_FIELDS.get(code, "")].append(name)
    return groups
