"""Names to train on for tests: as a table, and as a folder of files laid out as the real data."""

import gzip
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from oim.features.titles.adapter import Vector
from oim.features.titles.training.names import Names, Source, Split

FR, EN = 0, 1
TRADES = {
    **{"soudeur": "welder", "vendeur": "seller", "gardien": "keeper", "peintre": "painter"},
    **{"livreur": "courier", "ouvrier": "worker", "formateur": "trainer", "acheteur": "buyer"},
}
OBJECTS = {
    **{"poulets": "chicken", "bois": "timber", "maisons": "house", "cuir": "leather"},
    **{"papier": "paper", "poisson": "fish", "voitures": "car", "fleurs": "flower"},
}
ESCO = "conceptType,conceptUri,preferredLabel,altLabels\n"
FILES = {
    "esco/occupations_fr.csv": ESCO + 'Occupation,o1,soudeur/soudeuse,"soudeuses\nsoudeur à l’arc"\n'
    "Occupation,o2,boulangère,\nOccupation,o3,couturier,tailleur\n",
    "esco/occupations_en.csv": ESCO + "Occupation,o1,welder,arc welder\nOccupation,o2,baker,\n",
    "esco-en-1.1.1/occupations_en.csv.gz": ESCO + 'Occupation,o2,baker,"bread maker\n"\n',
    "esco/skills_fr.csv": ESCO + "KnowledgeSkill,s1,souder,\nKnowledgeSkill,s2,coudre,\n",
    "esco-en-1.1.1/skills_en.csv.gz": ESCO + "KnowledgeSkill,s1,weld,join\nKnowledgeSkill,s3,bake,\n",
    "esco-en-1.1.1/occupationSkillRelations.csv.gz": "occupationUri,relationType,skillType,skillUri\n"
    "o1,essential,knowledge,s1\no2,optional,knowledge,s1\no3,essential,knowledge,s2\n",
    "rome/unix_referentiel_appellation_v460_utf8.csv": "libelle_appellation_long,code_rome\n"
    "Couturier / Couturière,B1\nRetoucheur / Retoucheuse,B1\nFleuriste,D1\nBoulanger / Boulangère,D2\n",
}
TESTS = {
    "melo/set/queries.tsv": "q1\tSoudeur / Soudeuse\nq2\tBread Makers\n",
    "offers/france_travail.csv": "titre,rome_code\n" + "Vente de fleurs,D1\n" * 5 + "Pain,D2\n" * 4,
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write these files into a folder and return it; those named .gz are compressed."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return folder


def table(
    rows: Iterable[tuple[str, int, int, Source, Split]], skills: Mapping[int, frozenset[int]] | None = None
) -> Names:
    """Names from rows of text, concept, language, source and split."""
    texts, *columns = zip(*rows, strict=True)
    return Names(texts, *(np.array(column, np.int64) for column in columns), skills or {})


def bilingual() -> Names:
    """Trades with objects: « soudeur de bois », "timber welder"; one combination in six is held out."""
    rows = []
    for first, (trade_fr, trade_en) in enumerate(TRADES.items()):
        for second, (object_fr, object_en) in enumerate(OBJECTS.items()):
            number = first * len(OBJECTS) + second
            split = Split.TRY_THING if (first + second) % 6 == 0 else Split.TRAIN
            rows.append((f"{trade_fr} de {object_fr}", number, FR, Source.OCCUPATION, split))
            rows.append((f"{object_en} {trade_en}", number, EN, Source.OCCUPATION, split))
    return table(rows)


def bags(texts: Sequence[str]) -> Vector:
    """Embeddings that know words but no translations: the sum of a random direction for each word."""

    def direction(word: str) -> Vector:
        return np.random.default_rng(zlib.crc32(word.encode())).normal(size=40).astype(np.float32)

    sums = np.array([sum(direction(word) for word in text.split()) for text in texts], np.float32)
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)
