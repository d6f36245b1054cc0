"""What a text negates, in its scope: « tout sauf ménage », "anything but security", "I no want farm again".

A cue says that something is not wanted, that somebody else does it, or only that the writer does not have it.
It speaks of what follows it up to the end of its scope, or, as « pas moi » does, of the clause before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from oim.features.free_text.words import WordText

MAX_NEGATIONS = 12  # that are read of one text: nobody excludes more, and each costs time


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
    """A pattern for any of some words; `_` stands for a space within one."""
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"


_NOT = _any("pas pa plus plu jamais jame jamai")
# Between « pas » and what is not wanted: « pas de poste de », "not want to work as a".
_LINK_WORDS = _any(
    """
    jamais jame non_plus any again ever de_nouveau encore want wan like love be do doing to try work
    works job jobs working accept take offer send_me put_me give_me show_me a an as in for with the some
    de d du des le la les l un une en dans comme pour etre faire fere travailler travail_de emploi_de
    poste_de postes_de boulot_de bolo_de taf_de metier_de chez at find find_work_for
    """
)
_LINK = rf"(?:{_LINK_WORDS} )*"
_WISH_FR = _any(
    """
    veux veut vx ve jve voudrais voudrai voulons cherche cherchons recherche aime supporte souhaite
    desire ferai fais fait faire suis sui jsui jsuis serai sommes propose proposez donne donnez envoie
    envoyez mets mettez parle parlez tiens travaillerai travaille peux reprendrai retourne retournerai
    """
)
_EXCEPT = (
    "(?:sauf|sof|hormis|hors(?! d)|excepte|exepte|a part|except|xcept|exept|excluding|apart from|aside from|"
    "other than|anything but|all but|autre chose que|plutot que|au lieu d e?|instead of|rather than|"
    "no interest in|aucun interet pour)"
)
_TIRED = (
    "(?:don tire for|done tire for|tired of|tire for|fed up with|sick of|marre d e?|marre|ras le bol d e?|"
    "fatigue d e?|degoute d e?|laisse tomber|laissez tomber|j ai arrete|arrete d e?|enough of|away from)"
)
_AUXILIARY = _any(
    "don_t dont do_not doesn_t cannot can_t cant cnt could_not would_not wouldn_t will_not won_t wont"
)
_PAPER = (
    r"(?:experience|diplom\w*|certificat\w*|degree|paper\w*|papier\w*|permis|licen[cs]e|argent|money|dos)"
)
_NO_MORE = "(?:plus jamais|plu jame|plu jamai|jamais plus|never again|no more|nomore)"
# In Camfranglais « je no » is "I know".
_NOT_KNOWING = "(?<!je )(?<!elle )(?<!il )(?<!ils )(?<!tu )(?<!on )(?<!say )"
# Each cue is followed by its scope. The first that matches at a position counts.
_FORWARD: tuple[tuple[Sort, str], ...] = (
    # « je n'ai pas de diplôme », "I no get paper", « sans permis », "never travelled": nothing is unwanted.
    (Sort.LACKED, rf"(?:(?:n|ne|j) )*(?:ai|a|as|avons|ont|avais|possede|g|gai|jai) {_NOT}(?: encore)?"),
    (Sort.LACKED, r"(?:have|has|had|get|got|with) no(?! (?:problem|interest|need|wish)\b)"),
    (Sort.LACKED, "(?:no|never|neva|don t|dont|do not|didn t|haven t|hasn t) (?:dey )?(?:get|have|got|finish)"
                  "(?! interest)"),
    (Sort.LACKED, rf"(?:no|sans|without|sins) (?=(?:\w+ ){{0,2}}{_PAPER}\b)"),
    (Sort.LACKED, "(?:sans|without) (?=travail|emploi|work|job)"),
    (Sort.LACKED, r"(?<!will )(?<!go )(?:never|neva)(?! (?:again|want|be|ever)\b)"),
    (Sort.EXCLUDED, rf"{_EXCEPT} {_LINK}"),
    (Sort.EXCLUDED, rf"{_TIRED} {_LINK}"),
    (Sort.EXCLUDED, rf"(?:(?:ne|n|me|le|la|les|lui) )*{_WISH_FR} (?:\w+ )?{_NOT} {_LINK}"),
    (Sort.EXCLUDED, rf"ya pas mo {_LINK}"),
    (Sort.EXCLUDED, rf"{_NO_MORE} {_LINK}"),
    (Sort.EXCLUDED, rf"plus (?=d |de ){_LINK}"),
    (Sort.EXCLUDED, rf"(?:{_AUXILIARY}|never|neva|no longer|not) {_LINK}"),
    (Sort.EXCLUDED, rf"{_NOT_KNOWING}no (?:(?:want|wan|fit|go|di|be|dey|like|do|ever) )*{_LINK}"),
    (Sort.EXCLUDED, rf"(?:pas|pa) {_LINK}"),
    (Sort.EXCLUDED, rf"ni {_LINK}"),
)  # fmt: skip
_FORWARD_CUE = re.compile(
    r"(?<!\S)(?:"
    + "|".join(f"(?P<c{number}>{cue})" for number, (_, cue) in enumerate(_FORWARD))
    # A cue ends with a word: the next character is a space, or the cue has taken that, too.
    + r")(?!(?<=\S)\S)"
)
# « X, je ne veux plus faire ça »: the words before, up to which a statement goes, are meant.
_PRONOUN = re.compile(r"(?:am|ca|cela|it|that|this|them|dat|again|any more|anymore|[ ,])+$")
# A clause that these end is spoken of as a whole: « Chauffeur c'est fini », "my sister cooks, not me".
_BACKWARD_CUE = re.compile(
    r"(?<!\S)(?:, )?(?:(?:et |mais )?(?:pas moi|moi (?:non|pas)|not me|no be me|not for me|pas pour moi)|"
    r"(?:c est|cest|est|is) (?:fini|over)(?: pour moi| for me)?|(?:is|don) (?:over|finish)(?= [,.;]|$)|"
    r"non(?= [,.;!]|$))(?!\S)"
)
# What begins with one of these is no negation at all: « pas loin de », "not only", « pas seulement ».
_HARMLESS_WORDS = _any(
    r"""
    loin far seulement only just que mal bad good grave problem\w* probleme\w* wahala matter importe
    difficile encore yet sure sur trop too beaucoup much forcement necessairement cher plus_de moins_de
    more_than less_than peur afraid malade longtemps long
    """
)
_HARMLESS = re.compile(
    rf"(?<!\S)(?:{_NOT}|not|no) {_HARMLESS_WORDS}\b|pourquoi pas|why not|pas vrai|n est ce pas|isn t it|"
    r"ou (?:bien )?(?:y a )?pas|or not|\bno\b(?= ca| sa| que)"
)
_SCOPE_END_WORDS = _any(
    """
    mais me but plutot juste seulement uniquement only parce car because cause since sinon j je jsui jve
    jch jcherche moi i ma mon mes my we on nous c cest na make give donne donnez is_there y_a otr autre
    something quelque_chose si if so donc alors s_il svp please abeg meme
    """
)
_SCOPE_END = re.compile(rf"(?<!\S)(?:[.;:!?()]|{_SCOPE_END_WORDS})(?!\S)")
_LIST_GOES_ON = re.compile(r", (?:ni|nor|or|ou|et|and|pas|no|not|neither|encore moins)(?!\S)")
_STATEMENT_END = re.compile(r"(?<!\S)(?:[.;:!?()]|mais|but|parce|because)(?!\S)")


def find_negations(words: WordText) -> list[Negation]:
    """The negated words of a text, in their order, at most `MAX_NEGATIONS`; their ranges may overlap."""
    statement_ends = [match.end() for match in _STATEMENT_END.finditer(words.normal)]
    forward = _find_forward(words.normal, statement_ends)
    backward = _find_backward(words.normal, statement_ends, forward)
    return sorted([*forward, *backward], key=lambda negation: negation.start)[:MAX_NEGATIONS]


def _find_forward(normal: str, statement_ends: list[int]) -> list[Negation]:
    """What the cues before their scope negate."""
    negations: list[Negation] = []
    harmless = [match.span() for match in _HARMLESS.finditer(normal)]
    position = 0
    while len(negations) < MAX_NEGATIONS and (match := _FORWARD_CUE.search(normal, position)):
        position = match.end()
        if any(start < match.end() and match.start() < end for start, end in harmless):
            continue
        sort = _FORWARD[int((match.lastgroup or "c0")[1:])][0]
        start, end = match.start(), _find_scope_end(normal, match.end())
        scope = (match.end(), end)
        if sort is Sort.EXCLUDED and _PRONOUN.match(normal[match.end() : end]):
            start = _find_statement_start(statement_ends, start)
            scope = (start, match.start())
        if normal[scope[0] : scope[1]].strip(" ,"):
            negations.append(Negation(sort, start, end, *scope))
            position = end
    return negations


def _find_scope_end(normal: str, start: int) -> int:
    """Where the scope that begins at `start` ends: at another clause, or at a comma that no list follows."""
    stop = _SCOPE_END.search(normal, start)
    end = stop.start() if stop else len(normal)
    comma = normal.find(",", start, end)
    while comma != -1 and _LIST_GOES_ON.match(normal, comma):
        comma = normal.find(",", comma + 1, end)
    return end if comma == -1 else comma


def _find_statement_start(statement_ends: list[int], position: int) -> int:
    """Where the statement begins that `position` stands in."""
    index = bisect_right(statement_ends, position)
    return statement_ends[index - 1] + 1 if index else 0


def _find_backward(normal: str, statement_ends: list[int], forward: list[Negation]) -> list[Negation]:
    """The clauses that a cue after them negates, except those that hold one of `forward`."""
    negations: list[Negation] = []
    for match in _BACKWARD_CUE.finditer(normal):
        # Of « A est infirmière, pas moi » the clause is what stands before the comma.
        end = len(normal[: match.start()].rstrip(" ,"))
        comma = normal.rfind(",", 0, end)
        start = max(_find_statement_start(statement_ends, end - 1), comma + 2 if comma != -1 else 0)
        overlaps = any(other.start < match.end() and start < other.end for other in forward)
        if normal[start:end].strip() and not overlaps:
            negations.append(Negation(Sort.EXCLUDED, start, match.end(), start, match.start()))
    return negations
