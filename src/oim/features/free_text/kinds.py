"""The kinds of offers that a text asks for, and those that it says it has no use for."""

from __future__ import annotations

import re

from oim.features.opportunities import Kind

# Words that ask for a kind of offer, in folded text.
_WISHES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.AGR,
        # "un prêt pour mes poules", but not the adjective "prêt à travailler" nor "prêt-à-porter";
        # "financement", but not "financier", "financial", "finances".
        re.compile(
            r"\b(prets?(?![ -]a\b)|credits?|micro-?credits?|loans?|subventions?|grants?|fund(s|ing)?|capital|"
            r"financ(?!i(er|al)|es?\b)\w+|entrepren\w+|startup|installer a mon compte|agr|"
            r"activites? generatrices?|mon (propre )?(business|commerce|projet|activite)|"
            r"(own|small|my) (business|shop|trade))\b"
        ),
    ),
    (
        Kind.TRAINING,
        # "cours d'anglais", but not "licence en cours" nor "au cours de ma carrière".
        re.compile(
            r"\b(formations?|me former|apprendre|apprenti\w*|(?<!en )(?<!au )cours|stages? de formation|"
            r"certificat\w*|training|be trained|learn\w*|courses?|cqp|dqp)\b"
        ),
    ),
    (
        Kind.EMPLOYMENT,
        re.compile(
            r"\b(emplois?|boulot|travail\w*|cdi|cdd|salarie\w*|recrut\w+|embauche\w*|jobs?|hired?|employment)\b"
        ),
    ),
)
# Courses that somebody gives, or has behind them: « je forme trois apprentis », "I finished a course".
_COURSE_GIVEN_OR_DONE = re.compile(
    r"\b(?:"
    r"(?:je |qui |i )(?:forme|donne des cours|apprends? aux|enseigne|train(?! as| to| in)|teach)\b[^.;!?]*|"
    r"(?:j'ai|g|jai|gai|ayant|apres) (?:(?:deja|bien) )?(?:fini|suivi|termine|fait|fe|acheve|obtenu|eu)\w*"
    r"[^.;!?,]{0,40}?(?:formation|cours|apprentissage|stage|cap|cqp|dqp|certificat)\b|"
    r"(?:i |have |has |just )(?:finished|completed|did|done|took|followed)[^.;!?,]{0,30}?"
    r"(?:course|training|apprenticeship)\b|"
    r"don (?:already )?(?:learn|finish)\w*|"
    r"ma formation (?:est )?(?:finie|terminee)"
    r")"
)
_SCHOOL = re.compile(r"\b(?:school|ecoles?|lecol|skul|learn\w*|apprendre|aprendr\w*)\b")
_LOAN = re.compile(r"\b(?:prets?|credits?|loans?|dettes?|debts?)\b")
_WORK = re.compile(r"\b(?:travay|wok|work|bolo|taf)\b")


def find_kinds(folded: str) -> frozenset[Kind]:
    """All kinds that a folded text asks for: « formation puis crédit » asks for both."""
    without_courses = _COURSE_GIVEN_OR_DONE.sub(" ", folded)
    return frozenset(kind for kind, pattern in _WISHES if pattern.search(without_courses))


def has_course_behind(folded: str) -> bool:
    """Whether somebody says that they give courses or have finished one, so that they need none."""
    return _COURSE_GIVEN_OR_DONE.search(folded) is not None


def find_refused_kinds(folded: str) -> frozenset[Kind]:
    """The kinds that words which are excluded name: « pas de formation », "no be school"."""
    refused = set(find_kinds(folded))
    # Who wants no loan may want a grant.
    if _LOAN.search(folded):
        refused.discard(Kind.AGR)
    if _SCHOOL.search(folded):
        refused.add(Kind.TRAINING)
    if _WORK.search(folded):
        refused.add(Kind.EMPLOYMENT)
    return frozenset(refused)
