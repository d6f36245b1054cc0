"""`oim train adapter` writes the adapter and its card, the same ones at each run."""

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from oim import bootstrap
from oim.apps.cli.train import adapter
from oim.features.matching.index import Vector
from oim.features.titles import load_adapter
from oim.features.titles.training import Recipe

HEADS = "conceptType,conceptUri,preferredLabel,altLabels\n"
TRADES = [("soudeur", "welder"), ("maçon", "bricklayer"), ("boulanger", "baker"), ("tailleur", "tailor")] * 6


class RandomEmbedder:
    """A stand-in embedder: a random vector for each text, the same for the same text."""

    url = "made:texts"
    dimension = 16
    cosine_range = (0.0, 1.0)

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=16) for text in texts]
        return np.array(rows, np.float32)

    embed_passages = embed_queries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    trades = list(enumerate(TRADES))
    files = {
        "esco/occupations_fr.csv": HEADS
        + "".join(f"Occupation,o{n},{fr} {n},{fr}\n" for n, (fr, _) in trades),
        "esco/occupations_en.csv": HEADS
        + "".join(f"Occupation,o{n},{en} {n},{en}\n" for n, (_, en) in trades),
        "esco-en-1.1.1/occupations_en.csv.gz": HEADS,
        "esco/skills_fr.csv": HEADS + "Skill,s1,souder,\nSkill,s2,coudre,\n",
        "esco-en-1.1.1/skills_en.csv.gz": HEADS + "Skill,s1,weld,\nSkill,s2,sew,\n",
        "esco-en-1.1.1/occupationSkillRelations.csv.gz": "occupationUri,relationType,skillType,skillUri\n"
        + "".join(f"o{n},essential,knowledge,s1\n" for n, _ in trades),
        "rome/unix_referentiel_appellation_v460_utf8.csv": "libelle_appellation_long,code_rome\n"
        "Couturier / Couturière,B1\nRetoucheur / Retoucheuse,B1\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return root


def test_an_adapter_and_its_card_are_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A few steps on small matrices: the files matter here, not the quality.
    small = Recipe(steps=4, batch=20, rank=8, width=8, buckets=64, refreshed=2)
    monkeypatch.setenv("OIM_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(bootstrap, "embedder", lambda url: RandomEmbedder())
    monkeypatch.setattr("oim.features.titles.training.Recipe", lambda: small)
    first, second = tmp_path / "new" / "made", tmp_path / "again"
    adapter(folder, first)
    adapter(folder, second)
    trained, retrained = load_adapter(first / "adapter.npz"), load_adapter(second / "adapter.npz")
    assert trained.embedder == "made:texts"
    assert trained.map.shape == (16, 8)
    assert (trained.table == retrained.table).all()
    card = (first / "adapter.md").read_text("utf-8")
    assert "over `made:texts`" in card
    assert "- steps: 4" in card
    assert str(first / "adapter.npz") in capsys.readouterr().out.replace("\n", "")
