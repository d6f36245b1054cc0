"""Build what the index holds of an offer: the passage to embed, the stems to find it by, and its card."""

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

# Characters of the description that are embedded: embedding time grows with length, the first lines say most.
EMBEDDED_CHARACTERS = 160
SEARCHED_CHARACTERS = 3000  # characters of the description that are searched by word
MAX_CARD_STEMS = 60
# Words for each form of support, French and English: "loan" then finds an offer that only says « prêt ».
_AGR_FORM_WORDS = {
    AgrForm.LOAN: ("prêt crédit microcrédit", "loan credit"),
    AgrForm.GRANT: ("subvention don", "grant"),
    AgrForm.KIT: ("kit équipement matériel", "kit equipment tools"),
}


def build_passage(draft: Draft) -> str:
    """The text of an offer to embed: its title on the first line, then its occupation and how it begins.

    `vector_cache.embed_offers` embeds the first line once more by itself, as a title.
    """
    labels = [occupation.label_fr for code in draft.occupations[:1] if (occupation := occupations.get(code))]
    opening = " ".join(draft.description.split())[:EMBEDDED_CHARACTERS]
    return "\n".join([" ".join(draft.title.split()), ". ".join([*labels, opening])])


def hash_passage(text: str) -> bytes:
    """The key under which the vector of a passage is stored, 16 bytes."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def hash_query(text: str) -> bytes:
    """The key under which the vector of a text that was embedded as a query is stored, 16 bytes."""
    # The prefix keeps it apart from an offer's passage of the same words, which has another vector.
    return hash_passage(f"query: {text}")


def build_document(opportunity: Opportunity, vector: Vector) -> Document:
    """The index document of an offer, given the vector of its passage."""
    draft = opportunity.draft
    title = stem_text(draft.title, draft.language)
    labels = _stem_labels(draft)
    body = stem_text(_build_body(draft), draft.language)
    # The card has the stems of the title first: cut at a maximum, the ones that say most remain.
    return Document(
        id=opportunity.id,
        vector=vector,
        terms=encode_document(title, labels + body),
        card=_build_card(opportunity, tuple(dict.fromkeys(islice([*title, *labels, *body], MAX_CARD_STEMS)))),
    )


def _stem_labels(draft: Draft) -> list[str]:
    """Stems, in both languages, of the offer's occupations and form of support.

    With them a search in English finds an offer written in French, and the other way round.
    """
    named = [occupation for code in draft.occupations[:2] if (occupation := occupations.get(code))]
    labels = [
        stem
        for occupation in named
        for stem in stem_text(occupation.label_fr, "fr") + stem_text(occupation.label_en, "en")
    ]
    if isinstance(draft.details, AgrDetails) and draft.details.form:
        french, english = _AGR_FORM_WORDS[draft.details.form]
        labels += stem_text(french, "fr") + stem_text(english, "en")
    return labels


def _build_body(draft: Draft) -> str:
    """The text that an offer is found by, besides its title: organisation, places, sector, description."""
    place_names = [place.name_fr for place in places.lineage(_place_code(draft) or "")]
    sector = draft.details.sector if isinstance(draft.details, AgrDetails) else None
    parts = [draft.organisation, draft.location.locality, *place_names, sector]
    return " ".join([*(part for part in parts if part), draft.description[:SEARCHED_CHARACTERS]])


def _place_code(draft: Draft) -> str | None:
    """The code of the smallest place that is known of the offer."""
    return draft.location.commune or draft.location.department or draft.location.region


def _find_amount(draft: Draft) -> int | None:
    """The most that a person may get by the offer, in XAF: pay, allowance, or amount of the support."""
    match draft.details:
        case EmploymentDetails(pay_max=pay_max, pay_min=pay_min):
            return pay_max or pay_min
        case TrainingDetails(allowance=allowance):
            return allowance
        case AgrDetails(amount_max=amount_max):
            return amount_max


def _build_card(opportunity: Opportunity, card_stems: tuple[str, ...]) -> Card:
    """The card of an offer: everything that ranking, eligibility and explaining read of it."""
    # Details of another kind are replaced by empty ones, so that each field below is read without a case.
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
        answerable=bool(opportunity.ways),
        stems=card_stems,
    )
