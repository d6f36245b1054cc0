"""The plain forms that a title stands for: both genders, the singular, the noun last.

Classifications write titles for registers (« Maçon / Maçonne en pierre », « Law Teachers, Postsecondary »);
people and labels say « maçon en pierre », « postsecondary law teacher ».
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from oim.kit.text import fold

MAX_FORMS = 2  # forms that one title is asked by: each costs an embedding
MAX_TAIL_WORDS = 3  # words after a comma that still belong before the noun
_FRENCH = re.compile(
    r"[àâçéèêëîïôùûœ]|\b(?:de|du|des|le|la|les|en|et|au|aux|sur|pour|chez|par)\b|\b[dl]['’]", re.I
)
_ENGLISH = re.compile(r"\b(?:and|of|the|for|in|with|or)\b", re.I)
_WORD = re.compile(r"\w")
_EXCLUSION = re.compile(r",?\s*\b(?:except|not elsewhere|all other|other than)\b.*$", re.I)
_BRACKETED_EXCLUSION = re.compile(r"\s*\((?:hors|sauf|hormis|except)\b[^)]*\)", re.I)
_AFTER_HEAD = frozenset({"and", "or", "of", "in", "for", "to", "&", "/", "except"})
_PLURALS = (
    (re.compile(r"men$", re.I), "man"),
    (re.compile(r"(?<=..)ies$", re.I), "y"),
    (re.compile(r"(?<=(?:ss|sh|ch))es$|(?<=x)es$", re.I), ""),
    (re.compile(r"(?<=..)(?<![su])(?<!i)s(?<!ings)$", re.I), ""),
)
MAX_TITLE_LENGTH = 200  # characters: more is a document, whose slashes mean something else
_SPACED_SLASH = re.compile(r"\s+/\s+")
_JOINED_SLASH = re.compile(r"\b(\w{4,})/(\w{4,})\b")
JOINED_PREFIX_LENGTH = 4  # letters that words joined by a slash begin with in common: Abogado/Abogada
PREFIX_LENGTH = 2


def query_forms(title: str) -> tuple[str, ...]:
    """One or two forms to look a title up by, in lower case but for acronyms."""
    if len(title) > MAX_TITLE_LENGTH:
        return (title,)
    written = " ".join(title.split())
    bare = _EXCLUSION.sub("", _BRACKETED_EXCLUSION.sub("", written))
    bare = bare if _WORD.search(bare) else written
    told = [normalise_title(form) for form in split_genders(bare)]
    if len(told) == 1 and _is_english(bare):
        told = [_move_tail_first(_singularise(told[0]))]
    return tuple(dict.fromkeys(told))[:MAX_FORMS]


def normalise_title(text: str) -> str:
    """A label as it is compared: in lower case but for acronyms; a document stays as it is written."""
    if len(text) > MAX_TITLE_LENGTH:
        return text
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in text.split())


def _is_english(text: str) -> bool:
    if _FRENCH.search(text) or _ENGLISH.search(text):
        return not _FRENCH.search(text)
    return str(_load_language_identifier().classify(text)[0]) == "en"


def _move_tail_first(text: str) -> str:
    noun, comma, tail = text.partition(", ")
    short = "," not in tail and " and " not in tail and len(tail.split()) <= MAX_TAIL_WORDS
    return f"{tail} {noun}" if comma and noun and short else text


def _singularise(text: str) -> str:
    """The nouns that end a phrase of the title in the singular."""
    words = text.split()
    after = [*words[1:], "and"][: len(words)]
    return " ".join(
        _singularise_word(word) if word.endswith((",", ";")) or fold(following) in _AFTER_HEAD else word
        for word, following in zip(words, after, strict=True)
    )


def _singularise_word(word: str) -> str:
    core = word.rstrip(",;")
    for plural, singular in _PLURALS:
        if len(core) > 3 and plural.search(core):
            return plural.sub(singular, core) + word[len(core) :]
    return word


@cache
def _load_language_identifier() -> Any:
    """The model takes a second to load: once, at the first title that no word gives away."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", "fr"])
    return identifier


def split_genders(text: str) -> tuple[str, ...]:
    """The masculine and the feminine form; the text alone where it does not give two."""
    if len(text) > MAX_TITLE_LENGTH:
        return (text,)
    spaced = _JOINED_SLASH.sub(_space_slash, text)
    forms = (_keep_form(spaced, second=False), _keep_form(spaced, second=True))
    return tuple(dict.fromkeys(forms)) if all(forms) and _SPACED_SLASH.search(spaced) else (text,)


def _space_slash(match: re.Match[str]) -> str:
    first, second = fold(match[1]), fold(match[2])
    return (
        f"{match[1]} / {match[2]}"
        if first[:JOINED_PREFIX_LENGTH] == second[:JOINED_PREFIX_LENGTH]
        else match[0]
    )


def _keep_form(text: str, *, second: bool) -> str:
    """The text with one form kept at each slash."""
    while (parts := _SPACED_SLASH.split(text, maxsplit=1))[1:]:
        left, right = parts[0].split(), parts[1].split()
        shared = _count_repeated_words(left, right)
        text = " ".join(left[: len(left) - shared] + right if second else left + right[shared:])
    return text


def _count_repeated_words(left: list[str], right: list[str]) -> int:
    """How many words before the slash are said again after it."""
    most = min(len(left), len(right))
    for count in range(most, 0, -1):
        if all(_has_same_prefix(a, b) for a, b in zip(left[-count:], right, strict=False)):
            return count
    return min(most, 1)


def _has_same_prefix(word: str, other: str) -> bool:
    return fold(word)[:PREFIX_LENGTH] == fold(other)[:PREFIX_LENGTH]
