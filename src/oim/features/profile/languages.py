"""The languages a person speaks: one field each for those that many speak, and rows to name any other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from oim.features.profile.choices import SPOKEN_LANGUAGES
from oim.features.profile.rows import list_rows
from oim.features.profile.types import Level, Record, SpokenLanguage
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import mark
from oim.kit.i18n.language_names import find_language

LANGUAGE_ROW = "language"  # the fields of a row: `language-0-name`, `language-0-level`
MAX_LANGUAGE_NAME = 40  # characters of a language that we do not know by name
_CODE = re.compile(r"[a-z]{2,3}")  # of ISO 639
_NAME_SIGNS = "' ’ʼ`()-"  # beside letters: Ghomala', Arabe choa, Foulfouldé (Adamaoua)
# Two codes of one language: a CV or another program may say `wes`, our own question says `pcm`.
_SAME_LANGUAGES = {
    "wes": "pcm",
    "ff": "ful",
    "fub": "ful",
    "fra": "fr",
    "fre": "fr",
    "eng": "en",
    "ara": "ar",
}


def normalise_language(language: str) -> str:
    """The one code of a language by a code of ISO 639 or its name; the name itself where it has none."""
    code = language if _CODE.fullmatch(language) else find_language(language) or language
    return _SAME_LANGUAGES.get(code, code)


def merge_languages(
    known: Iterable[SpokenLanguage], stated: Iterable[SpokenLanguage]
) -> tuple[SpokenLanguage, ...]:
    """The languages of both, each once. What is stated later counts, but takes no level away."""
    levels: dict[str, Level | None] = {}
    for spoken in (*known, *stated):
        code = normalise_language(spoken.language)
        levels[code] = spoken.level or levels.get(code)
    return tuple(SpokenLanguage(code, level) for code, level in levels.items())


def fill_languages(record: Record) -> Mapping[str, object]:
    """The fields of the question as a record answers it; the rows are left empty, to add more."""
    languages = merge_languages((), record.languages)
    return {
        "others": [value for value, _ in list_other_languages(record)],
        **{
            f"lang-{spoken.language}": spoken.level.value
            for spoken in languages
            if spoken.level and spoken.language in SPOKEN_LANGUAGES
        },
    }


def parse_languages(fields: FormFields) -> dict[str, tuple[SpokenLanguage, ...]]:
    """The languages that the fields state. Raises BadInputError."""
    # Languages that no field asks for come back in `others`: an answer must not erase what it does not show.
    unasked = [_parse_other_language(value) for value in fields.get("others", ())]
    chosen = [
        SpokenLanguage(code, level)
        for code in SPOKEN_LANGUAGES
        if (level := _parse_level(first_value(fields, f"lang-{code}"), f"lang-{code}"))
    ]
    return {"languages": merge_languages(unasked, (*chosen, *_parse_rows(fields)))}


def list_other_languages(record: Record) -> list[tuple[str, SpokenLanguage]]:
    """The languages of a record that have no field of their own, each with its value in the field `others`.

    Such are those that are not asked for one by one, and those whose level is not known.
    """
    return [
        (f"{spoken.language}:{spoken.level.value if spoken.level else ''}", spoken)
        for spoken in merge_languages((), record.languages)
        if spoken.language not in SPOKEN_LANGUAGES or spoken.level is None
    ]


def _parse_other_language(value: str) -> SpokenLanguage:
    """Parse a language of the field `others`, `bum:good` or `bum:`, as `list_other_languages` writes it."""
    language, _, level = value.rpartition(":")
    if not _is_name(language):
        raise BadInputError(mark("Choose from the list."), field="others")
    return SpokenLanguage(language, _parse_level(level, "others"))


def _parse_rows(fields: FormFields) -> list[SpokenLanguage]:
    """Parse the rows in which somebody names another language. Raises BadInputError naming the field."""
    languages = []
    for row in list_rows(fields, LANGUAGE_ROW):
        name, field = row.value("name"), row.field("name")
        if not name:
            raise BadInputError(mark("Write the name of this language too."), field=field)
        if not _is_name(name):
            message = mark("Write the name of one language, in letters: %(most)s at most.")
            raise BadInputError(message, field=field, most=MAX_LANGUAGE_NAME)
        code = find_language(name) or name
        languages.append(SpokenLanguage(code, _parse_level(row.value("level"), row.field("level"))))
    return languages


def _parse_level(value: str, field: str) -> Level | None:
    if value and value not in set(Level):
        raise BadInputError(mark("Choose from the list."), field=field)
    return Level(value) if value else None


def _is_name(text: str) -> bool:
    """Whether a text can be the name of a language: letters, with their tones, and few signs."""
    return (
        0 < len(text) <= MAX_LANGUAGE_NAME
        and text[0].isalpha()
        and all(letter.isalpha() or letter in _NAME_SIGNS or unicodedata.combining(letter) for letter in text)
    )
