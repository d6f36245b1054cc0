"""Client of an engine that serves over HTTP. Whatever it cannot understand means that the engine is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx2
from pydantic import BaseModel, TypeAdapter

from oim.features.matching import ANSWER, PROFILE, Answer, Health, Profile
from oim.kit.errors import BadInputError, NotFoundError, OimError, UnavailableError
from oim.kit.i18n import mark

READ_TIMEOUT = 30.0  # seconds without a byte
INDEXING_TIMEOUT_FACTOR = (
    20  # times that, while an index changes: a step waits for others', and a poor machine embeds slowly
)
AWAY = mark("The search does not answer. Try again in a moment.")
HEALTH = TypeAdapter(Health)
T = TypeVar("T")


class _FindResponse(BaseModel):
    ids: list[UUID]


class _IndexPendingResponse(BaseModel):
    indexed: int


class _SwapResponse(BaseModel):
    serving: str


class _ErrorResponse(BaseModel):
    """An error as the engine tells it."""

    code: str
    message: str
    values: dict[str, Any] = {}
    field: str | None = None

    def to_error(self) -> OimError:
        """The error that it tells. Raises KeyError, TypeError or ValueError for one that is garbled."""
        if self.code == BadInputError.code:
            return BadInputError(self.message, field=self.field, **self.values)
        kind = NotFoundError if self.code == NotFoundError.code else UnavailableError
        return kind(self.message, **self.values)


class HttpEngine:
    """The `Engine` port for a URL and the secret its callers share."""

    def __init__(self, url: str, token: str, *, read_timeout: float = READ_TIMEOUT) -> None:
        """`patience`: how many seconds without a byte mean that the engine is away."""
        self._timeout = httpx2.Timeout(read_timeout, connect=min(read_timeout, 2.0))
        self._indexing_timeout = httpx2.Timeout(
            read_timeout * INDEXING_TIMEOUT_FACTOR, connect=min(read_timeout, 2.0)
        )
        self._client = httpx2.Client(
            base_url=url,
            timeout=self._timeout,
            headers={"Authorization": f"Bearer {token}"},
        )

    def recommend(self, profile: Profile, limit: int, *, shown: bool = False) -> Answer:
        body = {"profile": PROFILE.dump_python(profile, mode="json"), "limit": limit, "shown": shown}
        return self._request("POST", "/recommend", body, ANSWER.validate_json)

    def recommend_for_person(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        body = {"person": str(person), "limit": limit, "shown": shown}
        return self._request("POST", "/recommend-known", body, ANSWER.validate_json)

    def find_by_words(self, text: str, limit: int) -> list[UUID]:
        body = {"text": text, "limit": limit}
        return self._request("POST", "/find", body, _FindResponse.model_validate_json).ids

    def index_pending(self, limit: int) -> int:
        body = {"limit": limit}
        return self._request(
            "POST", "/index-pending", body, _IndexPendingResponse.model_validate_json, self._indexing_timeout
        ).indexed

    def swap(self, name: str, since: datetime) -> None:
        body = {"name": name, "since": since.isoformat()}
        self._request("POST", "/swap", body, _SwapResponse.model_validate_json, self._indexing_timeout)

    def health(self) -> Health:
        return self._request("GET", "/health", None, HEALTH.validate_json)

    def close(self) -> None:
        self._client.close()

    def _request(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        parse: Callable[[bytes], T],
        timeout: httpx2.Timeout | None = None,
    ) -> T:
        try:
            response = self._client.request(method, path, json=body, timeout=timeout or self._timeout)
            if response.is_success:
                return parse(response.content)
            refused = _ErrorResponse.model_validate_json(response.content).to_error()
        except (httpx2.HTTPError, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(AWAY) from error
        raise refused
