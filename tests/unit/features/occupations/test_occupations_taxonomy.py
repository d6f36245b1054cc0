"""Labels of an imported taxonomy are linked, after our own tables."""

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
def test_a_label_in_either_language_or_an_alternative_is_linked(esco: Taxonomy, text: str) -> None:
    occupation = link_text(text, taxonomy=esco).occupations[0].occupation
    assert (occupation.isco, occupation.uri, occupation.label("fr"), occupation.label("en")) == (
        "2114",
        "esco:1",
        "hydrogéologue",
        "hydrogeologist",
    )
    assert "2114" not in {link.occupation.isco for link in link_text(text).occupations}


def test_our_own_table_comes_before_the_taxonomy(esco: Taxonomy) -> None:
    assert link_text("plombier", taxonomy=esco).occupations == link_text("plombier").occupations


def test_either_gender_of_a_label_with_both_is_linked(esco: Taxonomy) -> None:
    for text in ("ingénieur nucléaire", "ingénieure nucléaire"):
        assert link_text(text, taxonomy=esco).occupations[0].occupation.uri == "esco:3"


def test_a_skill_has_its_uri_as_id_and_its_only_label_in_both_languages(esco: Taxonomy) -> None:
    skill = link_text("je sais accorder un balafon", taxonomy=esco).skills[0].skill
    assert (skill.id, skill.label("en")) == ("esco:4", "accorder un balafon")


def test_an_empty_taxonomy_changes_nothing() -> None:
    for text in ("chauf taxi", "bonjour", "hydrogeologist"):
        assert link_text(text, taxonomy=build_taxonomy([])) == link_text(text)
