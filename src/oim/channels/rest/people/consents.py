"""Routes of the caller's consents: one decision for each purpose."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import CONSENTS
from oim.features import consents, profile
from oim.features.access import Actor
from oim.features.consents import Purpose
from oim.kit.db import WriteSession
from oim.kit.i18n import Translator

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me/consents", tags=["consents"])


class ConsentOut(StrictModel):
    """A purpose: what it means, whether the person agrees to it, and the last decision, if there was one."""

    model_config = example_config(
        {
            "purpose": "matching",
            "title": "Find offers for me",
            "text": "OIM compares your profile with the offers…",
            "given": True,
            "version": "2026-11-30",
            "language": "fr",
            "channel": "web",
            "at": "2026-11-25T10:00:00Z",
        }
    )

    purpose: Purpose
    title: str
    text: str
    given: bool
    version: str | None = None
    language: str | None = None
    channel: str | None = None
    at: datetime | None = None


class ConsentsOut(StrictModel):
    """Every purpose, decided about or not."""

    model_config = example_config({"items": []})

    items: list[ConsentOut]


class DecisionIn(StrictModel):
    """Whether the person agrees to the purpose."""

    model_config = example_config({"given": True})

    given: bool


@router.get("", **describe("Read your consents", 401, 404, model=ConsentsOut))
def list_consents(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> ConsentsOut:
    """Read every purpose with the last decision about it."""
    with services.database.write() as session:
        return ConsentsOut(items=_load_consents(session, caller, t))


@router.put(
    "/{purpose}", **describe("Agree to a purpose, or withdraw the consent", 401, 404, model=ConsentsOut)
)
def decide_consent(
    purpose: Purpose, decision: DecisionIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> ConsentsOut:
    """Agree to a purpose, or withdraw the consent. The decision takes effect at once."""
    decisions = {purpose: decision.given}
    with services.database.write() as session:
        # By `profile`, not by `consents`: the profile starts or ceases to be matched at the same time.
        profile.save_consents(
            session, caller, person_id_of(caller), decisions, language=t.language, channel="rest"
        )
        return ConsentsOut(items=_load_consents(session, caller, t))


def _load_consents(session: WriteSession, caller: Actor, t: Translator) -> list[ConsentOut]:
    """Load every purpose with the last decision of the caller, with words in the language of `t`."""
    decisions = consents.load_decisions(session, caller, person_id_of(caller))
    items = []
    for purpose in Purpose:
        title, text = CONSENTS[purpose]
        last = decisions.get(purpose)
        # Of the text that the person read when they decided, as proof of an informed consent.
        evidence = (
            {"version": last.version, "language": last.language, "channel": last.channel} if last else {}
        )
        items.append(
            ConsentOut(
                purpose=purpose,
                title=t(title),
                text=t(text),
                given=last is not None and last.agreed,
                at=last.at if last else None,
                **evidence,
            )
        )
    return items
