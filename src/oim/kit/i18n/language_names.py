"""Names of languages and their ISO 639 codes, both ways: those of CLDR, and of Cameroon's that CLDR lacks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from babel import Locale

from oim.kit.i18n.catalogue import Language
from oim.kit.text import fold

_LOCALES: dict[Language, str] = {"fr": "fr_CM", "en": "en_CM"}
_APOSTROPHES = str.maketrans("ʼ`´", "'''")


@cache
def load_language_codes() -> Mapping[str, str]:
    """The code of each folded name that people of Cameroon write, from lines such as `ff fulfulde|peul`."""
    lines = (resources.files("oim.kit.i18n") / "languages.txt").read_text("utf-8").splitlines()
    entries = (line.split(" ", 1) for line in lines)
    return {name: code for code, names in entries for name in names.split("|")}


def language_name(code: str, language: Language) -> str:
    """Return the name of a language by its ISO 639 code, `allemand` for `de`; the code itself if unknown."""
    name = Locale.parse(_LOCALES[language]).languages.get(code) or _load_local_names().get(code)
    if name is None:
        return code
    # English writes names of languages with a capital letter, French with a small one.
    return name if language == "fr" else name[:1].upper() + name[1:]


def find_language(name: str) -> str | None:
    """The ISO 639 code of a language by its French or English name, however written; None if unknown."""
    folded_name = fold(name.translate(_APOSTROPHES))
    return load_language_codes().get(folded_name) or _load_cldr_codes().get(folded_name)


@cache
def _load_local_names() -> Mapping[str, str]:
    """The first name of each code in `languages.txt`."""
    return {code: name for name, code in reversed(list(load_language_codes().items()))}


@cache
def _load_cldr_codes() -> Mapping[str, str]:
    """The code of each folded name of CLDR, in both languages, without variants such as `fr_CA`."""
    return {
        fold(name.translate(_APOSTROPHES)): code
        for locale in _LOCALES.values()
        for code, name in Locale.parse(locale).languages.items()
        if "_" not in code
    }
