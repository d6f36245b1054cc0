"""`oim evaluate offers`: a whole engine of its own, on the offers to find, beside two plain systems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import oim
from oim import bootstrap
from oim.apps.cli.evaluation_output import open_cached_embedder, run_queries
from oim.apps.cli.input_files import check_readable
from oim.apps.cli.terminal import report
from oim.apps.cli.tools import INDEXING_STEP, prepare_database
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
DEPTH = 50  # the most the engine gives
ENGINE = "engine"
OFFERS_PATTERN, TITLES_PATTERN = "offers/*.csv", "rome/*appellation*.csv"


def compare_systems(
    path: Path | None, titles: Path | None
) -> tuple[EvaluationSet, dict[str, EvaluationReport]]:
    """The task, and the report of each plain system and of the engine. Raises BadInputError."""
    offers = path or _find_file(DATA_FOLDER, OFFERS_PATTERN)
    with open_source(file_document(check_readable(offers)), offers.stem.replace("_", "-")) as reader:
        drafts = [draft for draft in reader.drafts() if isinstance(draft, Draft)]
    task = build_offers_task(
        drafts, check_readable(titles or _find_file(offers.absolute().parents[1], TITLES_PATTERN))
    )
    read = {"": task.evaluation_set.texts, "-titles": task.titles}
    reports = {}
    for name, (what, texts) in product(("bm25", "embedder"), read.items()):
        with open_cached_embedder() as kept:
            ranker = SYSTEMS[name](kept, None).index(texts)
        reports[name + what] = run_queries(task.evaluation_set, ranker, DEPTH)
    with _evaluation_engine(task.evaluation_set, drafts) as whole:
        reports[ENGINE] = run_queries(task.evaluation_set, whole, DEPTH)
    return task.evaluation_set, reports


def _find_file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise BadInputError(
            mark("%(folder)s holds no %(pattern)s. Give the file."), folder=folder, pattern=pattern
        )
    return found[0]


@contextmanager
def _evaluation_engine(evaluation_set: EvaluationSet, drafts: list[Draft]) -> Iterator[EngineRanker]:
    """An engine over these offers alone: no database or index of anybody's is touched."""
    order = {key: place for place, key in enumerate(evaluation_set.ids)}
    with TemporaryDirectory() as folder:
        alone = Settings(home=Path(folder), database_url=EMBEDDED, index_url=EMBEDDED, engine_url=EMBEDDED)
        with running_services(alone, ("postgres",), report, prepare_database) as settings:
            database = bootstrap.database(settings)
            offers = (draft for draft in drafts if draft.external_id in order)
            ingest_offers(database, offers, source="evaluation", origin="evaluation", format_name="drafts")
            with open_cached_embedder() as kept:
                engine = _fill_engine(database, settings, kept)
            yield EngineRanker(engine, _positions_by_id(database, order))
            engine.close()
            database.close()


def _fill_engine(database: Database, settings: Settings, embedder: DiskCachedEmbedder) -> LocalEngine:
    engine = LocalEngine(database, bootstrap.indexes(settings), lambda _: embedder, embedder.url)
    while engine.index_pending(INDEXING_STEP):
        pass
    return engine


def _positions_by_id(database: Database, order: dict[str, int]) -> dict[object, int]:
    """Of each offer's id, the place of its advertisement among the elements."""
    with database.read() as session:
        return {offer.id: order[offer.draft.external_id] for offer in list_after(session, None, len(order))}
