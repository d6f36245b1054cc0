"""Misspelt words are corrected to words of our tables; everyday words and place names are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from oim.features.occupations import link_text
from oim.features.occupations.linker import load_own_vocabulary
from oim.features.occupations.spelling import load_everyday_words, load_short_forms, phonetic_key

EVERYDAY = """
argent maison enfant famille travail besoin cherche trouver demain matin soir semaine mois année toujours
jamais beaucoup quelque chose personne monsieur madame bonjour merci mettre question réponse retour
voyage pays ville quartier village route frère sœur mère père mari femme ami amie école église hôpital
santé maladie naissance mariage situation décision évolution durée hauteur manière espèce chemin peine
pente salaire secret univers propre chaude money house child family work need looking find tomorrow
morning evening week month year always never much something person mister please thanks question answer
return journey country town road brother sister mother father husband friend church hospital health
sickness birth wedding policy there other these ground right floor matter cheese booth kwata wahala pikin
palava massa mola kongossa ndem wuna weti wetin dem pipol dala mboa tara asap lol svp stp bjr Douala
Yaoundé Bafoussam Bamenda Garoua Maroua Ngaoundéré Bertoua Ebolowa Buea Limbé Kribi Libye Tunisie Niger
Nigeria
"""


@pytest.mark.parametrize(
    ("typed", "isco"),
    [
        ("chauf", "8322"),
        ("coutur", "7531"),
        ("macon", "7112"),
        ("masson", "7112"),
        ("plonbier", "7126"),
        ("elektricien", "7411"),
        ("secretair", "4120"),
        ("bendskin", "8321"),
        ("menuisie", "7522"),
        ("chaufeur taxi dla", "8322"),
        ("mekanik", "7231"),
        ("mecanicen moto", "7231"),
        ("soudeurr", "7212"),
        ("carelleur", "7122"),
        ("vandeur de telefone", "5221"),
        ("eleveur de poulé", "6122"),
        ("hairdreser", "5141"),
        ("tailering", "7531"),
        ("kwafeuse", "5141"),
        ("agent de securitee", "5414"),
        ("infirmièr", "2221"),
    ],
)
def test_typing_mistakes_and_short_forms_are_understood(typed: str, isco: str) -> None:
    assert link_text(typed).occupations[0].occupation.isco == isco


@pytest.mark.parametrize("word", sorted(set(EVERYDAY.split())))
def test_everyday_words_are_not_corrected_to_trades(word: str) -> None:
    assert not any(link.occupation for link in link_text(word).occupations)


def test_a_corrected_word_scores_lower_than_the_right_word() -> None:
    assert link_text("plonbier").occupations[0].score < link_text("plombier").occupations[0].score


def test_a_word_of_the_tables_is_not_corrected() -> None:
    for word in ("couturiere", "vendeuses", "plumbing", "moto"):
        assert load_own_vocabulary().correct_word(word) == word


@pytest.mark.parametrize(("word", "other"), [("elektricien", "electricien"), ("chaufeur", "chauffeur")])
def test_words_that_sound_alike_have_one_phonetic_key(word: str, other: str) -> None:
    assert phonetic_key(word) == phonetic_key(other)


@pytest.mark.parametrize(
    ("word", "other"), [("charte", "charrette"), ("secret", "secretaire"), ("roche", "ruche")]
)
def test_words_that_sound_different_have_different_phonetic_keys(word: str, other: str) -> None:
    assert phonetic_key(word) != phonetic_key(other)


def test_short_forms_stand_for_known_words_and_are_not_everyday_words() -> None:
    assert all(load_own_vocabulary().is_known(meant) for meant in load_short_forms().values())
    assert set(load_short_forms()) & load_everyday_words() == set()


def test_place_names_are_not_corrected() -> None:
    table = Path(__file__).parents[4] / "src/oim/features/places"
    words = {
        word
        for file in table.glob("*.csv")
        for word in file.read_text(encoding="utf-8").lower().replace(",", " ").split()
        if word.isalpha()
    }
    assert {
        word: meant for word in words if (meant := load_own_vocabulary().correct_word(word)) != word
    } == {}
