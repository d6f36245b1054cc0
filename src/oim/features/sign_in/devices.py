"""Known devices: browsers and programs that signed in before, which keep an allowance of their own.

Whoever floods a contact or an account from elsewhere then does not shut its owner out. A device presents a
token: a random number, signed by us, that stays the same whoever signs in on it, so that a shared telephone
tells nobody who did. Valkey holds, for each device and contact, the blind index of both together:
nothing there says who, where, or that two belong together. A token opens nothing: it only chooses what a
request counts against.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from oim.kit.cache import Cache
from oim.kit.crypto import Vault
from oim.kit.errors import UnavailableError
from oim.kit.telemetry import logger

DEVICE_LIFETIME = timedelta(days=180)  # since the last sign-in on it
DEVICE_TOKEN_LENGTH = 45  # characters: 22 of a random number, a point, 22 of its signature


def renew_device(vault: Vault, token: str) -> str:
    """Return the token of a device as it is, or a new one where it is none of ours."""
    secret, _, signature = token.partition(".")
    # A device that chose its own token could choose one that others guess.
    if vault.is_valid_signature(signature, "device", secret):
        return token
    secret = secrets.token_urlsafe(16)
    return f"{secret}.{vault.sign('device', secret)}"


def person_owner(person: UUID) -> str:
    """Return how a person owns a device: apart from their contact, which others may share."""
    return f"person {person}"


def remember_device(cache: Cache, vault: Vault, token: str, owner: str) -> None:
    """Remember that a device signed in by a contact, as a person or to an account, `owner`.

    It is remembered next time where Valkey fails now: they are signed in already, and their ticket is spent.
    """
    try:
        with cache.commands() as valkey:
            valkey.set(_key(vault, token, owner), 1, ex=int(DEVICE_LIFETIME.total_seconds()))
    except UnavailableError as error:
        logger(__name__).warning("a device was not remembered", error=str(error))


def find_known_device(cache: Cache, vault: Vault, token: str, owner: str) -> str:
    """Return the token of a device if it signed in by or as that `owner` before, else an empty text.

    Raises UnavailableError.
    """
    if len(token) != DEVICE_TOKEN_LENGTH:  # no longer one is ours, or hashed
        return ""
    with cache.commands() as valkey:
        return token if valkey.exists(_key(vault, token, owner)) else ""


def _key(vault: Vault, token: str, owner: str) -> str:
    """The key in Valkey of a device and a contact or an account."""
    return f"device:{vault.blind_index('device', f'{token} {owner}').hex()}"
