"""How an advertisement lets itself be answered: a site, an address of a company, or a number alone."""

from __future__ import annotations

from collections.abc import Sequence

from oim.features.opportunities import Draft, Kind
from oim.features.trust.screening.phrases import Sentence
from oim.features.trust.screening.vocabulary import pattern, phrases

_OFFICIAL = pattern("official")  # a site, or a mailbox of the organisation's own
_LOCATED = (_OFFICIAL, pattern("landline"), pattern("premises_named"))
_COMPANY = pattern("a_company")
_TITLE_ABROAD = pattern("title_abroad")
_PERSONAL, _MESSAGING, _GOING = map(phrases, ("personal_contact", "messaging", "going_abroad"))


def personal_contact(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """The only contact of somebody who claims to be a company, where it is a mobile or a free mailbox."""
    if draft.url:
        return None
    text = " ".join(sentence.folded for sentence in (title, *body))
    claims = draft.organisation or _COMPANY.search(text)
    if not claims or any(known.search(text) for known in _LOCATED):
        return None
    return _PERSONAL.found(body)


def abroad_by_messaging(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """How work abroad is recruited for, where that is by messages or a mobile number alone."""
    said = _MESSAGING.found(body)
    if said is None or draft.kind is Kind.AGR or any(_OFFICIAL.search(each.folded) for each in body):
        return None
    return said if _is_abroad(draft, title, body) else None


def _is_abroad(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> bool:
    if draft.location.country not in (None, "CM") or _TITLE_ABROAD.search(title.folded):
        return True
    return _GOING.found((title, *body)) is not None
