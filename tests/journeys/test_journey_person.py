"""The way of a returnee in Bafoussam from search to erasure, without JavaScript.

French to the last page; English as far as what is said and read differs, and a drill is all of it in English.
"""

import json

import pytest
from file_factory import document, docx, paragraphs
from journey_answers import answer_each_way, invite, read_news
from journey_person import PIN, ask_code, fill_in_name, prove_number
from journey_return import NEW_PIN, add_contact, forget_pin, outlive_session
from journey_stack import wait_until
from journey_staff import enter, member
from journey_visit import Visit

pytestmark = pytest.mark.browser

NUMBERS = {"fr": "677300811", "en": "677300812"}
MAILBOXES = {"fr": "awa.fr@example.org", "en": "awa.en@example.org"}
WISHES = {
    "fr": "Je rentre de Libye et je cherche un travail de comptable à Bafoussam",
    "en": "I am back from Libya and look for work as an accountant in Bafoussam",
}
ORGANISATION = "Atelier Tamdja"
OFFER = {
    "kind": "employment",
    "external_id": "journey-accountant",
    "title": "Comptable",
    "description": "Tenir les comptes d'un atelier à Bafoussam, comptabilité et paie.",
    "organisation": ORGANISATION,
    "locality": "Bafoussam",
}
JOB = "Comptable · Atelier Bonanjo · 2015-2018"
CV = docx(
    document(
        paragraphs(
            (
                "Expérience professionnelle",
                "2015 - 2018 : Comptable, Atelier Bonanjo, Douala",
                "Formation",
                "2014 : Licence en comptabilité, Université de Buea",
            )
        )
    )
)
FILE = {
    "name": "cv.docx",
    "mimeType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "buffer": CV,
}


def published(stack):
    return next((one["id"] for one in stack.offers() if one["organisation"] == ORGANISATION), None)


@pytest.fixture(scope="module")
def offer(one_stack, tmp_path_factory):
    """Publish an offer."""
    if not one_stack.runs:
        one_stack.start()
    file = tmp_path_factory.mktemp("offers") / "offers.jsonl"
    file.write_text(json.dumps(OFFER), encoding="utf-8")
    one_stack.run("ingest", "file", str(file), "--source", "journeys")
    wait_until(lambda: published(one_stack))


@pytest.fixture(scope="module")
def desk(one_stack, chromium, checker, offer):
    """The desk of the agent who receives applications to the offer, signed in for both languages."""
    agent = member(one_stack, chromium, checker, "agent@example.org", "agent", "--organisation", ORGANISATION)
    with Visit(chromium, one_stack.address, "fr") as visit:
        enter(visit, agent)
        yield visit


@pytest.fixture
def look(visit, language, photograph, weigh):
    """A function that takes a screenshot of the current page and checks its weight."""

    def seen(name):
        photograph(visit.page, f"{name}-{language}")
        weigh(name)

    return seen


@pytest.mark.parametrize("language", ["en"])
def test_from_a_search_to_an_interview_in_english(visit, stack, language, desk, look):
    offer = published(stack)
    search(visit, look)
    join_and_keep(visit, stack, look)
    choose(visit, look, offer)
    apply(visit, look, offer)
    read_news(visit, look, invite(desk, language))
    erase(visit, look, PIN)


@pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.drill)])
def test_from_a_search_to_erasure(visit, stack, language, desk, look):
    offers = stack.offers()
    offer = published(stack)
    search(visit, look)
    join_and_keep(visit, stack, look)
    answer_a_question(visit, look)
    send_cv(visit, look)
    choose(visit, look, offer)
    apply(visit, look, offer, ticked=["[name=cv]"])
    answer_each_way(visit, offers, look)
    read_news(visit, look, invite(desk, language))
    received(desk, language, reads="Awa")
    add_contact(visit, stack, MAILBOXES[language], look)
    forget_pin(visit, stack, NUMBERS[language], MAILBOXES[language], look)
    other = next(one["id"] for one in offers if one["id"] != offer and one["ways"][0]["kind"] == "here")
    outlive_session(visit, stack, NUMBERS[language], other, look)
    withdraw(visit, look)
    received(desk, language, reads=None)
    take_away(visit, look, language)
    erase(visit, look, NEW_PIN)
    ask_code(visit, stack, NUMBERS[language])  # nobody of that name is known to that telephone any more
    visit.page.fill("#name", "Awa")
    visit.page.fill("#pin", NEW_PIN)
    assert visit.go("form.panel .button") == 401


def search(visit, look):
    """Say what is looked for; the results have an address, under which they are the same again."""
    page = visit.page
    visit.home()
    look("home")
    visit.say_more()
    page.check("input[value=returnee]")
    assert visit.ask(text=WISHES[visit.language], birth_year="1995", town="Bafoussam") == 200
    look("results")
    found = visit.listed()
    assert len(found) >= 5
    assert page.reload().request.method == "GET"
    assert visit.listed() == found


def join_and_keep(visit, stack, look):
    """Join from the results: what was said is shown, and goes into the profile."""
    page, said = visit.page, WISHES[visit.language]
    visit.go("a.button[href*='/sign-in?next=']")
    look("sign in")
    prove_number(visit, stack, NUMBERS[visit.language], look)
    visit.go("main a.button.second")
    look("join")
    fill_in_name(visit)
    assert "/me/keep?" in page.url
    look("keep what was said")
    assert said in page.locator("form.panel").inner_text()
    assert visit.go("form.panel .button") == 200
    look("profile")
    told = page.locator(".told").inner_text()
    assert said in told
    assert "1995" in told


def answer_a_question(visit, look):
    """Answer a question wrongly, then rightly; the line that shows the profile's strength changes."""
    page, language = visit.page, visit.language
    before = page.locator(".strength").inner_text()
    page.goto(f"/{language}/me/profile/savings")
    page.fill("#savings", "?")
    assert visit.go("form.panel .button") == 400
    look("question, a mistake")
    assert page.input_value("#savings") == "?"
    page.fill("#savings", "50000")
    assert visit.go("form.panel .button") == 200
    page.goto(f"/{language}/me/profile")
    assert page.locator(".strength").inner_text() != before


def send_cv(visit, look):
    """Send a CV: its lines go into the profile only when confirmed, without the unticked ones."""
    page, profile = visit.page, f"/{visit.language}/me/profile"
    page.goto(f"/{visit.language}/me/cv")
    look("cv")
    page.set_input_files("#file", FILE)
    assert visit.go("form.panel .button") == 200
    look("cv, proposed")
    proposed, own = page.url, page.locator("#diplomas .tick")
    assert JOB in page.locator("#jobs").inner_text()
    page.goto(profile)
    assert JOB not in page.locator(".told").inner_text()
    page.goto(proposed)
    own.first.locator("input").uncheck()
    left_out = own.first.inner_text().strip()
    assert visit.go("button[name=keep]") == 200
    told = page.locator(".told").inner_text()
    assert JOB in told
    assert left_out not in told


def choose(visit, look, offer):
    """Agree to matching, find three offers with reasons on the own space, and save one."""
    page, own = visit.page, f"/{visit.language}/me"
    page.goto(own)
    look("my space, not agreed to")
    assert page.locator(".card").count() == 0
    assert visit.go("form.panel .button") == 200
    look("my space, three offers")
    cards = page.locator(".card").all()
    assert len(cards) == 3
    assert all(card.locator(".why li").count() >= 1 for card in cards)
    page.goto(f"/{visit.language}/opportunities/{offer}")
    look("offer")
    assert visit.go(f"form[action$='{offer}/save'] button") == 200
    page.goto(f"{own}/saved")
    look("saved offers")
    assert page.locator(".card h2").inner_text() == OFFER["title"]


def apply(visit, look, offer, ticked=()):
    """Apply in two taps with the drafted letter. Without consent to sharing, nothing is sent."""
    page = visit.page
    page.goto(f"/{visit.language}/opportunities/{offer}")
    visit.go("a[href$='/apply']")
    look("apply")
    assert "Awa" in page.input_value("#letter")
    for box in ticked:
        page.check(box)
    assert visit.go("form.panel .button") == 409
    look("apply, not agreed to")
    assert [box for box in ticked if not page.is_checked(box)] == []
    page.check("[name=agree]")
    assert visit.go("form.panel .button") == 200
    look("application")
    page.goto(f"/{visit.language}/me/applications")
    look("applications")
    assert OFFER["title"] in page.locator(".card").inner_text()


def received(desk, language, reads):
    """Check whether the partner can see the latest application: `reads` is the name, or None if hidden."""
    page = desk.page
    page.goto(f"/{language}/staff/applications")
    desk.go("tbody th a")
    body = page.locator("main").inner_text()
    assert (page.locator("h1").inner_text() == reads) == (reads is not None)
    assert page.locator("a[href$='/cv']").count() == (reads is not None)
    assert ("+237" in body) == (reads is not None)
    assert (page.locator(".words").count() == 1) == (reads is not None)


def withdraw(visit, look):
    """Withdraw the consent to sharing."""
    page = visit.page
    page.goto(f"/{visit.language}/me/consents")
    look("consents")
    assert visit.go("a[href$='/sharing/withdraw']") == 200
    look("consent, to withdraw")
    assert visit.go("form.panel .button") == 200
    assert page.locator(".notice").count() == 1
    assert page.locator("form[action$='/sharing'] button[value=yes]").count() == 1


def take_away(visit, look, language):
    """Read all data on a page and download it as a file; a wrong PIN is refused."""
    page = visit.page
    page.goto(f"/{language}/me/data")
    look("data")
    page.fill("#pin", "0000")
    assert visit.go("form.panel .button") == 400
    look("data, a wrong PIN")
    page.fill("#pin", NEW_PIN)
    assert visit.go("form.panel .button") == 200
    look("everything")
    shown = page.locator("main").inner_text()
    page.goto(f"/{language}/me/data")
    page.fill("#pin", NEW_PIN)
    with page.expect_download() as begun:
        page.click("button[formaction$='/export']")
    told = json.loads(begun.value.path().read_text("utf-8"))
    assert told["account"]["name"] == "Awa"
    assert len(told["documents"]) == len(told["applications"]) == len(told["saved_offers"]) == 1
    for part in ("Awa", f"+237{NUMBERS[language]}", WISHES[language], "cv.docx", OFFER["title"]):
        assert part in shown
        assert part in json.dumps(told, ensure_ascii=False)


def erase(visit, look, pin):
    """Erase everything; no cookie stays in the browser."""
    page = visit.page
    page.goto(f"/{visit.language}/me/data")
    assert visit.go("a[href$='/erase']") == 200
    look("erase")
    page.fill("#pin", pin)
    assert visit.go("form.panel .button") == 200
    look("erased")
    assert page.context.cookies() == []
    assert page.goto(f"/{visit.language}/me").status == 401
