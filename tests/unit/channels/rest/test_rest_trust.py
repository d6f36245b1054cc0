"""Trust and warnings in the offers of the API."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from oim.channels.rest.offer_schemas import OpportunityOut
from oim.features.opportunities import Draft, Kind, Opportunity, RedFlag, Trust
from oim.kit.i18n import Language, translator

SEEN = datetime(2026, 11, 23, tzinfo=UTC)
OFFER = Opportunity(
    id=UUID(int=1),
    source="portal",
    draft=Draft(kind=Kind.EMPLOYMENT, external_id="1", title="Menuisier"),
    first_seen_at=SEEN,
    changed_at=SEEN,
    trust=Trust.KNOWN,
    warnings=(RedFlag("fee", "Frais : 5 000 F"), RedFlag("no_employer")),
)


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("fr", ("On demande de l’argent d’avance", "L’employeur n’est pas nommé")),
        ("en", ("Money is asked for in advance", "The employer is not named")),
    ],
)
def test_warnings_have_texts_in_the_language(language: Language, begins: tuple[str, str]) -> None:
    model = OpportunityOut.from_domain(OFFER, translator(language))
    assert model.trust is Trust.KNOWN
    assert [(warning.code, warning.excerpt) for warning in model.warnings] == [
        ("fee", "Frais : 5 000 F"),
        ("no_employer", ""),
    ]
    assert all(warning.text.startswith(words) for warning, words in zip(model.warnings, begins, strict=True))
