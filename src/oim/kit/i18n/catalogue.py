"""Catalogues read from `.po` files at first use. Message ids are the English texts; French is the default."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations
from importlib import resources
from io import BytesIO
from typing import IO, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
DEFAULT_LANGUAGE: Language = "fr"


@dataclass(frozen=True, slots=True)
class Translator:
    """Texts in one language. `%(name)s` in a text is replaced by the value of that name."""

    language: Language
    catalogue: GNUTranslations

    def __call__(self, message: str, /, **values: object) -> str:
        text = self.catalogue.gettext(message)
        return text % values if values else text

    def plural(self, singular: str, plural_form: str, count: int, /, **values: object) -> str:
        """The form for `count`, which is also the value `count`."""
        return self.catalogue.ngettext(singular, plural_form, count) % {"count": count, **values}


def mark(message: str) -> str:
    """Mark a text for the catalogues where it stands; it is translated where it is shown."""
    return message


@cache
def translator(language: Language) -> Translator:
    """The translator of a language."""
    source = resources.files("oim.kit.i18n") / "locale" / language / "oim.po"
    with source.open("rb") as lines:
        return Translator(language, read_catalogue(lines, language))


def read_catalogue(lines: IO[bytes], locale: str) -> GNUTranslations:
    """A catalogue from its `.po` file. What it lacks is shown in English: one may grow text by text."""
    compiled = BytesIO()
    write_mo(compiled, read_po(lines, locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


def negotiate_language(accept_language: str | None) -> Language:
    """The language of ours that an `Accept-Language` header prefers, else French."""
    weighed: list[tuple[float, int, Language]] = []
    for position, part in enumerate((accept_language or "").split(",")):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        code = tag.split("-")[0].lower()
        if code in LANGUAGES:
            try:
                weight = float(quality or 1)
            except ValueError:
                continue
            if weight > 0:  # 0 says: not this one
                weighed.append((-weight, position, code))
    return min(weighed)[2] if weighed else DEFAULT_LANGUAGE
