"""Every text a person sees exists in French and in English, and no catalogue keeps one that is gone."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

SRC = Path(__file__).parents[2] / "src" / "oim"
CATALOGUES = SRC / "kit" / "i18n" / "locale"
KEYWORDS = {"t": None, "mark": None, "plural": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]


@cache
def _extracted() -> frozenset[str]:
    """The texts of the source and of the templates."""
    options = {"**/templates/**.html": {"silent": "false"}}
    found: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(
        str(SRC), METHODS, options, keywords=KEYWORDS, directory_filter=lambda path: "/migrations" not in path
    ):
        found |= {message} if isinstance(message, str) else set(message)
    return frozenset(found - {""})


def _catalogue(language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    with (CATALOGUES / language / "oim.po").open("rb") as lines:
        for message in read_po(lines, locale=language):
            if message.id:
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                for id_ in ids:
                    yield id_, texts


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_text_is_translated(language: str) -> None:
    translated = {id_ for id_, texts in _catalogue(language) if all(texts)}
    assert sorted(_extracted() - translated) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_text_is_left_over(language: str) -> None:
    assert sorted({id_ for id_, _ in _catalogue(language)} - _extracted()) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_translations_name_the_same_values(language: str) -> None:
    names = re.compile(r"%\((\w+)\)s")
    wrong = [
        id_
        for id_, texts in _catalogue(language)
        for text in texts
        if not set(names.findall(text)) <= set(names.findall(id_)) | {"count"}
        or not set(names.findall(id_)) - {"count"} <= set(names.findall(text))
    ]
    assert wrong == []
