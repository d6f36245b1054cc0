"""Client of an engine that serves over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2

from oim.features.matching.types import Answer, Health, Profile
from oim.features.matching.wire import ANSWER, PROFILE
from oim.kit.errors import BadInputError, NotFoundError, OimError, UnavailableError
from oim.kit.i18n import mark

TIMEOUT = httpx2.Timeout(30.0, connect=2.0)
_ERRORS: dict[str, type[OimError]] = {BadInputError.code: BadInputError, NotFoundError.code: NotFoundError}


class HttpEngine:
    """The `Engine` port for a URL and the secret its callers share."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx2.Client(
            base_url=url, timeout=TIMEOUT, headers={"Authorization": f"Bearer {token}"}
        )

    def recommend(self, profile: Profile, limit: int) -> Answer:
        body = {"profile": PROFILE.dump_python(profile, mode="json"), "limit": limit}
        return ANSWER.validate_python(self._post("/recommend", body), strict=False)

    def index_pending(self, limit: int) -> int:
        return int(self._post("/index-pending", {"limit": limit})["indexed"])

    def swap(self, name: str) -> None:
        self._post("/swap", {"name": name})

    def health(self) -> Health:
        return Health(**self._send("GET", "/health", None))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._send("POST", path, body)

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, json=body)
            answer: dict[str, Any] = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise UnavailableError(
                mark("The search does not answer. Try again in a moment.")
            ) from error
        if response.is_success:
            return answer
        raise _ERRORS.get(answer.get("code", ""), UnavailableError)(
            answer.get("message", mark("The search does not answer. Try again in a moment.")),
            **answer.get("values", {}),
        )
