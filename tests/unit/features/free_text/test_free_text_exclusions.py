"""What somebody does not want is excluded: by trade, by kind and by place; what they do want is not."""

from itertools import product

import pytest

from oim.features.free_text import find_kinds, read_wishes
from oim.features.opportunities import Kind

# A trade as people write it, its ISCO-08 code, and titles of offers that it means.
TRADES = (
    ("chauffeur", "8322", ("Chauffeur de taxi", "Truck driver")),
    ("gardien", "5414", ("Gardien de nuit (H/F)", "Gardiens d'entrepôt")),
    ("coiffeuse", "5141", ("Coiffeur / Coiffeuse",)),
    ("maçon", "7112", ("Maçon (H/F)",)),
    ("hairdressing", "5141", ("Hairdresser",)),
    ("teaching", "2341", ("Primary school teacher",)),
    ("tailor", "7531", ("Tailor / seamstress",)),
    ("cook", "5120", ("Cook for a canteen",)),
)
CUES = (
    "Je cherche du travail à Douala, mais pas {}",
    "tout sauf {}",
    "Je ne veux plus être {}, je suis à Kribi",
    "plus jamais {} svp",
    "any job except {}",
    "I don't want to be a {} any more",
    "anything but {}",
    "I no want {} again",
    "jve pa etre {}",
    "taf sof {} a yde",
)


@pytest.mark.parametrize("trade", TRADES, ids=[trade[0] for trade in TRADES])
def test_an_excluded_trade_excludes_its_offers_after_every_cue(
    trade: tuple[str, str, tuple[str, ...]],
) -> None:
    name, code, titles = trade
    missed = [
        (cue, title)
        for cue, title in product(CUES, titles)
        if not read_wishes(cue.format(name)).exclusions.excludes(
            title, Kind.EMPLOYMENT, (code,), (), frozenset()
        )
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "title", "code"),
    [
        ("Farm work is fine, just not pigs", "Poultry farm attendant", "6122"),
        ("I can teach any subject except mathematics", "Science teacher", "2330"),
        ("pas chauffeur, je veux être magasinier", "Magasinier (H/F)", "4321"),
        ("Je ne suis pas couturier, je suis menuisier", "Menuisier", "7522"),
        ("couturière à Bafoussam", "Couturier / Couturière", "7531"),
    ],
)
def test_other_trades_stay(text: str, title: str, code: str) -> None:
    wished = frozenset({"2330"} if "teach" in text else ())
    assert not read_wishes(text).exclusions.excludes(title, Kind.EMPLOYMENT, (code,), (), wished)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Je ne cherche pas de formation, je connais mon métier", {Kind.TRAINING}),
        ("I am looking for work, not school", {Kind.TRAINING}),
        ("na work I want, no be school", {Kind.TRAINING}),
        ("Je forme trois apprentis dans mon atelier", {Kind.TRAINING}),
        ("I finished a course in web development and look for a job", {Kind.TRAINING}),
        ("J'ai terminé ma formation de pâtissier", {Kind.TRAINING}),
        ("jve pa travay jve aprendr", {Kind.EMPLOYMENT}),
        ("Je ne veux pas d'une formation d'infirmière", set()),
        ("I no want loan, I want grant", set()),
        ("Je n'ai pas de travail", set()),
        ("I have no certificate, I want training", set()),
        ("Je suis une formation d'électricien", set()),
    ],
)
def test_refused_kinds_are_those_named_alone(text: str, kinds: set[Kind]) -> None:
    assert read_wishes(text).exclusions.kinds == kinds


def test_a_place_may_be_excluded() -> None:
    wishes = read_wishes("plombier partout sauf Douala")
    assert wishes.exclusions.excludes(
        "Plombier", Kind.EMPLOYMENT, (), ("CM-LT-0101", "CM-LT-01"), frozenset()
    )
    assert not wishes.exclusions.excludes("Plombier", Kind.EMPLOYMENT, (), ("CM-CE-01", None), frozenset())
    assert "Douala" not in wishes.place_text


def test_places_of_what_is_lacked_are_still_read() -> None:
    wishes = read_wishes("Je n'ai pas de travail à Maroua")
    assert "Maroua" in wishes.place_text
    assert not wishes.exclusions


@pytest.mark.parametrize(
    ("folded", "kinds"),
    [
        ("je donne des cours de maths", set()),
        ("un pret pour mes poules", {Kind.AGR}),
        ("formation puis credit", {Kind.TRAINING, Kind.AGR}),
        ("j'ai fini ma formation, je cherche un emploi", {Kind.EMPLOYMENT}),
        ("i train as a welder, i want training", {Kind.TRAINING}),
    ],
)
def test_kinds_asked_for(folded: str, kinds: set[Kind]) -> None:
    assert find_kinds(folded) == kinds
