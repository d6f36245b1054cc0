"""The search form: parsed into a profile, and the answer of the engine shown as a page."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from web_stand_ins import POULTRY, TAILOR, WELDER, Browser, StubEngine, recommendation, text

from oim.channels import web as pages
from oim.features.matching.answer import Answer, MissingInfo, Reason, ReasonCode, Recommendation
from oim.features.matching.profile import Profile
from oim.features.matching.verdict import Criterion, Need, State, Step, Verdict
from oim.features.occupations import Occupation
from oim.features.opportunities import Gender, Kind, Status
from oim.kit.errors import UnavailableError

FULL = {
    "text": "Je couds depuis 5 ans",
    "region": "CM-LT",
    "town": "Douala",
    "kind": ["employment", "agr"],
    "birth_year": "1998",
    "gender": "female",
    "status": ["returnee", "youth"],
    "education": "2",
    "experience": "5",
    "membership": ["MC2", "CAMCCUL"],
    "savings": "50 000",
}


def list_chips(page: HTMLParser) -> list[tuple[str, str]]:
    """What each chip of the results does, and what it says."""
    texts = [" ".join(chip.text().removesuffix("×").split()) for chip in page.css(".understood .chips a")]
    return [(act, said) for act, _, said in (shown.partition(" : ") for shown in texts)]


def test_a_full_form_is_parsed_into_a_profile(browser: Browser, engine: StubEngine) -> None:
    browser.search(**FULL)
    profile = engine.profile
    assert profile is not None
    assert profile.text == "Je couds depuis 5 ans"
    assert profile.language == "fr"
    assert (profile.region, profile.department, profile.commune) == ("CM-LT", "CM-LT-01", None)
    assert profile.kinds == (Kind.EMPLOYMENT, Kind.AGR)
    assert (profile.birth_year, profile.gender, profile.education) == (1998, Gender.FEMALE, 2)
    assert profile.statuses == (Status.RETURNEE,)  # that they are young follows from the year
    assert profile.experience_years == 5
    assert (profile.memberships, profile.savings) == (("MC2", "CAMCCUL"), 50_000)


def test_an_empty_form_can_be_sent(browser: Browser, engine: StubEngine) -> None:
    browser.search("en")
    assert engine.profile == Profile(language="en")


@pytest.mark.parametrize(
    ("ticked", "memberships"),
    [([], None), (["none"], ()), (["none", "MC2"], ("MC2",)), (["MUFFA"], ("MUFFA",))],
)
def test_no_membership_differs_from_no_answer_about_membership(
    browser: Browser, engine: StubEngine, ticked: list[str], memberships: tuple[str, ...] | None
) -> None:
    browser.search(membership=ticked)
    assert engine.profile is not None
    assert engine.profile.memberships == memberships


@pytest.mark.parametrize(("field", "value"), [("membership", "MC3"), ("savings", "-1"), ("savings", "x")])
def test_an_invalid_membership_or_amount_of_savings_shows_an_error(
    browser: Browser, field: str, value: str
) -> None:
    page = browser.search(code=400, **{field: value})
    assert page.css_first(f"#{field}-error") is not None


def test_a_town_without_a_region_determines_it(browser: Browser, engine: StubEngine) -> None:
    page = browser.search(town="bafoussam")
    assert engine.profile is not None
    assert engine.profile.region == "CM-OU"
    assert "bafoussam, Ouest" in text(page, ".understood")


def test_an_unknown_town_gives_a_notice_and_the_region_is_used(browser: Browser, engine: StubEngine) -> None:
    page = browser.search(town="Atlantide", region="CM-ES")
    assert text(page, ".notice").startswith("Nous ne connaissons pas le lieu « Atlantide ».")
    assert engine.profile is not None
    assert (engine.profile.region, engine.profile.department) == ("CM-ES", None)
    assert page.css_first("#town").attributes["value"] == "Atlantide"


def test_the_form_stays_filled_in(browser: Browser) -> None:
    page = browser.search(**FULL)
    form = page.css_first("#search")
    assert form.css_first("textarea").text().strip() == "Je couds depuis 5 ans"
    ticked = [node.attributes["value"] for node in form.css("input[checked]")]
    assert ticked == ["employment", "agr", "returnee", "MC2", "CAMCCUL"]
    chosen = [node.attributes["value"] for node in form.css("option[selected]")]
    assert chosen == ["CM-LT", "2", "female"]
    assert form.css_first("#birth_year").attributes["value"] == "1998"
    assert "(réponses : 7)" in text(form, "summary")


@pytest.mark.parametrize(("year", "is_asked"), [("1998", False), ("1960", False), ("", True), ("98", True)])
def test_nobody_is_asked_whether_they_are_young_who_said_when_they_were_born(
    browser: Browser, year: str, is_asked: bool
) -> None:
    page = browser.search(code=400 if year == "98" else 200, birth_year=year, status=["youth"])
    assert bool(page.css("#status input[value=youth]")) == is_asked


def test_a_situation_is_neither_repeated_nor_put_in_an_address(browser: Browser) -> None:
    page = browser.search(**FULL)
    assert list_chips(page) == [
        ("Enlever", "« Je couds depuis 5 ans »"),
        ("Enlever", "Emploi"),
        ("Enlever", "Activité"),
        ("Enlever", "5 ans d’expérience"),
        ("Enlever", "Douala, Littoral"),
        ("Enlever", "né(e) en 1998"),
        ("Enlever", "Collège (BEPC, CAP, O Level)"),
        ("Enlever", "votre situation (2 réponses)"),
        ("Enlever", "3 autres réponses"),
    ]
    assert "étranger" not in text(page, ".understood")
    assert all("returnee" not in (a.attributes["href"] or "") for a in page.css("a"))


def test_what_was_read_in_the_words_is_corrected_there(browser: Browser, engine: StubEngine) -> None:
    engine.answer = replace(engine.answer, trades=(Occupation("7531", "Couturier", "Tailor"),))
    page = browser.search(text="un boulot à Douala, je couds")
    chips = [("Enlever", "« un boulot à Douala, je couds »"), ("Corriger", "métier : couturier")]
    assert list_chips(page) == [*chips, ("Corriger", "Douala, Littoral")]
    assert [a.attributes["href"] for a in page.css(".chips a")][1:] == ["#text", "#text"]
    engine.answer = Answer(items=(), missing=())
    assert "toutes les offres, dans tout le Cameroun" in text(browser.search(), ".understood")


@pytest.mark.parametrize("chip", range(9))
def test_a_chip_leads_to_the_results_without_it_and_with_the_rest(
    browser: Browser, engine: StubEngine, chip: int
) -> None:
    page = browser.search(**FULL)
    before = list_chips(page)
    address = str(page.css(".chips a")[chip].attributes["href"])
    assert "returnee" not in address
    assert list_chips(browser.open(address)) == before[:chip] + before[chip + 1 :]
    assert engine.profile is not None
    assert bool(engine.profile.statuses) == (chip != 7)


def test_the_last_chip_leads_to_every_offer(browser: Browser) -> None:
    page = browser.search(kind="agr")
    address = str(page.css_first(".chips a").attributes["href"])
    assert address == "/fr/recommendations?all=yes"
    assert list_chips(browser.open(address)) == []


def test_an_offer_leads_back_to_the_results_in_the_same_browser_alone(
    browser: Browser, client: TestClient, engine: StubEngine
) -> None:
    engine.answer = Answer(items=(recommendation(TAILOR),), missing=())
    page = browser.search(**FULL)
    link = str(page.css(".card > a")[-1].attributes["href"])
    back = str(browser.open(link).css_first("a.back").attributes["href"])
    assert back.startswith("/fr/recommendations?")
    assert list_chips(browser.open(back)) == list_chips(page)
    client.cookies.clear()
    assert "recommendations" not in str(browser.open(link).css_first("a.back").attributes["href"])


def test_switching_the_language_leads_to_the_same_search(browser: Browser, engine: StubEngine) -> None:
    switch = browser.search(text="couture", town="Douala").css_first("header button[lang=en]")
    path = switch.attributes["formaction"]
    assert path.startswith("/en/recommendations?")
    answer = browser.client.post(path, data={"text": "couture, ou cuisine"})
    assert (engine.profile.text, engine.profile.language) == ("couture", "en")
    assert text(HTMLParser(answer.text), "#text") == "couture, ou cuisine", "typed, and not searched yet"


def test_switching_the_language_after_an_error_keeps_what_was_typed(browser: Browser) -> None:
    switch = browser.search(code=400, savings="x").css_first("header button[lang=en]").attributes
    answer = browser.client.post(switch["formaction"], data={"savings": "x", "text": "couture"})
    page = HTMLParser(answer.text)
    assert page.css_first("html").attributes["lang"] == "en"
    assert (page.css_first("#savings").attributes["value"], text(page, "#text")) == ("x", "couture")


def test_an_address_of_results_without_a_search_leads_to_the_form(browser: Browser) -> None:
    answer = browser.client.get("/en/recommendations", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("birth_year", "98", "Écrivez l’année de naissance en quatre chiffres, de 1900 à 2026."),
        ("birth_year", "1899", "Écrivez l’année de naissance en quatre chiffres, de 1900 à 2026."),
        ("birth_year", "2027", "Écrivez l’année de naissance en quatre chiffres, de 1900 à 2026."),
        ("birth_year", "9" * 5000, "Écrivez l’année de naissance en quatre chiffres, de 1900 à 2026."),
        ("birth_year", "-1990", "Écrivez l’année de naissance en quatre chiffres, de 1900 à 2026."),
        ("experience", "beaucoup", "Écrivez les années d’expérience en chiffres, de 0 à 60."),
        ("experience", "61", "Écrivez les années d’expérience en chiffres, de 0 à 60."),
        ("region", "CM-XX", "Choisissez une région de la liste."),
        ("region", "CM-LT-01", "Choisissez une région de la liste."),
        ("education", "9", "Choisissez dans la liste."),
        ("gender", "x", "Choisissez dans la liste."),
        ("kind", "wedding", "Choisissez dans la liste."),
        ("status", "rich", "Choisissez dans la liste."),
    ],
)
def test_a_wrong_value_shows_an_error_at_its_field_and_leaves_the_form_filled_in(
    browser: Browser, engine: StubEngine, field: str, value: str, message: str
) -> None:
    with time_machine.travel("2026-06-01", tick=False):
        page = browser.search(code=400, **{"text": "couture", field: value})
    assert engine.profile is None
    assert text(page, "title").startswith("Erreur :")
    assert text(page, f"#{field}-error") == message
    assert text(page, f".problems a[href='#{field}']") == message
    assert page.css_first(f"#{field}") is not None
    assert page.css_first("textarea").text().strip() == "couture"


def test_an_error_in_a_folded_field_opens_the_fold(browser: Browser) -> None:
    assert "open" in browser.search(code=400, birth_year="98").css_first("details").attributes
    assert "open" not in browser.search(code=400, region="CM-XX").css_first("details").attributes


def test_a_wrong_field_refers_to_its_error_message(browser: Browser) -> None:
    field = browser.search(code=400, birth_year="98").css_first("#birth_year")
    assert field.attributes["aria-describedby"] == "birth_year-hint birth_year-error"
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["value"] == "98"


def test_a_text_that_is_too_long_is_refused_whole(browser: Browser, engine: StubEngine) -> None:
    page = browser.search(text="é" * 2312, code=400)
    assert engine.profile is None
    assert "Caractères en trop : 312" in text(page, "#text-error")
    assert page.css_first("#text").text().strip() == "é" * 2312, "nothing of it is cut off"


def test_the_browser_cuts_no_text_that_somebody_writes() -> None:
    templates = (Path(pages.__file__).parent / "templates").rglob("*.html")
    areas = [area for file in templates for area in re.findall("<textarea[^>]*>", file.read_text("utf-8"))]
    assert [area for area in areas if "maxlength" in area] == []
    assert len(areas) > 2


def test_a_large_sum_is_written_in_groups(browser: Browser) -> None:
    assert "100 000 000" in text(browser.search(savings="9" * 12, code=400), "#savings-error")
    assert "de 1900 à" in text(browser.search(birth_year="98", code=400), "#birth_year-error")


def test_a_line_break_counts_as_one_character_as_in_the_browser(browser: Browser, engine: StubEngine) -> None:
    page = browser.search(text="a\r\n" * 999 + "b")
    assert engine.profile is not None
    assert len(engine.profile.text) == 1999
    assert page.css_first(".notice") is None


def test_markup_typed_into_the_form_is_shown_as_text(browser: Browser) -> None:
    page = browser.search(text="</textarea><script>x</script>", town='"><script>x</script>')
    assert page.css("script") == []
    assert page.css_first("textarea").text().strip() == "</textarea><script>x</script>"


def test_results_are_cards_in_the_engines_order_with_two_reasons(
    browser: Browser, engine: StubEngine
) -> None:
    three = (Reason(ReasonCode.MEANING), Reason(ReasonCode.BEGINNERS), Reason(ReasonCode.FOR_WOMEN))
    items = (recommendation(POULTRY, *three), recommendation(UUID(int=99)), recommendation(TAILOR))
    engine.answer = Answer(items=items, missing=())
    page = browser.search(text="poulets")
    assert text(page, "h1") == "2 offres pour vous"
    assert [h2.text() for h2 in page.css(".card h2")] == ["Élevage de poulets", "Couturière"]
    reasons = [[li.text() for li in card.css(".why li")] for card in page.css(".card")]
    assert reasons == [["Proche de ce que vous cherchez", "Débutants acceptés"], []]


MC2 = Need(Criterion.MEMBERSHIP, {"name": "MC2"}, changeable=True)
PLAN = Need(Criterion.DOCUMENTS, {"names": ["plan"]}, changeable=True)
NEAR_ELIGIBLE = Verdict(state=State.NOT_ELIGIBLE, missing=(MC2, PLAN))


def near_eligible(id_: UUID) -> Recommendation:
    steps = (Step(need=PLAN, offer=WELDER, title="Gérer"), Step(need=MC2, locality="Mbouda"))
    return replace(recommendation(id_), verdict=NEAR_ELIGIBLE, steps=steps)


def test_near_eligible_offers_have_their_own_heading_and_first_steps(
    browser: Browser, engine: StubEngine
) -> None:
    engine.answer = Answer(items=(recommendation(TAILOR), near_eligible(POULTRY)), missing=())
    page = browser.search()
    assert text(page, "h1") == "1 offre pour vous"
    assert [h.text() for h in page.css("main h2")][:2] == ["Couturière", "Presque pour vous"]
    assert text(page, ".card h3") == "Élevage de poulets"
    course, joining = page.css(".first li")
    assert text(course, "a").startswith("Procurez-vous ce papier : plan, avec « Gérer »")
    assert course.css_first("a").attributes["href"] == f"/fr/opportunities/{WELDER}"
    assert joining.text().replace("\u00a0", " ") == "Devenez membre d’une MC2, à Mbouda"
    assert joining.css_first("a") is None


def test_the_heading_says_that_there_are_only_near_eligible_offers(
    browser: Browser, engine: StubEngine
) -> None:
    engine.answer = Answer(items=(near_eligible(POULTRY),), missing=())
    page = browser.search("en")
    assert text(page, "h1") == "1 offer almost for you"
    assert text(page, ".card h2") == "Élevage de poulets"
    assert page.css_first(".empty") is None


def test_a_card_asks_what_decides_on_eligibility_except_about_papers(
    browser: Browser, engine: StubEngine
) -> None:
    with_question = replace(recommendation(TAILOR), verdict=Verdict(state=State.UNKNOWN, unknown=(MC2,)))
    about_papers = replace(recommendation(WELDER), verdict=Verdict(state=State.UNKNOWN, unknown=(PLAN,)))
    engine.answer = Answer(items=(with_question, about_papers), missing=())
    page = browser.search()
    assert [p.text().replace("\u00a0", " ") for p in page.css(".check")] == [
        "À vérifier : Êtes-vous membre d’une MC2 ?"
    ]


def test_the_distance_is_shown_with_the_place_and_as_a_reason_only_when_alone(
    browser: Browser, engine: StubEngine
) -> None:
    near = Reason(ReasonCode.DISTANCE, {"km": 12})
    items = (recommendation(TAILOR, near, Reason(ReasonCode.BEGINNERS)), recommendation(WELDER, near))
    engine.answer = Answer(items=items, missing=())
    first, second = browser.search(town="Douala").css(".card")
    assert "Douala, Littoral, à 12 km de chez vous" in text(first, ".lines")
    assert text(first, ".why ul") == "Débutants acceptés"
    assert text(second, ".why ul") == "À 12 km de chez vous"


def test_an_offer_opens_in_the_same_tab(browser: Browser, engine: StubEngine) -> None:
    engine.answer = Answer(items=(recommendation(TAILOR),), missing=())
    link = browser.search("en").css_first(".card > a:not([rel])")
    assert "target" not in link.attributes
    assert " ".join(link.text().split()) == "See the offer: Couturière"


def test_a_page_without_results_says_what_to_try(browser: Browser) -> None:
    page = browser.search(text="astronaute")
    assert text(page, "h1") == "Aucune offre ne convient pour le moment"
    assert page.css_first(".empty a").attributes["href"] == "/fr/opportunities"


def test_missing_facts_link_to_their_fields(browser: Browser, engine: StubEngine) -> None:
    engine.answer = Answer(items=(), missing=tuple(MissingInfo))
    page = browser.search()
    links = {a.text(): a.attributes["href"] for a in page.css(".missing a")}
    assert links["votre année de naissance"] == "#birth_year"
    assert all(page.css_first(target) is not None for target in links.values())
    assert "open" in page.css_first("details").attributes


def test_the_form_stays_filled_in_when_the_engine_is_unavailable(
    browser: Browser, engine: StubEngine
) -> None:
    engine.error = UnavailableError("The search does not answer. Try again in a moment.")
    page = browser.search(code=503, text="couture", birth_year="1998")
    assert "Vos réponses sont toujours là." in text(page, ".problems")
    assert page.css_first("textarea").text().strip() == "couture"
    assert page.css_first("#birth_year").attributes["value"] == "1998"


@pytest.mark.parametrize(
    ("words_only", "language", "sentence"),
    [
        (True, "fr", "comparées seulement par vos mots"),
        (True, "en", "compared by your words only"),
        (False, "fr", None),
    ],
)
def test_an_answer_by_words_alone_says_so(
    client: TestClient, engine: StubEngine, words_only: bool, language: str, sentence: str | None
) -> None:
    engine.answer = Answer(items=(), missing=(), words_only=words_only)
    page = client.post(
        f"/{language}/recommendations", data={"text": "couture"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    notices = [notice.text() for notice in HTMLParser(page.text).css(".notice")]
    assert page.status_code == 200
    assert len(notices) == (sentence is not None)
    assert all((sentence or "") in notice for notice in notices)
