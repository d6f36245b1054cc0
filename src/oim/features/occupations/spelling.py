"""Correct words typed on a phone to words of our tables: "chaufeur", "elektricien", "coutur".

A word is corrected only when no table has it and it is not an everyday word of French, English or Pidgin:
first as a known short form, then by its sound, then by a few typing mistakes, last as the beginning of a
longer word.
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

from oim.features.occupations.text_terms import STOP_WORDS, WORD, load_word_families, stem_in_both_languages
from oim.kit.text import fold

_VOWELS = re.compile("[aeiou]")
MIN_WORD_LENGTH = 5  # letters of a word that is corrected other than as a short form
MIN_SOUND_LENGTH = 4  # letters of a phonetic key that is long enough to mean one word
# (letters of a word, mistakes allowed in it) when the consonants sound the same; the first that fits counts.
ALLOWED_TYPOS = ((9, 2), (7, 1))
FREE_TYPO_LENGTH = 10  # letters from which one mistake is allowed even when the consonants differ
MIN_PREFIX_LENGTH = 6  # letters that may stand for one longer word
CACHE_SIZE = 50_000  # corrections remembered before all of them are dropped
# Applied in this order to a folded word. Endings that are not heard go first; then spellings of one sound
# become one letter ("6" for ch and sh, so that the later rules for c, s and h leave it alone); doubled
# letters go last.
_SOUND_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[sxz]$", ""),
        (r"(?<=.{3})e$", ""),  # "couture" as "coutur"
        (r"(?<=.{3})(er|e|[td])$", ""),  # "menuisier" as "menuisi", which "menuisie" becomes, too
        (r"tion", "sion"),
        (r"ph", "f"),
        (r"[cs]h", "6"),
        (r"qu|ck|c(?![eiy])", "k"),
        (r"c", "s"),  # before e, i and y only: the rule above took the others
        (r"eau|au", "o"),
        (r"ai|ei", "e"),
        (r"ou|oo|w", "u"),
        (r"y", "i"),
        (r"z", "s"),
        (r"m(?=[bp])", "n"),  # "plombier" as "plonbier"
        (r"h", ""),
        (r"en(?=[^aeiou])", "an"),  # "vendeur" as "vandeur"
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True)
class Vocabulary:
    """The words that phrases are made of, by stem and by sound; it corrects other words to them."""

    stems: frozenset[str]
    by_sound: dict[str, str]  # phonetic key to word
    by_first: dict[str, tuple[str, ...]]  # first letter of a phonetic key to words, shortest first
    corrections: dict[str, str] = field(default_factory=dict)  # a cache: words met before to their correction

    def correct_word(self, word: str) -> str:
        """Return the word that a folded word is meant to be, or the word itself when that is not sure."""
        correction = self.corrections.get(word)
        if correction is None:
            # Anybody can send any words: without a bound the cache would fill the memory.
            if len(self.corrections) >= CACHE_SIZE:
                self.corrections.clear()
            correction = self.corrections[word] = self._find_correction(word)
        return correction

    def _find_correction(self, word: str) -> str:
        """Try the ways to correct a word, from the surest to the least sure."""
        if (full_word := load_short_forms().get(word)) is not None:
            return full_word
        if (
            len(word) < MIN_WORD_LENGTH
            or not word.isalpha()
            or word in load_everyday_words()
            or self.is_known(word)
        ):
            return word
        return self._match_by_sound(word) or self._match_by_typos(word) or self._match_by_prefix(word) or word

    def is_known(self, word: str) -> bool:
        """Whether a phrase contains the word, or another word of its stem."""
        return any(stem in self.stems for stem in stem_in_both_languages(word))

    def _match_by_sound(self, word: str) -> str | None:
        """Return the word that sounds the same: "elektricien" is "electricien"."""
        sound = phonetic_key(word)
        return self.by_sound.get(sound) if len(sound) >= MIN_SOUND_LENGTH else None

    def _match_by_typos(self, word: str) -> str | None:
        """Return the nearest word within the allowed number of typing mistakes."""
        max_typos = next((mistakes for letters, mistakes in ALLOWED_TYPOS if len(word) >= letters), 0)
        # Only words of the same first sound are compared: people rarely mistype the first letter.
        candidates = self.by_first.get(phonetic_key(word)[:1], ()) if max_typos else ()
        # OSA (optimal string alignment) counts letters added, dropped and replaced, and neighbours swapped.
        nearest = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=max_typos, limit=8)
        matches = (
            known
            for known, distance, _ in nearest
            if _has_same_consonants(word, known) or (distance == 1 and len(word) >= FREE_TYPO_LENGTH)
        )
        return next(matches, None)

    def _match_by_prefix(self, word: str) -> str | None:
        """Return the shortest word that begins with this one: "infirm" is "infirmier"."""
        if len(word) < MIN_PREFIX_LENGTH:
            return None
        longer = [known for known in self.by_first.get(phonetic_key(word)[:1], ()) if known.startswith(word)]
        # Words that go on with different letters are different trades: none of them is sure.
        next_letters = {known[len(word)] for known in longer}
        return min(longer, key=len) if len(next_letters) == 1 else None


def build_vocabulary(phrases: Iterable[str], known_phrases: Iterable[str] = ()) -> Vocabulary:
    """Build the vocabulary of phrases.

    Words of `known_phrases` are known, too, so that they stay as typed; but nothing is corrected to them.
    """
    words = {word for text in phrases for word in WORD.findall(fold(text)) if word not in STOP_WORDS} | set(
        load_word_families()
    )
    # Shortest first, then by alphabet: of words that sound the same, the base form is the correction, always
    # the same one.
    targets = sorted(
        (word for word in words if len(word) >= MIN_WORD_LENGTH and word.isalpha()), key=lambda w: (len(w), w)
    )
    by_first: dict[str, list[str]] = defaultdict(list)
    by_sound: dict[str, str] = {}
    for word in targets:
        by_first[phonetic_key(word)[:1]].append(word)
        by_sound.setdefault(phonetic_key(word), word)
    known = words | {word for text in known_phrases for word in WORD.findall(fold(text))}
    known_stems = frozenset(stem for word in known for stem in stem_in_both_languages(word))
    return Vocabulary(known_stems, by_sound, {first: tuple(group) for first, group in by_first.items()})


def phonetic_key(word: str) -> str:
    """Write a folded word roughly as it sounds in French, its silent ending cut: "mekanik" of "mecanique"."""
    for pattern, sound in _SOUND_RULES:
        word = pattern.sub(sound, word)
    return word


def _has_same_consonants(word: str, other: str) -> bool:
    """Whether two words have the same consonants in the same order, as they sound."""
    return _VOWELS.sub("", phonetic_key(word)) == _VOWELS.sub("", phonetic_key(other))


@cache
def load_everyday_words() -> frozenset[str]:
    """Return everyday words that resemble a word of the tables and must not be corrected to it."""
    return frozenset(_read_data_file("everyday_words.txt").split())


@cache
def load_short_forms() -> dict[str, str]:
    """Return the words meant by short and SMS forms: "chauf" is "chauffeur"."""
    return dict(line.split() for line in _read_data_file("short_forms.txt").splitlines())


def _read_data_file(name: str) -> str:
    """Return the text of a data file of this package."""
    return (resources.files("oim.features.occupations") / name).read_text(encoding="utf-8")
