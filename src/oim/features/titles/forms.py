"""Rewrite the title of a classification as the plain forms that people use: one gender, singular, noun last.

Classifications write titles for registers (« Maçon / Maçonne en pierre », « Law Teachers, Postsecondary »);
people and labels write « maçon en pierre », « postsecondary law teacher ».
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from oim.kit.text import fold

MAX_FORMS = 2  # forms by which one title is looked up: each costs an embedding
MAX_TAIL_WORDS = 3  # words after a comma that still belong before the noun
# Letters and short words that give a language away: "é", "de", "l'" for French, "of", "and" for English.
_FRENCH = re.compile(
    r"[àâçéèêëîïôùûœ]|\b(?:de|du|des|le|la|les|en|et|au|aux|sur|pour|chez|par)\b|\b[dl]['’]", re.I
)
_ENGLISH = re.compile(r"\b(?:and|of|the|for|in|with|or)\b", re.I)
_WORD = re.compile(r"\w")
# What a title does not cover: ", except computer", ", All Other", and in French " (hors moto)".
_EXCLUSION = re.compile(r",?\s*\b(?:except|not elsewhere|all other|other than)\b.*$", re.I)
_BRACKETED_EXCLUSION = re.compile(r"\s*\((?:hors|sauf|hormis|except)\b[^)]*\)", re.I)
# Words that follow the head noun of a phrase: "directors" in "Directors of clinics".
_AFTER_HEAD = frozenset({"and", "or", "of", "in", "for", "to", "&", "/", "except"})
_PLURALS = (
    (re.compile(r"men$", re.I), "man"),  # fishermen
    (re.compile(r"(?<=..)ies$", re.I), "y"),  # secretaries
    (re.compile(r"(?<=(?:ss|sh|ch))es$|(?<=x)es$", re.I), ""),  # waitresses
    # "welders", but not "business", "campus", "analysis" or "savings"
    (re.compile(r"(?<=..)(?<![su])(?<!i)s(?<!ings)$", re.I), ""),
)
MAX_TITLE_LENGTH = 200  # characters: more is a document, whose slashes mean something else
_SPACED_SLASH = re.compile(r"\s+/\s+")  # "Maçon / Maçonne"
_JOINED_SLASH = re.compile(r"\b(\w{4,})/(\w{4,})\b")  # "Abogado/Abogada", but also "sauces/condiments"
JOINED_PREFIX_LENGTH = 4  # first letters that two genders joined by a slash share: "Abogado/Abogada"
PREFIX_LENGTH = 2  # first letters that the two genders of a word share: "Chef / Cheffe"


def query_forms(title: str) -> tuple[str, ...]:
    """Return one or two forms to look a title up by, in lower case except for acronyms."""
    if len(title) > MAX_TITLE_LENGTH:
        return (title,)
    written = " ".join(title.split())
    bare = _EXCLUSION.sub("", _BRACKETED_EXCLUSION.sub("", written))
    # "(hors gros)" is nothing but an exclusion: it stays as it is written.
    bare = bare if _WORD.search(bare) else written
    forms = [normalise_title(form) for form in split_genders(bare)]
    # Titles with two genders are French or Spanish: only a single form can need the English rules.
    if len(forms) == 1 and _is_english(bare):
        forms = [_move_tail_first(_singularise(forms[0]))]
    return tuple(dict.fromkeys(forms))[:MAX_FORMS]


def normalise_title(text: str) -> str:
    """Return a label in the form in which labels are compared: lower case except for acronyms, single spaces.

    A text too long to be a title stays as it is written.
    """
    if len(text) > MAX_TITLE_LENGTH:
        return text
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in text.split())


def _is_english(text: str) -> bool:
    """Whether a title is English rather than French; French marks count more than English words."""
    # Loading the identifier takes a second: titles that a word gives away are decided without it.
    if _FRENCH.search(text) or _ENGLISH.search(text):
        return not _FRENCH.search(text)
    return str(_load_language_identifier().classify(text)[0]) == "en"


def _move_tail_first(text: str) -> str:
    """Put a short qualifier before its noun: "teacher, postsecondary" as "postsecondary teacher"."""
    noun, comma, tail = text.partition(", ")
    short = "," not in tail and " and " not in tail and len(tail.split()) <= MAX_TAIL_WORDS
    return f"{tail} {noun}" if comma and noun and short else text


def _singularise(text: str) -> str:
    """Put the nouns that end a phrase of a title into the singular."""
    words = text.split()
    # The word after each word; the last one counts as followed by "and", so that it is singularised, too.
    after = [*words[1:], "and"][: len(words)]
    return " ".join(
        _singularise_word(word) if word.endswith((",", ";")) or fold(following) in _AFTER_HEAD else word
        for word, following in zip(words, after, strict=True)
    )


def _singularise_word(word: str) -> str:
    """Put one English word into the singular; a comma or semicolon at its end stays."""
    core = word.rstrip(",;")
    for plural, singular in _PLURALS:
        if len(core) > 3 and plural.search(core):
            return plural.sub(singular, core) + word[len(core) :]
    return word


@cache
def _load_language_identifier() -> Any:
    """Load the model that tells French from English, at the first title that needs it: it takes a second."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", "fr"])
    return identifier


def split_genders(text: str) -> tuple[str, ...]:
    """Return the masculine and the feminine form of a title, or the title alone when it has only one."""
    if len(text) > MAX_TITLE_LENGTH:
        return (text,)
    spaced = _JOINED_SLASH.sub(_space_slash, text)
    forms = (_choose_form(spaced, second=False), _choose_form(spaced, second=True))
    return tuple(dict.fromkeys(forms)) if all(forms) and _SPACED_SLASH.search(spaced) else (text,)


def _space_slash(match: re.Match[str]) -> str:
    """Put spaces around a slash between two genders of one word; leave "Sauces/condiments" as it is."""
    first, second = fold(match[1]), fold(match[2])
    return (
        f"{match[1]} / {match[2]}"
        if first[:JOINED_PREFIX_LENGTH] == second[:JOINED_PREFIX_LENGTH]
        else match[0]
    )


def _choose_form(text: str, *, second: bool) -> str:
    """Return the text with only the first, or only the second, form at each slash."""
    # A title may have several slashes: "Agent / Agente de bureau principal / principale des eaux".
    while (parts := _SPACED_SLASH.split(text, maxsplit=1))[1:]:
        left, right = parts[0].split(), parts[1].split()
        shared = _count_repeated_words(left, right)
        text = " ".join(left[: len(left) - shared] + right if second else left + right[shared:])
    return text


def _count_repeated_words(left: list[str], right: list[str]) -> int:
    """Count the words before a slash that the words after it repeat in the other gender.

    Two in « Éleveur avicole / Éleveuse avicole au sol »; one when no words look alike: « Homme / Femme ».
    """
    longest = min(len(left), len(right))
    for count in range(longest, 0, -1):
        if all(_has_same_prefix(a, b) for a, b in zip(left[-count:], right, strict=False)):
            return count
    return min(longest, 1)


def _has_same_prefix(word: str, other: str) -> bool:
    """Whether two words begin with the same letters, case and accents aside."""
    return fold(word)[:PREFIX_LENGTH] == fold(other)[:PREFIX_LENGTH]
