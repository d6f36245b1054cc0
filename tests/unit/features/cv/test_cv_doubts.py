"""What was read unsurely in a CV is named, with why."""

from datetime import date

import pytest
from cv_examples import CVS

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.types import PROPOSAL, Doubt, Proposal, Text, Unsure

TODAY = date(2026, 11, 25)
SURE = (
    *("Awa NGONO", "EXPÉRIENCE PROFESSIONNELLE", "2019 - 2022 : Caissière, Boutique Exemple"),
    *("FORMATION", "2015 : BTS Comptabilité", "COMPÉTENCES", "Word, Excel"),
)


def propose(*lines: str, scanned: bool = False) -> Proposal:
    return extract_proposal(Text("pdf", scanned, lines), TODAY)


def test_what_is_written_plainly_is_sure() -> None:
    proposal = propose(*SURE)
    assert (len(proposal.jobs), len(proposal.diplomas), proposal.unsure) == (1, 1, ())


def test_a_job_that_is_none_we_know_is_unsure_and_so_are_the_years() -> None:
    proposal = propose("Awa NGONO", "EXPÉRIENCE PROFESSIONNELLE", "2019 - 2022 : Zorglub, Frobnitz Kwak")
    assert len(proposal.jobs) == 1
    assert proposal.unsure == (Unsure("jobs", 0, Doubt.UNKNOWN), Unsure("years", 0, Doubt.SUM))


def test_the_year_of_another_line_is_unsure_but_not_the_level() -> None:
    proposal = propose("Awa NGONO", "FORMATION", "BTS Comptabilité", "2015 : Cours du soir")
    assert [(diploma.words, diploma.year) for diploma in proposal.diplomas] == [("BTS Comptabilité", 2015)]
    assert proposal.unsure == (Unsure("diplomas", 0, Doubt.YEAR),)


def test_dates_alone_below_a_diploma_are_its_own() -> None:
    proposal = propose("Awa NGONO", "FORMATION", "BTS Comptabilité", "2015")
    assert [(diploma.words, diploma.year) for diploma in proposal.diplomas] == [("BTS Comptabilité", 2015)]
    assert proposal.unsure == ()


def test_what_two_columns_may_mix_is_unsure() -> None:
    proposal = propose(
        "Awa NGONO",
        "EXPÉRIENCE FORMATION",
        "2019 - 2022 Caissière, Boutique Exemple",
        "2015 BTS Comptabilité",
    )
    assert {unsure.doubt for unsure in proposal.unsure} == {Doubt.COLUMNS, Doubt.SUM}
    assert {unsure.part for unsure in proposal.unsure} == {"jobs", "diplomas", "years", "education"}


def test_in_a_picture_only_what_has_words_that_we_know_is_sure() -> None:
    lines = (*SURE, "Cuhture gén3rale")
    assert propose(*lines).unsure == ()
    unsure = propose(*lines, scanned=True).unsure
    skills = propose(*lines, scanned=True).skills
    assert [(item.part, item.doubt) for item in unsure] == [("skills", Doubt.PICTURE)] * len(unsure)
    assert "Cuhture gén3rale" in [skills[item.position] for item in unsure]


@pytest.mark.parametrize("number", range(len(CVS)))
def test_most_of_a_cv_of_cameroon_is_sure(number: int) -> None:
    proposal = propose(*CVS[number].splitlines())
    items = len(proposal.jobs) + len(proposal.diplomas) + len(proposal.skills) + len(proposal.languages)
    assert 3 * len(proposal.unsure) <= items


def test_a_proposal_stored_before_has_nothing_unsure() -> None:
    assert PROPOSAL.validate_json('{"skills": ["coudre"], "scanned": false}').unsure == ()
