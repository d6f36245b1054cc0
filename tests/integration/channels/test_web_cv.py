"""A CV's lines taken into a profile: all of them, or a word about what does not fit and nothing lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import file_factory as made
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


def told(house: Any, who: UUID, **answers: Any) -> Record:
    """What somebody's profile holds, after these answers."""
    with house.database.write() as session:
        if answers:
            return profile.update_record(session, person(who), who, lambda _: Record(**answers))
        return profile.load_record(session, person(who), who)


def sent(browser: TestClient) -> str:
    """The address of the lines of a CV that was sent."""
    answer = browser.post("/fr/me/cv", files={"file": ("cv.docx", made.docx())})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def ticks(page: str) -> dict[str, list[str]]:
    """The form as it is shown."""
    form: dict[str, list[str]] = {"keep": ["yes"]}
    for box in HTMLParser(page).css("input[checked]"):
        form.setdefault(str(box.attributes["name"]), []).append(str(box.attributes["value"]))
    return form


def test_all_that_was_found_goes_into_the_profile(house: Any, web: Browser, awa: UUID) -> None:
    browser = web(person(awa))
    address = sent(browser)
    answer = browser.post(address, data=ticks(browser.get(address).text))
    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/me/profile")
    record = told(house, awa)
    assert [job.title for job in record.jobs] == ["Accountant"]
    assert record.education == 6
    assert browser.get(address).headers["location"] == "/fr/me/cv"


def test_what_does_not_fit_is_said_and_waits(house: Any, web: Browser, awa: UUID) -> None:
    held = tuple(f"savoir {number}" for number in range(MAX_ITEMS))
    told(house, awa, skills=held, jobs=tuple(profile.Job(f"travail {number}") for number in range(MAX_ITEMS)))
    browser = web(person(awa))
    address = sent(browser)
    form = ticks(browser.get(address).text)
    assert form["jobs"] == ["0"]
    answer = browser.post(address, data=form)
    assert answer.status_code == 400
    assert HTMLParser(answer.text).css_first("#jobs-error").text() == f"Donnez-en {MAX_ITEMS} au plus."
    assert ticks(answer.text) == form
    assert told(house, awa).skills == held
    fitting = {name: values for name, values in form.items() if name not in ("jobs", "skills")}
    assert browser.post(address, data=fitting).status_code == 303
    assert told(house, awa).education == 6


def test_two_who_change_a_profile_at_once_lose_nothing_of_each_other(house: Any, awa: UUID) -> None:
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
    assert len(told(house, awa).skills) == 20
