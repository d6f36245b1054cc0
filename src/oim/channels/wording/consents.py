"""The words in which consent is asked for. Changing one asks for another `consents.VERSION`."""

from __future__ import annotations

from oim.features.consents import Purpose
from oim.kit.i18n import Translator, mark

# What it is for, then what is done with what and what it changes to say no.
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
    """Of each purpose its value, what it is for, and what that means."""
    return [(purpose.value, t(title), t(meaning)) for purpose, (title, meaning) in CONSENTS.items()]
