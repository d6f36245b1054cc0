"""The texts in the catalogues: English equals its msgid, French follows its typography.

That the catalogues are complete is checked by the tests in `tests/house`.
"""

import re
from importlib import resources

import pytest
from babel.messages.pofile import read_po


def texts(language: str) -> list[tuple[str, str]]:
    """Pairs of message and translation; each plural form is a pair of its own."""
    path = resources.files("oim.kit.i18n") / "locale" / language / "oim.po"
    with path.open("rb") as lines:
        messages = [message for message in read_po(lines, locale=language) if message.id]
    pairs = []
    for message in messages:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        pairs += zip(ids, strings, strict=True)
    return pairs


def test_the_english_text_is_the_message_id() -> None:
    assert [pair for pair in texts("en") if pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        (
            "no non-breaking space before a double mark",
            r"[^\u00a0«][;?!»]|[^\u00a0/\w][:](?!//)|[a-zé]:(?!//)",
        ),
        ("no non-breaking space after «", r"«[^\u00a0]"),
        ("a straight apostrophe", r"\w'\w"),
        ("three dots", r"\.\.\."),
        ("tutoiement", r"(?i)\b(tu|ton|tes|toi)\b"),
    ],
)
def test_french_texts_follow_french_typography(fault: str, pattern: str) -> None:
    addresses = re.compile(r"\S+://\S+|`[^`]*`")
    wrong = [text for _, text in texts("fr") if re.search(pattern, addresses.sub("", text))]
    assert wrong == [], fault
