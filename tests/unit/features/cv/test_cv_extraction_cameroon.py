"""Proposals extracted from whole CVs in French and English, as they are written in Cameroon."""

from datetime import date

import cv_examples

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.types import Job, Language, Level, Proposal, Text

TODAY = date(2026, 11, 25)


def _extract(words: str, *, scanned: bool = False) -> Proposal:
    return extract_proposal(Text("application/pdf", scanned, tuple(words.splitlines())), TODAY)


def _years(jobs: tuple[Job, ...]) -> list[tuple[str, int | None, int | None]]:
    return [(job.title, job.from_year, job.to_year) for job in jobs]


def test_a_cashiers_cv_is_extracted_whole() -> None:
    proposal = _extract(cv_examples.CASHIER)
    assert proposal.jobs == (
        Job("Caissière principale", "Santa Lucia Akwa", 2019, None, present=True, isco=("5230",)),
        Job("Aide comptable", "Cabinet Fidex", 2016, 2018, isco=("3313",)),
        Job("Stage académique", "CNPS de Douala", 2015, 2015),
    )
    assert [(diploma.year, diploma.level) for diploma in proposal.diplomas] == [
        (2016, 5),
        (2013, 3),
        (2012, 3),
        (2009, 2),
    ]
    assert proposal.diplomas[0].words == "BTS en Comptabilité et Gestion des Entreprises, IUT de Douala"
    assert (proposal.education, proposal.experience_years) == (5, 11)
    assert proposal.skills == ("Word", "Excel", "Sage Saari", "Internet")
    assert proposal.languages == (
        Language("fr", Level.NATIVE),
        Language("en", Level.B1),
        Language("ewo", Level.C1),
    )


def test_jobs_in_columns_are_extracted() -> None:
    proposal = _extract(cv_examples.MASON)
    assert _years(proposal.jobs) == [
        ("Chef d'équipe maçon", 2020, None),
        ("Maçon", 2016, 2020),
        ("Manœuvre", 2012, 2015),
    ]
    assert proposal.jobs[0].employer == "Entreprise BTP Horizon Sarl"
    assert proposal.education == 2
    assert proposal.languages[0] == Language("bum", Level.NATIVE)
    assert "Coffrage et ferraillage" in proposal.skills


def test_jobs_with_their_dates_below_are_extracted() -> None:
    proposal = _extract(cv_examples.RETURNEE)
    assert _years(proposal.jobs) == [
        ("Cuisinière", 2018, 2022),
        ("Serveuse", 2016, 2017),
        ("Vendeuse de beignets", 2013, 2015),
    ]
    assert [job.employer for job in proposal.jobs[:2]] == ["Restaurant Le Palmier", "Hôtel Atlantique"]
    assert (proposal.education, proposal.experience_years) == (2, 7)


def test_an_english_cv_is_extracted() -> None:
    proposal = _extract(cv_examples.TEACHER)
    assert ("Mathematics Teacher", 2018, None) in _years(proposal.jobs)
    assert ("Call box operator", 2016, 2018) in _years(proposal.jobs)
    assert [diploma.level for diploma in proposal.diplomas] == [6, 3, 2, 1]
    assert proposal.languages[-1] == Language("ken", Level.NATIVE)


def test_headings_on_the_line_of_their_content_are_understood() -> None:
    proposal = _extract(cv_examples.DRIVER)
    assert [job.isco for job in proposal.jobs] == [("8332",), ("8321",), ("6130",)]
    assert proposal.jobs[0].employer == "société Transport Sahel"
    assert proposal.education == 1
    assert proposal.languages == (Language("mfi"), Language("ff", Level.C1), Language("fr", Level.B1))


def test_an_unfinished_diploma_has_no_level() -> None:
    proposal = _extract(cv_examples.ACCOUNTANT)
    assert _years(proposal.jobs) == [("Comptable", 2020, None), ("Comptable junior", 2017, 2020)]
    assert proposal.education == 6
    assert proposal.diplomas[-1].level is None
    assert proposal.languages == (Language("fr", Level.C2), Language("en", Level.C2))


def test_jobs_with_their_dates_above_are_extracted() -> None:
    proposal = _extract(cv_examples.NURSE)
    assert _years(proposal.jobs) == [("Infirmière", 2017, None), ("Stagiaire infirmière", 2016, 2017)]
    assert proposal.education == 5


def test_jobs_with_their_dates_in_brackets_are_extracted() -> None:
    proposal = _extract(cv_examples.DEVELOPER)
    assert _years(proposal.jobs) == [("Développeur web", 2021, None), ("Stagiaire développeur", 2020, 2020)]
    assert proposal.jobs[0].employer == "Agence Digitale Wouri"
    assert {"Django", "Laravel", "MySQL"} <= set(proposal.skills)


def test_empty_lines_in_a_scan_change_nothing() -> None:
    spread = "\n\n".join(cv_examples.RETURNEE.splitlines())
    assert _years(_extract(spread, scanned=True).jobs) == _years(_extract(cv_examples.RETURNEE).jobs)


def test_jobs_are_extracted_from_a_cv_without_headings() -> None:
    proposal = _extract("Ali Bouba\n2018 - 2021 : Chauffeur, Société Vianney, Douala\n2015 - 2017 : Pompiste")
    assert _years(proposal.jobs) == [("Chauffeur", 2018, 2021), ("Pompiste", 2015, 2017)]


def test_skills_stay_in_the_order_in_which_they_were_said() -> None:
    proposal = _extract("COMPÉTENCES\nCrochet, Excel, Broderie, excel, Perlage, Crochet\n")
    assert [skill for skill in proposal.skills if skill in {"Crochet", "Excel", "Broderie", "Perlage"}] == [
        "Crochet",
        "Excel",
        "Broderie",
        "Perlage",
    ]
