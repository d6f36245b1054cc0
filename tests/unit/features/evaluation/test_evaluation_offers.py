"""The offers task: which titles are queries, which offers are relevant, and the engine as a ranker."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from oim.features.evaluation import EngineRanker, build_offers_task
from oim.features.matching.answer import Answer, Recommendation
from oim.features.matching.index import Card
from oim.features.matching.profile import Profile
from oim.features.opportunities import Draft, Kind
from oim.kit.errors import BadInputError

HEADER = "libelle_appellation_court,code_rome\n"
TITLES = (
    "Soudeur / Soudeuse,H1\nTôlier-soudeur(se),H1\nSoudeur / Soudeuse d'atelier,H1\n"
    "Chaudronnier / Chaudronnière,H1\nAssembleur / Assembleuse,H1\nMétallier / Métallière,H1\n"
    "Ferronnier / Ferronnière,H1\nBoulanger / Boulangère,D1\nAvocat / Avocate,K1\n"
)


def offers(code: str, titles: list[str]) -> Iterator[Draft]:
    for number, title in enumerate(titles):
        yield Draft(
            kind=Kind.EMPLOYMENT,
            external_id=f"{code}-{number}",
            title=title,
            description="Atelier.",
            provenance={"codes": [code]} if code else {},
        )


WELDING = [f"Soudage {word} (H/F)" for word in ("acier", "inox", "TIG", "MIG", "naval")]


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    path = tmp_path / "titles.csv"
    path.write_text(HEADER + TITLES, encoding="utf-8")
    return path


def test_a_code_with_five_different_titles_has_queries(titles: Path) -> None:
    drafts = [*offers("H1", WELDING), *offers("D1", ["Boulanger"] * 9), *offers("", ["Sans code"])]
    task = build_offers_task(drafts, titles)
    assert len(task.evaluation_set.ids) == 14
    assert task.titles[0] == "Soudage acier (H/F)"
    assert task.evaluation_set.texts[0] == "Soudage acier (H/F). Atelier."
    assert list(task.evaluation_set.queries) == [f"H1-{number}" for number in range(1, 6)]
    assert all(
        set(judged) == {f"H1-{n}" for n in range(5)} for judged in task.evaluation_set.relevant.values()
    )
    assert "H1" not in "".join(task.evaluation_set.texts)


def test_the_same_titles_are_drawn_every_time(titles: Path) -> None:
    drafts = list(offers("H1", WELDING))
    assert build_offers_task(drafts, titles) == build_offers_task(drafts, titles)


@pytest.mark.parametrize("offer_title", ["Soudeur", "SOUDEUSE (H/F)", "Soudeur F/H"])
def test_a_title_that_an_offer_has_is_not_a_query(titles: Path, offer_title: str) -> None:
    queries = build_offers_task(offers("H1", [*WELDING, offer_title]), titles).evaluation_set.queries.values()
    assert {"Soudeur", "Soudeuse"}.isdisjoint(queries)


def test_queries_are_in_one_gender_form(titles: Path) -> None:
    queries = list(build_offers_task(offers("H1", WELDING), titles).evaluation_set.queries.values())
    assert not any(mark in title for title in queries for mark in "/()")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must hold the columns"),
        (b"a,b\n1,2\n", "must hold the columns"),
        (HEADER.encode(), "must hold the columns"),
        (b"\xff\xfe\x00", "cannot be read as CSV"),
        (HEADER.encode() + b"Avocat,K1\n", "No code of"),
    ],
    ids=["empty", "other columns", "header", "binary", "no code in common"],
)
def test_an_unusable_file_of_titles_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=message):
        build_offers_task(offers("H1", WELDING), path)


class FixedEngine:
    """An engine that recommends the third and the first offer."""

    def recommend(self, profile: Profile, limit: int) -> Answer:
        assert profile == Profile(text="soudeur")
        card = Card(title="", kind=Kind.EMPLOYMENT)
        items = [
            Recommendation(id=UUID(int=id_), rank=rank, score=0.5, parts={}, reasons=(), card=card)
            for rank, id_ in enumerate((3, 1), start=1)
        ]
        return Answer(items=tuple(items), missing=())


def test_recommended_offers_are_ranked_and_all_others_not_found() -> None:
    scores = EngineRanker(FixedEngine(), {UUID(int=number): number - 1 for number in (1, 2, 3)}).scores(
        "soudeur"
    )
    assert np.argsort(-scores).tolist()[:2] == [2, 0]
    assert scores[1] == -np.inf
