"""`oim evaluate offers`: the engine beside the baselines, in a temporary database."""

import json
from pathlib import Path

from cli_session import CliSession

HEADER = "hash_id,titre,entreprise,lieu,description,rome_code,date_creation"
TITLES = (
    "libelle_appellation_court,code_rome\n"
    "Soudeur / Soudeuse,H1\nAssembleur-soudeur / Assembleuse-soudeuse,H1\n"
    "Boulanger / Boulangère,D1\nOuvrier / Ouvrière en boulangerie,D1\n"
)
# By ROME code: trade, task, and a word that tells its offers apart. M1 has no title in TITLES: only noise.
TRADES = {
    "H1": ("Soudeur", "souder des pièces de métal", ("inox", "alu", "naval", "acier", "portails")),
    "D1": ("Boulanger", "cuire le pain", ("de nuit", "du matin", "bio", "traditionnel", "tournant")),
    "M1": ("Comptable", "tenir les comptes", ("junior",)),
}


def test_the_engine_and_the_baselines_report_the_same_measures(tmp_path: Path) -> None:
    rows = [
        f"{code}{number},{trade} {word} (H/F),Maison {number},75 - Paris,{task},{code},2026-04-26"
        for code, (trade, task, words) in TRADES.items()
        for number, word in enumerate(words)
    ]
    (tmp_path / "france_travail.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    (tmp_path / "titles.csv").write_text(TITLES, encoding="utf-8")
    arguments = ("evaluate", "offers", "france_travail.csv", "--titles", "titles.csv", "--json")
    # A configured database that does not answer: the evaluation must not try to reach it.
    with CliSession(tmp_path, OIM_DATABASE_URL="postgresql://127.0.0.1:1/not-ours") as session:
        result = session.run(*arguments)
    assert result.code == 0, result.err
    figures_by_system = json.loads(result.out)
    assert figures_by_system.keys() == {"bm25", "bm25-titles", "embedder", "embedder-titles", "engine"}
    assert len({frozenset(figures) for figures in figures_by_system.values()}) == 1
    assert figures_by_system["engine"]["success@1"] == 1.0
    assert figures_by_system["bm25-titles"]["R@10"] > 0.8
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["cache"], (
        "the person's own data is not used"
    )
