"""The real CVs beside the checkout: all are read, and most of what they tell is found."""

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
# Their owners date no job, or left no letter of the dates whole.
UNDATED = (36, 41, 42, 44, 59, 60, 62)
SCHOOLED = (32, 34, 36, 37, 38, 39, 40, 41, 46, 48, 51, 53, 55, 57, 58, 60, 61, 63, 64)
SPEAKING = (
    *(31, 33, 34, 35, 37, 38, 39, 40, 41, 43, 44, 46, 47, 48, 49, 50, 51),
    *(55, 56, 57, 58, 59, 60, 61, 62, 65),
)
MOST = 0.9


@pytest.fixture(scope="module")
def found(shared_data: Path) -> dict[int, Proposal]:
    read = {
        int(file.stem): Text("docx", False, tuple(result.limit_lines(docx.read(file.read_bytes())[0])))
        for file in sorted((shared_data / "cv").glob("*.docx"))
    }
    return {name: extract_proposal(text, TODAY) for name, text in read.items()}


def test_every_cv_is_read(found: dict[int, Proposal]) -> None:
    assert len(found) == 35
    assert all(one.jobs or one.skills or one.languages for one in found.values())


def test_all_of_every_cv_fits_an_empty_profile(found: dict[int, Proposal]) -> None:
    for one in found.values():
        everything = {
            "jobs": [str(place) for place in range(len(one.jobs))],
            "diplomas": [str(place) for place in range(len(one.diplomas))],
            "skills": [str(place) for place in range(len(one.skills))],
            "languages": [str(place) for place in range(len(one.languages))],
            "education": ["0"],
            "years": ["0"],
        }
        record = validate_record(merge_into(Record(), one, everything))
        assert (len(record.jobs), record.skills) == (len(set(map(to_profile_job, one.jobs))), one.skills)


def test_most_that_date_a_job_have_one_with_its_years(found: dict[int, Proposal]) -> None:
    stating = found.keys() - UNDATED
    assert sum(any(job.from_year for job in found[name].jobs) for name in stating) / len(stating) >= MOST


def test_most_that_name_a_diploma_have_a_level(found: dict[int, Proposal]) -> None:
    assert sum(found[name].education is not None for name in SCHOOLED) / len(SCHOOLED) >= MOST


def test_most_that_name_languages_have_them(found: dict[int, Proposal]) -> None:
    assert sum(bool(found[name].languages) for name in SPEAKING) / len(SPEAKING) >= MOST


def test_most_jobs_are_of_an_occupation(found: dict[int, Proposal]) -> None:
    jobs = [job for one in found.values() for job in one.jobs]
    assert sum(bool(job.isco) for job in jobs) / len(jobs) >= 0.6
