"""What a text negates is found in its scope, and nothing else is."""

import pytest

from oim.features.free_text.negations import MAX_NEGATIONS, Sort, find_negations
from oim.features.free_text.words import split_words


def read(text: str) -> tuple[list[tuple[Sort, str]], str]:
    """What is negated of a text, as it stands there, and the rest with single spaces."""
    words = split_words(text)
    negations = find_negations(words)
    rest = words.remove((negation.start, negation.end) for negation in negations)
    return [
        (negation.sort, words.cut(negation.scope_start, negation.scope_end)) for negation in negations
    ], " ".join(rest.split())


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("Je cherche du travail à Kribi, mais pas de gardiennage.", ["gardiennage"]),
        ("tout sauf la maçonnerie, je suis à Bertoua", ["maçonnerie"]),
        ("Je ne veux plus être serveuse. Donnez-moi autre chose.", ["serveuse"]),
        ("plus jamais la plonge", ["plonge"]),
        ("Ni la boulangerie, ni la pâtisserie, je veux coudre", ["boulangerie, ni la pâtisserie"]),
        ("marre du commerce je veux un bureau", ["commerce"]),
        ("anything but teaching in Kumba", ["teaching in Kumba"]),
        ("I don't want to work as a guard, I can weld", ["guard"]),
        ("any job except driving or riding", ["driving or riding"]),
        ("not farm work please", ["farm work"]),
        ("I no want do farm work again, I sabi cook", ["farm work again"]),
        ("I don tire for push truck, give me oda work", ["push truck"]),
        ("jve pa etre maçon jve etre peintre", ["maçon"]),
        ("taf a dla sof vigile", ["vigile"]),
        ("Je ya pas mo le bar, je veux un garage", ["bar"]),
    ],
)
def test_what_is_not_wanted_is_excluded(text: str, scopes: list[str]) -> None:
    assert [(sort, scope.strip(" ,")) for sort, scope in read(text)[0]] == [
        (Sort.EXCLUDED, scope) for scope in scopes
    ]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Mon frère est soudeur, pas moi. Je suis peintre.", ". Je suis peintre."),
        ("Serveuse c'est fini pour moi, je veux coudre", ", je veux coudre"),
        ("Les poulets non, je veux les porcs", ", je veux les porcs"),
        ("Ma wife di sell, no be me. I di build house", ". I di build house"),
        ("I was a cook for years and I will not do that again. I drive.", ". I drive."),
        ("J'ai gardé des vaches et je ne veux plus faire ça. Je couds.", ". Je couds."),
    ],
)
def test_a_cue_may_speak_of_what_stands_before_it(text: str, rest: str) -> None:
    (negation,), remaining = read(text)
    assert negation[0] is Sort.EXCLUDED
    assert remaining.lstrip("' ") == rest


@pytest.mark.parametrize(
    "text",
    [
        "Je n'ai pas de diplôme mais je sais souder",
        "I have no certificate but I can weld",
        "I no get paper, I sabi weld",
        "sans permis, je cherche un poste de magasinier",
        "never travelled abroad, I raise pigs",
        "g pa le bac jve apprendre",
    ],
)
def test_what_is_lacked_is_not_unwanted(text: str) -> None:
    assert {sort for sort, _ in read(text)[0]} == {Sort.LACKED}


@pytest.mark.parametrize(
    "text",
    [
        "couturière à Bafoussam, pas loin du marché",
        "not far from Buea, tailor",
        "pas seulement la couture, la broderie aussi",
        "pourquoi pas un poste de gardien ?",
        "no wahala, any work",
        "je no la mécanique par cœur",
        "n'importe quel travail à Maroua",
        "Je connais la menuiserie, Pascal me recommande",
        "notaire à Douala",
        "Nongma cherche un emploi de nounou",
    ],
)
def test_what_is_no_negation_is_left_alone(text: str) -> None:
    assert read(text) == ([], " ".join(text.split()))


@pytest.mark.parametrize("text", ["", " ", "pas", "no", "sauf", ", non", "moi non", "\n\x0b."])
def test_a_cue_without_words_negates_nothing(text: str) -> None:
    assert read(text)[0] == []


def test_a_text_of_nothing_but_negations_is_read_up_to_a_bound() -> None:
    assert len(read("pas de maçon, " * 140)[0]) <= MAX_NEGATIONS
