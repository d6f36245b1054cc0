"""`oim evaluate offers`: compare the engine with two baselines, BM25 and the bare embedder, on real offers.

The engine gets a temporary database and index that hold only the offers of the test set.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import oim
from oim import bootstrap
from oim.apps.cli.database import prepare_database
from oim.apps.cli.evaluation_output import open_cached_embedder, run_queries
from oim.apps.cli.input_files import check_readable
from oim.apps.cli.terminal import report
from oim.apps.cli.tools import INDEXING_STEP
from oim.apps.up import running_services
from oim.features.evaluation import (
    SYSTEMS,
    DiskCachedEmbedder,
    EngineRanker,
    EvaluationReport,
    EvaluationSet,
    build_offers_task,
)
from oim.features.ingestion import file_document, ingest_offers, open_source
from oim.features.matching import LocalEngine
from oim.features.opportunities import Draft, list_after
from oim.kit.db import Database
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

DATA_FOLDER = Path(oim.__file__).parents[3] / "shared" / "data"  # beside the checkout
DEPTH = 50  # the most offers the engine returns, so the baselines' rankings are cut there too
ENGINE = "engine"
OFFERS_PATTERN, TITLES_PATTERN = "offers/*.csv", "rome/*appellation*.csv"


def compare_systems(
    path: Path | None, titles: Path | None
) -> tuple[EvaluationSet, dict[str, EvaluationReport]]:
    """Build the test set, run all systems on it, and return the set and each system's report by name.

    Each baseline ranks twice: by the offers' full texts, and by their titles alone (`-titles`). `path` and
    `titles` default to files of the shared data. Raises BadInputError.
    """
    offers = path or _find_file(DATA_FOLDER, OFFERS_PATTERN)
    with open_source(file_document(check_readable(offers)), offers.stem.replace("_", "-")) as reader:
        drafts = [draft for draft in reader.drafts() if isinstance(draft, Draft)]
    task = build_offers_task(
        drafts, check_readable(titles or _find_file(offers.absolute().parents[1], TITLES_PATTERN))
    )
    texts_by_suffix = {"": task.evaluation_set.texts, "-titles": task.titles}
    reports = {}
    for name, (suffix, texts) in product(("bm25", "embedder"), texts_by_suffix.items()):
        with open_cached_embedder() as embedder:
            ranker = SYSTEMS[name](embedder, None).index(texts)
        reports[name + suffix] = run_queries(task.evaluation_set, ranker, DEPTH)
    with _evaluation_engine(task.evaluation_set, drafts) as engine_ranker:
        reports[ENGINE] = run_queries(task.evaluation_set, engine_ranker, DEPTH)
    return task.evaluation_set, reports


def _find_file(folder: Path, pattern: str) -> Path:
    """Return the first file of a folder that matches, in the order of names. Raises BadInputError."""
    files = sorted(folder.glob(pattern))
    if not files:
        raise BadInputError(
            mark("%(folder)s holds no %(pattern)s. Give the file."), folder=folder, pattern=pattern
        )
    return files[0]


@contextmanager
def _evaluation_engine(evaluation_set: EvaluationSet, drafts: list[Draft]) -> Iterator[EngineRanker]:
    """Yield an engine that has indexed the offers of this set alone, in a temporary home.

    No configured database or index is touched.
    """
    positions = {external_id: position for position, external_id in enumerate(evaluation_set.ids)}
    with TemporaryDirectory() as folder:
        # `embedded` explicitly: the environment may name servers that hold real data.
        temporary = Settings(
            home=Path(folder), database_url=EMBEDDED, index_url=EMBEDDED, engine_url=EMBEDDED
        )
        with running_services(temporary, ("postgres",), report, prepare_database) as settings:
            database = bootstrap.database(settings)
            offers = (draft for draft in drafts if draft.external_id in positions)
            ingest_offers(database, offers, source="evaluation", origin="evaluation", format_name="drafts")
            with open_cached_embedder() as embedder:
                engine = _fill_engine(database, settings, embedder)
            yield EngineRanker(engine, _positions_by_id(database, positions))
            engine.close()
            database.close()


def _fill_engine(database: Database, settings: Settings, embedder: DiskCachedEmbedder) -> LocalEngine:
    """Create an engine and index every offer of the database."""
    engine = LocalEngine(database, bootstrap.indexes(settings), lambda _: embedder, embedder.url)
    while engine.index_pending(INDEXING_STEP):
        pass
    return engine


def _positions_by_id(database: Database, positions: dict[str, int]) -> dict[object, int]:
    """Map each offer's database id to its position in the test set; `positions` are by external id."""
    with database.read() as session:
        offers = list_after(session, None, len(positions))
        return {offer.id: positions[offer.draft.external_id] for offer in offers}
