"""The words in which consent is asked for.

A stored consent names the version of these words: whoever changes one must raise `features.consents.VERSION`.
"""

from __future__ import annotations

from oim.features.consents import Purpose
from oim.kit.i18n import Translator, mark

# Of each purpose: a title, then which data is used for what, and what changes by saying no.
CONSENTS: dict[Purpose, tuple[str, str]] = {
    Purpose.MATCHING: (
        mark("Find offers for me"),
        mark("OIM compares your profile with the offers. Without this you can still search by yourself."),
    ),
    Purpose.MESSAGES: (
        mark("Write to me"),
        mark("OIM writes to you about new offers and what you applied for, three times a day at most."),
    ),
    Purpose.SHARING: (
        mark("Send what I choose to partners"),
        mark(
            "When you apply, the partner receives your name, your contact, your letter and the CV you attach."
        ),
    ),
    Purpose.STATISTICS: (
        mark("Count me, without my name"),
        mark("What became of your applications is counted with that of others, to see what helps."),
    ),
}


def consent_choices(t: Translator) -> list[tuple[str, str, str]]:
    """List the purposes to tick when somebody joins: value, title and meaning."""
    return [(purpose.value, t(title), t(meaning)) for purpose, (title, meaning) in CONSENTS.items()]
