"""The consents page: what a person agrees to, purpose by purpose, with the day of each decision."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.confirmation import Confirmation, render_confirmation
from oim.channels.web.me.subject import CurrentPerson, get_current_person
from oim.channels.web.pages import PageOf
from oim.channels.web.security import PostedForm
from oim.channels.wording import CONSENTS, WITHDRAWAL_CONSEQUENCES
from oim.features import consents, profile
from oim.features.consents import Decision, Purpose
from oim.kit.fields import first_value
from oim.kit.i18n import Translator, format_date

router = APIRouter(route_class=PersonalRoute, prefix="/consents")


@dataclass(frozen=True, slots=True)
class PurposeView:
    """A purpose as the page shows it: whether the person agrees to it, and since when.

    `since` is a whole sentence, empty where nothing was ever decided.
    """

    value: str
    title: str
    meaning: str
    agreed: bool
    since: str


@router.get("")
def show_consents(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show every purpose and the last decision about it."""
    with services.database.write() as session:
        decisions = consents.load_decisions(session, subject.actor, subject.person)
    return page.render(
        "me/consents.html",
        purposes=[_build_view(purpose, decisions.get(purpose), page.t) for purpose in Purpose],
    )


@router.get("/{purpose}/withdraw", dependencies=[Depends(get_current_person)])
def confirm_withdrawal(purpose: Purpose, page: PageOf) -> HTMLResponse:
    """Show what changes when the person withdraws consent to a purpose."""
    t = page.t
    confirmation = Confirmation(
        heading=t(CONSENTS[purpose][0]),
        consequences=[t(words) for words in WITHDRAWAL_CONSEQUENCES[purpose]],
        button=t("Withdraw my agreement"),
        action=f"me/consents/{purpose.value}",
        back="me/consents",
    )
    return render_confirmation(page, confirmation)


@router.post("/{purpose}")
def decide(
    purpose: Purpose, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Agree to a purpose or withdraw consent, and go back to the page that asked for it."""
    # The button to withdraw sends no field: a form without `agree` means no.
    choices = {purpose: "yes" in form.get("agree", ())}
    with services.database.write() as session:
        profile.save_consents(
            session, subject.actor, subject.person, choices, language=page.t.language, channel="web"
        )
    done = "consent-given" if choices[purpose] else "consent-withdrawn"
    return page.redirect_back(first_value(form, "next"), "me/consents", done=done)


def _build_view(purpose: Purpose, decision: Decision | None, t: Translator) -> PurposeView:
    title, meaning = CONSENTS[purpose]
    agreed = decision is not None and decision.agreed
    since = ""
    if decision:
        day = format_date(decision.at, t.language)
        since = t("You agreed on %(day)s.", day=day) if agreed else t("You withdrew on %(day)s.", day=day)
    return PurposeView(purpose.value, t(title), t(meaning), agreed, since)
