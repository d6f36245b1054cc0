"""The words around applications: in both languages, for every case, with nothing made up."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from oim.channels.wording import (
    HIDDEN_REASONS,
    NEXT_STEPS,
    PERSON_STAGES,
    render_day_for_partner,
    render_letter,
    render_next_step,
    render_outcome_answers,
    render_outcome_question,
    render_redirect_notice,
    render_stage,
)
from oim.features.applications import (
    OUTCOME_DAYS,
    Application,
    Destination,
    DueQuestion,
    HiddenReason,
    Next,
    NextStep,
    OutcomeAnswer,
    ReceivedApplication,
    Route,
    Stage,
    draft_letter,
)
from oim.features.opportunities import Draft, Kind, Opportunity, Trust
from oim.features.profile import Record
from oim.kit.clock import CAMEROON, now
from oim.kit.i18n import LANGUAGES, Language, translator

FR, EN = translator("fr"), translator("en")
SENT = Application(
    id=UUID(int=1),
    opportunity=UUID(int=2),
    title="Maçon",
    kind=Kind.EMPLOYMENT,
    organisation="Chantiers du Noun",
    route=Route.INSIDE,
    stage=Stage.SENT,
    next=Next(),
    letter="",
    document=None,
    created_at=now(),
    stages=(),
    outcomes=(),
)


def offer(kind: Kind, language: str | None = "fr", organisation: str | None = "MC2") -> Opportunity:
    draft = Draft(kind=kind, external_id="1", title="Maçon", language=language, organisation=organisation)
    return Opportunity(id=UUID(int=2), source="test", draft=draft, first_seen_at=now(), changed_at=now())


def test_every_stage_step_and_reason_has_words() -> None:
    assert set(PERSON_STAGES) == set(Stage)
    assert set(NEXT_STEPS) == set(NextStep)
    assert set(HIDDEN_REASONS) == set(HiddenReason)
    for kind in Kind:
        assert [answer for answer, _ in render_outcome_answers(kind, FR)] == list(OutcomeAnswer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_says_what_it_means_for_each_kind_of_offer(language: Language) -> None:
    t = translator(language)
    started = set()
    for kind in Kind:
        for stage in Stage:
            name, meaning = render_stage(replace(SENT, kind=kind, stage=stage), t)
            assert name
            assert meaning.endswith(".")
        started.add(render_stage(replace(SENT, kind=kind, stage=Stage.STARTED), t)[0])
    assert len(started) == len(Kind)


def test_what_happens_on_a_partners_site_is_not_claimed() -> None:
    name, meaning = render_stage(replace(SENT, route=Route.REDIRECTED), EN)
    assert name == "You went to the partner’s site"
    assert "does not know" in meaning
    taken_back = replace(SENT, route=Route.REDIRECTED, stage=Stage.WITHDRAWN)
    assert render_stage(taken_back, EN)[0] == "Taken back"


def test_the_next_step_is_told_with_its_day_and_words() -> None:
    call = Next(NextStep.NEXT_CALL, "", date(2027, 3, 1))
    assert render_next_step(call, FR) == [
        "Déposez une nouvelle demande au prochain appel, à partir du 1er\u00a0mars 2027."
    ]
    meeting = Next(None, "Porte B", date(2026, 12, 2))
    assert render_next_step(meeting, EN) == [
        "The day: 2\u00a0December 2026.",
        "The partner writes: “Porte B”",
    ]
    assert render_next_step(Next(), EN) == []


@pytest.mark.parametrize("day", OUTCOME_DAYS)
def test_the_question_names_the_offer_and_asks_later_whether_it_lasts(day: int) -> None:
    for kind in Kind:
        asked = DueQuestion(UUID(int=1), UUID(int=2), "Maçon", kind, day, is_follow_up=False)
        first, again = (
            render_outcome_question(asked, EN),
            render_outcome_question(replace(asked, is_follow_up=True), EN),
        )
        assert f"{day} days ago" in first
        assert "Maçon" in first
        assert "Maçon" in again
        assert first != again


@pytest.mark.parametrize("trust", Trust)
def test_who_leaves_is_told_where_they_go_and_how_far_it_is_known(trust: Trust) -> None:
    lines = render_redirect_notice(Destination("emploi.example.cm", "https://emploi.example.cm/", trust), EN)
    assert lines[0] == "You are leaving OIM for this site: emploi.example.cm"
    assert len(lines) == 3


def test_a_letter_says_only_what_is_known() -> None:
    bare = render_letter(draft_letter(offer(Kind.EMPLOYMENT, organisation=None), "Awa", Record()), FR)
    assert bare.split("\n\n") == [
        "Madame, Monsieur,",
        "Je vous écris pour l’emploi «\u00a0Maçon\u00a0», que j’ai trouvé sur OIM.",
        "Je viendrai volontiers vous rencontrer, ou je répondrai à vos questions par téléphone.",
        "Merci de votre attention.",
        "Awa",
    ]
    full = Record(skills=("a", "b", "c", "d"), experience_years=1, education=3)
    letter = render_letter(draft_letter(offer(Kind.EMPLOYMENT), "Awa", full), EN)
    assert "What I can do: a, b, c. I have 1 year of experience. My level of education:" in letter
    assert letter.startswith("To: MC2\n\n")


def test_letters_differ_by_kind_and_are_in_the_offers_language() -> None:
    record = Record(experience_years=0, education=0)
    assert len({render_letter(draft_letter(offer(kind), "Awa", record), EN) for kind in Kind}) == len(Kind)
    assert draft_letter(offer(Kind.AGR, "en"), "Awa", record).language == "en"
    assert draft_letter(offer(Kind.AGR, "de"), "Awa", record).language == "fr"
    assert draft_letter(offer(Kind.AGR, None), "Awa", record).language == "fr"
    assert "experience" not in render_letter(draft_letter(offer(Kind.AGR), "Awa", record), EN)


def test_a_day_that_erasure_cut_to_its_month_is_shown_as_the_month() -> None:
    applied = datetime(2026, 11, 1, tzinfo=CAMEROON)
    received = ReceivedApplication(
        id=UUID(int=1),
        opportunity=None,
        title="Couture",
        kind=Kind.TRAINING,
        stage=Stage.SEEN,
        next=Next(),
        created_at=applied,
        stages=(),
        hidden=HiddenReason.ERASED,
        name=None,
        contact=None,
        letter="",
        has_document=False,
    )
    assert render_day_for_partner(received, applied, FR) == "novembre 2026"
    assert render_day_for_partner(received, applied, EN) == "November 2026"
    withdrawn = replace(received, hidden=HiddenReason.WITHDRAWN)
    assert render_day_for_partner(withdrawn, applied, FR) == "1er\u00a0novembre 2026"
