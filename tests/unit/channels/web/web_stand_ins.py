"""Stand-ins for tests of the pages: three offers, an engine with a fixed answer, an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from starlette.testclient import TestClient

from oim.channels.web.offer_reasons import MAX_OFFERS
from oim.features.matching.answer import Answer, Reason, Recommendation
from oim.features.matching.index import Card
from oim.features.matching.profile import Profile
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Contract,
    Draft,
    Eligibility,
    EmploymentDetails,
    Kind,
    Location,
    Opportunity,
    Page,
    PayPeriod,
    TrainingDetails,
)
from oim.kit.crypto import Vault
from oim.kit.errors import NotFoundError, OimError, UnavailableError

NOW = datetime.now(UTC)
TAILOR, WELDER, POULTRY = (UUID(int=number) for number in (1, 2, 3))


def offer(id_: UUID, days: float | None = 30, **values: Any) -> Opportunity:
    end = None if days is None else NOW + timedelta(days=days)
    draft = Draft(external_id=str(id_), valid_through=end, published_at=NOW, **values)
    return Opportunity(id=id_, source="fne", draft=draft, first_seen_at=NOW, changed_at=NOW)


OFFERS = [
    offer(
        TAILOR,
        kind=Kind.EMPLOYMENT,
        title="Couturière",
        description="Vous taillez les tissus.\n\nAppelez le 699 12 34 56.",
        language="fr",
        organisation="Atelier d’Akwa",
        url="https://www.exemple.cm/offre/1",
        location=Location(country="CM", region="CM-LT", locality="Douala"),
        details=EmploymentDetails(
            contract=Contract.FIXED_TERM, pay_min=80_000, pay_max=120_000, pay_period=PayPeriod.MONTH
        ),
        eligibility=Eligibility(age_min=18, age_max=45),
        places=4,
    ),
    offer(
        WELDER,
        kind=Kind.TRAINING,
        title="Welding course",
        language="en",
        location=Location(country="CM", region="CM-CE"),
        details=TrainingDetails(cost=0, duration_weeks=12),
    ),
    offer(
        POULTRY,
        kind=Kind.AGR,
        title="Élevage de poulets",
        location=Location(),
        details=AgrDetails(form=AgrForm.LOAN, amount_max=3_000_000, rate=7.5, guarantor=True),
        days=None,
    ),
]


@dataclass
class OffersInMemory:
    """A catalogue of fixed offers, which records its queries. `error` is raised instead of an answer."""

    offers: list[Opportunity] = field(default_factory=lambda: list(OFFERS))
    next: str | None = None
    queries: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None

    def get(self, session: object, id_: UUID, /) -> Opportunity:
        if id_ not in self.get_many(session, [id_]):
            raise NotFoundError("This offer does not exist, or is no longer here.")
        return self.get_many(session, [id_])[id_]

    def get_many(self, session: object, ids: list[UUID], /) -> dict[UUID, Opportunity]:
        return {offer.id: offer for offer in self.offers if offer.id in ids}

    def list_newest(self, session: object, /, **query: Any) -> Page:
        if self.error:
            raise self.error
        self.queries.append(query)
        offers = [offer for offer in self.offers if query["kind"] in (None, offer.kind)]
        return Page(tuple(offers[: query["limit"]]), self.next)


@dataclass
class StubEngine:
    """An engine with a fixed answer or error, which records the last profile."""

    answer: Answer = field(default_factory=lambda: Answer(items=(), missing=()))
    error: OimError | None = None
    profile: Profile | None = None

    def recommend(
        self,
        profile: Profile,
        limit: int,
        *,
        shown: bool = False,
        known: bool = False,
        words_only: bool = False,
    ) -> Answer:
        assert shown or limit == MAX_OFFERS, "a person will see it, unless its reasons alone are asked for"
        if self.error:
            raise self.error
        self.profile = profile
        return self.answer


class EmptySession:
    """A session of an empty database."""

    def scalar(self, _: object) -> None:
        return None


class EmptyDatabase:
    """A database without rows, which cannot be written."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    @contextmanager
    def read(self) -> Iterator[EmptySession]:
        yield EmptySession()

    read_stale = read


class NoSessions:
    """The services of signing in, where nobody is signed in."""

    class sessions:
        @staticmethod
        def find(token: str) -> None:
            return None

    class rate_limiter:
        @staticmethod
        def spend(*_: object) -> None:
            raise UnavailableError("The message store does not answer. Try again in a moment.")


def recommendation(id_: UUID, *reasons: Reason) -> Recommendation:
    card = Card(title="", kind=Kind.AGR)
    return Recommendation(id=id_, rank=1, score=0.5, parts={}, reasons=reasons, card=card)


class Browser:
    """An HTTP client that checks the status of a page and parses its HTML."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def open(self, path: str, code: int = 200) -> HTMLParser:
        response = self.client.get(path, follow_redirects=False)
        assert response.status_code == code, response.text
        return HTMLParser(response.text)

    def search(self, language: str = "fr", code: int = 200, **fields: str | list[str]) -> HTMLParser:
        response = self.client.post(f"/{language}/recommendations", data=fields)
        assert response.status_code == code, response.text
        assert response.headers["cache-control"] == "no-store"
        return HTMLParser(response.text)


def text(page: HTMLParser | Node, selector: str) -> str:
    """The text of the first node that a selector matches, with single spaces."""
    node = page.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())
