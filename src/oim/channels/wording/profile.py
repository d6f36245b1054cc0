"""The questions of a profile, how much of it is filled in, and a profile summarised on one line."""

from __future__ import annotations

from oim.channels.wording.labels import EDUCATION
from oim.channels.wording.offers import place_name
from oim.features import places
from oim.features.matching import Profile
from oim.features.profile import Question, Strength
from oim.kit.i18n import Translator, mark

MAX_EXCERPT_LENGTH = 80  # characters of the person's own text that a summary shows

# Of each question: in full, and its short name.
QUESTIONS: dict[Question, tuple[str, str]] = {
    Question.WISH: (mark("What are you looking for? What can you do?"), mark("What I look for")),
    Question.PLACE: (mark("Where do you live?"), mark("Where I live")),
    Question.AGE: (mark("In which year were you born?"), mark("Year of birth")),
    Question.EDUCATION: (mark("How far did you go at school?"), mark("Schooling")),
    Question.EXPERIENCE: (mark("What work have you done?"), mark("Work done")),
    Question.KINDS: (mark("What do you want to see?"), mark("Kinds of offers")),
    Question.SKILLS: (mark("What can you do well?"), mark("Skills")),
    Question.LANGUAGES: (mark("Which languages do you speak?"), mark("Languages")),
    Question.MOBILITY: (mark("How far would you go for it?"), mark("How far I would go")),
    Question.SITUATION: (mark("What is your situation?"), mark("Situation")),
    Question.GENDER: (mark("Are you a woman or a man?"), mark("Woman or man")),
    Question.MEMBERSHIP: (mark("Which savings groups are you a member of?"), mark("Savings groups")),
    Question.SAVINGS: (mark("How much of your own could you put in?"), mark("Money I can put in")),
    Question.DOCUMENTS: (mark("Which papers do you have?"), mark("Papers")),
}
# What to do next, in a whole sentence.
_NEXT: dict[Question, str] = {
    Question.WISH: mark("Say what you look for: we choose offers for you by it."),
    Question.PLACE: mark("Say where you live: we show you what is near."),
    Question.AGE: mark("Give your year of birth: some offers have an age limit."),
    Question.EDUCATION: mark("Say how far you went at school: some offers ask for a level."),
    Question.EXPERIENCE: mark("Say what work you have done: it finds offers of your trade."),
    Question.KINDS: mark("Say whether you want a job, a course or support."),
    Question.SKILLS: mark("Say what you can do well: it finds more offers for you."),
    Question.LANGUAGES: mark("Say which languages you speak: partners read it when you apply."),
    Question.MOBILITY: mark("Say how far you would go for an offer."),
    Question.SITUATION: mark("Say your situation: some offers are for some people only."),
    Question.GENDER: mark("Say whether you are a woman or a man: some offers are for one of them only."),
    Question.MEMBERSHIP: mark("Say which savings groups you are a member of: some loans are for members."),
    Question.SAVINGS: mark("Say how much of your own you could put in: some loans ask for a share."),
    Question.DOCUMENTS: mark("Tick the papers you have: some offers ask for papers."),
}


def render_strength(strength: Strength, t: Translator) -> str:
    """Render how many questions are answered, which one to answer next, and how many offers it decides."""
    sentences = [render_answered(strength, t)]
    if strength.next is not None:
        sentences.append(t(_NEXT[strength.next]))
    if strength.unlocks:
        sentences.append(
            t.plural(
                "For %(count)s open offer, your answer decides.",
                "For %(count)s open offers, your answer decides.",
                strength.unlocks,
            )
        )
    return " ".join(sentences)


def render_answered(strength: Strength, t: Translator) -> str:
    """Render how many questions are answered, in a sentence."""
    return t("Answered so far: %(answered)s of %(total)s.", answered=strength.answered, total=strength.total)


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
        # The town and its region; the department in between says nothing to most people.
        region = places.lineage(place_in_text.code)[0] if place_in_text else None
        names = [
            places.find_written_name(profile.text) or "",
            (region and place_name(region.code, t)) or "",
        ]
    return ", ".join(dict.fromkeys(filter(None, names)))
