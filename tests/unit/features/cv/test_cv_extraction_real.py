"""The real CVs beside the checkout: all are read, and most of their facts are extracted."""

from datetime import date
from pathlib import Path

import pytest

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.proposals import merge_into, to_profile_job
from oim.features.cv.readers import docx, result
from oim.features.cv.types import Proposal, Text
from oim.features.profile import Record
from oim.features.profile.validation import validate_record

TODAY = date(2026, 11, 25)
# Numbers of CVs whose jobs have no dates, or none that is legible.
UNDATED = (36, 41, 42, 44, 59, 60, 62)
# Those that name a diploma.
WITH_DIPLOMA = (32, 34, 36, 37, 38, 39, 40, 41, 46, 48, 51, 53, 55, 57, 58, 60, 61, 63, 64)
# Those that name languages.
WITH_LANGUAGES = (
    *(31, 33, 34, 35, 37, 38, 39, 40, 41, 43, 44, 46, 47, 48, 49, 50, 51),
    *(55, 56, 57, 58, 59, 60, 61, 62, 65),
)
MOST = 0.9  # share of CVs


@pytest.fixture(scope="module")
def proposals(shared_data: Path) -> dict[int, Proposal]:
    texts = {
        int(file.stem): Text("docx", False, tuple(result.limit_lines(docx.read(file.read_bytes())[0])))
        for file in sorted((shared_data / "cv").glob("*.docx"))
    }
    return {number: extract_proposal(text, TODAY) for number, text in texts.items()}


def test_every_cv_gives_a_proposal(proposals: dict[int, Proposal]) -> None:
    assert len(proposals) == 35
    assert all(proposal.jobs or proposal.skills or proposal.languages for proposal in proposals.values())


def test_an_empty_profile_can_take_over_any_proposal_whole(proposals: dict[int, Proposal]) -> None:
    for proposal in proposals.values():
        everything = {
            "jobs": [str(position) for position in range(len(proposal.jobs))],
            "diplomas": [str(position) for position in range(len(proposal.diplomas))],
            "skills": [str(position) for position in range(len(proposal.skills))],
            "languages": [str(position) for position in range(len(proposal.languages))],
            "education": ["0"],
            "years": ["0"],
        }
        record = validate_record(merge_into(Record(), proposal, everything))
        assert (len(record.jobs), record.skills) == (
            len(set(map(to_profile_job, proposal.jobs))),
            proposal.skills,
        )


def test_most_cvs_with_dated_jobs_give_a_job_with_years(proposals: dict[int, Proposal]) -> None:
    dated = proposals.keys() - UNDATED
    assert sum(any(job.from_year for job in proposals[key].jobs) for key in dated) / len(dated) >= MOST


def test_most_cvs_with_a_diploma_give_a_level_of_education(proposals: dict[int, Proposal]) -> None:
    assert sum(proposals[key].education is not None for key in WITH_DIPLOMA) / len(WITH_DIPLOMA) >= MOST


def test_most_cvs_with_languages_give_languages(proposals: dict[int, Proposal]) -> None:
    assert sum(bool(proposals[key].languages) for key in WITH_LANGUAGES) / len(WITH_LANGUAGES) >= MOST


def test_most_jobs_are_linked_to_an_occupation(proposals: dict[int, Proposal]) -> None:
    jobs = [job for proposal in proposals.values() for job in proposal.jobs]
    assert sum(bool(job.isco) for job in jobs) / len(jobs) >= 0.6
