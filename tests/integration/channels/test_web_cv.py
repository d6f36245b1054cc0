"""Lines of a CV added to a profile: all that are ticked, or an error about those that do not fit."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import file_factory
import pytest
from fastapi.testclient import TestClient
from people_factory import add_people, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from oim.features import profile
from oim.features.profile import MAX_ITEMS, Record

Browser = Callable[..., TestClient]


@pytest.fixture
def awa(house: Any) -> UUID:
    return add_people(house.database)[0]


def load_or_update_record(house: Any, person_id: UUID, **answers: Any) -> Record:
    """Return a person's profile record, first replaced by these answers if there are any."""
    with house.database.write() as session:
        if answers:
            return profile.update_record(session, person(person_id), person_id, lambda _: Record(**answers))
        return profile.load_record(session, person(person_id), person_id)


def upload_cv(browser: TestClient, lines: Sequence[str] = file_factory.CV) -> str:
    """Upload a CV and return the address of its proposal."""
    content = file_factory.docx(file_factory.document(file_factory.paragraphs(lines)))
    answer = browser.post("/fr/me/cv", files={"file": ("cv.docx", content)})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def read_ticked_form(page: str) -> dict[str, list[str]]:
    """Read the form of the page with the boxes that are ticked."""
    form: dict[str, list[str]] = {"keep": ["yes"]}
    for box in HTMLParser(page).css("input[checked]"):
        form.setdefault(str(box.attributes["name"]), []).append(str(box.attributes["value"]))
    return form


def test_all_ticked_lines_of_a_cv_are_added_to_the_profile(house: Any, web: Browser, awa: UUID) -> None:
    browser = web(person(awa))
    address = upload_cv(browser)
    answer = browser.post(address, data=read_ticked_form(browser.get(address).text))
    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/me/profile")
    record = load_or_update_record(house, awa)
    assert [job.title for job in record.jobs] == ["Accountant"]
    assert record.education == 6
    assert browser.get(address).headers["location"] == "/fr/me/cv"


def test_what_was_read_unsurely_is_not_ticked_and_says_why(web: Browser, awa: UUID) -> None:
    browser = web(person(awa))
    address = upload_cv(
        browser,
        [
            *("Awa NGONO", "EXPÉRIENCE PROFESSIONNELLE", "2019 - 2022 : Caissière, Boutique Exemple"),
            *("2016 - 2018 : Zorglub, Frobnitz Kwak", "FORMATION", "2015 : BTS Comptabilité"),
        ],
    )
    page = browser.get(address).text
    assert read_ticked_form(page) == {
        **{"keep": ["yes"], "jobs": ["0"], "education": ["0"], "diplomas": ["0"]},
    }
    unticked = [
        " ".join(label.text().split())
        for label in HTMLParser(page).css("label.tick")
        if label.css_first("input:not([checked])")
    ]
    assert [label.partition("(")[2] for label in unticked] == [
        "à vérifier : OIM ne connaît pas ce travail)",
        "à vérifier : calculé à partir de lignes à vérifier)",
    ]
    assert "n’est pas coché" in page
    # What the person ticks is taken all the same.
    assert browser.post(address, data={"keep": "yes", "jobs": ["0", "1"]}).status_code == 303


def test_lines_that_do_not_fit_are_refused_with_an_error_and_stay_proposed(
    house: Any, web: Browser, awa: UUID
) -> None:
    skills = tuple(f"savoir {number}" for number in range(MAX_ITEMS))
    jobs = tuple(profile.Job(f"travail {number}") for number in range(MAX_ITEMS))
    load_or_update_record(house, awa, skills=skills, jobs=jobs)
    browser = web(person(awa))
    address = upload_cv(browser)
    form = read_ticked_form(browser.get(address).text)
    assert form["jobs"] == ["0"]
    answer = browser.post(address, data=form)
    assert answer.status_code == 400
    assert HTMLParser(answer.text).css_first("#jobs-error").text() == f"Donnez-en {MAX_ITEMS} au plus."
    assert read_ticked_form(answer.text) == form
    assert load_or_update_record(house, awa).skills == skills
    fitting = {name: values for name, values in form.items() if name not in ("jobs", "skills")}
    assert browser.post(address, data=fitting).status_code == 303
    assert load_or_update_record(house, awa).education == 6


def test_concurrent_changes_of_a_profile_are_all_saved(house: Any, awa: UUID) -> None:
    both = Barrier(2)

    def add(skill: str) -> None:
        both.wait()
        for turn in range(10):
            with house.database.write() as session:
                profile.update_record(
                    session,
                    person(awa),
                    awa,
                    lambda record: Record(skills=(*record.skills, f"{skill} {turn}")),  # noqa: B023
                )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, ("coudre", "souder")))
    assert len(load_or_update_record(house, awa).skills) == 20
