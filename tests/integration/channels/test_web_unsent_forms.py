"""No form loses a typed character: when the session timed out, when something is wrong, on any error page.

Every form of the templates in which something can be typed or chosen has a row of `CASES`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import file_factory
import pytest
from application_factory import Scene, add_offers, applied, draft, scene
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import delete

from oim.channels import web as pages
from oim.channels.web.security import MAX_FORM_BYTES, SESSION_COOKIE, UNSENT_COOKIE
from oim.channels.web.unsent_forms import without_secrets
from oim.features.access import Actor, Role
from oim.features.opportunities.models import OpportunityRow
from oim.features.profile import Question

Browser = Callable[..., TestClient]
QUESTION = "Était-ce vous"
Fields = dict[str, Any]
TEMPLATES = Path(pages.__file__).parent / "templates"
ODD = "Ligne 1 : « à » <b> & 100 % + “é”\r\nLigne 2 = fin;"  # what a page or a form could spoil
LINE = "Ici : « à » <b> & 100 % + “é”"


@dataclass(frozen=True)
class Case:
    """A form: on which page, sent to which path, by whom, with what; and what of it is wrong, if it can."""

    page: str
    action: str
    fields: Fields
    role: Role | None = Role.PERSON
    wrong: Fields | None = None  # None: nothing that is typed can be wrong


ANSWERS: dict[Question, tuple[Fields, Fields | None]] = {
    Question.WISH: ({"text": ODD}, {"text": ODD * 60}),
    Question.PLACE: ({"region": "CM-OU", "town": "Bafoussam"}, {"town": "Nulle part"}),
    Question.AGE: ({"birth_year": "1998"}, {"birth_year": "98"}),
    Question.EDUCATION: (
        {"education": "3", "diploma-0-name": LINE, "diploma-4-name": "CAP", "diploma-4-year": "2014"},
        {"diploma-0-name": "", "diploma-4-year": "14"},
    ),
    Question.EXPERIENCE: (
        {"experience": "5", "job-0-title": LINE, "job-3-title": "Soudeur", "job-3-employer": LINE},
        {"experience": "beaucoup", "job-3-since": "15"},
    ),
    Question.KINDS: ({"kind": ["training", "agr"]}, None),
    Question.SKILLS: ({"skills": ODD}, {"skills": "x" * 900}),
    Question.LANGUAGES: (
        {"lang-fr": "good", "language-1-name": "Bamoun", "language-1-level": "native"},
        {"language-1-name": "1 < 2"},
    ),
    Question.MOBILITY: ({"mobility": "region"}, None),
    Question.SITUATION: ({"status": ["returnee"]}, None),
    Question.GENDER: ({"gender": "female"}, None),
    Question.MEMBERSHIP: ({"membership": ["MUFFA"]}, None),
    Question.SAVINGS: ({"savings": "50000"}, {"savings": "9" * 20}),
    Question.DOCUMENTS: ({"documents": ["none"]}, None),
}
INVITED = {"contact": "a@example.org", "name": ODD.splitlines()[0], "role": "agent", "organisation": "Ici"}
MOVE = {"stage": "interview", "next_step": "other_offers", "words": ODD, "on": "2026-12-24"}
# By the action of the form, without its values. What is missing here fails the first test.
CASES: dict[str, list[Case]] = {
    "me/account/name": [Case("me/account", "me/account/name", {"name": "Ada", "language": "en"}, wrong={})],
    "me/account/contacts": [Case("me/account", "me/account/contacts", {"contact": "6 77"}, wrong={})],
    "me/help": [Case("me/help", "me/help", {"code": "AB12CD"}, wrong={})],
    "{}/profile/{}": [
        Case(f"me/profile/{question.value}", f"me/profile/{question.value}", fields, wrong=wrong)
        for question, (fields, wrong) in ANSWERS.items()
    ],
    "opportunities/{}/apply": [
        Case(
            "opportunities/{offer}/apply", "opportunities/{offer}/apply", fields, wrong={"letter": ODD * 400}
        )
        for fields in ({"letter": ODD}, {"letter": ODD * 20})
    ],
    "opportunities/{}/not-for-me": [
        Case("opportunities/{offer}/not-for-me", "opportunities/{offer}/not-for-me", {"reason": "too_far"})
    ],
    "opportunities/{}/report": [
        Case("opportunities/{offer}/report", "opportunities/{offer}/report", {"words": ODD}, None, {})
    ],
    "recommendations": [
        Case(
            "",
            "recommendations",
            {"text": ODD, "town": "Ici", "status": ["returnee"]},
            None,
            {"savings": "x"},
        )
    ],
    "sign-in": [Case("sign-in", "sign-in", {"contact": "6 77", "channel": "whatsapp"}, None, {})],
    "sign-in/who": [Case("sign-in/who", "sign-in/who", {"name": "Awa  Ngo"}, None, {})],
    "sign-in/new": [
        Case("sign-in/new", "sign-in/new", {"name": "Awa", "consent": ["matching", "messages"]}, None, {})
    ],
    "sign-in/forgotten": [Case("sign-in/forgotten", "sign-in/forgotten", {"name": "Awa  Ngo"}, None, {})],
    "staff/notices": [Case("staff/notices", "staff/notices", {"notices": "daily"}, Role.AGENT, None)],
    "staff/sign-in": [Case("staff/sign-in", "staff/sign-in", {"email": "a@example.org"}, None, {})],
    "staff/accounts": [
        Case("staff/accounts", "staff/accounts", INVITED, Role.ADMINISTRATOR, {"contact": "a at b"})
    ],
    "staff/applications/{}": [
        Case("staff/applications/{sent}", "staff/applications/{sent}", MOVE, Role.AGENT, {"on": "demain"})
    ],
    "staff/review/{}/release": [
        Case(
            "staff/review/{offer}", f"staff/review/{{offer}}/{act}", {"note": ODD}, Role.ADMINISTRATOR, wrong
        )
        for act in ("release", "withdraw")
        for wrong in ({"note": ODD * 100},)
    ],
    "me/keep?{}": [
        Case("me/keep?region=CM-OU&kind=agr", "me/keep?region=CM-OU&kind=agr", {"question": ["kinds"]})
    ],
    "me/cv/{}": [Case("me/cv/{cv}", "me/cv/{cv}", {"jobs": ["0"], "keep": "yes"})],
}
# Nothing of these comes back: secrets, codes that are read off a message, a file, the choice of a search that
# stands in the address of its page.
WITHOUT_TEXT = {
    "me/account/contacts/{}/remove",
    "me/account/contacts/code",
    "me/account/pin",
    "me/data/read",
    "sign-in/code",
    "sign-in/forgotten/code",
    "sign-in/forgotten/contact",  # its page is the answer to asking, which a step of signing in leads to
    "staff/people/{}/pin",
    "staff/welcome/{}",
    "me/cv",
    "me/searches",
    "{}",  # the error page's own, with any fields
}
FLAT = [case for cases in CASES.values() for case in cases]


@pytest.fixture(scope="module")
def made(house: Any, web: Browser) -> Iterator[dict[str, Any]]:
    """A person with a CV who applied to one offer and not to another, the agent who got it, other staff."""
    first: Scene = scene(house.database)
    sent = applied(house.database, first)
    [offer] = add_offers(house.database, draft(2))
    actors = {
        None: None,
        Role.PERSON: first.person,
        Role.AGENT: first.agent,
        Role.ADMINISTRATOR: Actor(Role.ADMINISTRATOR, uuid4()),
    }
    document = _add_proposal(web, first)
    yield {"actors": actors, "paths": {"offer": offer, "sent": sent, "cv": document}}
    with house.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))


def _add_proposal(web: Browser, made: Scene) -> UUID:
    """Add a CV of the person from which lines were read that they have not looked at."""
    upload = {"file": ("cv.docx", file_factory.docx())}
    answer = web(made.person).post("/fr/me/cv", files=upload)
    return UUID(answer.headers["location"].rsplit("/", 1)[1])


def time_out(house: Any, browser: TestClient) -> None:
    """Let half an hour pass for the session of a browser."""
    key = f"session:{sha256(browser.cookies[SESSION_COOKIE].encode()).hexdigest()}"
    with house.sign_in.cache.commands() as valkey:
        valkey.hincrby(key, "seen", -31 * 60 * 1_000_000)


def sign_in_again(house: Any, browser: TestClient, actor: Actor) -> None:
    browser.cookies.set(SESSION_COOKIE, house.sign_in.sessions.open(actor))


def values_of(page: str, names: Any) -> dict[str, list[str]]:
    """What the forms of a page have in these fields, as a browser would send it."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for node in HTMLParser(page).css("main input, main textarea, main option"):
        name = node.attributes.get("name") or (node.parent and node.parent.attributes.get("name")) or ""
        kind, marks = node.attributes.get("type"), node.attributes
        is_chosen = "selected" in marks if node.tag == "option" else "checked" in marks
        if name not in found or ((node.tag == "option" or kind in ("checkbox", "radio")) and not is_chosen):
            continue
        # The line break after the tag of a textarea is not of its text.
        text = node.text().removeprefix("\n") if node.tag == "textarea" else marks.get("value") or ""
        found[name].append(text)
    return found


def typed(fields: Fields) -> dict[str, list[str]]:
    """Fields as a page shows them: the parser of pages knows no carriage return."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    return {
        name: [value.replace("\r\n", "\n") for value in values]
        for name, values in lists.items()
        if name != "keep"  # a button
    }


def read(page: str, fields: Fields) -> dict[str, list[str]]:
    shown = values_of(page, typed(fields))
    return {name: [value.replace("\r\n", "\n") for value in values] for name, values in shown.items()}


def forms_of_templates() -> set[str]:
    """The actions of all forms that are posted and have something to type, to choose or to tick."""
    actions = set()
    for template in TEMPLATES.rglob("*.html"):
        for attributes, body in re.findall(r"<form([^>]*)>(.*?)</form>", template.read_text("utf-8"), re.S):
            if 'method="post"' not in attributes:
                continue
            action = re.search(r'action="(?:/{{ t.language }}/)?([^"]*)"', attributes)
            assert action, f"{template.name}: a form without an action"
            if re.search(
                r"fields\.(input|area|choice|ticks)\(|<textarea|<select|<input(?! type=.hidden)", body
            ):
                actions.add(re.sub(r"{{.*?}}", "{}", action[1]))
    return actions


def test_every_form_of_the_templates_has_a_case() -> None:
    found = forms_of_templates()
    assert found - WITHOUT_TEXT - CASES.keys() == set()
    assert {*CASES, *WITHOUT_TEXT} - found - {"recommendations"} == set()


def test_every_password_is_in_a_field_that_never_comes_back() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        names = re.findall(r'fields\.input\(form, "(\w+)"[^}]*type="password"', text)
        names += re.findall(r'<input[^>]*name="(\w+)"[^>]*type="password"', text)
        assert without_secrets({name: ["x"] for name in names}) == {}, template.name


def url(made: dict[str, Any], path: str) -> str:
    return f"/fr/{path.format_map(made['paths'])}"


@pytest.mark.parametrize("case", [c for c in FLAT if c.role], ids=lambda case: case.action)
def test_a_form_comes_back_after_the_session_timed_out(
    house: Any, web: Browser, made: dict[str, Any], case: Case
) -> None:
    actor, page = made["actors"][case.role], url(made, case.page)
    browser = web(actor)
    assert browser.get(page).status_code == 200
    time_out(house, browser)
    answer = browser.post(url(made, case.action), data={**case.fields, "pin": "2580"})
    assert answer.status_code == 401
    link = HTMLParser(answer.text).css_first("main a.button").attributes["href"] or ""
    assert link.endswith(f"next={quote(page, safe='')}")
    sign_in_again(house, browser, actor)
    answer_question(browser, page, "yes")
    shown = browser.get(page).text
    assert read(shown, case.fields) == typed(case.fields)
    assert "2580" not in shown
    assert "Relisez-le" in shown


@pytest.mark.parametrize("case", [c for c in FLAT if c.wrong is not None], ids=lambda case: case.action)
def test_a_form_comes_back_with_its_error(web: Browser, made: dict[str, Any], case: Case) -> None:
    fields = {**case.fields, **(case.wrong or {})}
    answer = web(made["actors"][case.role]).post(url(made, case.action), data=fields)
    assert answer.status_code in (400, 401, 404, 409)
    assert read(answer.text, fields) == typed(fields)


SEVERAL_FORMS = {"me/account/name"}  # on the page of another form, which goes along


@pytest.mark.parametrize(
    "case", [c for c in FLAT if c.action not in SEVERAL_FORMS | {"me/cv/{cv}"}], ids=lambda case: case.action
)
def test_another_language_shows_the_page_with_what_was_typed(
    web: Browser, made: dict[str, Any], case: Case
) -> None:
    browser, page = web(made["actors"][case.role]), url(made, case.page)
    switch = HTMLParser(browser.get(page).text).css_first("header nav button")
    form = HTMLParser(browser.get(page).text).css_first(f"form#{switch.attributes['form']}")
    actions = {form.attributes["action"], *(b.attributes.get("formaction") for b in form.css("button"))}
    assert url(made, case.action) in actions
    answer = browser.post(switch.attributes["formaction"], data={**case.fields, "pin": "2580"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    shown = HTMLParser(answer.text)
    assert shown.css_first("html").attributes["lang"] == "en"
    assert read(answer.text, case.fields) == typed(case.fields)
    assert "2580" not in answer.text
    back = shown.css_first("header nav button").attributes["formaction"]
    assert back == url(made, case.page) + ("&" if "?" in page else "?") + "typed=yes"


def test_the_key_enter_sends_the_form_and_does_not_change_the_language(
    web: Browser, made: dict[str, Any]
) -> None:
    page = HTMLParser(web(made["actors"][Role.PERSON]).get(url(made, "opportunities/{offer}/apply")).text)
    first = page.css_first("button")
    assert first.attributes["form"] == page.css_first("main form").attributes["id"]
    assert "formaction" not in first.attributes


def test_another_language_after_an_error_leads_to_a_page(web: Browser, made: dict[str, Any]) -> None:
    browser = web(made["actors"][Role.PERSON])
    wrong = HTMLParser(browser.post("/fr/me/account/contacts", data={"contact": "6 77"}).text)
    switch = wrong.css_first("header nav button").attributes["formaction"]
    assert switch == "/en/me/account?typed=yes"
    assert read(browser.post(switch, data={"contact": "6 77"}).text, {"contact": ""}) == {"contact": ["6 77"]}


def test_what_is_typed_outlives_the_session_when_the_language_changes(
    house: Any, web: Browser, made: dict[str, Any]
) -> None:
    actor, page = made["actors"][Role.PERSON], "/en/me/profile/wish"
    browser = web(actor)
    time_out(house, browser)
    answer = browser.post(f"{page}?typed=yes", data={"text": "Coudre à Douala"})
    assert answer.status_code == 401
    sign_in_again(house, browser, actor)
    browser.post("/en/unsent-form", data={"next": page, "was_me": "yes"})
    assert "Coudre à Douala" in browser.get(page).text


def test_another_site_cannot_fill_in_a_page_of_ours(web: Browser, made: dict[str, Any]) -> None:
    browser, cross = web(made["actors"][Role.PERSON]), {"Sec-Fetch-Site": "cross-site"}
    answer = browser.post("/fr/me/profile/wish?typed=yes", data={"text": "Payez ici"}, headers=cross)
    assert (answer.status_code, "Payez" in answer.text) == (403, False)


def test_another_person_of_the_telephone_never_sees_it(
    house: Any, web: Browser, made: dict[str, Any]
) -> None:
    browser, page = web(made["actors"][Role.PERSON]), "/fr/me/profile/wish"
    time_out(house, browser)
    browser.post(page, data={"text": "Mon secret à moi"})
    assert browser.cookies[UNSENT_COOKIE]
    sign_in_again(house, browser, scene(house.database).person)
    for _ in range(2):  # nor when they claim it
        assert QUESTION not in (shown := browser.get(page).text)
        assert "Mon secret" not in shown
        browser.post("/fr/unsent-form", data={"next": page, "was_me": "yes"})
    sign_in_again(house, browser, made["actors"][Role.PERSON])
    answer_question(browser, page, "yes")
    assert "Mon secret" in browser.get(page).text


def answer_question(browser: TestClient, page: str, was_me: str) -> None:
    """Answer whether one has typed what was kept, by the form that the page shows."""
    shown = browser.get(page).text
    form = HTMLParser(shown).css_first("form[action$=unsent-form]")
    next_ = form.css_first("[name=next]").attributes["value"]
    assert (QUESTION in shown, next_) == (True, page)
    answer = browser.post("/fr/unsent-form", data={"next": next_, "was_me": was_me})
    assert (answer.status_code, answer.headers["location"]) == (303, page)


def test_whoever_was_signed_in_is_asked_first_as_another_may_have_typed(
    house: Any, web: Browser, made: dict[str, Any]
) -> None:
    browser, page = web(made["actors"][Role.PERSON]), "/fr/me/profile/wish"
    time_out(house, browser)
    browser.post(page, data={"text": "La lettre de B"})
    sign_in_again(house, browser, made["actors"][Role.PERSON])
    kept = browser.cookies[UNSENT_COOKIE]
    for _ in range(2):
        assert QUESTION in (shown := browser.get(page).text)
        assert "La lettre de B" not in shown
    answer_question(browser, page, "no")
    browser.cookies.set(UNSENT_COOKIE, kept)
    assert QUESTION not in (shown := browser.get(page).text), "deleted, not only forgotten by the browser"
    assert "La lettre de B" not in shown


@pytest.mark.parametrize(
    ("stay", "ended"),
    [
        (False, {"seen": 151}),  # minutes ago: half an hour and two hours
        (False, {"seen": 0, "at": (12 + 2) * 60 + 1}),
        (True, {"seen": 0, "at": (30 * 24 + 2) * 60 + 1}),
    ],
    ids=["unused", "12 hours", "30 days"],
)
def test_nothing_is_kept_for_a_session_that_ended_long_ago(
    house: Any, web: Browser, made: dict[str, Any], stay: bool, ended: dict[str, int]
) -> None:
    browser = web()
    token = house.sign_in.sessions.open(made["actors"][Role.PERSON], stay=stay)
    browser.cookies.set(SESSION_COOKIE, token)
    with house.sign_in.cache.commands() as valkey:
        for name, minutes in ended.items():
            key = f"session:{sha256(token.encode()).hexdigest()}"
            valkey.hincrby(key, name, -minutes * 60 * 1_000_000)
    answer = browser.post("/fr/me/profile/wish", data={"text": "La lettre de B"})
    assert (answer.status_code, UNSENT_COOKIE in answer.cookies) == (401, False)
    assert "La lettre de B" in answer.text, "shown to whoever has just typed it"


def test_a_form_that_was_sent_does_not_come_back(house: Any, web: Browser, made: dict[str, Any]) -> None:
    actor, page = made["actors"][Role.PERSON], "/fr/me/profile/wish"
    browser = web(actor)
    time_out(house, browser)
    browser.post(page, data={"text": "Coudre à Douala"})
    sign_in_again(house, browser, actor)
    assert browser.post(page, data={"text": "Coudre à Garoua"}).status_code == 303
    assert read(browser.get(page).text, {"text": ""}) == {"text": ["Coudre à Garoua"]}


@pytest.mark.parametrize("path", ["me/profile/wish", "staff/review/{offer}/release", "me/account/name"])
def test_where_nobody_knows_whose_it_was_the_answer_shows_it(
    web: Browser, made: dict[str, Any], path: str
) -> None:
    answer = web().post(url(made, path), data={"text": ODD, "name": "Awa", "name_pin": "2580"})
    assert (answer.status_code, UNSENT_COOKIE in answer.cookies) == (401, False)
    assert read(answer.text, {"text": ODD, "name": "Awa"}) == typed({"text": ODD, "name": "Awa"})
    assert "2580" not in answer.text


def test_a_form_that_is_too_long_comes_back_whole(web: Browser, made: dict[str, Any]) -> None:
    letter = "à " * MAX_FORM_BYTES
    answer = web(made["actors"][Role.PERSON]).post(
        url(made, "opportunities/{offer}/apply"), data={"letter": letter}
    )
    assert answer.status_code == 413
    assert read(answer.text, {"letter": ""}) == {"letter": [letter]}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("me/profile/wish", 403),
        ("nothing-here", 404),
        ("about", 405),
        ("opportunities/not-an-id/report", 403),
        ("opportunities/not-an-id/answer/fax", 405),
    ],
)
def test_a_form_of_another_site_is_not_shown(
    web: Browser, made: dict[str, Any], path: str, status: int
) -> None:
    browser = web(made["actors"][Role.PERSON])
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = browser.post(f"/fr/{path}", data={"text": "Payez ici", "next": "Payez"}, headers=headers)
    assert answer.status_code == status
    assert "Payez" not in answer.text
    ours = browser.post("/fr/nothing-here", data={"text": "À moi"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "À moi" in ours.text


@pytest.mark.parametrize("path", ["me/searches", "me/applications", "me"])
def test_the_link_of_a_message_asks_to_sign_in_and_lands_there(
    web: Browser, made: dict[str, Any], path: str
) -> None:
    answer = web().get(f"/fr/{path}")
    link = HTMLParser(answer.text).css_first("main a.button").attributes["href"] or ""
    assert (answer.status_code, link) == (401, f"/fr/sign-in?next={quote(f'/fr/{path}', safe='')}")
    assert web(made["actors"][Role.PERSON]).get(f"/fr/{path}").status_code == 200


def test_a_wrong_page_of_a_list_is_no_failure(web: Browser, made: dict[str, Any]) -> None:
    assert web(made["actors"][Role.AGENT]).get("/fr/staff/applications?page=x").status_code == 400
