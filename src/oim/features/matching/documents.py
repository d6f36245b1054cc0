"""An offer as the index holds it: what is embedded of it, the stems it is found by, its card."""

from __future__ import annotations

import hashlib
from itertools import islice

from oim.features import occupations, places
from oim.features.matching.benefits import list_benefits
from oim.features.matching.bm25 import encode_document, stem_text
from oim.features.matching.index import Card, Document, Vector
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Draft,
    EmploymentDetails,
    Opportunity,
    TrainingDetails,
)

EMBEDDED_CHARACTERS = 160  # of the description: embedding time grows with length, the first lines say most
SEARCHED_CHARACTERS = 3000
MAX_CARD_STEMS = 60
_AGR_FORM_WORDS = {
    AgrForm.LOAN: ("prêt crédit microcrédit", "loan credit"),
    AgrForm.GRANT: ("subvention don", "grant"),
    AgrForm.KIT: ("kit équipement matériel", "kit equipment tools"),
}


def build_passage(draft: Draft) -> str:
    """The text that is embedded of the offer: its title on a line, its trade, how its description begins."""
    labels = [found.label_fr for code in draft.occupations[:1] if (found := occupations.get(code))]
    opening = " ".join(draft.description.split())[:EMBEDDED_CHARACTERS]
    return "\n".join([" ".join(draft.title.split()), ". ".join([*labels, opening])])


def hash_passage(text: str) -> bytes:
    """The key of a passage's stored vector."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def build_document(opportunity: Opportunity, vector: Vector) -> Document:
    """What is indexed of an offer."""
    draft = opportunity.draft
    title = stem_text(draft.title, draft.language)
    labels = _stem_labels(draft)
    body = stem_text(_build_body(draft), draft.language)
    return Document(
        id=opportunity.id,
        vector=vector,
        terms=encode_document(title, labels + body),
        card=_build_card(opportunity, tuple(dict.fromkeys(islice([*title, *labels, *body], MAX_CARD_STEMS)))),
    )


def _stem_labels(draft: Draft) -> list[str]:
    """Stems, in both languages, of what the offer is: by them words of one find offers in the other."""
    named = [found for code in draft.occupations[:2] if (found := occupations.get(code))]
    labels = [
        stemmed for one in named for stemmed in stem_text(one.label_fr, "fr") + stem_text(one.label_en, "en")
    ]
    if isinstance(draft.details, AgrDetails) and draft.details.form:
        french, english = _AGR_FORM_WORDS[draft.details.form]
        labels += stem_text(french, "fr") + stem_text(english, "en")
    return labels


def _build_body(draft: Draft) -> str:
    place = [p.name_fr for p in places.lineage(_place_code(draft) or "")]
    sector = draft.details.sector if isinstance(draft.details, AgrDetails) else None
    parts = [draft.organisation, draft.location.locality, *place, sector]
    return " ".join([*(part for part in parts if part), draft.description[:SEARCHED_CHARACTERS]])


def _place_code(draft: Draft) -> str | None:
    return draft.location.commune or draft.location.department or draft.location.region


def _find_amount(draft: Draft) -> int | None:
    match draft.details:
        case EmploymentDetails(pay_max=pay_max, pay_min=pay_min):
            return pay_max or pay_min
        case TrainingDetails(allowance=allowance):
            return allowance
        case AgrDetails(amount_max=amount_max):
            return amount_max


def _build_card(opportunity: Opportunity, card_stems: tuple[str, ...]) -> Card:
    draft, terms, where = opportunity.draft, opportunity.draft.eligibility, opportunity.draft.location
    job = draft.details if isinstance(draft.details, EmploymentDetails) else EmploymentDetails()
    support = draft.details if isinstance(draft.details, AgrDetails) else AgrDetails()
    return Card(
        title=draft.title,
        kind=draft.kind,
        language=draft.language,
        organisation=draft.organisation,
        country=where.country,
        region=where.region,
        department=where.department,
        commune=where.commune,
        locality=where.locality,
        latitude=where.latitude,
        longitude=where.longitude,
        occupations=draft.occupations,
        age_min=terms.age_min,
        age_max=terms.age_max,
        gender=terms.gender,
        statuses=terms.statuses,
        regions=terms.regions,
        education_min=terms.education_min,
        membership=terms.membership,
        documents=terms.documents,
        contribution=support.own_contribution,
        gives=list_benefits(draft),
        experience_years=job.experience_years,
        remote=job.remote,
        places=draft.places,
        amount_min=support.amount_min,
        amount_max=_find_amount(draft),
        published_at=(draft.published_at or opportunity.first_seen_at).timestamp(),
        dated=draft.published_at is not None,
        valid_through=draft.valid_through.timestamp() if draft.valid_through else None,
        stems=card_stems,
    )
