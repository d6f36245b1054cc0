"""The questions of a profile, how it is told back, and what the next answer would unlock."""

from __future__ import annotations

from oim.features.profile import Level, Mobility, Question, Strength
from oim.kit.i18n import Translator, mark

# The question in full, its short name, and the answer asked for in one breath.
QUESTIONS: dict[Question, tuple[str, str, str]] = {
    Question.WISH: (
        mark("What are you looking for? What can you do?"),
        mark("What I look for"),
        mark("say what you look for"),
    ),
    Question.PLACE: (mark("Where do you live?"), mark("Where I live"), mark("say where you live")),
    Question.AGE: (
        mark("In which year were you born?"),
        mark("Year of birth"),
        mark("give your year of birth"),
    ),
    Question.EDUCATION: (
        mark("How far did you go at school?"),
        mark("Schooling"),
        mark("say how far you went at school"),
    ),
    Question.EXPERIENCE: (
        mark("What work have you done?"),
        mark("Work done"),
        mark("say what work you have done"),
    ),
    Question.KINDS: (
        mark("What do you want to see?"),
        mark("Kinds of offers"),
        mark("say which kinds of offers you want"),
    ),
    Question.SKILLS: (mark("What can you do well?"), mark("Skills"), mark("say what you can do well")),
    Question.LANGUAGES: (
        mark("Which languages do you speak?"),
        mark("Languages"),
        mark("say which languages you speak"),
    ),
    Question.MOBILITY: (
        mark("How far would you go for it?"),
        mark("How far I would go"),
        mark("say how far you would go"),
    ),
    Question.SITUATION: (mark("What is your situation?"), mark("Situation"), mark("tell your situation")),
    Question.GENDER: (
        mark("Are you a woman or a man?"),
        mark("Woman or man"),
        mark("say whether you are a woman or a man"),
    ),
    Question.MEMBERSHIP: (
        mark("Which savings groups are you a member of?"),
        mark("Savings groups"),
        mark("name the savings groups you are a member of"),
    ),
    Question.SAVINGS: (
        mark("How much of your own could you put in?"),
        mark("Money of my own"),
        mark("say how much of your own you could put in"),
    ),
    Question.DOCUMENTS: (
        mark("Which papers do you have?"),
        mark("Papers"),
        mark("tick the papers you have"),
    ),
}
MOBILITIES: dict[Mobility, str] = {
    Mobility.NEAR: mark("Only near my home"),
    Mobility.REGION: mark("Anywhere in my region"),
    Mobility.COUNTRY: mark("Anywhere in Cameroon"),
}
LANGUAGE_LEVELS: dict[Level, str] = {
    Level.NATIVE: mark("since childhood"),
    Level.GOOD: mark("well"),
    Level.SOME: mark("a little"),
}


def render_strength(strength: Strength, t: Translator) -> str:
    """How far the profile goes, and what to answer next for what."""
    told = t("%(answered)s answers of %(total)s.", answered=strength.answered, total=strength.total)
    if strength.next is None:
        return told
    next_ = t(QUESTIONS[strength.next][2])
    if not strength.unlocks:
        return t("%(told)s To be better served, %(next)s.", told=told, next=next_)
    return t.plural(
        "%(told)s Next, %(next)s: %(count)s open offer hangs on it.",
        "%(told)s Next, %(next)s: %(count)s open offers hang on it.",
        strength.unlocks,
        told=told,
        next=next_,
    )
