"""Administrators are told on every page what of OIM does not work; nobody else is."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.requests import Request

from oim.channels.http.operator import Operator
from oim.channels.web.pages import PageContext
from oim.features.access import STRANGER, Actor, Role
from oim.kit.faults import Fault
from oim.kit.i18n import Language, translator

SINCE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)  # 13:00 in Cameroon
FAULTS = (
    Fault("worker", "exit status 1", SINCE, "/secret"),
    Fault("urgent", "x", SINCE),
    Fault("disk", "full"),
)


BUDGETS = (Fault("codes +33", "near"), Fault("codes abroad", "reached"))


@pytest.fixture(autouse=True)
def _budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oim.channels.web.pages.find_budget_faults", lambda _: BUDGETS)


def render(actor: Actor, language: Language) -> list[str]:
    services = SimpleNamespace(
        find_faults=lambda: FAULTS, sign_in=SimpleNamespace(cache=None), operator=Operator()
    )
    app = SimpleNamespace(state=SimpleNamespace(services=services))
    scope = {"type": "http", "method": "GET", "path": f"/{language}/staff", "query_string": b""}
    scope |= {"headers": [], "app": app}
    page = PageContext(Request(scope), translator(language), actor)
    answer = page.render("staff/home.html", role="", pages=[], code=None, alerts=[], waits=[])
    return [line.text() for line in HTMLParser(answer.body).css("main .notice p")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Depuis 13:00, les tâches", "(urgent)", "plein", "(+33)", "(tous les pays étrangers)")),
        ("en", ("Since 13:00 the workers", "(urgent)", "full", "(+33)", "(all countries abroad)")),
    ],
)
def test_administrators_see_a_banner_in_their_language(language: Language, words: tuple[str, ...]) -> None:
    lines = render(Actor(Role.ADMINISTRATOR), language)
    assert [word in line for word, line in zip(words, lines, strict=True)] == [True] * 5
    assert "secret" not in "".join(lines)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_others_see_none(role: Role) -> None:
    assert render(STRANGER if role is Role.STRANGER else Actor(role), "fr") == []
