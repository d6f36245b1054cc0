"""Texts are linked to the occupations that they name: job titles, and what people say of their work."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from oim.features.occupations import TextLinks, link_text

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"


def codes(text: str) -> list[str]:
    """The unit groups a text is linked to, surest first."""
    return [link.occupation.isco for link in link_text(text).occupations]


def best_score(text: str) -> float:
    """The score of the surest occupation."""
    return link_text(text).occupations[0].score


@pytest.mark.parametrize(
    ("title", "isco"),
    [
        ("Développeur Python H/F", "2512"),
        ("Développeur / Développeuse web (H/F)", "2513"),
        ("Data engineer", "2511"),
        ("Scrum Master (H/F)", "1330"),
        ("Chef / Cheffe de projet informatique", "1330"),
        ("Administrateur systèmes et réseaux", "2522"),
        ("Analyste SOC - Cybersécurité", "2529"),
        ("chauffeur taxi", "8322"),
        ("Chauffeur poids lourd, permis C", "8332"),
        ("maçon", "7112"),
        ("Agent de sécurité", "5414"),
        ("Infirmier(ère) diplômé(e) d'État", "2221"),
        ("Enseignante de maths", "2330"),
        ("Monitoring and Evaluation Officer", "2422"),
        ("Community mobilizer - Far North", "3412"),
        ("Assistante de direction bilingue", "3343"),
        ("Aide-comptable", "3313"),
        ("Vendeuse", "5223"),
    ],
)
def test_a_job_title_is_linked_to_its_unit_group(title: str, isco: str) -> None:
    assert codes(title)[0] == isco


@pytest.mark.parametrize(
    ("words", "isco"),
    [
        ("I raise chickens and need a loan", "6122"),
        ("j'élève des poulets", "6122"),
        ("je suis couturière à Bafoussam", "7531"),
        ("vendeuse de beignets", "5212"),
        ("I di sell tomato for market", "5211"),
        ("je vends du poisson braisé le soir", "5212"),
        ("bayam-sellam", "5211"),
        ("I be bike man for Douala", "8321"),
        ("bendskineur", "8321"),
        ("je tiens un call-box", "9520"),
        ("pousse-pousseur", "9331"),
        ("je répare les téléphones", "7422"),
        ("I want to start a piggery", "6121"),
        ("j'ai fait le ménage au Liban", "9111"),
        ("Financement de projets d'aviculture", "6122"),
        ("Formation en soudure métallique", "7212"),
        ("call-boxeur", "9520"),
        ("gérante OM MoMo", "4211"),
        ("buyam-sellam", "5211"),
        ("coiffeuse à domicile", "5141"),
        ("tôlier", "7213"),
        ("panel beater", "7213"),
        ("vulcanizer", "7231"),
        ("sauveteuse", "9520"),
        ("braiseuse de poisson", "5212"),
        ("mami makala", "5212"),
        ("achu joint", "5212"),
        ("soya seller", "5212"),
        ("vend du matango", "5212"),
        ("clandoman", "8322"),
        ("I dey ride okada", "8321"),
        ("staffeur", "7123"),
        ("carreleur", "7122"),
        ("aide-maçon", "9313"),
        ("fabrication de cercueils", "5163"),
        ("couveuse et poussins d'un jour", "6122"),
        ("écrivain public", "4414"),
    ],
)
def test_what_people_say_of_their_work_is_linked_to_a_unit_group(words: str, isco: str) -> None:
    assert codes(words)[0] == isco


@pytest.mark.parametrize("text", ["", "!?", "bonjour", "je cherche un travail comme tous", "join our team"])
def test_a_text_that_names_no_trade_has_no_links(text: str) -> None:
    assert link_text(text) == TextLinks()


def test_the_order_of_words_does_not_matter() -> None:
    assert link_text("tomato seller").occupations == link_text("selling tomatoes").occupations


def test_a_longer_phrase_replaces_the_shorter_ones_in_it() -> None:
    assert codes("chauffeur de moto") == ["8321"]
    assert best_score("Chef de projet informatique") > best_score("Informatique")


def test_a_match_at_the_start_scores_higher() -> None:
    start, late = (
        best_score(text) for text in ("Plombier pour un grand hôtel", "Un grand hôtel veut un bon plombier")
    )
    assert start > late


def test_each_trade_is_linked_once_and_no_more_than_the_limit() -> None:
    text = "maçonnerie, maçon, carrelage, plomberie, soudure"
    assert sorted(codes(text)) == sorted(set(codes(text)))
    assert len(link_text(text).occupations) == 3
    assert len(link_text(text, limit=5).occupations) == 4
    assert all(0.0 < link.score <= 1.0 for link in link_text(text).occupations)


@pytest.mark.shared_data
def test_most_titles_of_real_offers_are_linked() -> None:
    offers = SHARED / "offers" / "france_travail.csv"
    if not offers.exists():
        pytest.skip("the real offers are not beside the checkout")
    with offers.open(encoding="utf-8", newline="") as lines:
        titles = {line["titre"] for line in csv.DictReader(lines)}
    assert sum(bool(link_text(title).occupations) for title in titles) / len(titles) > 0.9
