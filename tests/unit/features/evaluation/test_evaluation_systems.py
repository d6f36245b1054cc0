"""The plain systems, and the cache of vectors between runs."""

from pathlib import Path

import numpy as np
import pytest
from evaluation_factory import WordEmbedder

from oim.features.evaluation import SYSTEMS, DiskCachedEmbedder
from oim.features.evaluation.systems import Bm25
from oim.kit.errors import UnavailableError

LABELS = ("Soudeur de portails", "Maçonne en pierre", "Soudeur", "Éleveur de poulets", "Maçon carreleur")


def ignore_progress(done: int, total: int) -> None:
    """A progress callback that does nothing."""


@pytest.mark.parametrize(
    ("query", "best"),
    [("soudeur", 2), ("SOUDEURS", 2), ("soudeuse de portail", 0), ("élevage de poulets", 3), ("pierres", 1)],
)
def test_bm25_ranks_the_label_with_the_rarest_words_first(query: str, best: int) -> None:
    assert int(np.argmax(SYSTEMS["bm25"](WordEmbedder(), None).index(LABELS).scores(query))) == best


def test_bm25_scores_match_those_computed_by_hand() -> None:
    scores = Bm25().index(["soudeur", "maçon maçon", "plombier"]).scores("maçon")
    rarity = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 2 / (4 / 3))
    assert scores.tolist() == pytest.approx([0, rarity * 2 * 2.2 / (2 + norm), 0])


def test_bm25_scores_zero_for_words_in_no_text() -> None:
    assert not SYSTEMS["bm25"](WordEmbedder(), None).index(LABELS).scores("zzz").any()


def test_the_better_gender_form_of_a_title_counts() -> None:
    ranker = SYSTEMS["bm25"](WordEmbedder(), None).index(LABELS)
    both = ranker.scores("Soudeur / Maçonne")
    assert both.tolist() == np.maximum(ranker.scores("Soudeur"), ranker.scores("Maçonne")).tolist()


def test_the_embedder_ranks_by_cosine() -> None:
    embedder = WordEmbedder()
    scores = SYSTEMS["embedder"](embedder, None).index(LABELS).scores("soudeur de portails")
    assert int(np.argmax(scores)) == 0
    assert scores[0] == pytest.approx(1.0)


def test_stored_vectors_are_reused_in_the_next_run(tmp_path: Path) -> None:
    first, second = WordEmbedder(), WordEmbedder()
    path = tmp_path / "cache" / "vectors.sqlite"
    progress: list[tuple[int, int]] = []
    with DiskCachedEmbedder(first, path, lambda *counts: progress.append(counts)) as cache:
        once = cache.embed_passages([*LABELS, LABELS[0]])
    with DiskCachedEmbedder(second, path, ignore_progress) as cache:
        again = cache.embed_passages([*LABELS, LABELS[0]])
    assert first.embedded_texts == list(LABELS)
    assert progress == [(5, 5)]
    assert second.embedded_texts == []
    assert np.array_equal(once, again)
    assert np.allclose(once, first.embed_passages([*LABELS, LABELS[0]]), atol=1e-3)


def test_queries_passages_and_embedders_have_separate_vectors(tmp_path: Path) -> None:
    embedder, other = WordEmbedder(), WordEmbedder()
    other.url = "made:other"
    with DiskCachedEmbedder(embedder, tmp_path / "v", ignore_progress) as cache:
        cache.embed_passages(["soudeur"])
        cache.embed_queries(["soudeur"])
    with DiskCachedEmbedder(other, tmp_path / "v", ignore_progress) as cache:
        cache.embed_passages(["soudeur"])
    assert (embedder.embedded_texts, other.embedded_texts) == (["soudeur", "soudeur"], ["soudeur"])


def test_texts_are_embedded_every_time_once_the_cache_is_closed(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    with DiskCachedEmbedder(embedder, tmp_path / "v", ignore_progress) as cache:
        cache.embed_queries(["soudeur"])
    cache.embed_queries(["soudeur"])
    cache.embed_queries(["soudeur"])
    assert embedder.embedded_texts == ["soudeur"] * 3


def test_a_cache_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with (
        pytest.raises(UnavailableError, match="Vectors cannot be kept in"),
        DiskCachedEmbedder(WordEmbedder(), tmp_path / "cache" / "v", ignore_progress),
    ):
        pass
