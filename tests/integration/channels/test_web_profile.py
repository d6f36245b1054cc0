"""The questions of a profile as pages: an answer removes nothing that its form does not show."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient
from people_factory import add_people, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from oim.features import profile
from oim.features.profile import Level, Record, SpokenLanguage

Browser = Callable[..., TestClient]


def test_languages_without_a_field_stay_until_they_are_unticked(house: Any, web: Browser) -> None:
    [awa] = add_people(house.database)
    stated_languages = (
        SpokenLanguage("de", Level.GOOD),
        SpokenLanguage("fr", Level.NATIVE),
        SpokenLanguage("en"),
    )
    with house.database.write() as session:
        profile.update_record(session, person(awa), awa, lambda _: Record(languages=stated_languages))
    browser, path = web(person(awa)), "/fr/me/profile/languages"

    def languages() -> set[SpokenLanguage]:
        with house.database.write() as session:
            return {*profile.load_record(session, person(awa), awa).languages}

    page = HTMLParser(browser.get(path).text)
    boxes = {box.attributes["value"]: box.parent.text().strip() for box in page.css("[name=others]")}
    assert boxes == {"de:good": "allemand (bien)", "en:": "anglais"}
    form: dict[str, Any] = {"lang-fr": "good", "others": list(boxes)}
    assert browser.post(path, data=form).status_code == 303
    assert languages() == {
        SpokenLanguage("de", Level.GOOD),
        SpokenLanguage("fr", Level.GOOD),
        SpokenLanguage("en"),
    }
    browser.post(path, data=form | {"lang-en": "some", "others": ["en:"]})
    assert languages() == {SpokenLanguage("fr", Level.GOOD), SpokenLanguage("en", Level.SOME)}
    for wrong in ("de:perfect", "<b>:good"):
        assert browser.post(path, data={"others": [wrong]}).status_code == 400
    assert len(languages()) == 2
