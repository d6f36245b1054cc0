"""The footer and the pages about this instance: who runs it, help, what is kept of people, accessibility."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from people_factory import new_vault
from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient
from web_stand_ins import EmptyDatabase, NoSessions, StubEngine, text

from oim.channels.http.operator import MAX_LOGO_BYTES, create_operator
from oim.channels.http.services import Services
from oim.channels.web import install
from oim.channels.web.assets import asset_url
from oim.channels.web.information import INFORMATION_PAGES
from oim.channels.web.notices import HELP_COOKIE
from oim.channels.web.pages import PUBLIC_CACHE_CONTROL
from oim.channels.wording import DATA_CLASSES, render_retention
from oim.features.events import STRANGERS_TERM
from oim.features.rights import REGISTER, DataClass
from oim.kit.errors import BadInputError
from oim.kit.i18n import LANGUAGES, translator
from oim.kit.settings import Settings

FIRST_VIEW = 14 * 1024  # bytes, compressed
HELPLINES = "Violences / Violence / 1523; Traite / Trafficking / +237 222 00 00 01"
NAMED = {
    "operator_name": "Mairie d’Essai",
    "operator_name_en": "Council of Trial",
    "operator_email": "aide@essai.example",
    "operator_phone": "+237 222 00 00 00",
    "helplines": HELPLINES,
}


class DatabaseWithVersion(EmptyDatabase):
    """A database of which nothing is known but the version of its catalogue, so that pages are cached."""

    @contextmanager
    def read(self) -> Iterator[Any]:
        yield SimpleNamespace(scalar=lambda _: 1)

    read_stale = read


def open_site(folder: Path, **settings: object) -> TestClient:
    app = FastAPI()
    operator = create_operator(Settings(**settings))
    install(
        app,
        Services(DatabaseWithVersion(new_vault(folder)), StubEngine(), NoSessions(), None, operator=operator),
    )
    return TestClient(app, "https://testserver")


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return open_site(tmp_path_factory.mktemp("trial"))


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("named")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return open_site(folder, operator_logo=folder / "logo.svg", **NAMED)


def read(client: TestClient, path: str) -> HTMLParser:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return HTMLParser(answer.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", INFORMATION_PAGES)
def test_every_footer_leads_to_every_page_within_the_first_view(
    trial: TestClient, named: TestClient, name: str, language: str
) -> None:
    for client in (trial, named):
        answer = client.get(f"/{language}/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] == PUBLIC_CACHE_CONTROL
        assert "etag" in answer.headers, "cached"
        links = [link.attributes["href"] for link in HTMLParser(answer.text).css("footer a")]
        assert links == [f"/{language}/{page}" for page in INFORMATION_PAGES]
        sheet = client.get(asset_url("style.css")).content
        assert len(gzip.compress(answer.content, 9)) + len(gzip.compress(sheet, 9)) <= FIRST_VIEW


def test_without_settings_every_page_says_that_nobody_named_runs_a_trial(trial: TestClient) -> None:
    for path in ("/fr/reported", "/fr/no-such-page", *(f"/fr/{name}" for name in INFORMATION_PAGES)):
        assert "site d’essai" in text(HTMLParser(trial.get(path).text), "footer")
    assert "C’est un site d’essai" in text(read(trial, "/fr/about"), "main")
    assert "trial site" in text(read(trial, "/en/reported"), "footer")
    assert read(trial, "/fr/help").css("main a[href^='tel:']") == []
    assert trial.get("/operator-logo").status_code == 404


def test_who_runs_it_is_named_in_each_language_with_ways_to_reach_them(named: TestClient) -> None:
    assert "tenu par Mairie d’Essai" in text(read(named, "/fr/reported"), "footer")
    page = read(named, "/en/about")
    assert "run by Council of Trial" in text(page, "footer")
    assert [link.attributes["href"] for link in page.css("main .ways a")] == [
        "tel:+237222000000",
        "mailto:aide@essai.example",
    ]
    logo = named.get(page.css_first("main img").attributes["src"])
    assert (logo.status_code, logo.headers["content-type"]) == (200, "image/svg+xml")
    assert "trial" not in text(page, "body")


def test_helplines_are_dialled_from_the_page_of_help(named: TestClient) -> None:
    links = read(named, "/fr/help").css("main a[href^='tel:']")
    assert [(link.attributes["href"], link.text()) for link in links][:2] == [
        ("tel:1523", "Violences\u00a0: 1523"),
        ("tel:+237222000001", "Traite\u00a0: +237 222 00 00 01"),
    ]
    assert "Trafficking: +237 222 00 00 01" in text(read(named, "/en/help"), "main")


def read_thanks(client: TestClient, path: str) -> HTMLParser:
    """The page of thanks as the browser of somebody asks for it who has just reported violence."""
    return HTMLParser(client.get(path, headers={"Cookie": f"{HELP_COOKIE}=1"}).text)


@pytest.mark.parametrize("path", ["pin/a-secret", "reported", "sign-in"])
def test_what_tells_that_somebody_was_there_is_in_no_cache(trial: TestClient, path: str) -> None:
    assert trial.get(f"/fr/{path}").headers["cache-control"] == "no-store"


def test_who_reported_violence_reads_first_whom_to_call(named: TestClient, trial: TestClient) -> None:
    page = read_thanks(named, "/fr/reported")
    assert page.css_first("main a:not(.back)").attributes["href"] == "tel:1523"
    assert text(page, "h2") == "De l’aide, tout de suite"
    assert "prévenue tout de suite" in text(page, "main")
    assert read(named, "/fr/reported").css("main a[href^='tel:']") == []
    without = text(read_thanks(trial, "/en/reported"), "main")
    assert "call the police or the gendarmerie" in without, "where no helpline is set"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_privacy_is_the_register(trial: TestClient, language) -> None:
    page = text(read(trial, f"/{language}/privacy"), "main")
    t = translator(language)
    for entry in REGISTER:
        content = " ".join(t(DATA_CLASSES[entry.data][0]).split())
        assert (content in page) == (entry.data not in (DataClass.STAFF, DataClass.INVITATIONS))
        assert " ".join(render_retention(entry.retention, t).split()) in page


def test_strangers_events_are_kept_for_their_own_term(trial: TestClient) -> None:
    """The register said two years for all of them: docs/decisions/0030 deletes strangers' after 90 days."""
    terms = {entry.data: entry.retention for entry in REGISTER}
    assert terms[DataClass.STRANGERS_EVENTS] == STRANGERS_TERM != terms[DataClass.EVENTS]
    line = next(
        line for line in read(trial, "/fr/privacy").css("dl > div") if "pas connectés" in text(line, "dt")
    )
    assert text(line, "b") == "90 jours"


@pytest.mark.parametrize(
    "wrong", ["1523", "Violences / 1523", "a / b / call us", "a / b /", "a / b / 1523; c", "a / b / 15 / 23"]
)
def test_a_helpline_that_nobody_could_dial_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(helplines=wrong)


def test_a_number_with_a_hash_is_a_link_that_dials_it() -> None:
    [line] = create_operator(Settings(helplines="Aide / Help / *123#")).helplines
    assert line.href == "tel:*123%23"


@pytest.mark.parametrize(
    ("name", "size"), [("gone.svg", 0), ("logo.gif", 10), ("large.png", MAX_LOGO_BYTES + 1)]
)
def test_a_logo_that_cannot_be_shown_is_said_at_start(tmp_path: Path, name: str, size: int) -> None:
    if size:
        (tmp_path / name).write_bytes(b"x" * size)
    with pytest.raises(BadInputError):
        create_operator(Settings(operator_logo=tmp_path / name))
