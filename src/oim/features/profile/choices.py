"""The networks, papers and languages that a profile's questions offer; `channels.wording` has their words."""

from __future__ import annotations

NONE_VALUE = "none"  # stands for "none of them" among choices of which several can be ticked
# Only the names of the networks: what a person is a member of beside them opens no offer here.
NETWORKS = ("MC2", "MUFFA", "CAMCCUL")
# ISO 639 codes of languages that people here speak; no offer asks for another.
SPOKEN_LANGUAGES = ("fr", "en", "pcm", "ful", "ewo", "ar")
# In words that `matching.eligibility_terms` knows. Papers that are made within a day are not asked for.
PAPERS = (
    "CNI",
    "Acte de naissance",
    "Casier judiciaire",
    "Diplôme",
    "Attestation de formation",
    "Plan d'affaires",
    "Permis A",
    "Permis B",
    "Permis C",
    "Preuve de retour",
    "Carnet de membre",
)
