"""What a screen reader reads of the five main pages: landmarks, headings, names of fields and buttons."""

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from journey_live import database_of, session_of, settings_of
from town_factory import build_town, path_of

from oim import bootstrap
from oim.channels.web.security import SESSION_COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "en"])]

LANDMARKS = ("banner", "main", "contentinfo")
CONTROLS = ("button", "textbox", "combobox", "checkbox", "radio", "link", "searchbox", "spinbutton")
LINE = re.compile(
    r'^\s*- \'?(?P<role>[a-z]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?(?P<marks>(?: \[[^]]*\])*)', re.MULTILINE
)
WISHES = {"fr": "couturière à Bafoussam", "en": "seamstress in Bafoussam"}


class Node(NamedTuple):
    """One line of an accessibility tree; `level` is that of a heading, else 0."""

    role: str
    name: str
    level: int


# What is read of each page in this order, in French and in English. What stands between is not looked at.
ASK = ("textbox", "Que cherchez-vous ? Que savez-vous faire ?", "What are you looking for? What can you do?")
REGION = ("combobox", "Région où vous vivez", "Region where you live")
TOWN = ("textbox", "Ville ou village", "Town or village")
SEARCH = ("button", "Voir mes offres", "See my offers")
LOOK = ("Voir l’offre", "See the offer")
HERE = ("link", "Postuler ici", "Apply here")
READ = {
    "home": (
        ("link", "Aller au contenu", "Go to the content"),
        ("banner", "", ""),
        ("link", "OIM, accueil", "OIM, home"),
        ("navigation", "Pages", "Pages"),
        ("link", "Se connecter", "Sign in"),
        ("main", "", ""),
        (
            "heading",
            "Un emploi, une formation, un appui pour votre activité",
            "A job, a course, support for your small business",
        ),
        ASK,
        REGION,
        TOWN,
        SEARCH,
        ("heading", "Nouvelles offres", "Just published"),
        ("article", "", ""),
        ("link", *LOOK),
        ("contentinfo", "", ""),
        ("navigation", "À propos de ce site", "About this site"),
        ("link", "Aide", "Help"),
    ),
    "results": (
        ("main", "", ""),
        ("heading", "10 offres pour vous", "10 offers for you"),
        ("article", "", ""),
        ("heading", "Couturier / couturière", "Tailor / seamstress"),
        ("link", *LOOK),
        ("heading", "Modifier ma recherche", "Change my search"),
        ASK,
        REGION,
        TOWN,
        SEARCH,
    ),
    "offer": (
        ("main", "", ""),
        ("article", "", ""),
        ("heading", "Maçon ", "Maçon "),
        ("button", "Gardée : la retirer", "Saved: remove it"),
        ("link", "Pas pour moi", "Not for me"),
        ("heading", "L’offre", "The offer"),
        ("heading", "Pour qui", "Who it is for"),
        ("heading", "Comment répondre", "How to apply"),
        HERE,
        ("heading", "Attention aux arnaques", "Beware of fraud"),
        ("link", "Signaler cette offre", "Report this offer"),
        ("button", "Se déconnecter", "Sign out"),
    ),
    "apply": (
        ("main", "", ""),
        ("heading", *HERE[1:]),
        ("heading", "Maçon ", "Maçon "),
        ("textbox", "Votre lettre", "Your letter"),
        ("checkbox", "Envoyer aussi mon CV : cv.pdf", "Send my CV too: cv.pdf"),
        ("button", "Envoyer", "Send"),
    ),
    "space": (
        ("main", "", ""),
        ("heading", "Bonjour Awa", "Good day, Awa"),
        ("heading", "Du nouveau pour vous", "What is new"),
        ("button", "Oui, et je l’ai encore", "Yes, and I still have it"),
        ("heading", "Des offres pour moi", "Offers for me"),
        ("article", "", ""),
        ("link", *LOOK),
        ("link", "Voir toutes les offres pour moi", "See all offers for me"),
        ("link", "Répondre à la question suivante", "Answer the next question"),
        ("heading", "Ma recherche", "My search"),
        ("link", "Mes candidatures", "What I applied for"),
        ("heading", "Ce que je dis de moi", "What I say about myself"),
        ("heading", "Mon compte et mes droits", "My account and my rights"),
    ),
}


def read(page, name):
    """Read the accessibility tree of a page; the folder of `SCREENSHOTS` gets it as text."""
    tree = page.locator("body").aria_snapshot()
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder, f"aria-{name}.txt").write_text(tree, encoding="utf-8")
    return [
        Node(line["role"], line["name"] or "", int(next(iter(re.findall(r"level=(\d)", line["marks"])), 0)))
        for line in LINE.finditer(tree)
    ]


def plain(name):
    """The name with ordinary spaces."""
    return name.replace("\xa0", " ").replace("\u202f", " ")


def check(nodes, expected):
    """Check what holds of every page, and that the expected nodes come in their order."""
    assert [node.role for node in nodes if node.role in LANDMARKS] == list(LANDMARKS)
    assert [node for node in nodes if node.role in CONTROLS and not node.name] == []
    levels = [node.level for node in nodes if node.role == "heading"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    rest = iter(nodes)
    for role, name in expected:
        assert any(node.role == role and plain(node.name).startswith(name) for node in rest), (role, name)


@pytest.fixture(scope="module")
def town(one_stack):
    if not one_stack.runs:
        one_stack.start()
    with database_of(one_stack) as database:
        return build_town(database, bootstrap.blobs(settings_of(one_stack)))


def test_five_pages_are_read_in_order_and_by_name(visit, stack, town, language):
    page = visit.page
    visit.home()
    trees = {"home": read(page, f"home-{language}")}
    assert visit.ask(text=WISHES[language]) == 200
    trees["results"] = read(page, f"results-{language}")
    own, secure = town.actors["owner"], stack.address.replace("http:", "https:")
    token = {"name": SESSION_COOKIE, "value": session_of(stack, own), "url": secure, "secure": True}
    page.context.add_cookies([token])
    for name, path in (("offer", ""), ("apply", "/apply")):
        page.goto(path_of(f"/{{lang}}/opportunities/{{id_}}{path}", town, language))
        trees[name] = read(page, f"{name}-{language}")
    page.goto(f"/{language}/me")
    trees["space"] = read(page, f"space-{language}")
    for name, nodes in trees.items():
        check(
            nodes, [(role, {"fr": french, "en": english}[language]) for role, french, english in READ[name]]
        )
