"""The questions of a profile, how much of it is filled in, and a profile summarised on one line."""

from __future__ import annotations

from oim.channels.wording.labels import EDUCATION
from oim.channels.wording.offers import place_name
from oim.features import places
from oim.features.matching import Profile
from oim.features.profile import Question, Strength
from oim.kit.i18n import Translator, mark

MAX_EXCERPT_LENGTH = 80  # characters of the person's own text that a summary shows

# Of each question: in full, its short name, and what to do as the end of a sentence ("Next, give your ...").
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


def render_strength(strength: Strength, t: Translator) -> str:
    """Render how many questions are answered, and how many open offers the next answer would decide."""
    counts = {"answered": strength.answered, "total": strength.total}
    progress = t("Answered so far: %(answered)s of %(total)s.", **counts)
    if strength.next is None:
        return progress
    next_ = t(QUESTIONS[strength.next][2])
    if not strength.unlocks:
        return t("%(progress)s To be better served, %(next)s.", progress=progress, next=next_)
    return t.plural(
        "%(progress)s Next, %(next)s: %(count)s open offer hangs on it.",
        "%(progress)s Next, %(next)s: %(count)s open offers hang on it.",
        strength.unlocks,
        progress=progress,
        next=next_,
    )


def render_profile_parts(profile: Profile, town: str, t: Translator) -> dict[str, str]:
    """Render what a profile says, part by part, by the name of its field in the search form.

    `town` is as the person wrote it. Their situation (displaced, returned, refugee), gender, savings groups
    and money are left out: others may look at the screen.
    """
    text = " ".join(profile.text.split())
    # Cut after a whole word, with an ellipsis.
    excerpt = text if len(text) <= MAX_EXCERPT_LENGTH else text[:MAX_EXCERPT_LENGTH].rsplit(" ", 1)[0] + "…"
    years = profile.experience_years
    parts = {
        "text": t("“%(text)s”", text=excerpt) if text else None,
        "experience": None
        if years is None
        else t.plural("%(count)s year of experience", "%(count)s years of experience", years),
        "town": _render_home_place(profile, town, t),
        "birth_year": t("born in %(year)s", year=profile.birth_year) if profile.birth_year else None,
        "education": t(EDUCATION[profile.education]) if profile.education is not None else None,
    }
    return {name: text for name, text in parts.items() if text}


def _render_home_place(profile: Profile, town: str, t: Translator) -> str:
    """Render where the person lives: the town they wrote if we know it, else the place in their text.

    Empty where neither is known.
    """
    if profile.region:
        # A department shows that the town was recognised; otherwise only the region is sure.
        names = [town if profile.department else "", place_name(profile.region, t) or ""]
    else:
        place_in_text = places.find(profile.text)
        # From the widest area to the place: reversed, so that the place itself comes first.
        lineage = places.lineage(place_in_text.code) if place_in_text else ()
        names = [place.name(t.language) for place in reversed(lineage)]
    return ", ".join(dict.fromkeys(filter(None, names)))
