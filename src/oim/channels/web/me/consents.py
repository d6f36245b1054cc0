"""What a person agrees to: the purposes one by one, with the day of each decision."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.form import first
from oim.channels.web.me.subject import MineOf
from oim.channels.web.pages import VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import ServicesOf
from oim.channels.wording import CONSENTS
from oim.features import consents, profile
from oim.features.consents import Decision, Purpose
from oim.kit.i18n import Translator, format_date

router = APIRouter(prefix="/consents")


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose as the page shows it: whether it is agreed to, and since when it is or is not."""

    value: str
    title: str
    meaning: str
    given: bool
    since: str


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """The purposes and what was decided."""
    with services.database.write() as session:
        held = consents.decisions(session, who.actor, who.person)
    return visit.render("me/consents.html", asked=[_asked(one, held.get(one), visit.t) for one in Purpose])


@router.post("/{purpose}")
def decide(purpose: Purpose, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Agree, or withdraw, with one press, and back to the page that asked."""
    wanted = {purpose: "yes" in sent.get("agree", ())}
    with services.database.write() as session:
        profile.save_consents(
            session, who.actor, who.person, wanted, language=visit.t.language, channel="web"
        )
    return visit.back(first(sent, "next"), "me/consents")


def _asked(purpose: Purpose, decision: Decision | None, t: Translator) -> Asked:
    title, meaning = CONSENTS[purpose]
    given = decision is not None and decision.given
    since = ""
    if decision:
        day = format_date(decision.at, t.language)
        since = t("You agreed on %(day)s.", day=day) if given else t("You withdrew on %(day)s.", day=day)
    return Asked(purpose.value, t(title), t(meaning), given, since)
