"""The address of a search's results: what may stand in it openly, and the rest sealed.

Kind, region and town are in the open. One's own words are sealed, and open on any telephone for a week, so
that results can be shared and bookmarked. What one says of oneself, such as one's situation, money and age,
is sealed for two hours to the browser that sent it: a link that is passed on, a history or a log gives nobody
any of it. The seals need no store: they open after a restart and in every process, and end by themselves.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request, Response

from oim.channels.web.cookies import set_cookie
from oim.channels.web.recommendation_form import FOLDED_FIELDS
from oim.channels.web.security import VISIT_COOKIE
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.errors import UnavailableError
from oim.kit.fields import FormFields

OPEN_FIELDS = ("kind", "region", "town")
WORDS_PARAMETER, SELF_PARAMETER = "words", "self"
WORDS_LIFETIME = timedelta(days=7)
SELF_LIFETIME = timedelta(hours=2)
MAX_VALUE_LENGTH = 100  # characters of an open field
MAX_QUERY_LENGTH = 6000  # characters; proxies refuse addresses of more than 8 KB
MAX_BACK_LENGTH = 1500  # characters
_BACK = "back"
_EXPIRES_BYTES = 8


@dataclass(frozen=True, slots=True)
class SearchLink:
    """The fields of a search, from the address of its results.

    `is_whole`: nothing in it was sealed too long ago or for another browser.
    """

    fields: FormFields
    is_whole: bool


def get_visit(request: Request) -> str:
    """Return the number of this visit of a browser, until it closes; a new one where it has none."""
    return request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(16)


def set_visit_cookie(response: Response, visit: str) -> None:
    """Have the browser hold the number of its visit until it closes or somebody signs out."""
    set_cookie(response, VISIT_COOKIE, visit)


def build_search_query(vault: Vault, fields: FormFields, visit: str) -> str | None:
    """Build the query of the address of results; None where it would be too long for an address."""
    text = [value.replace("\r\n", "\n") for value in fields.get("text", ())]
    pairs = [(name, value) for name in OPEN_FIELDS for value in fields.get(name, ())]
    sealed = (
        (WORDS_PARAMETER, {"text": text} if text else {}, WORDS_LIFETIME, ""),
        (SELF_PARAMETER, _pick(fields, FOLDED_FIELDS), SELF_LIFETIME, visit),
    )
    pairs += [
        (name, _seal(vault, name, part, lifetime, owner)) for name, part, lifetime, owner in sealed if part
    ]
    # `quote` writes a space as `%20`: `safe_next_path` refuses a `+`.
    query = urlencode(pairs, quote_via=quote)
    return query if len(query) <= MAX_QUERY_LENGTH else None


def read_search_link(vault: Vault, request: Request) -> SearchLink:
    """Read the search in an address, less what is sealed for another browser or was too long ago."""
    query, fields, is_whole = request.query_params, {}, True
    for name in OPEN_FIELDS:
        if values := [value[:MAX_VALUE_LENGTH] for value in query.getlist(name)[: len(OPEN_FIELDS)]]:
            fields[name] = values
    for name, owner in ((WORDS_PARAMETER, ""), (SELF_PARAMETER, request.cookies.get(VISIT_COOKIE, ""))):
        if token := query.get(name):
            part = _open(vault, name, token, owner)
            is_whole = is_whole and part is not None
            fields |= part or {}
    return SearchLink(fields, is_whole)


def change_search_query(vault: Vault, request: Request, fields: FormFields, visit: str) -> str | None:
    """Build the query of the results for other fields than those of the address; None as above.

    What is sealed in the address and stays the same is repeated letter by letter: a page with many such links
    is compressed to little more than one of them, and nothing of it opens for longer.
    """
    query = build_search_query(vault, fields, visit)
    if query is None:
        return None
    present, pairs = read_search_link(vault, request).fields, dict[str, str]()
    for name, names in ((WORDS_PARAMETER, ("text",)), (SELF_PARAMETER, FOLDED_FIELDS)):
        token, part = request.query_params.get(name), _pick(fields, names)
        if token and part and part == _pick(present, names):
            pairs[name] = token
    return urlencode([(name, pairs.get(name, value)) for name, value in parse_qsl(query)], quote_via=quote)


def seal_search(vault: Vault, fields: FormFields, visit: str) -> str | None:
    """Seal a whole search to this visit, for an offer to lead back to its results; None where it is long.

    The address of an offer is passed on more than that of results: for others it leads back to no search.
    """
    token = _seal(vault, _BACK, _pick(fields, (*OPEN_FIELDS, "text", *FOLDED_FIELDS)), SELF_LIFETIME, visit)
    return token if len(token) <= MAX_BACK_LENGTH else None


def open_search(vault: Vault, request: Request, token: str) -> str | None:
    """The query of the results that an offer was opened from; None for others, and after a while."""
    fields = open_search_fields(vault, request, token)
    return None if fields is None else build_search_query(vault, fields, request.cookies[VISIT_COOKIE])


def open_search_fields(vault: Vault, request: Request, token: str) -> FormFields | None:
    """The fields of the search that an offer was opened from; None for others, and after a while."""
    visit = request.cookies.get(VISIT_COOKIE, "")
    return _open(vault, _BACK, token, visit) if visit else None


def _pick(fields: FormFields, names: Collection[str]) -> dict[str, list[str]]:
    """Those of the fields that are filled in."""
    return {name: list(fields[name]) for name in names if fields.get(name)}


def _seal(vault: Vault, name: str, fields: FormFields, lifetime: timedelta, owner: str) -> str:
    """Seal fields for some time, for whoever brings the same `owner`."""
    expires = int((now() + lifetime).timestamp()).to_bytes(_EXPIRES_BYTES, "big")
    # Not compressed: by the length of an address it is known how long the text is that it asks to understand.
    content = expires + json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    return urlsafe_b64encode(vault.seal(content, _context(name, owner))).rstrip(b"=").decode()


def _open(vault: Vault, name: str, token: str, owner: str) -> dict[str, list[str]] | None:
    """Open sealed fields; None where they are too old, or sealed for another, or no seal of ours."""
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        content = vault.open(sealed, _context(name, owner))
    except (ValueError, UnavailableError):
        return None
    if int.from_bytes(content[:_EXPIRES_BYTES], "big") < now().timestamp():
        return None
    fields: dict[str, list[str]] = json.loads(content[_EXPIRES_BYTES:])
    return fields


def _context(name: str, owner: str) -> str:
    return f"search-link:{name}:{owner}"
