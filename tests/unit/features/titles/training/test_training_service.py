"""An adapter made with its card: rehearsed on what it did not learn, then learned from all."""

from datetime import date

import numpy as np
import pytest
from markdown_it import MarkdownIt
from training_factory import bags, bilingual

from oim.features.titles import Adapter
from oim.features.titles.training import Recipe, evaluate_recipe, train_adapter
from oim.features.titles.training.fit import fit_adapter
from oim.features.titles.training.service import render_model_card
from oim.kit.clock import now

RECIPE = Recipe(steps=12, batch=16, shares=(1, 0, 0, 0), rank=8, width=8, buckets=256, refreshed=5)
NAMES = bilingual()
VECTORS = bags(NAMES.texts)


def _still(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture(scope="module")
def trained() -> tuple[Adapter, str]:
    return train_adapter(NAMES, VECTORS, "made:bags", RECIPE, _still)


def test_both_systems_are_tried_on_the_same_names() -> None:
    first, second = evaluate_recipe(NAMES, VECTORS, "made:bags", RECIPE, _still).values()
    assert [(one.split, one.direction, one.count) for one in first] == [
        (one.split, one.direction, one.count) for one in second
    ]
    assert next(one for one in first if (one.split, one.direction) == ("try_thing", "fr→en")).count == 11


def test_what_is_made_has_learned_from_all(trained: tuple[Adapter, str]) -> None:
    whole = fit_adapter(NAMES.all_for_training(), VECTORS, "made:bags", RECIPE, _still)
    rehearsed = fit_adapter(NAMES, VECTORS, "made:bags", RECIPE, _still)
    assert (trained[0].table == whole.table).all()
    assert not np.array_equal(trained[0].table, rehearsed.table)


def test_the_card_tells_data_method_figures_and_date(trained: tuple[Adapter, str]) -> None:
    text = trained[1]
    assert f"Made {now().date().isoformat()}" in text
    assert "`made:bags`" in text
    assert "- ESCO occupations: 128 names of 64" in text
    assert "European Commission" in text
    assert "Licence Ouverte 2.0" in text
    assert "- steps: 12" in text
    assert "- seed: 7" in text
    assert "MRR / success@1" in text


def test_the_card_is_markdown(trained: tuple[Adapter, str]) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(trained[1])
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == ["The adapter of titles", "Data", "Method", "Figures"]
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in ("th_open", "td_open")]
    assert len(rows) == 3
    assert len(cells) == 3 * 7


def test_the_figures_of_the_card_are_those_of_the_rehearsal() -> None:
    figures = evaluate_recipe(NAMES, VECTORS, "made:bags", RECIPE, _still)
    text = render_model_card(NAMES, RECIPE, "made:bags", figures, date(2026, 2, 3))
    assert "Made 2026-02-03" in text
    for system, found in figures.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| {system} |"))
        assert [f"{one.mrr:.3f} / {one.success:.3f}" for one in found] == line.strip("| ").split(" | ")[1:]
