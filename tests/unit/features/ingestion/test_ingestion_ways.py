"""Ways to answer an offer, read from every format and from texts. All numbers are invented."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from oim.features.ingestion import open_source, sample_drafts
from oim.features.ingestion.sample.ways import ANSWERED_HERE
from oim.features.ingestion.text_stream import RawDocument
from oim.features.ingestion.values.ways import MAX_WAYS, read_ways
from oim.features.opportunities import Draft, Way, WayKind

HERE_TOO = "Nous recrutons un maçon pour nos chantiers de la région."


def read(description: str, country: str | None = "CM", **fields: Any) -> list[tuple[str, str]]:
    return [(way.kind.value, way.value) for way in read_ways(fields, description, country)]


def ingest(name: str, text: str) -> list[Draft]:
    content = text.encode()
    document = RawDocument(name, lambda: io.BytesIO(content), len(content))
    with open_source(document, "portal") as reader:
        return [item for item in reader.drafts() if isinstance(item, Draft)]


def ways_of(draft: Draft) -> list[tuple[str, str]]:
    return [(way.kind.value, way.value) for way in draft.apply]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tél : 222 00 12 34", ["+237222001234"]),
        ("Appelez le 6.77.00.12.34 entre 8 h et 12 h.", ["+237677001234"]),
        ("Contacts: 677001234/699005678", ["+237677001234", "+237699005678"]),
        ("Call (+237) 677-00-12-34 or 00237 699 00 56 78", ["+237677001234", "+237699005678"]),
        ("Joindre le 237677001234", ["+237677001234"]),
    ],
)
def test_telephone_numbers_are_found_in_a_text(text: str, numbers: list[str]) -> None:
    assert read(text) == [("telephone", number) for number in numbers]


@pytest.mark.parametrize(
    "text",
    [
        "Salaire de 677 123 456 FCFA sur dix ans",
        "Envoyez les frais par Orange Money au 677 00 12 34",
        "Numéro de compte : 677001234",
        "RCCM 677001234",
        "Contrat du 01/02/2026 au 30/06/2026, 40 000 F",
        "Appelez le +882 13 123 4567",  # an international service
        "Appelez le +44 909 879 0879",  # a premium number
        "Call +1 900 555 0123",  # a premium number
        "Call +675 70 12 34 56",  # a foreign mobile number, in an offer in Cameroon
        "Composez le 8033 pour postuler",  # a short number
    ],
)
def test_sums_accounts_and_numbers_that_cost_dear_are_no_way(text: str) -> None:
    assert read(text) == []


def test_premium_numbers_of_the_offers_own_country_are_not_offered_even_from_a_column() -> None:
    assert read("", "FR", apply_phone="0899 70 01 23") == []
    assert read("", "FR", apply_phone="01 99 00 12 34") == [("telephone", "+33199001234")]
    assert read("", "GB", apply_phone="+44 909 879 0879") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WhatsApp : 677 00 12 34", [("whatsapp", "+237677001234")]),
        ("Écrivez sur https://wa.me/237677001234", [("whatsapp", "+237677001234")]),
        ("https://api.whatsapp.com/send?phone=%2B237677001234", [("whatsapp", "+237677001234")]),
        ("Tél/WhatsApp 677 00 12 34", [("whatsapp", "+237677001234"), ("telephone", "+237677001234")]),
        ("677 00 12 34 (WhatsApp)", [("whatsapp", "+237677001234"), ("telephone", "+237677001234")]),
        (
            "Whatsapp 677 00 12 34, tél 222 00 12 34",
            [("whatsapp", "+237677001234"), ("telephone", "+237222001234")],
        ),
        (
            "Par whats app au 677 00 12 34 / 699 00 56 78",
            [("whatsapp", "+237677001234"), ("whatsapp", "+237699005678")],
        ),
        ("WhatsApp 222 00 12 34", []),  # a fixed line has none
    ],
)
def test_whatsapp_numbers_are_told_from_telephones(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Envoyez votre CV à RH@Chantiers.example.", "rh@chantiers.example"),
        (
            "CV: emploi.douala+macon@mail-1.entreprise.example",
            "emploi.douala+macon@mail-1.entreprise.example",
        ),
        ("(contact : jobs@ngo.example; objet : maçon)", "jobs@ngo.example"),
    ],
)
def test_e_mail_addresses_are_found_in_a_text(text: str, address: str) -> None:
    assert read(text) == [("email", address)]


@pytest.mark.parametrize(
    "text", ["Écrit par noreply@portail.example", "voir logo@2x.png", "suivez @chantiers sur les réseaux"]
)
def test_mailboxes_that_nobody_reads_are_no_way(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Postulez sur https://a.example/o/12.", "https://a.example/o/12"),
        ("Formulaire d'inscription : www.centre.example/f", "https://www.centre.example/f"),
        ("Apply online (http://b.example/apply)", "http://b.example/apply"),
    ],
)
def test_pages_to_apply_on_are_found_in_a_text(text: str, expected: str) -> None:
    assert read(text) == [("link", expected)]


@pytest.mark.parametrize(
    "text",
    [
        "Notre société (https://a.example) grandit",
        "Postulez sur https://t.me/recrutement",
        "Postulez : https://bit.ly/3x",
        "Candidature : https://chat.whatsapp.com/AbC",
    ],
)
def test_pages_about_something_else_and_veiled_addresses_are_no_way(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dossier à déposer au secrétariat, du lundi au vendredi, de 8 h à 15 h.", "address"),
        ("Se présenter au bureau de Mokolo avec une pièce d'identité.", "address"),
        ("Come to the workshop from 8 am to 11 am.", "address"),
        ("Rendez-vous dans votre agence avec votre carte.", "agency"),
        ("Visit your nearest branch with your ID card.", "agency"),
        ("Présentez-vous à l'agence FNE la plus proche.", "agency"),
    ],
)
def test_places_to_go_to_are_found_in_a_text(text: str, kind: str) -> None:
    assert read(f"{HERE_TOO} {text}") == [(kind, text)]


@pytest.mark.parametrize(
    "text",
    [
        "Le dossier est à déposer en ligne.",
        "Vous travaillez au siège de la société.",
        "L'agence de voyages grandit.",
        "Les candidats retenus viendront à un entretien.",
        "Le dossier d'examen est déposé par l'auto-école.",
        "Venez rejoindre une équipe jeune ; travail sur place trois jours par semaine.",
    ],
)
def test_sentences_that_send_nobody_anywhere_are_no_way(text: str) -> None:
    assert read(text) == []


def test_ways_come_in_the_order_of_what_people_can_use_each_once_and_not_without_end() -> None:
    fields = {
        "apply_email": "rh@a.example",
        "apply_phone": "677 00 12 34",
        "apply_whatsapp": "+237 677 00 12 34",
        "apply_address": "Immeuble Mbam, Yaoundé",
        "apply_agency": "Agence de Bafoussam",
        "url": "https://a.example/1",
    }
    ways = read("Tél. 677001234. Écrire à rh@a.example", **fields)
    assert [kind for kind, _ in ways] == ["link", "whatsapp", "telephone", "email", "agency", "address"]
    many = " , ".join(f"677 00 12 {n}" for n in range(10, 40))
    assert len(read(f"Tél. {many}")) == MAX_WAYS


def test_a_page_that_takes_no_application_comes_last() -> None:
    assert read("", url="https://a.example/1", apply_phone="677001234", apply_direct=False) == [
        ("telephone", "+237677001234"),
        ("link", "https://a.example/1"),
    ]


@pytest.mark.parametrize(
    ("posting", "expected"),
    [
        ({"url": "https://a.example/1", "directApply": True}, [("link", "https://a.example/1")]),
        (
            {"applicationContact": {"@type": "ContactPoint", "telephone": "+237 222 00 12 34"}},
            [("telephone", "+237222001234")],
        ),
        (
            {"applicationContact": [{"email": "rh@a.example"}, {"url": "https://a.example/form"}]},
            [("link", "https://a.example/form"), ("email", "rh@a.example")],
        ),
        ({"applicationContact": "WhatsApp 677001234"}, [("whatsapp", "+237677001234")]),
    ],
)
def test_json_ld_says_how_to_apply(posting: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    node = {"@type": "JobPosting", "title": "Maçon", "description": HERE_TOO} | posting
    page = f'<html><script type="application/ld+json">{json.dumps(node)}</script></html>'
    [draft] = ingest("page.html", page)
    assert ways_of(draft) == expected


def test_json_ld_states_whether_its_page_takes_applications() -> None:
    node = {"@type": "JobPosting", "title": "Maçon", "url": "https://a.example/1", "directApply": "false"}
    page = f'<html><script type="application/ld+json">{json.dumps(node)}</script></html>'
    [draft] = ingest("page.html", page)
    assert draft.apply == (Way(WayKind.LINK, "https://a.example/1", direct=False),)


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><item><title>Maçon</title><link>https://a.example/1</link></item></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Maçon</title>'
        '<link rel="self" href="https://a.example/feed"/><link href="https://a.example/1"/></entry></feed>',
        "<source><job><title>Maçon</title><url>https://a.example/1</url></job></source>",
    ],
)
def test_feeds_give_the_link_of_an_offer(feed: str) -> None:
    [draft] = ingest("feed.xml", feed)
    assert ways_of(draft) == [("link", "https://a.example/1")]


@pytest.mark.parametrize(
    ("application", "expected"),
    [
        ("rh@a.example", ("email", "rh@a.example")),
        ("https://a.example/postuler", ("link", "https://a.example/postuler")),
        ("677 00 12 34", ("telephone", "+237677001234")),
    ],
)
def test_wp_job_managers_application_is_read_in_feeds_and_exports(
    application: str, expected: tuple[str, str]
) -> None:
    feed = (
        '<rss xmlns:job_listing="https://wpjobmanager.example/"><channel><item><title>Maçon</title>'
        f"<job_listing:application>{application}</job_listing:application></item></channel></rss>"
    )
    export = f"post_title;title;_application\n1;Maçon;{application}\n2;Peintre;\n"
    for drafts in (ingest("feed.xml", feed), ingest("export.csv", export)):
        assert ways_of(drafts[0]) == [expected]


def test_columns_that_name_a_contact_are_recognised_by_name() -> None:
    text = (
        "Intitulé du poste;Téléphone;WhatsApp;E-mail;Horaires;Lieu de dépôt\n"
        "Maçon;222 00 12 34;677 00 12 34;rh@a.example;8 h - 12 h;Immeuble Mbam\n"
        "Peintre;222 00 12 35;677 00 12 35;rh@b.example;8 h - 12 h;Rue 5\n"
    )
    draft = ingest("offers.csv", text)[0]
    assert ways_of(draft) == [
        ("whatsapp", "+237677001234"),
        ("telephone", "+237222001234"),
        ("email", "rh@a.example"),
        ("address", "Immeuble Mbam"),
    ]
    assert draft.apply[-1].hours == "8 h - 12 h"


def test_flat_json_lines_and_numbers_as_numbers_are_read() -> None:
    lines = '{"title": "Maçon", "kind": "employment", "phone": 677001234.0, "email": "rh@a.example"}\n'
    [draft] = ingest("offers.jsonl", lines)
    assert ways_of(draft) == [("telephone", "+237677001234"), ("email", "rh@a.example")]


def test_every_sample_offer_can_be_answered_by_numbers_and_hosts_that_nobody_has(
    record_property: Callable[[str, object], None],
) -> None:
    offers = [item for item in sample_drafts(date(2026, 11, 29)) if isinstance(item, Draft)]
    record_property("sample offers", len(offers))
    record_property("sample offers without a way to answer", sum(not offer.apply for offer in offers))
    assert len(offers) > 300
    assert all(offer.apply for offer in offers)
    values = {way.kind: set[str]() for offer in offers for way in offer.apply}
    for way in (way for offer in offers for way in offer.apply):
        values[way.kind].add(way.value)
    assert values.keys() == set(WayKind) - {WayKind.HERE}  # that one depends on agents, see the sample's desk
    assert all(number.startswith(("+23722200", "+23723300")) for number in values[WayKind.TELEPHONE])
    assert all(number.startswith("+23724300") for number in values[WayKind.WHATSAPP])
    assert all(address.endswith(".example") for address in values[WayKind.EMAIL])
    assert all(urlsplit(url).netloc.endswith(".example") for url in values[WayKind.LINK])
    assert {offer.organisation for offer in offers} >= set(ANSWERED_HERE)
