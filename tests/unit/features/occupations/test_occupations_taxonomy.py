"""Labels of an imported taxonomy, used beside our own tables."""

from __future__ import annotations

import pytest

from oim.features.occupations import ConceptLabel, Taxonomy, build_taxonomy, link_text


def _label(uri: str, isco: str | None, language: str, text: str, preferred: bool = True) -> ConceptLabel:
    return ConceptLabel(uri, "occupation" if isco else "skill", isco, language, text, preferred)


@pytest.fixture(scope="module")
def esco() -> Taxonomy:
    return build_taxonomy(
        [
            _label("esco:1", "2114", "fr", "hydrogéologue"),
            _label("esco:1", "2114", "en", "hydrogeologist"),
            _label("esco:1", "2114", "en", "groundwater scientist", preferred=False),
            _label("esco:2", "8332", "fr", "plombier"),
            _label("esco:3", "2149", "fr", "ingénieur nucléaire/ingénieure nucléaire"),
            _label("esco:4", None, "fr", "accorder un balafon"),
            _label("esco:1", "2114", "de", "Hydrogeologe"),
        ]
    )


@pytest.mark.parametrize("text", ["hydrogéologue", "I am a hydrogeologist", "groundwater scientist"])
def test_labels_of_both_languages_and_alternatives_link(esco: Taxonomy, text: str) -> None:
    found = link_text(text, taxonomy=esco).occupations[0].occupation
    assert (found.isco, found.uri, found.label("fr"), found.label("en")) == (
        "2114",
        "esco:1",
        "hydrogéologue",
        "hydrogeologist",
    )
    assert "2114" not in {named.occupation.isco for named in link_text(text).occupations}


def test_our_own_table_speaks_first(esco: Taxonomy) -> None:
    assert link_text("plombier", taxonomy=esco).occupations == link_text("plombier").occupations


def test_either_half_of_a_label_of_both_genders_links(esco: Taxonomy) -> None:
    for text in ("ingénieur nucléaire", "ingénieure nucléaire"):
        assert link_text(text, taxonomy=esco).occupations[0].occupation.uri == "esco:3"


def test_skills_link_by_uri_and_one_language_stands_for_the_other(esco: Taxonomy) -> None:
    found = link_text("je sais accorder un balafon", taxonomy=esco).skills[0].skill
    assert (found.id, found.label("en")) == ("esco:4", "accorder un balafon")


def test_an_empty_taxonomy_changes_nothing() -> None:
    for text in ("chauf taxi", "bonjour", "hydrogeologist"):
        assert link_text(text, taxonomy=build_taxonomy([])) == link_text(text)
