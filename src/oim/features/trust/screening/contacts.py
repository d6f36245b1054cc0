"""How an advertisement lets itself be answered: a site, an address of a company, or a number alone."""

from __future__ import annotations

from collections.abc import Sequence

from oim.features.opportunities import Draft, Kind
from oim.features.trust.screening.phrases import Sentence
from oim.features.trust.screening.vocabulary import compile_pattern, load_phrases

_OFFICIAL_CONTACT = compile_pattern("official")  # a site, or a mailbox of the organisation's own
_TRACEABLE_CONTACTS = (_OFFICIAL_CONTACT, compile_pattern("landline"), compile_pattern("premises_named"))
_COMPANY = compile_pattern("a_company")
_TITLE_ABROAD = compile_pattern("title_abroad")
_PERSONAL_CONTACT, _MESSAGING, _GOING_ABROAD = map(
    load_phrases, ("personal_contact", "messaging", "going_abroad")
)


def _detect_personal_contact(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """The only contact of somebody who claims to be a company, where it is a mobile or a free mailbox."""
    if draft.url:
        return None
    text = " ".join(sentence.folded_text for sentence in (title, *body))
    claims = draft.organisation or _COMPANY.search(text)
    if not claims or any(known.search(text) for known in _TRACEABLE_CONTACTS):
        return None
    return _PERSONAL_CONTACT.find_excerpt(body)


def _detect_abroad_by_messaging(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """How work abroad is recruited for, where that is by messages or a mobile number alone."""
    said = _MESSAGING.find_excerpt(body)
    if (
        said is None
        or draft.kind is Kind.AGR
        or any(_OFFICIAL_CONTACT.search(each.folded_text) for each in body)
    ):
        return None
    return said if _is_abroad(draft, title, body) else None


def _is_abroad(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> bool:
    if draft.location.country not in (None, "CM") or _TITLE_ABROAD.search(title.folded_text):
        return True
    return _GOING_ABROAD.find_excerpt((title, *body)) is not None
