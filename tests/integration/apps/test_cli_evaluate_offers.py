"""`oim evaluate offers`: the whole engine beside plain systems, on offers nobody else sees."""

import json
import os
import subprocess
import sys
from pathlib import Path

OIM = Path(sys.executable).with_name("oim")
HEADER = "hash_id,titre,entreprise,lieu,description,rome_code,date_creation"
TITLES = (
    "libelle_appellation_court,code_rome\n"
    "Soudeur / Soudeuse,H1\nAssembleur-soudeur / Assembleuse-soudeuse,H1\n"
    "Boulanger / Boulangère,D1\nOuvrier / Ouvrière en boulangerie,D1\n"
)
TRADES = {
    "H1": ("Soudeur", "souder des pièces de métal", ("inox", "alu", "naval", "acier", "portails")),
    "D1": ("Boulanger", "cuire le pain", ("de nuit", "du matin", "bio", "traditionnel", "tournant")),
    "M1": ("Comptable", "tenir les comptes", ("junior",)),
}


def test_the_engine_stands_beside_the_plain_systems(tmp_path: Path) -> None:
    rows = [
        f"{code}{number},{trade} {word} (H/F),Maison {number},75 - Paris,{task},{code},2026-04-26"
        for code, (trade, task, words) in TRADES.items()
        for number, word in enumerate(words)
    ]
    (tmp_path / "france_travail.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    (tmp_path / "titles.csv").write_text(TITLES, encoding="utf-8")
    asked = ("evaluate", "offers", "france_travail.csv", "--titles", "titles.csv", "--json")
    away = {"OIM_HOME": str(tmp_path / "home"), "OIM_DATABASE_URL": "postgresql://127.0.0.1:1/not-ours"}
    done = subprocess.run(
        [OIM, *asked],
        cwd=tmp_path,
        env=os.environ | away,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.keys() == {"bm25", "bm25-titles", "embedder", "embedder-titles", "engine"}
    assert len({frozenset(figures) for figures in found.values()}) == 1
    assert found["engine"]["success@1"] == 1.0
    assert found["bm25-titles"]["R@10"] > 0.8
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["cache"], (
        "the person's own data is not used"
    )
