"""Translation catalogues, read from `.po` files at first use. Message ids are the English texts."""

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
DEFAULT_LANGUAGE: Language = "fr"  # the main language in eight of Cameroon's ten regions


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates into one language. `%(name)s` in a text is replaced by the value of that name."""

    language: Language
    catalogue: GNUTranslations

    def __call__(self, message: str, /, **values: object) -> str:
        """Translate a message; one that the catalogue lacks stays English."""
        text = self.catalogue.gettext(message)
        return text % values if values else text

    def plural(self, singular: str, plural_form: str, count: int, /, **values: object) -> str:
        """Translate the plural form for `count`, which is also available as the value `%(count)s`."""
        return self.catalogue.ngettext(singular, plural_form, count) % {"count": count, **values}


def mark(message: str) -> str:
    """Mark a text for extraction into the catalogues; it is translated later, where it is shown."""
    return message


@cache
def translator(language: Language) -> Translator:
    """Return the translator of a language, whose catalogue is read once per process."""
    source = resources.files("oim.kit.i18n") / "locale" / language / "oim.po"
    with source.open("rb") as lines:
        return Translator(language, read_catalogue(lines, language))


def read_catalogue(lines: IO[bytes], locale: str) -> GNUTranslations:
    """Read a catalogue from its `.po` file. Texts that it lacks are shown in English."""
    # Compiled here rather than at build time, so that the `.po` file is the only copy of a catalogue.
    compiled = BytesIO()
    write_mo(compiled, read_po(lines, locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


def negotiate_language(accept_language: str | None) -> Language:
    """Return the supported language that an `Accept-Language` header prefers, else French."""
    # Negative weights, so that the minimum has the highest weight and, among equals, the first position.
    candidates: list[tuple[float, int, Language]] = []
    # `fr-CM,fr;q=0.9,en;q=0.8`: parts in any order, with a weight of 1 where none is stated.
    for position, part in enumerate((accept_language or "").split(",")):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        code = tag.split("-")[0].lower()
        if code in LANGUAGES:
            try:
                weight = float(quality or 1)
            except ValueError:
                continue
            if weight > 0:  # 0 means "not acceptable" (RFC 9110, 12.4.2); a NaN is not greater either
                candidates.append((-weight, position, code))
    return min(candidates)[2] if candidates else DEFAULT_LANGUAGE
