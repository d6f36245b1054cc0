"""Which items of a proposal were read unsurely, from how each was read.

Whoever confirms a long list looks at none of its lines. What is unsure is therefore not ticked beforehand,
and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oim.features.cv.extraction.education import ExtractedDiploma
from oim.features.cv.extraction.jobs import ExtractedJob
from oim.features.cv.types import Doubt, Unsure
from oim.features.occupations import link_text

MIN_KNOWN_SCORE = 0.72  # least score of a link by which a skill in a picture is taken for one that we know


def find_unsure(
    jobs: Sequence[ExtractedJob],
    diplomas: Sequence[ExtractedDiploma],
    skills: Sequence[str],
    *,
    scanned: bool,
) -> Iterator[Unsure]:
    """Yield the unsure items of a proposal.

    In a picture what has a word that we know was read well: a title of a trade, a diploma's level, a skill.
    """
    job_doubts = [
        extracted.doubt or (Doubt.PICTURE if scanned and not extracted.job.isco else None)
        for extracted in jobs
    ]
    diploma_doubts = [
        extracted.doubt or (Doubt.PICTURE if scanned and extracted.diploma.level is None else None)
        for extracted in diplomas
    ]
    skill_doubts = [Doubt.PICTURE if scanned and not _is_known(skill) else None for skill in skills]
    parts = {"jobs": job_doubts, "diplomas": diploma_doubts, "skills": skill_doubts}
    for part, doubts in parts.items():
        for position, doubt in enumerate(doubts):
            if doubt:
                yield Unsure(part, position, doubt)
    if any(doubt and extracted.span for doubt, extracted in zip(job_doubts, jobs, strict=True)):
        yield Unsure("years", 0, Doubt.SUM)
    if _is_level_unsure(diplomas):
        yield Unsure("education", 0, Doubt.SUM)


def _is_level_unsure(diplomas: Sequence[ExtractedDiploma]) -> bool:
    """Whether the highest level is that of diplomas read between columns; their years do not matter."""
    levels = [extracted.diploma.level for extracted in diplomas if extracted.diploma.level is not None]
    best = [extracted for extracted in diplomas if levels and extracted.diploma.level == max(levels)]
    return bool(best) and all(extracted.doubt is Doubt.COLUMNS for extracted in best)


def _is_known(skill: str) -> bool:
    """Whether a skill is one of our tables."""
    return any(link.score >= MIN_KNOWN_SCORE for link in link_text(skill, 1).skills)
