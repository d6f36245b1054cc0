"""`oim evaluate offers`: compare the engine with two baselines, BM25 and the bare embedder, on real offers.

The engine gets a temporary database and index that hold only the offers of the test set.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import oim
from oim.apps.cli.evaluation_output import open_cached_embedder, run_queries
from oim.apps.cli.input_files import check_readable
from oim.apps.cli.temporary_engine import temporary_engine
from oim.features.evaluation import SYSTEMS, EngineRanker, EvaluationReport, EvaluationSet, build_offers_task
from oim.features.ingestion import file_document, open_source
from oim.features.opportunities import Draft
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

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
    positions = {external_id: position for position, external_id in enumerate(task.evaluation_set.ids)}
    of_the_set = [draft for draft in drafts if draft.external_id in positions]
    with temporary_engine(of_the_set, "evaluation") as (engine, external_ids):
        ranker = EngineRanker(engine, {id_: positions[name] for id_, name in external_ids.items()})
        reports[ENGINE] = run_queries(task.evaluation_set, ranker, DEPTH)
    return task.evaluation_set, reports


def _find_file(folder: Path, pattern: str) -> Path:
    """Return the first file of a folder that matches, in the order of names. Raises BadInputError."""
    files = sorted(folder.glob(pattern))
    if not files:
        raise BadInputError(
            mark("%(folder)s holds no %(pattern)s. Give the file."), folder=folder, pattern=pattern
        )
    return files[0]
