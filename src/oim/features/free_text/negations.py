"""What a text negates, in its scope: « tout sauf ménage », "anything but security", "I no want farm again".

A cue says that something is excluded, that somebody else does it, or only that the writer does not have it;
what follows it (or stands before it) up to the end of its scope is what the cue speaks of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from oim.features.free_text.words import WordText


class Sort(StrEnum):
    """What is said of the words in a scope."""

    EXCLUDED = "excluded"  # unwanted
    LACKED = "lacked"  # the writer does not have it, which says nothing of wanting it


@dataclass(frozen=True, slots=True)
class Negation:
    """Words that are negated: where they stand in the normal form of the text, from the cue on or to it.

    What the cue speaks of stands from `scope_start` to `scope_end`.
    """

    sort: Sort
    start: int
    end: int
    scope_start: int
    scope_end: int


def _any(words: str) -> str:
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"


_NOT = _any("pas pa plus plu jamais jame jamai")
# Between « pas » and what is not wanted: « pas de poste de », "not want to work as a".
_LINK = (
    r"(?:(?:jamais|jame|non plus|any|again|ever|de nouveau|encore|want|wan|like|love|be|do|doing|to|try|work|"
    r"works|job|jobs|working|accept|take|offer|send me|put me|give me|show me|a|an|as|in|for|with|the|some|de|d|"
    r"du|des|le|la|les|l|un|une|en|dans|a|comme|pour|etre|faire|fere|travailler|travail de|emploi de|poste de|"
    r"postes de|boulot de|bolo de|taf de|metier de|chez|at|find|find work for) )*"
)
_WISH_FR = _any(
    "veux veut vx ve jve voudrais voudrai voulons cherche cherchons recherche aime supporte souhaite desire ferai "
    "fais fait faire suis sui jsui jsuis serai sommes propose proposez donne donnez envoie envoyez mets mettez "
    "parle parlez tiens travaillerai travaille peux reprendrai retourne retournerai"
)
_EXCEPT = (
    r"(?:sauf|sof|hormis|hors(?! d)|excepte|exepte|a part|except|xcept|exept|excluding|apart from|aside from|"
    r"other than|anything but|all but|autre chose que|plutot que|au lieu d e?|instead of|rather than|"
    r"no interest in|aucun interet pour)"
)
_TIRED = (
    r"(?:don tire for|done tire for|tired of|tire for|fed up with|sick of|marre d e?|marre|ras le bol d e?|"
    r"fatigue d e?|degoute d e?|laisse tomber|laissez tomber|j ai arrete|arrete d e?|stop d|enough of|away from)"
)
_NOT_KNOWING = r"(?<!je )(?<!elle )(?<!il )(?<!ils )(?<!tu )(?<!on )(?<!say )"
_PAPER = (
    r"(?:experience|diplom\w*|certificat\w*|degree|paper\w*|papier\w*|permis|licen[cs]e|argent|money|dos)"
)
# Each cue is followed by its scope. The first that matches at a position counts.
_FORWARD: tuple[tuple[Sort, str], ...] = (
    # « je n'ai pas de diplôme », "I no get paper", « sans permis », "never travelled": nothing is unwanted.
    (Sort.LACKED, rf"(?:(?:n|ne|j) )*(?:ai|a|as|avons|ont|avais|possede|g|gai|jai) {_NOT}(?: encore)?"),
    (Sort.LACKED, r"(?:have|has|had|get|got|with) no(?! (?:problem|interest|need|wish)\b)"),
    (Sort.LACKED, r"(?:no|never|neva|don t|dont|do not|didn t|haven t|hasn t) (?:dey )?(?:get|have|got|finish)"
                  r"(?! interest)"),
    (Sort.LACKED, rf"(?:no|sans|without|sins) (?=(?:\w+ ){{0,2}}{_PAPER}\b)"),
    (Sort.LACKED, r"(?:sans|without) (?=travail|emploi|work|job)"),
    (Sort.LACKED, r"(?<!will )(?<!go )(?:never|neva)(?! (?:again|want|be|ever)\b)"),
    (Sort.EXCLUDED, rf"{_EXCEPT} {_LINK}"),
    (Sort.EXCLUDED, rf"{_TIRED} {_LINK}"),
    (Sort.EXCLUDED, rf"(?:(?:ne|n|me|le|la|les|lui) )*{_WISH_FR} (?:\w+ )?{_NOT} {_LINK}"),
    (Sort.EXCLUDED, rf"ya pas mo {_LINK}"),
    (Sort.EXCLUDED, rf"(?:plus jamais|plu jame|plu jamai|jamais plus|never again|no more|nomore) {_LINK}"),
    (Sort.EXCLUDED, rf"plus (?=d |de ){_LINK}"),
    (Sort.EXCLUDED, rf"(?:do not|don t|dont|doesn t|cannot|can t|cant|cnt|could not|would not|wouldn t|will not|"
                    rf"won t|wont|never|neva|no longer|not) {_LINK}"),
    # In Camfranglais « je no » is "I know".
    (Sort.EXCLUDED, rf"{_NOT_KNOWING}no (?:(?:want|wan|fit|go|di|be|dey|like|do|ever) )*{_LINK}"),
    (Sort.EXCLUDED, rf"(?:pas|pa) {_LINK}"),
    (Sort.EXCLUDED, rf"ni {_LINK}"),
)  # fmt: skip
_FORWARD_CUE = re.compile(
    rf"(?<!\S)(?:{'|'.join(f'(?P<c{number}>{cue})' for number, (_, cue) in enumerate(_FORWARD))})(?!(?<=\S)\S)"
)
# « X, je ne veux plus faire ça »: the words before, up to which a statement goes, are meant.
_PRONOUN = re.compile(r"(?:am|ca|cela|it|that|this|them|dat|again|any more|anymore|[ ,])+$")
# A clause that these end is spoken of as a whole: « Chauffeur c'est fini », "my sister cooks, not me".
_BACKWARD_CUE = re.compile(
    r"(?<!\S)(?:, )?(?:(?:et |mais )?(?:pas moi|moi (?:non|pas)|not me|no be me|not for me|pas pour moi)|"
    r"(?:c est|cest|est) (?:fini|over)(?: pour moi| for me)?|(?:is|don) (?:over|finish)(?= [,.;]|$)|"
    r"non(?= [,.;!]|$))(?!\S)"
)
# What begins with one of these is no negation at all: « pas loin de », "not only", « pas seulement ».
_HARMLESS = re.compile(
    rf"(?<!\S)(?:{_NOT}|not|no|pas) (?:loin|far|seulement|only|just|que|mal|bad|grave|problem\w*|probleme\w*|wahala|"
    r"matter|importe|difficile|encore|yet|sure|sur|trop|too|beaucoup|much|forcement|necessairement|cher|plus de|"
    r"moins de|more than|less than|peur|afraid|malade|que je|longtemps|long)\b|pourquoi pas|why not|pas vrai|"
    r"n est ce pas|isn t it|ou (?:bien )?(?:y a )?pas|or not|no good|no\b(?= ca| sa| que)"
)
_SCOPE_END = re.compile(
    r"(?<!\S)(?:[.;:!?()]|mais|me|but|plutot|juste|seulement|uniquement|only|parce|car|because|cause|since|sinon|"
    r"j|je|jsui|jve|jch|jcherche|moi|i|ma|mon|mes|my|we|on|nous|c|cest|na|make|give|donne|donnez|is there|y a|"
    r"otr|autre|something|quelque chose|je|si|if|so|donc|alors|s il|svp|please|abeg|meme)(?!\S)"
)
_LIST_GOES_ON = re.compile(r", (?:ni|nor|or|ou|et|and|pas|no|not|neither|encore moins)(?!\S)")
_STATEMENT = re.compile(r"(?<!\S)(?:[.;:!?()]|mais|but|parce|because)(?!\S)")


def find_negations(words: WordText) -> list[Negation]:
    """The negated words of a text, in their order; ranges do not overlap."""
    found: list[Negation] = []
    harmless = [match.start() for match in _HARMLESS.finditer(words.normal)]
    position = 0
    while match := _FORWARD_CUE.search(words.normal, position):
        position = match.end()
        if any(match.start() <= start < match.end() for start in harmless):
            continue
        sort = _FORWARD[int((match.lastgroup or "c0")[1:])][0]
        end = _find_scope_end(words.normal, match.end())
        start, scope = match.start(), (match.end(), end)
        if sort is Sort.EXCLUDED and _PRONOUN.match(words.normal[match.end() : end]):
            start = _find_statement_start(words.normal, start)
            scope = (start, match.start())
        if words.normal[scope[0] : scope[1]].strip(" ,"):
            found.append(Negation(sort, start, end, *scope))
            position = end
    return sorted([*found, *_find_backwards(words, found)], key=lambda negation: negation.start)


def _find_scope_end(normal: str, start: int) -> int:
    """Where the scope that begins at `start` ends: at another clause, or at a comma that no list follows."""
    stop = _SCOPE_END.search(normal, start)
    end = stop.start() if stop else len(normal)
    comma = normal.find(",", start, end)
    while comma != -1 and _LIST_GOES_ON.match(normal, comma):
        comma = normal.find(",", comma + 1, end)
    return end if comma == -1 else comma


def _find_statement_start(normal: str, end: int) -> int:
    """Where the statement that ends at `end` begins."""
    return max((stop.end() + 1 for stop in _STATEMENT.finditer(normal[:end])), default=0)


def _find_backwards(words: WordText, found: list[Negation]) -> list[Negation]:
    """The clauses that a cue after them negates, where nothing in them was found already."""
    negations = []
    for match in _BACKWARD_CUE.finditer(words.normal):
        # Up to the comma before: the clause alone; of « A est infirmière, pas moi » the one before the comma.
        before = words.normal[: match.start()].rstrip(" ,")
        ends = [stop.end() for stop in _STATEMENT.finditer(before)] + [before.rfind(",") + 1]
        start = max(ends)
        if before[start:].strip() and not any(n.start < match.end() and start < n.end for n in found):
            start += before[start] == " "
            negations.append(Negation(Sort.EXCLUDED, start, match.end(), start, match.start()))
    return negations
