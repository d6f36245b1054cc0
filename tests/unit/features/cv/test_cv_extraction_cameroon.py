"""CVs as they are written in Cameroon, in French and English, read whole."""

from datetime import date

import cv_examples

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.types import Job, Language, Level, Proposal, Text

TODAY = date(2026, 11, 25)


def _found(words: str, *, scanned: bool = False) -> Proposal:
    return extract_proposal(Text("application/pdf", scanned, tuple(words.splitlines())), TODAY)


def _years(jobs: tuple[Job, ...]) -> list[tuple[str, int | None, int | None]]:
    return [(job.title, job.from_year, job.to_year) for job in jobs]


def test_a_cashier() -> None:
    found = _found(cv_examples.CASHIER)
    assert found.jobs == (
        Job("Caissière principale", "Santa Lucia Akwa", 2019, None, present=True, isco=("5230",)),
        Job("Aide comptable", "Cabinet Fidex", 2016, 2018, isco=("3313",)),
        Job("Stage académique", "CNPS de Douala", 2015, 2015),
    )
    assert [(one.year, one.level) for one in found.diplomas] == [(2016, 5), (2013, 3), (2012, 3), (2009, 2)]
    assert found.diplomas[0].words == "BTS en Comptabilité et Gestion des Entreprises, IUT de Douala"
    assert (found.education, found.experience_years) == (5, 11)
    assert found.skills == ("Word", "Excel", "Sage Saari", "Internet")
    assert found.languages == (
        Language("fr", Level.NATIVE),
        Language("en", Level.B1),
        Language("ewo", Level.C1),
    )


def test_a_mason_whose_jobs_stand_in_columns() -> None:
    found = _found(cv_examples.MASON)
    assert _years(found.jobs) == [
        ("Chef d'équipe maçon", 2020, None),
        ("Maçon", 2016, 2020),
        ("Manœuvre", 2012, 2015),
    ]
    assert found.jobs[0].employer == "Entreprise BTP Horizon Sarl"
    assert found.education == 2
    assert found.languages[0] == Language("bum", Level.NATIVE)
    assert "Coffrage et ferraillage" in found.skills


def test_a_returnee_whose_dates_stand_below_her_jobs() -> None:
    found = _found(cv_examples.RETURNEE)
    assert _years(found.jobs) == [
        ("Cuisinière", 2018, 2022),
        ("Serveuse", 2016, 2017),
        ("Vendeuse de beignets", 2013, 2015),
    ]
    assert [job.employer for job in found.jobs[:2]] == ["Restaurant Le Palmier", "Hôtel Atlantique"]
    assert (found.education, found.experience_years) == (2, 7)


def test_a_teacher_in_english() -> None:
    found = _found(cv_examples.TEACHER)
    assert ("Mathematics Teacher", 2018, None) in _years(found.jobs)
    assert ("Call box operator", 2016, 2018) in _years(found.jobs)
    assert [one.level for one in found.diplomas] == [6, 3, 2, 1]
    assert found.languages[-1] == Language("ken", Level.NATIVE)


def test_a_driver_whose_headings_are_labels() -> None:
    found = _found(cv_examples.DRIVER)
    assert [job.isco for job in found.jobs] == [("8332",), ("8321",), ("6130",)]
    assert found.jobs[0].employer == "société Transport Sahel"
    assert found.education == 1
    assert found.languages == (Language("mfi"), Language("ff", Level.C1), Language("fr", Level.B1))


def test_an_accountant_with_a_diploma_not_finished() -> None:
    found = _found(cv_examples.ACCOUNTANT)
    assert _years(found.jobs) == [("Comptable", 2020, None), ("Comptable junior", 2017, 2020)]
    assert found.education == 6
    assert found.diplomas[-1].level is None
    assert found.languages == (Language("fr", Level.C2), Language("en", Level.C2))


def test_a_nurse_whose_dates_stand_above_her_jobs() -> None:
    found = _found(cv_examples.NURSE)
    assert _years(found.jobs) == [("Infirmière", 2017, None), ("Stagiaire infirmière", 2016, 2017)]
    assert found.education == 5


def test_a_developer_whose_dates_stand_in_brackets() -> None:
    found = _found(cv_examples.DEVELOPER)
    assert _years(found.jobs) == [("Développeur web", 2021, None), ("Stagiaire développeur", 2020, 2020)]
    assert found.jobs[0].employer == "Agence Digitale Wouri"
    assert {"Django", "Laravel", "MySQL"} <= set(found.skills)


def test_empty_lines_between_those_of_a_picture_change_nothing() -> None:
    spread = "\n\n".join(cv_examples.RETURNEE.splitlines())
    assert _years(_found(spread, scanned=True).jobs) == _years(_found(cv_examples.RETURNEE).jobs)


def test_a_cv_without_any_heading_still_tells_its_jobs() -> None:
    found = _found("Ali Bouba\n2018 - 2021 : Chauffeur, Société Vianney, Douala\n2015 - 2017 : Pompiste")
    assert _years(found.jobs) == [("Chauffeur", 2018, 2021), ("Pompiste", 2015, 2017)]
