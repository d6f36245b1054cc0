"""`oim evaluate requests`: what the engine answers to judged requests over the sample of offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from oim.apps.cli.temporary_engine import temporary_engine
from oim.apps.cli.terminal import output, progress_bar, t
from oim.features.evaluation import (
    JudgedAnswer,
    Judgement,
    ShownAnswer,
    count_judgements,
    judge_answers,
    read_judged_set,
)
from oim.features.ingestion import sample_drafts
from oim.features.matching import Profile
from oim.features.opportunities import Draft
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

LIMIT = 10  # offers asked for: as many as a page of results shows


def measure(folder: Path, halves: frozenset[str]) -> list[JudgedAnswer]:
    """Put the requests of some halves of a set to the engine. Raises BadInputError."""
    judged_set = read_judged_set(folder)
    requests = [request for request in judged_set.requests if request.half in halves]
    drafts = [draft for draft in sample_drafts(_today()) if isinstance(draft, Draft)]
    if missing := judged_set.offers.keys() ^ {draft.external_id for draft in drafts}:
        raise BadInputError(
            mark("The offers of %(folder)s are not those of the sample: %(id)s."),
            folder=folder,
            id=min(missing),
        )
    with temporary_engine(drafts, "sample") as (engine, external_ids), progress_bar() as bar:
        engine.start_semantic_occupations(wait=0).wait_until_ready()
        task = bar.add_task(t("Asking"), total=len(requests), detail="")

        def answer(text: str) -> ShownAnswer:
            items = engine.recommend(Profile(text=text), LIMIT).items
            bar.advance(task)
            return ShownAnswer([external_ids[item.id] for item in items])

        return judge_answers(judged_set, requests, answer)


def _today() -> date:
    return now().astimezone(CAMEROON).date()


def to_dict(answers: Sequence[JudgedAnswer]) -> dict[str, Any]:
    """Return the counts and each answer, ready for JSON."""
    return {
        "counts": {name: _to_counts(counts) for name, counts in count_judgements(answers).items()},
        "answers": [
            {
                "id": answer.request.id,
                "text": answer.request.text,
                "judgement": answer.judgement,
                "best": answer.best,
                "grades": answer.grades,
                "offers": answer.offers,
            }
            for answer in answers
        ],
    }


def _to_counts(counts: dict[Judgement, int]) -> dict[str, int]:
    return {judgement.value: counts[judgement] for judgement in Judgement}


def show(answers: Sequence[JudgedAnswer]) -> None:
    """Print a table: how many answers are good, acceptable and wrong, of all, by register, by difficulty."""
    headings = (t("good"), t("acceptable"), t("wrong"))
    output.print(f"{'':<18}{headings[0]:>12}{headings[1]:>14}{headings[2]:>12}", markup=False)
    for name, counts in count_judgements(answers).items():
        total = counts.total()
        cells = [f"{counts[judgement]} ({counts[judgement] / total:.0%})" for judgement in Judgement]
        output.print(f"{name:<18}{cells[0]:>12}{cells[1]:>14}{cells[2]:>12}", markup=False)
