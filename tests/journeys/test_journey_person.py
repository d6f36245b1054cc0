"""A person's whole use of OIM, from joining to erasure, without JavaScript and in both languages."""

import json

import pytest
from file_factory import document, docx, paragraphs
from journey_person import PIN, ask_code, join
from journey_stack import wait_until
from journey_staff import enter, member
from journey_visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "en"])]

NUMBERS = {"fr": "677300811", "en": "677300812"}
WISHES = {
    "fr": "Je cherche un travail de comptable à Douala",
    "en": "I look for work as an accountant in Douala",
}
ORGANISATION = "Atelier Akwa"
OFFER = {
    "kind": "employment",
    "external_id": "journey-accountant",
    "title": "Comptable",
    "description": "Tenir les comptes d'un atelier à Douala, comptabilité et paie.",
    "organisation": ORGANISATION,
    "locality": "Douala",
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


@pytest.fixture
def agent(stack, chromium, offer, language):
    """The agent who receives applications to the offer."""
    email = f"agent-{language}@example.org"
    return member(stack, chromium, email, "agent", "--organisation", ORGANISATION)


@pytest.fixture
def look(visit, language, photograph, weigh):
    """A function that takes a screenshot of the current page and checks its weight."""

    def seen(name):
        photograph(visit.page, f"{name}-{language}")
        weigh(name)

    return seen


def test_from_sign_up_to_erasure(chromium, visit, stack, language, agent, look):
    join(visit, stack, NUMBERS[language])
    visit.weight()
    tell(visit, look)
    send_cv(visit, look)
    choose(visit, look, published(stack))
    apply(visit, look, published(stack))
    with Visit(chromium, stack.address, language) as other:
        enter(other, agent)
        received(other, reads="Awa")
        withdraw(visit, look)
        received(other, reads=None)
    take_away(visit, look, language)
    erase(visit, look)
    page = visit.page  # nobody of that name is known to that telephone any more
    ask_code(visit, stack, NUMBERS[language])
    page.fill("#name", "Awa")
    page.fill("#pin", PIN)
    assert visit.go("form.panel .button") == 401


def tell(visit, look):
    """Answer two questions and skip one; the line that shows the profile's strength changes."""
    page, language = visit.page, visit.language
    page.goto(f"/{language}/me")
    look("my space")
    before = page.locator(".strength").inner_text()
    page.goto(f"/{language}/me/profile")
    look("profile")
    visit.go("main .button")
    look("question")
    page.fill("#text", WISHES[language])
    assert visit.go("form.panel .button") == 200
    visit.go("main .more")
    visit.weight()
    assert page.url.endswith("/me/profile/age")
    page.fill("#birth_year", "2090")
    assert visit.go("form.panel .button") == 400
    look("question, a mistake")
    assert page.input_value("#birth_year") == "2090"
    page.fill("#birth_year", "1995")
    assert visit.go("form.panel .button") == 200
    page.goto(f"/{language}/me/profile")
    assert page.locator(".strength").inner_text() != before
    assert WISHES[language] in page.locator(".told").inner_text()
    visit.weight()


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
    visit.weight()


def choose(visit, look, offer):
    """Agree to matching, see offers with reasons, and save one."""
    page, own = visit.page, f"/{visit.language}/me"
    page.goto(f"{own}/offers")
    look("offers, not agreed to")
    assert page.locator(".card").count() == 0
    assert visit.go("form.panel .button") == 200
    look("offers for me")
    assert page.locator(".card").count() >= 5
    assert all(card.locator(".why li").count() >= 1 for card in page.locator(".card").all())
    page.goto(f"/{visit.language}/opportunities/{offer}")
    assert visit.go(f"form[action$='{offer}/save'] button") == 200
    page.goto(f"{own}/saved")
    visit.weight()
    page.reload()
    look("saved offers")
    assert page.locator(".card h2").inner_text() == OFFER["title"]


def apply(visit, look, offer):
    """Apply in two taps with the drafted letter. Without consent to sharing, nothing is sent."""
    page = visit.page
    page.goto(f"/{visit.language}/opportunities/{offer}")
    look("offer, signed in")
    visit.go("a[href$='/apply']")
    look("apply")
    assert "Awa" in page.input_value("#letter")
    page.check("[name=cv]")
    assert visit.go("form.panel .button") == 409
    look("apply, not agreed to")
    assert page.is_checked("[name=cv]")
    page.check("[name=agree]")
    assert visit.go("form.panel .button") == 200
    look("application")
    page.goto(f"/{visit.language}/me/applications")
    look("applications")
    assert OFFER["title"] in page.locator(".card").inner_text()


def received(visit, reads):
    """Check whether the partner can see the latest application: `reads` is the name, or None if hidden."""
    page = visit.page
    page.goto(f"/{visit.language}/staff/applications")
    visit.go(".card h2 a")
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
    visit.weight()


def take_away(visit, look, language):
    """Read all data on a page and download it as a file; a wrong PIN is refused."""
    page = visit.page
    page.goto(f"/{language}/me/data")
    look("data")
    page.fill("#pin", "0000")
    assert visit.go("form.panel .button") == 400
    look("data, a wrong PIN")
    page.fill("#pin", PIN)
    assert visit.go("form.panel .button") == 200
    look("everything")
    shown = page.locator("main").inner_text()
    page.goto(f"/{language}/me/data")
    page.fill("#pin", PIN)
    with page.expect_download() as begun:
        page.click("button[formaction$='/export']")
    told = json.loads(begun.value.path().read_text("utf-8"))
    assert told["account"]["name"] == "Awa"
    assert len(told["documents"]) == len(told["applications"]) == len(told["saved_offers"]) == 1
    for part in ("Awa", f"+237{NUMBERS[language]}", WISHES[language], "cv.docx", OFFER["title"]):
        assert part in shown
        assert part in json.dumps(told, ensure_ascii=False)
    visit.weight()


def erase(visit, look):
    """Erase everything; no cookie stays in the browser."""
    page = visit.page
    page.goto(f"/{visit.language}/me/data")
    assert visit.go("a[href$='/erase']") == 200
    look("erase")
    page.fill("#pin", PIN)
    assert visit.go("form.panel .button") == 200
    look("erased")
    assert page.context.cookies() == []
    assert page.goto(f"/{visit.language}/me").status == 401
