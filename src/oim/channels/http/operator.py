"""Who runs this instance, and whom to call about violence: what the settings say, for pages and the API.

OIM itself is no organisation: without these settings it says that nobody named runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oim.kit.errors import BadInputError
from oim.kit.i18n import Language, mark
from oim.kit.settings import Settings, split_helplines

MAX_LOGO_BYTES = 100 * 1024
LOGO_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}


@dataclass(frozen=True, slots=True)
class Helpline:
    """A telephone number for people in danger, and its name in each language."""

    names: Mapping[Language, str]
    phone: str

    @property
    def href(self) -> str:
        """The link that dials it (RFC 3966)."""
        return "tel:" + "".join(sign for sign in self.phone if sign not in " -").replace("#", "%23")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is sent."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this instance, its name in each language; all is empty where no setting says it."""

    names: Mapping[Language, str] | None = None
    logo: Logo | None = None
    email: str = ""
    phone: str = ""
    helplines: tuple[Helpline, ...] = ()


def create_operator(settings: Settings) -> Operator:
    """Create the operator that the settings describe. Raises BadInputError for a logo that cannot be used."""
    french, english = settings.operator_name.strip(), settings.operator_name_en.strip()
    return Operator(
        names={"fr": french or english, "en": english or french} if french or english else None,
        logo=_read_logo(settings.operator_logo) if settings.operator_logo else None,
        email=settings.operator_email.strip(),
        phone=settings.operator_phone.strip(),
        helplines=tuple(
            Helpline({"fr": in_french, "en": in_english}, phone)
            for in_french, in_english, phone in split_helplines(settings.helplines)
        ),
    )


def _read_logo(path: Path) -> Logo:
    """Read the picture, once for the life of the process. Raises BadInputError."""
    media_type = LOGO_TYPES.get(path.suffix.lower())
    try:
        content = path.read_bytes() if media_type else b""
    except OSError:
        content = b""
    if media_type is None or not 0 < len(content) <= MAX_LOGO_BYTES:
        raise BadInputError(
            mark(
                "OIM_OPERATOR_LOGO must name a picture (SVG, PNG, JPEG or WebP) of 100 KB at most: %(file)s"
            ),
            field="operator_logo",
            file=path,
        )
    return Logo(content, media_type)
