"""Words as people type them on a phone, led to the words of the tables: "chaufeur", "elektricien", "coutur".

A word is mended only when no table knows it and no one uses it in everyday French, English or Pidgin; first
as a short form, then by its sound, then by few typing mistakes, last as the beginning of one word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from oim.features.occupations.text_terms import STOP_WORDS, WORD, load_word_families, stem_word
from oim.kit.text import fold

_VOWELS = re.compile("[aeiou]")
MIN_WORD_LENGTH = 5  # letters of a word that may be mended by its sound
MIN_SOUND_LENGTH = 4  # letters of a sound that tells one word from others
ALLOWED_TYPOS = (
    (9, 2),
    (7, 1),
)  # letters from which so many mistakes are borne where consonants sound the same
FREE_TYPO_LENGTH = 10  # letters from which one mistake is borne in any case
MIN_PREFIX_LENGTH = 6  # letters that may stand for one longer word
CACHE_SIZE = 50_000  # words and what they were mended to, before they are forgotten
_SOUND_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[sxz]$", ""),
        (r"(?<=.{3})e$", ""),
        (r"(?<=.{3})(er|e|[td])$", ""),
        (r"tion", "sion"),
        (r"ph", "f"),
        (r"[cs]h", "6"),
        (r"qu|ck|c(?![eiy])", "k"),
        (r"c", "s"),
        (r"eau|au", "o"),
        (r"ai|ei", "e"),
        (r"ou|oo|w", "u"),
        (r"y", "i"),
        (r"z", "s"),
        (r"m(?=[bp])", "n"),
        (r"h", ""),
        (r"en(?=[^aeiou])", "an"),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True)
class Vocabulary:
    """The words that phrases are made of, found by sound and by first letter."""

    stems: frozenset[str]
    by_sound: dict[str, str]
    by_first: dict[str, tuple[str, ...]]
    corrections: dict[str, str] = field(default_factory=dict)  # what words met before were mended to

    def correct_word(self, word: str) -> str:
        """The word meant, or the word itself where that is not sure."""
        meant = self.corrections.get(word)
        if meant is None:
            if len(self.corrections) >= CACHE_SIZE:
                self.corrections.clear()
            meant = self.corrections[word] = self._find_correction(word)
        return meant

    def _find_correction(self, word: str) -> str:
        if (meant := load_short_forms().get(word)) is not None:
            return meant
        if (
            len(word) < MIN_WORD_LENGTH
            or not word.isalpha()
            or word in load_everyday_words()
            or self.is_known(word)
        ):
            return word
        return self._match_by_sound(word) or self._match_by_typos(word) or self._match_by_prefix(word) or word

    def is_known(self, word: str) -> bool:
        """Whether a phrase holds the word, or another of its stem."""
        return any(stem in self.stems for stem in stem_word(word))

    def _match_by_sound(self, word: str) -> str | None:
        heard = phonetic_key(word)
        return self.by_sound.get(heard) if len(heard) >= MIN_SOUND_LENGTH else None

    def _match_by_typos(self, word: str) -> str | None:
        borne = next((mistakes for letters, mistakes in ALLOWED_TYPOS if len(word) >= letters), 0)
        candidates = self.by_first.get(phonetic_key(word)[:1], ()) if borne else ()
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=borne, limit=8)
        sure = (
            known
            for known, far, _ in found
            if _has_same_consonants(word, known) or (far == 1 and len(word) >= FREE_TYPO_LENGTH)
        )
        return next(sure, None)

    def _match_by_prefix(self, word: str) -> str | None:
        if len(word) < MIN_PREFIX_LENGTH:
            return None
        longer = [known for known in self.by_first.get(phonetic_key(word)[:1], ()) if known.startswith(word)]
        following = {known[len(word)] for known in longer}
        return min(longer, key=len) if len(following) == 1 else None


def build_vocabulary(phrases: Iterable[str], known_phrases: Iterable[str] = ()) -> Vocabulary:
    """The vocabulary of phrases; words of others are known too, but nothing is mended to them."""
    words = {word for text in phrases for word in WORD.findall(fold(text)) if word not in STOP_WORDS} | set(
        load_word_families()
    )
    long = sorted(
        (word for word in words if len(word) >= MIN_WORD_LENGTH and word.isalpha()), key=lambda w: (len(w), w)
    )
    by_first: dict[str, list[str]] = defaultdict(list)
    by_sound: dict[str, str] = {}
    for word in long:
        by_first[phonetic_key(word)[:1]].append(word)
        by_sound.setdefault(phonetic_key(word), word)
    known = words | {word for text in known_phrases for word in WORD.findall(fold(text))}
    known_stems = frozenset(stem for word in known for stem in stem_word(word))
    return Vocabulary(known_stems, by_sound, {first: tuple(found) for first, found in by_first.items()})


def phonetic_key(word: str) -> str:
    """A folded word as it sounds in French, nearly; what is not heard at its end is left out."""
    for pattern, heard in _SOUND_RULES:
        word = pattern.sub(heard, word)
    return word


def _has_same_consonants(word: str, other: str) -> bool:
    """Whether two words have the same consonants, as they sound."""
    return _VOWELS.sub("", phonetic_key(word)) == _VOWELS.sub("", phonetic_key(other))


@cache
def load_everyday_words() -> frozenset[str]:
    """Everyday words near a word of trades, which must be left as they are."""
    return frozenset(_read_data_file("ordinary.txt").split())


@cache
def load_short_forms() -> dict[str, str]:
    """Short and SMS forms to the word meant, one a line."""
    return dict(line.split() for line in _read_data_file("short_forms.txt").splitlines())


def _read_data_file(name: str) -> str:
    return (resources.files("oim.features.occupations") / name).read_text(encoding="utf-8")
