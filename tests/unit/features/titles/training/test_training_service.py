"""Training measures an adapter on names held out from it, then trains on all names and writes the card."""

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


def _check_progress(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture(scope="module")
def trained() -> tuple[Adapter, str]:
    return train_adapter(NAMES, VECTORS, "made:bags", RECIPE, _check_progress)


def test_both_systems_are_measured_on_the_same_names() -> None:
    first, second = evaluate_recipe(NAMES, VECTORS, "made:bags", RECIPE, _check_progress).values()
    assert [(figure.split, figure.direction, figure.count) for figure in first] == [
        (figure.split, figure.direction, figure.count) for figure in second
    ]
    assert (
        next(figure for figure in first if (figure.split, figure.direction) == ("try_thing", "fr→en")).count
        == 11
    )


def test_the_final_adapter_is_trained_on_all_names(trained: tuple[Adapter, str]) -> None:
    whole = fit_adapter(NAMES.all_for_training(), VECTORS, "made:bags", RECIPE, _check_progress)
    measured = fit_adapter(NAMES, VECTORS, "made:bags", RECIPE, _check_progress)
    assert (trained[0].table == whole.table).all()
    assert not np.array_equal(trained[0].table, measured.table)


def test_the_card_has_data_method_figures_and_date(trained: tuple[Adapter, str]) -> None:
    text = trained[1]
    assert f"Made {now().date().isoformat()}" in text
    assert "`made:bags`" in text
    assert "- ESCO occupations: 128 names of 64" in text
    assert "European Commission" in text
    assert "Licence Ouverte 2.0" in text
    assert "- steps: 12" in text
    assert "- seed: 7" in text
    assert "MRR / success@1" in text


def test_the_card_is_valid_markdown(trained: tuple[Adapter, str]) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(trained[1])
    headings = [
        tokens[index + 1].content for index, token in enumerate(tokens) if token.type == "heading_open"
    ]
    assert headings == ["The adapter of titles", "Data", "Method", "Figures"]
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in ("th_open", "td_open")]
    assert len(rows) == 3
    assert len(cells) == 3 * 7


def test_the_card_shows_the_measured_figures() -> None:
    figures = evaluate_recipe(NAMES, VECTORS, "made:bags", RECIPE, _check_progress)
    text = render_model_card(NAMES, RECIPE, "made:bags", figures, date(2026, 2, 3))
    assert "Made 2026-02-03" in text
    for system, columns in figures.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| {system} |"))
        assert [f"{figure.mrr:.3f} / {figure.success:.3f}" for figure in columns] == line.strip("| ").split(
            " | "
        )[1:]
