"""What somebody does not want: trades, kinds of offers and places, read from what their text negates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from oim.features import occupations, places
from oim.features.free_text.kinds import find_kinds, find_refused_kinds, has_course_behind
from oim.features.free_text.negations import Negation, Sort, find_negations
from oim.features.free_text.words import WordText, split_words
from oim.features.opportunities import Kind
from oim.kit.text import fold

MIN_WORD_LENGTH = 3  # of a word that can name a trade
_WORD = re.compile(r"[a-z]+")


def _split(words: str) -> frozenset[str]:
    """A set of the words of a text, to write word lists compactly."""
    return frozenset(words.split())


_FUNCTION_WORDS = _split(
    """
    anything something nothing somebody rien quelque chose quoi again any more encore chez gens people
    there that this avec dans pour les des une the and
    """
)
# Words of a scope that exclude no offer by its title.
_GENERAL_WORDS = _FUNCTION_WORDS | _split(
    """
    travail travay travailler work wok works working job jobs boulot bolo taf emploi poste metier yes
    non night nuit jour day weekend mother father wife husband man woman
    """
)
MAX_SCOPE_WORDS = 12
MIN_SCORE = 0.5  # of a link from words to a trade, from which the words name it
# Groups of ISCO-08 that people exclude together: who drives no car drives no lorry either.
_RELATED_GROUPS = (
    ("832", "833"),
    ("541",),
    ("911", "5152", "9121"),
    ("231", "232", "233", "234", "235"),
    ("512", "513", "941", "7512"),
    ("711", "712", "931"),
    ("7531", "7533", "8153"),
    ("611", "9211", "9213", "9214"),
)


_KIND_TERMS = occupations.extract_stems(
    """
    formation formations cours school ecole lecol skul learn learning training course apprendre aprendr
    apprenti pret credit loan loans prets credits subvention grant financement travail emploi job work
    wok travay boulot
    """
)


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is not wanted. `groups` are beginnings of ISCO-08 codes; a title with one of the stems in `terms`
    is of a trade that is excluded.
    """

    groups: tuple[str, ...] = ()
    terms: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    places: tuple[str, ...] = ()  # codes

    def __bool__(self) -> bool:
        """Whether anything is excluded."""
        return bool(self.groups or self.terms or self.kinds or self.places)

    def excludes(
        self,
        title: str,
        kind: Kind,
        codes: Iterable[str],
        place_codes: Iterable[str | None],
        wished: frozenset[str],
    ) -> bool:
        """Whether an offer is not wanted. `wished`: codes of trades that are, although a group holds them."""
        return (
            kind in self.kinds
            or not self.terms.isdisjoint(_stem_title(title))
            or any(code.startswith(self.groups) for code in codes if code not in wished)
            or any(code is not None and code.startswith(self.places) for code in place_codes)
        )


@dataclass(frozen=True, slots=True)
class Wishes:
    """A text divided: the words that state what is wanted, those about places, and what is excluded.

    `text` has neither what is excluded nor what the writer lacks, `place_text` all but what is excluded.
    """

    text: str
    place_text: str
    exclusions: Exclusions


def read_wishes(text: str) -> Wishes:
    """Divide a text into what is wanted and what is not."""
    words = split_words(text)
    negations = find_negations(words)
    excluded = [negation for negation in negations if negation.sort is Sort.EXCLUDED]
    wished_text = words.remove((negation.start, negation.end) for negation in negations)
    return Wishes(
        text=wished_text,
        place_text=words.remove((negation.start, negation.end) for negation in excluded),
        exclusions=_find_exclusions(words, excluded, fold(wished_text)),
    )


def _find_exclusions(words: WordText, excluded: list[Negation], wished: str) -> Exclusions:
    scopes = [_cut_scope(words, negation) for negation in excluded]
    links = [_link_trades(scope) for scope in scopes]
    kinds = frozenset().union(*map(_find_kinds_alone, scopes))
    if has_course_behind(wished):
        kinds |= {Kind.TRAINING}
    terms = frozenset().union(*map(_find_terms, scopes))
    return Exclusions(
        groups=tuple(sorted({group for codes in links for code in codes for group in _find_related(code)})),
        terms=terms - occupations.extract_stems(wished),
        kinds=kinds - find_kinds(wished),
        places=tuple(place.code for scope in scopes if (place := places.find(scope))),
    )


def _cut_scope(words: WordText, negation: Negation) -> str:
    """The first words of what a negation speaks of: each word is linked to trades, which takes time."""
    return " ".join(words.cut(negation.scope_start, negation.scope_end).split()[:MAX_SCOPE_WORDS])


@lru_cache(maxsize=4096)
def _link_trades(text: str) -> tuple[str, ...]:
    """The ISCO-08 codes of the trades that some words name, together or each by itself."""
    links = list(occupations.link_text(text).occupations)
    links += [link for word in text.split() for link in occupations.link_text(word).occupations]
    return tuple({link.occupation.isco: None for link in links if link.score >= MIN_SCORE})


def _find_related(code: str) -> tuple[str, ...]:
    """The groups that are excluded with an occupation; it alone where none holds it."""
    return next((groups for groups in _RELATED_GROUPS if code.startswith(groups)), (code,))


def _find_kinds_alone(scope: str) -> frozenset[Kind]:
    """The kinds that a scope refuses: « pas de formation », but not « pas de formation d'infirmière »."""
    words = _WORD.findall(fold(scope))
    content_words = [word for word in words if len(word) >= MIN_WORD_LENGTH and word not in _FUNCTION_WORDS]
    is_alone = all(occupations.extract_stems(word) <= _KIND_TERMS for word in content_words)
    return find_refused_kinds(fold(scope)) if is_alone else frozenset()


def _find_terms(scope: str) -> frozenset[str]:
    """The stems by which titles are excluded: of the words that name trades, else of all that mean much."""
    words = _WORD.findall(fold(scope))
    of_trades = [word for word in words if _link_trades(word)]
    meaningful = [word for word in words if len(word) >= MIN_WORD_LENGTH and word not in _GENERAL_WORDS]
    return frozenset(stem for word in of_trades or meaningful for stem in occupations.extract_stems(word))


@lru_cache(maxsize=16384)
def _stem_title(title: str) -> frozenset[str]:
    """The stems of a title; cached, because the same offers are compared with many people."""
    return occupations.extract_stems(title)
