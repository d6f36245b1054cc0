"""What is ticked of a CV goes into a profile, and takes nothing from it."""

import pytest

from oim.features.cv.proposals import merge_into
from oim.features.cv.types import Language, Level, Proposal
from oim.features.profile import Level as SpokenLevel
from oim.features.profile import Record, SpokenLanguage

RECORD = Record(languages=(SpokenLanguage("pcm", SpokenLevel.NATIVE), SpokenLanguage("de", SpokenLevel.SOME)))


@pytest.mark.parametrize(
    ("read", "level"),
    [
        (Language("wes"), SpokenLevel.NATIVE),  # the CV names no level: the one that was stated stays
        (Language("pcm"), SpokenLevel.NATIVE),
        (Language("wes", Level.C1), SpokenLevel.GOOD),
    ],
)
def test_a_language_without_a_level_takes_none_away(read: Language, level: SpokenLevel) -> None:
    merged = merge_into(RECORD, Proposal(languages=(read,)), {"languages": ["0"]})
    assert merged.languages == (SpokenLanguage("pcm", level), RECORD.languages[1])
