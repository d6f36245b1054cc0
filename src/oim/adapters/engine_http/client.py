"""Client of the matching engine over HTTP.

Any answer that it cannot understand is an UnavailableError, as no answer is: callers then show that the
search is down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx2
from pydantic import BaseModel, TypeAdapter

from oim.features.matching import ANSWER, PROFILE, WORD_HITS, Answer, Health, Profile, WordHits
from oim.kit.errors import BadInputError, NotFoundError, OimError, UnavailableError
from oim.kit.i18n import mark

READ_TIMEOUT = 30.0  # seconds without a byte
HEALTH_TIMEOUT = 3.0  # seconds; whoever asks for the health wants to know soon
# Changes of an index get so many times that: one waits for those before it, and a slow machine embeds slowly.
INDEXING_TIMEOUT_FACTOR = 20
UNAVAILABLE_MESSAGE = mark("The search does not answer. Try again in a moment.")
HEALTH = TypeAdapter(Health)
T = TypeVar("T")


class _IndexPendingResponse(BaseModel):
    """The answer of `POST /index-pending`: how many changes were indexed."""

    indexed: int


class _SwapResponse(BaseModel):
    """The answer of `POST /swap`: the name of the index that is served now."""

    serving: str


class _ErrorResponse(BaseModel):
    """An error in an answer of the engine."""

    code: str
    message: str
    values: dict[str, Any] = {}  # for the placeholders of the message
    field: str | None = None

    def to_error(self) -> OimError:
        """Rebuild the error of the engine. Raises KeyError, TypeError or ValueError for a garbled one."""
        if self.code == BadInputError.code:
            return BadInputError(self.message, field=self.field, **self.values)
        kind = NotFoundError if self.code == NotFoundError.code else UnavailableError
        return kind(self.message, **self.values)


class HttpEngine:
    """The `Engine` interface over HTTP: a URL, and the secret that its callers share."""

    def __init__(self, url: str, token: str, *, read_timeout: float = READ_TIMEOUT) -> None:
        """`read_timeout`: seconds without a byte after which the engine counts as down."""
        # An engine that runs accepts a connection at once, so two seconds show that it does not.
        self._timeout = httpx2.Timeout(read_timeout, connect=min(read_timeout, 2.0))
        self._indexing_timeout = httpx2.Timeout(
            read_timeout * INDEXING_TIMEOUT_FACTOR, connect=min(read_timeout, 2.0)
        )
        self._client = httpx2.Client(
            base_url=url,
            timeout=self._timeout,
            trust_env=False,  # a service of ours is called directly, never by the environment's proxy
            headers={"Authorization": f"Bearer {token}"},
        )

    def recommend(
        self,
        profile: Profile,
        limit: int,
        *,
        shown: bool = False,
        known: bool = False,
        words_only: bool = False,
    ) -> Answer:
        """Rank offers for a profile. Raises BadInputError, UnavailableError."""
        body = {
            "profile": PROFILE.dump_python(profile, mode="json"),
            "limit": limit,
            "shown": shown,
            "known": known,
            "words_only": words_only,
        }
        return self._request("POST", "/recommend", body, ANSWER.validate_json)

    def recommend_for_person(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        """Rank offers for a person whose profile is stored. Raises NotFoundError too."""
        body = {"person": str(person), "limit": limit, "shown": shown}
        return self._request("POST", "/recommend-known", body, ANSWER.validate_json)

    def find_by_words(
        self, text: str, limit: int, *, known: bool = False, words_only: bool = False
    ) -> WordHits:
        """Find open offers by words. Raises BadInputError, UnavailableError."""
        body = {"text": text, "limit": limit, "known": known, "words_only": words_only}
        return self._request("POST", "/find", body, WORD_HITS.validate_json)

    def index_pending(self, limit: int) -> int:
        """Have waiting changes indexed, at most `limit`; return how many. Raises UnavailableError."""
        body = {"limit": limit}
        return self._request(
            "POST", "/index-pending", body, _IndexPendingResponse.model_validate_json, self._indexing_timeout
        ).indexed

    def swap(self, name: str, since: datetime) -> None:
        """Have another index served. Raises NotFoundError, UnavailableError."""
        body = {"name": name, "since": since.isoformat()}
        self._request("POST", "/swap", body, _SwapResponse.model_validate_json, self._indexing_timeout)

    def health(self) -> Health:
        """Ask what the engine serves now. Raises UnavailableError."""
        timeout = httpx2.Timeout(min(HEALTH_TIMEOUT, self._timeout.read or HEALTH_TIMEOUT))
        return self._request("GET", "/health", None, HEALTH.validate_json, timeout)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _request(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        parse: Callable[[bytes], T],
        timeout: httpx2.Timeout | None = None,
    ) -> T:
        """Send one request and parse its answer; raise the error of the engine, or UnavailableError."""
        try:
            response = self._client.request(method, path, json=body, timeout=timeout or self._timeout)
            if response.is_success:
                return parse(response.content)
            engine_error = _ErrorResponse.model_validate_json(response.content).to_error()
        except (httpx2.HTTPError, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(UNAVAILABLE_MESSAGE) from error
        # Out of the `try`: an error of the engine must not be taken for one of the connection.
        raise engine_error
