"""What a person agrees to."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import CONSENTS
from oim.features import consents, profile
from oim.features.access import Actor
from oim.features.consents import Purpose
from oim.kit.db import WriteSession
from oim.kit.i18n import Translator

router = APIRouter(prefix="/v1/me/consents", tags=["consents"])


class ConsentOut(StrictModel):
    """A purpose: what it means, whether it is agreed to, and the last decision where there was one."""

    model_config = example_config(
        {
            "purpose": "matching",
            "title": "Find offers for me",
            "text": "OIM compares your profile with the offers…",
            "given": True,
            "version": "2026-11",
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
    """Every purpose."""

    model_config = example_config({"items": []})

    items: list[ConsentOut]


class DecisionIn(StrictModel):
    """Yes or no."""

    model_config = example_config({"given": True})

    given: bool


@router.get("", **describe("Read what one agrees to", 401, 404, model=ConsentsOut))
def read(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> ConsentsOut:
    """Every purpose with the last decision about it."""
    with services.database.write() as session:
        return ConsentsOut(items=_load_consents(session, caller, t))


@router.put("/{purpose}", **describe("Agree to a purpose, or withdraw", 401, 404, model=ConsentsOut))
def decide(
    purpose: Purpose, decision: DecisionIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> ConsentsOut:
    """A decision takes effect at once."""
    wanted = {purpose: decision.given}
    with services.database.write() as session:
        profile.save_consents(
            session, caller, person_id_of(caller), wanted, language=t.language, channel="rest"
        )
        return ConsentsOut(items=_load_consents(session, caller, t))


def _load_consents(session: WriteSession, caller: Actor, t: Translator) -> list[ConsentOut]:
    held = consents.load_decisions(session, caller, person_id_of(caller))
    found = []
    for purpose in Purpose:
        title, text = CONSENTS[purpose]
        last = held.get(purpose)
        told_ = {"version": last.version, "language": last.language, "channel": last.channel} if last else {}
        found.append(
            ConsentOut(
                purpose=purpose,
                title=t(title),
                text=t(text),
                given=last is not None and last.given,
                at=last.at if last else None,
                **told_,
            )
        )
    return found
