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
        mark("We count what became of your applications together with those of others, to see what helps."),
    ),
}

# What changes at once when consent is withdrawn, in whole sentences.
WITHDRAWAL_CONSEQUENCES: dict[Purpose, tuple[str, ...]] = {
    Purpose.MATCHING: (
        mark("OIM no longer chooses offers for you."),
        mark("Your profile stays, and you can still search by yourself."),
    ),
    Purpose.MESSAGES: (
        mark("OIM no longer writes to you about new offers or about your applications."),
        mark("Codes to sign in still reach you, and you read your news in your space."),
    ),
    Purpose.SHARING: (
        mark("Partners no longer see your name, your contact, your letters or your CV, at once."),
        mark("They can no longer answer the applications you have sent."),
    ),
    Purpose.STATISTICS: (
        mark("What becomes of your applications is no longer counted."),
        mark("What was counted before no longer leads back to you."),
    ),
}


def consent_choices(t: Translator) -> list[tuple[str, str, str]]:
    """List the purposes to tick when somebody joins: value, title and meaning."""
    return [(purpose.value, t(title), t(meaning)) for purpose, (title, meaning) in CONSENTS.items()]
