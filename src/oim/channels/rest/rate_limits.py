"""Rate limits of the API: counting calls, and headers that show the caller's quota in every response.

The headers are `RateLimit` and `RateLimit-Policy` of the IETF draft draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import AddressOf, TokenOf, find_caller
from oim.features.sign_in import hash_subject
from oim.kit.errors import TooManyError, UnavailableError
from oim.kit.rate_limits import Quota, RateLimit, subscriber_prefix

# All telephones of a mobile operator may share an address: callers who are signed in are counted one by one,
# and only strangers by address, with a limit that is as much higher.
SIGNED_IN_RULE, STRANGERS_RULE = (
    RateLimit("api", "600 per minute"),
    RateLimit("api-address", "3000 per minute"),
)


def count_call(request: Request, services: ServicesOf, token: TokenOf, address: AddressOf) -> None:
    """Count a call against the limit of its caller. Raises TooManyError.

    Calls are let through when Valkey does not answer: the API must not depend on it for public offers.
    """
    try:
        caller = find_caller(request, services, token)
        # Of an IPv6 address the subscriber's prefix counts: each subscriber has countless addresses.
        rule, subject = (
            (SIGNED_IN_RULE, str(caller.id)) if caller else (STRANGERS_RULE, subscriber_prefix(address))
        )
        # Neither ids nor addresses lie in Valkey in the clear.
        subject_hash = hash_subject(services.database.vault, subject)
        services.sign_in.rate_limiter.hit([(rule, subject_hash)])
    except UnavailableError:
        return
    except TooManyError as error:
        # The refusal shows the quota too: nothing remains of it.
        request.state.quota = Quota(rule.item.amount, 0, error.wait, rule.item.get_expiry())
        raise
    try:
        request.state.quota = services.sign_in.rate_limiter.read_quota(rule, subject_hash)
    except UnavailableError:
        return


class RateLimitHeaders:
    """Middleware that adds the caller's quota to the response of every counted call, refused or not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            # What `count_call` stored as `request.state.quota` is in the scope, which middleware shares.
            quota: Quota | None = scope.get("state", {}).get("quota")
            if message["type"] == "http.response.start" and quota:
                # q: calls in a window of w seconds; r: calls that remain; t: seconds until there are more.
                MutableHeaders(scope=message).update({
                    "RateLimit-Policy": f'"default";q={quota.limit};w={quota.window}',
                    "RateLimit": f'"default";r={quota.remaining};t={quota.reset}',
                })  # fmt: skip
            await send(message)

        await self.app(scope, receive, send_with_headers)
