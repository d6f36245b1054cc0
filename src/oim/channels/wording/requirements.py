"""What an offer may require, in whole sentences: as a condition, as a question, as something to do.

One table for each kind of requirement whose values are known: a sentence made of parts has a wrong article in
French for some of them. A value that no table has is named as the offer writes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from oim.features.matching import identify_paper, normalise_membership
from oim.features.opportunities import Status
from oim.kit.i18n import Translator, mark


@dataclass(frozen=True, slots=True)
class Sentences:
    """A requirement as a condition of an offer, as a question to a person, and as what they can do."""

    condition: str
    question: str
    remedy: str


# ISCED 2011 levels. Level 0, no certificate, is no requirement.
_LEVELS: dict[int, Sentences] = {
    1: Sentences(
        mark("At least the CEP or the FSLC (primary school)"),
        mark("Do you have at least the CEP or the FSLC?"),
        mark("Get the CEP or the FSLC first"),
    ),
    2: Sentences(
        mark("At least the BEPC, a CAP or the O Level"),
        mark("Do you have at least the BEPC, a CAP or the O Level?"),
        mark("Get the BEPC, a CAP or the O Level first"),
    ),
    3: Sentences(
        mark("At least the Baccalauréat or the A Level"),
        mark("Do you have at least the Baccalauréat or the A Level?"),
        mark("Get the Baccalauréat or the A Level first"),
    ),
    4: Sentences(
        mark("At least a vocational course after upper secondary school"),
        mark("Have you finished at least a vocational course after upper secondary school?"),
        mark("Finish a vocational course after upper secondary school first"),
    ),
    5: Sentences(
        mark("At least a BTS, an HND or a DUT"),
        mark("Do you have at least a BTS, an HND or a DUT?"),
        mark("Get a BTS, an HND or a DUT first"),
    ),
    6: Sentences(
        mark("At least a bachelor’s degree"),
        mark("Do you have at least a bachelor’s degree?"),
        mark("Get a bachelor’s degree first"),
    ),
    7: Sentences(
        mark("At least a master’s degree, or engineer"),
        mark("Do you have at least a master’s degree, or are you an engineer?"),
        mark("Get a master’s degree or become an engineer first"),
    ),
    8: Sentences(mark("A doctorate"), mark("Do you have a doctorate?"), mark("Get a doctorate first")),
}
# By the codes of `matching.normalise_membership`.
_MEMBERSHIPS: dict[str, Sentences] = {
    "mc2": Sentences(
        mark("Member of an MC2"), mark("Are you a member of an MC2?"), mark("Become a member of an MC2")
    ),
    "muffa": Sentences(
        mark("Member of a MUFFA"), mark("Are you a member of a MUFFA?"), mark("Become a member of a MUFFA")
    ),
    "camccul": Sentences(
        mark("Member of a credit union (CAMCCUL)"),
        mark("Are you a member of a credit union (CAMCCUL)?"),
        mark("Become a member of a credit union (CAMCCUL)"),
    ),
}
_OTHER_MEMBERSHIP = Sentences(
    mark("Member of: %(name)s"),
    mark("Are you a member of this group: %(name)s?"),
    mark("Become a member of this group: %(name)s"),
)
# By the codes of `matching.identify_paper`. The condition is the name of the paper.
_PAPERS: dict[str, Sentences] = {
    "id": Sentences(
        mark("Identity card or passport"),
        mark("Do you have an identity card or a passport?"),
        mark("Get your identity card"),
    ),
    "birth": Sentences(
        mark("Birth certificate"),
        mark("Do you have your birth certificate?"),
        mark("Get your birth certificate"),
    ),
    "record": Sentences(
        mark("Criminal record extract"),
        mark("Do you have your criminal record extract?"),
        mark("Ask for your criminal record extract"),
    ),
    "diploma": Sentences(
        mark("Copy of a diploma"),
        mark("Do you have a copy of your diploma?"),
        mark("Get a copy of your diploma"),
    ),
    "attestation": Sentences(
        mark("Certificate of a training"),
        mark("Do you have the certificate of a training?"),
        mark("Follow a training that gives a certificate"),
    ),
    "plan": Sentences(
        mark("Business plan"), mark("Do you have a business plan?"), mark("Prepare a business plan")
    ),
    "licence_a": Sentences(
        mark("Driving licence A (motorcycle)"),
        mark("Do you have driving licence A (motorcycle)?"),
        mark("Get driving licence A (motorcycle)"),
    ),
    "licence_b": Sentences(
        mark("Driving licence B (car)"),
        mark("Do you have driving licence B (car)?"),
        mark("Get driving licence B (car)"),
    ),
    "licence_c": Sentences(
        mark("Driving licence C (lorry)"),
        mark("Do you have driving licence C (lorry)?"),
        mark("Get driving licence C (lorry)"),
    ),
    "return": Sentences(
        mark("Proof of return from abroad"),
        mark("Do you have proof that you came back from abroad?"),
        mark("Get proof that you came back from abroad"),
    ),
    "passbook": Sentences(
        mark("Passbook of a savings group"),
        mark("Do you have the passbook of a savings group?"),
        mark("Get the passbook of your savings group"),
    ),
}
_STATUS_QUESTIONS: dict[Status, str] = {
    Status.RETURNEE: mark("Have you come back from abroad?"),
    Status.DISPLACED: mark("Are you displaced inside the country?"),
    Status.REFUGEE: mark("Are you a refugee?"),
    Status.YOUTH: mark("Are you a young person, under 35?"),
    Status.HOST_COMMUNITY: mark("Do you host displaced people or refugees?"),
}
_REGION_QUESTIONS: dict[str, str] = {
    "CM-AD": mark("Do you live in Adamawa?"),
    "CM-CE": mark("Do you live in the Centre?"),
    "CM-EN": mark("Do you live in the Far North?"),
    "CM-ES": mark("Do you live in the East?"),
    "CM-LT": mark("Do you live in the Littoral?"),
    "CM-NO": mark("Do you live in the North?"),
    "CM-NW": mark("Do you live in the North-West?"),
    "CM-OU": mark("Do you live in the West?"),
    "CM-SU": mark("Do you live in the South?"),
    "CM-SW": mark("Do you live in the South-West?"),
}


def level_sentences(level: int, t: Translator) -> Sentences:
    """The sentences, translated, about having an ISCED level."""
    sentences = _LEVELS[level]
    return Sentences(t(sentences.condition), t(sentences.question), t(sentences.remedy))


def membership_sentences(name: str, t: Translator) -> Sentences:
    """The sentences, translated, about being a member of an organisation."""
    sentences = _MEMBERSHIPS.get(normalise_membership(name), _OTHER_MEMBERSHIP)
    return Sentences(
        t(sentences.condition, name=name), t(sentences.question, name=name), t(sentences.remedy, name=name)
    )


def render_paper(words: str, t: Translator) -> str:
    """A paper by its usual name in the reader's language; in the words of the offer where these say more."""
    code = identify_paper(words)
    if code not in _PAPERS:
        return words
    name = t(_PAPERS[code].condition)
    return name[0].lower() + name[1:]


def render_papers(names: list[str], t: Translator) -> str:
    """Papers as a list inside a sentence."""
    return ", ".join(dict.fromkeys(render_paper(name, t) for name in names))


def render_papers_question(names: list[str], t: Translator) -> str:
    """The question whether somebody has the papers."""
    if len(names) == 1 and (code := identify_paper(names[0])) in _PAPERS:
        return t(_PAPERS[code].question)
    if len(names) == 1:
        return t("Do you have this paper: %(name)s?", name=render_paper(names[0], t))
    return t("Do you have these papers: %(names)s?", names=render_papers(names, t))


def render_papers_remedy(names: list[str], t: Translator) -> str:
    """What to do about papers that are missing."""
    if len(names) == 1 and (code := identify_paper(names[0])) in _PAPERS:
        return t(_PAPERS[code].remedy)
    if len(names) == 1:
        return t("Get this paper: %(name)s", name=render_paper(names[0], t))
    return t("Get these papers: %(names)s", names=render_papers(names, t))


def find_status_question(statuses: list[str]) -> str | None:
    """The question about one situation; None for several."""
    return _STATUS_QUESTIONS[Status(statuses[0])] if len(statuses) == 1 else None


def find_region_question(regions: list[str]) -> str | None:
    """The question about one region; None for several places, or one that is no region."""
    return _REGION_QUESTIONS.get(regions[0]) if len(regions) == 1 else None
