"""The texts of messages to people, each short enough for one SMS."""

from __future__ import annotations

from collections.abc import Mapping

from oim.features.messages import MessageKind, MessageState
from oim.features.staff import Notices
from oim.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, Translator, mark, translator

_SUBJECTS: dict[MessageKind, str] = {
    MessageKind.CODE: mark("Your OIM code"),
    MessageKind.ALERT: mark("New offers for you"),
    MessageKind.STAGE: mark("News of what you applied for"),
    MessageKind.OUTCOME: mark("What became of it?"),
    MessageKind.PIN_ASKED: mark("A new PIN was asked for"),
    MessageKind.PIN_CHANGED: mark("Your PIN is new"),
    MessageKind.APPLIED: mark("Somebody applied to you"),
    MessageKind.APPLIED_DIGEST: mark("Applications that came to you"),
    MessageKind.INACTIVE: mark("Your OIM account will be erased"),
}
# Where a message leads, below the language. A code leads nowhere: a link beside one is what fraud looks like.
_PATHS: dict[MessageKind, str] = {
    MessageKind.ALERT: "me/searches",
    MessageKind.STAGE: "me/applications",
    MessageKind.OUTCOME: "me/applications",
    MessageKind.INACTIVE: "me",
    MessageKind.APPLIED: "staff/applications",
    MessageKind.APPLIED_DIGEST: "staff/applications",
}
SMS_LENGTH = 160  # characters of one SMS
# The placeholders are keys of a message's payload. The text of alerts is not here: it has a plural form.
_TEXTS: dict[MessageKind, str] = {
    MessageKind.CODE: mark(
        "OIM: your code is %(code)s. It works once, for %(minutes)s minutes. Give it to nobody."
    ),
    MessageKind.STAGE: mark("OIM: there is news of what you applied for. Sign in to read it."),
    MessageKind.OUTCOME: mark("OIM: what became of what you applied for? Sign in and tell in one tap."),
    MessageKind.PIN_ASKED: mark(
        "OIM: a new PIN is asked for. It serves from %(when)s on. Not you? Cancel it: %(link)s"
    ),
    MessageKind.PIN_CHANGED: mark(
        "OIM: somebody signed in with a new PIN. Not you? Ask a case worker for help."
    ),
    MessageKind.APPLIED: mark("OIM: an application has come to you. Sign in to read it."),
    MessageKind.INACTIVE: mark(
        "OIM: you have not signed in for a long time. Your account will be erased on %(day)s, unless you "
        "sign in."
    ),
}
# How often an agent is written to, as they choose it.
NOTICES: dict[Notices, str] = {
    Notices.AT_ONCE: mark("At once, each time"),
    Notices.DAILY: mark("Once a day, for all that came"),
}
_STATES: dict[MessageState, str] = {
    MessageState.WAITING: mark("This message is not sent yet."),
    MessageState.SENT: mark("This message was sent."),
    MessageState.GIVEN_UP: mark("This message was not sent."),
    MessageState.REJECTED: mark("This message was not sent: the number or address was refused."),
    MessageState.UNCERTAIN: mark("This message may not have arrived."),
}


def render_subject(kind: MessageKind, t: Translator) -> str:
    """Render the subject of a message."""
    return t(_SUBJECTS[kind])


def render_message_state(state: MessageState, t: Translator) -> str:
    """Render what became of a message."""
    return t(_STATES[state])


def render_message(
    kind: MessageKind, payload: Mapping[str, str | int], language: str, address: str = ""
) -> tuple[str, str]:
    """Render the subject and the text of a message. Neither names an offer: others may read the telephone.

    With the `address` of the pages the text ends with the link to what it is about, if one SMS holds both.
    Whoever opens it is asked to sign in, and lands there.
    """
    t = translator(next((known for known in LANGUAGES if known == language), DEFAULT_LANGUAGE))
    text = _render_text(kind, payload, t)
    linked = (
        f"{text} {address.rstrip('/')}/{t.language}/{_PATHS[kind]}" if address and kind in _PATHS else text
    )
    return render_subject(kind, t), linked if len(linked) <= SMS_LENGTH else text


def _render_text(kind: MessageKind, payload: Mapping[str, str | int], t: Translator) -> str:
    """Render the text of a message; `payload` has the values that its kind needs."""
    if kind is MessageKind.ALERT:
        return t.plural(
            "OIM: %(count)s new offer for your searches. Sign in to see it.",
            "OIM: %(count)s new offers for your searches. Sign in to see them.",
            int(payload["count"]),
        )
    if kind is MessageKind.APPLIED_DIGEST:
        return t.plural(
            "OIM: %(count)s application has come to you. Sign in to read it.",
            "OIM: %(count)s applications have come to you. Sign in to read them.",
            int(payload["count"]),
        )
    return t(_TEXTS[kind], **payload)
