"""Texts about trust: every value has one in both languages, and none promises that an offer is safe."""

import re
from collections.abc import Iterator

import pytest

from oim.channels.wording import RED_FLAGS, REPORT_REASONS, TRUST, render_warning
from oim.features.opportunities import RedFlag, Trust
from oim.features.trust import FlagCode, ReportReason
from oim.kit.i18n import LANGUAGES, Language, translator

PROMISES = re.compile(
    r"\b(safe|secure|sans danger|sûre?|fiable|reliable|garanti\w*|guarantee\w*|aucun risque|no risk)\b", re.I
)


def words(language: Language) -> Iterator[str]:
    t = translator(language)
    yield from (t(text) for pair in TRUST.values() for text in pair)
    yield from (render_warning(RedFlag(code.value, "…"), t) for code in FlagCode)
    yield from (t(text) for text in REPORT_REASONS.values())


def test_every_value_has_a_text() -> None:
    assert set(TRUST) == set(Trust)
    assert set(RED_FLAGS) == set(FlagCode)
    assert set(REPORT_REASONS) == set(ReportReason)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_promises_safety(language: Language) -> None:
    assert [text for text in words(language) if PROMISES.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warning_is_one_sentence_that_says_what_to_do(language: Language) -> None:
    t = translator(language)
    for code in FlagCode:
        sentence = render_warning(RedFlag(code.value), t).replace("\u00a0", " ")
        what, _, to_do = sentence.partition(":")
        assert what
        assert len(to_do.split()) >= 4
        assert sentence.count(".") == 1
        assert sentence.endswith(".")


def test_every_text_is_translated() -> None:
    french, english = (list(words(language)) for language in ("fr", "en"))
    assert not set(french) & set(english)
