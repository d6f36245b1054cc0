"""How often anybody may call, told in every answer (RateLimit and RateLimit-Policy, IETF httpapi draft)."""

from __future__ import annotations

from fastapi import Request
from limits.errors import StorageError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import AddressOf, TokenOf, find_caller
from oim.features.sign_in import hash_subject
from oim.kit.errors import TooManyError, UnavailableError
from oim.kit.rate_limits import Quota, RateLimit, subscriber_prefix

# A whole operator's telephones may share an address: those who signed in are counted one by one.
SIGNED_IN_RULE, STRANGERS_RULE = (
    RateLimit("api", "600 per minute"),
    RateLimit("api-address", "3000 per minute"),
)


def count_call(request: Request, services: ServicesOf, token: TokenOf, address: AddressOf) -> None:
    """Count a call. Raises TooManyError; where nothing can be counted, calls are let through."""
    try:
        caller = find_caller(request, services, token)
        rule, who = (
            (SIGNED_IN_RULE, str(caller.id)) if caller else (STRANGERS_RULE, subscriber_prefix(address))
        )
        name = hash_subject(services.database.vault, who)
        services.sign_in.rate_limiter.hit([(rule, name)])
    except UnavailableError:
        return
    except TooManyError as error:
        request.state.quota = Quota(rule.item.amount, 0, error.wait, rule.item.get_expiry())
        raise
    try:
        request.state.quota = services.sign_in.rate_limiter.read_quota(rule, name)
    except StorageError:
        return


class RateLimitHeaders:
    """Adds what is left of the rule that a call was counted by to its answer, refusals included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            quota: Quota | None = scope.get("state", {}).get("quota")
            if message["type"] == "http.response.start" and quota:
                MutableHeaders(scope=message).update({
                    "RateLimit-Policy": f'"default";q={quota.limit};w={quota.window}',
                    "RateLimit": f'"default";r={quota.remaining};t={quota.reset}',
                })  # fmt: skip
            await send(message)

        await self.app(scope, receive, send_with_headers)
