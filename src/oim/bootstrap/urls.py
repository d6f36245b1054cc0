"""URLs of settings: looking up the adapter of a scheme, and saying what is wrong with a URL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import SplitResult, urlsplit

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")
# A scheme as RFC 3986 writes it, then `//`; no blank or control character anywhere.
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\x00-\x1f\x7f]*", re.IGNORECASE)
_NOT_A_URL = mark("%(setting)s is not a URL that can be used. It takes: %(known)s.")
_UNKNOWN = mark("%(setting)s is %(url)s, and nothing here speaks %(scheme)s. It takes: %(known)s.")
_BAD_ADDRESS = mark("%(setting)s is %(url)s: its host, or its port (1 to 65535), cannot be used.")
_NO_HOST = mark("%(setting)s is %(url)s: it names no host.")
_NO_PATH = mark("%(setting)s is %(url)s: it needs a path after that.")
_NOT_A_FILE = mark("%(setting)s is %(url)s: a file of this machine is written file:///folder/name.")


@dataclass(frozen=True, slots=True)
class Adapter(Generic[T_co]):
    """A row of a port's table: what makes its adapter from the URL, and which parts the URL must have."""

    make: Callable[[str, Settings], T_co]
    needs_host: bool = False
    needs_path: bool = False


# By the beginning of the URLs, `redis://`, in lower case; or by a word that stands for one, as `embedded`.
Table = Mapping[str, Adapter[T]]


def choose(setting: str, url: str, table: Mapping[str, Adapter[T]]) -> Adapter[T]:
    """Return the adapter for the URL of a setting (its field in `Settings`).

    Raises BadInputError, which names the variable, the URL without what may be secret in it, and what the
    variable takes.
    """
    if url in table and "://" not in url:  # a word
        return table[url]
    names = {"setting": f"OIM_{setting.upper()}", "known": ", ".join(filter(None, table))}
    parts = _split(url)
    if parts is None:
        raise BadInputError(_NOT_A_URL, field=setting, **names)
    names |= {"url": _mask(parts), "scheme": parts.scheme}
    adapter = table.get(f"{parts.scheme}://")
    if adapter is None:
        raise BadInputError(_UNKNOWN, field=setting, **names)
    fault = _find_fault(parts, adapter)
    if fault:
        raise BadInputError(fault, field=setting, **names)
    return adapter


def make(setting: str, table: Mapping[str, Adapter[T]], settings: Settings) -> T:
    """Make the adapter that the URL of a setting names. Raises BadInputError, and what making it raises."""
    url: str = getattr(settings, setting)
    return choose(setting, url, table).make(url, settings)


def _split(url: str) -> SplitResult | None:
    """Split a URL into its parts; None for what is none."""
    try:
        return urlsplit(url) if _URL.fullmatch(url) else None
    except ValueError:  # a bracket of an IPv6 address is missing
        return None


def _find_fault(parts: SplitResult, adapter: Adapter[object]) -> str | None:
    """Return what is wrong with the parts of a URL, None if nothing is."""
    if parts.scheme == "file":
        return None if parts.path.strip("/") and not parts.netloc else _NOT_A_FILE
    try:
        is_sound = parts.port != 0 and (parts.hostname is None or "%" not in parts.hostname)
    except ValueError:
        is_sound = False
    if not is_sound:
        return _BAD_ADDRESS
    has_path = bool(parts.path.strip("/"))
    if not parts.hostname and (adapter.needs_host or not has_path):
        return _NO_HOST
    return _NO_PATH if adapter.needs_path and not has_path else None


def mask_url(url: str) -> str:
    """Return the URL of a setting as far as it holds no secret; empty for what is no URL."""
    parts = _split(url)
    return _mask(parts) if parts else ""


def _mask(parts: SplitResult) -> str:
    """Return a URL as far as it holds no secret: the scheme, the host and a port of digits alone."""
    # A password with a `/`, `?` or `#` that is not escaped ends the host before its time.
    if any("@" in part for part in (parts.path, parts.query, parts.fragment)):
        return f"{parts.scheme}://***"
    user, _, address = parts.netloc.rpartition("@")
    # What follows the host may be a password whose `@` is missing, as in `redis://:secret`.
    host, colon, port = address.rpartition(":") if re.search(r":[^\]]*$", address) else (address, "", "")
    shown_port = f":{port}" if re.fullmatch(r"\d{1,6}", port) else ":***" if colon else ""
    return f"{parts.scheme}://{'***@' if user else ''}{host}{shown_port}"
