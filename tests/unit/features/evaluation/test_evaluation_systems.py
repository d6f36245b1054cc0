"""The plain systems, and vectors kept from run to run."""

from pathlib import Path

import numpy as np
import pytest
from evaluation_factory import WordEmbedder

from oim.features.evaluation import SYSTEMS, DiskCachedEmbedder
from oim.features.evaluation.systems import Bm25
from oim.kit.errors import UnavailableError

LABELS = ("Soudeur de portails", "Maçonne en pierre", "Soudeur", "Éleveur de poulets", "Maçon carreleur")


def quiet(done: int, total: int) -> None:
    """Nobody looks at progress here."""


@pytest.mark.parametrize(
    ("query", "best"),
    [("soudeur", 2), ("SOUDEURS", 2), ("soudeuse de portail", 0), ("élevage de poulets", 3), ("pierres", 1)],
)
def test_bm25_finds_the_label_with_the_rarest_words(query: str, best: int) -> None:
    assert int(np.argmax(SYSTEMS["bm25"](WordEmbedder(), None).index(LABELS).scores(query))) == best


def test_bm25_scores_by_hand() -> None:
    scores = Bm25().index(["soudeur", "maçon maçon", "plombier"]).scores("maçon")
    rarity = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 2 / (4 / 3))
    assert scores.tolist() == pytest.approx([0, rarity * 2 * 2.2 / (2 + norm), 0])


def test_bm25_of_words_that_no_text_holds_is_nought() -> None:
    assert not SYSTEMS["bm25"](WordEmbedder(), None).index(LABELS).scores("zzz").any()


def test_both_forms_of_a_title_are_tried() -> None:
    ranker = SYSTEMS["bm25"](WordEmbedder(), None).index(LABELS)
    both = ranker.scores("Soudeur / Maçonne")
    assert both.tolist() == np.maximum(ranker.scores("Soudeur"), ranker.scores("Maçonne")).tolist()


def test_the_embedder_ranks_by_cosine() -> None:
    embedder = WordEmbedder()
    scores = SYSTEMS["embedder"](embedder, None).index(LABELS).scores("soudeur de portails")
    assert int(np.argmax(scores)) == 0
    assert scores[0] == pytest.approx(1.0)


def test_vectors_are_kept_from_run_to_run(tmp_path: Path) -> None:
    first, second = WordEmbedder(), WordEmbedder()
    path = tmp_path / "cache" / "vectors.sqlite"
    heard: list[tuple[int, int]] = []
    with DiskCachedEmbedder(first, path, lambda *told: heard.append(told)) as kept:
        once = kept.embed_passages([*LABELS, LABELS[0]])
    with DiskCachedEmbedder(second, path, quiet) as kept:
        again = kept.embed_passages([*LABELS, LABELS[0]])
    assert first.asked == list(LABELS)
    assert heard == [(5, 5)]
    assert second.asked == []
    assert np.array_equal(once, again)
    assert np.allclose(once, first.embed_passages([*LABELS, LABELS[0]]), atol=1e-3)


def test_queries_passages_and_embedders_are_kept_apart(tmp_path: Path) -> None:
    embedder, other = WordEmbedder(), WordEmbedder()
    other.url = "made:other"
    with DiskCachedEmbedder(embedder, tmp_path / "v", quiet) as kept:
        kept.embed_passages(["soudeur"])
        kept.embed_queries(["soudeur"])
    with DiskCachedEmbedder(other, tmp_path / "v", quiet) as kept:
        kept.embed_passages(["soudeur"])
    assert (embedder.asked, other.asked) == (["soudeur", "soudeur"], ["soudeur"])


def test_what_is_embedded_after_closing_is_embedded_each_time(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    with DiskCachedEmbedder(embedder, tmp_path / "v", quiet) as kept:
        kept.embed_queries(["soudeur"])
    kept.embed_queries(["soudeur"])
    kept.embed_queries(["soudeur"])
    assert embedder.asked == ["soudeur"] * 3


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with (
        pytest.raises(UnavailableError, match="Vectors cannot be kept in"),
        DiskCachedEmbedder(WordEmbedder(), tmp_path / "cache" / "v", quiet),
    ):
        pass
