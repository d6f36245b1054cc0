"""Client of an engine that serves over HTTP. Whatever it cannot understand means that the engine is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx2
from pydantic import BaseModel, TypeAdapter

from oim.features.matching.types import Answer, Health, Profile
from oim.features.matching.wire import ANSWER, PROFILE
from oim.kit.errors import BadInputError, NotFoundError, OimError, UnavailableError
from oim.kit.i18n import mark

PATIENCE = 30.0  # seconds without a byte
LONGER = 20  # times that, while an index changes: a step waits for others', and a poor machine embeds slowly
AWAY = mark("The search does not answer. Try again in a moment.")
HEALTH = TypeAdapter(Health)
T = TypeVar("T")


class _Found(BaseModel):
    ids: list[UUID]


class _Indexed(BaseModel):
    indexed: int


class _Serving(BaseModel):
    serving: str


class _Refusal(BaseModel):
    """An error as the engine tells it."""

    code: str
    message: str
    values: dict[str, Any] = {}
    field: str | None = None

    def error(self) -> OimError:
        """The error that it tells. Raises KeyError, TypeError or ValueError for one that is garbled."""
        if self.code == BadInputError.code:
            return BadInputError(self.message, field=self.field, **self.values)
        kind = NotFoundError if self.code == NotFoundError.code else UnavailableError
        return kind(self.message, **self.values)


class HttpEngine:
    """The `Engine` port for a URL and the secret its callers share."""

    def __init__(self, url: str, token: str, *, patience: float = PATIENCE) -> None:
        """`patience`: how many seconds without a byte mean that the engine is away."""
        self._timeout = httpx2.Timeout(patience, connect=min(patience, 2.0))
        self._longer = httpx2.Timeout(patience * LONGER, connect=min(patience, 2.0))
        self._client = httpx2.Client(
            base_url=url,
            timeout=self._timeout,
            headers={"Authorization": f"Bearer {token}"},
        )

    def recommend(self, profile: Profile, limit: int, *, shown: bool = False) -> Answer:
        body = {"profile": PROFILE.dump_python(profile, mode="json"), "limit": limit, "shown": shown}
        return self._ask("POST", "/recommend", body, ANSWER.validate_json)

    def recommend_known(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        body = {"person": str(person), "limit": limit, "shown": shown}
        return self._ask("POST", "/recommend-known", body, ANSWER.validate_json)

    def find(self, text: str, limit: int) -> list[UUID]:
        body = {"text": text, "limit": limit}
        return self._ask("POST", "/find", body, _Found.model_validate_json).ids

    def index_pending(self, limit: int) -> int:
        body = {"limit": limit}
        return self._ask("POST", "/index-pending", body, _Indexed.model_validate_json, self._longer).indexed

    def swap(self, name: str, since: datetime) -> None:
        body = {"name": name, "since": since.isoformat()}
        self._ask("POST", "/swap", body, _Serving.model_validate_json, self._longer)

    def health(self) -> Health:
        return self._ask("GET", "/health", None, HEALTH.validate_json)

    def close(self) -> None:
        self._client.close()

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        understand: Callable[[bytes], T],
        timeout: httpx2.Timeout | None = None,
    ) -> T:
        try:
            response = self._client.request(method, path, json=body, timeout=timeout or self._timeout)
            if response.is_success:
                return understand(response.content)
            refused = _Refusal.model_validate_json(response.content).error()
        except (httpx2.HTTPError, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(AWAY) from error
        raise refused
