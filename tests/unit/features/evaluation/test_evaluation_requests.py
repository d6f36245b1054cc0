"""Judged requests: they are read whole, offers are graded by the rule of their README, answers are judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from oim.features.evaluation import Judgement, ShownAnswer, count_judgements, judge_answers, read_judged_set
from oim.features.evaluation.judged_requests import JudgedOffer, JudgedRequest, JudgedSet
from oim.features.evaluation.request_grades import grade
from oim.features.ingestion import sample_drafts
from oim.features.opportunities import Draft
from oim.kit.clock import now
from oim.kit.errors import BadInputError

QUALITY = Path(__file__).parents[3] / "quality"
NOTHING: frozenset[str] = frozenset()
REQUEST = JudgedRequest(
    id="english-1",
    register="english",
    half="seen",
    text="tailor in Bafoussam",
    failure="plain",
    kinds=NOTHING,
    not_kinds=NOTHING,
    trades=frozenset({"tailor"}),
    near_trades=frozenset({"embroiderer"}),
    not_trades=NOTHING,
    places=frozenset({"bafoussam"}),
    regions=frozenset({"CM-OU"}),
    place_rule="there",
    not_places=NOTHING,
    facts={},
    answer="",
)
OFFER = JudgedOffer("1", "employment", frozenset({"tailor"}), frozenset({"bafoussam"}), "CM-OU", {})
ANYTHING = {"trades": NOTHING, "near_trades": NOTHING}


@pytest.fixture(scope="module")
def judged_set() -> JudgedSet:
    return read_judged_set(QUALITY)


def test_the_set_is_whole(judged_set: JudgedSet) -> None:
    requests = judged_set.requests
    labels = {label for offer in judged_set.offers.values() for label in offer.trades}
    labels |= {line.partition(",")[0] for line in (QUALITY / "trades.csv").read_text("utf-8").splitlines()}
    assert len(requests) == len({request.id for request in requests}) >= 400
    assert {request.register for request in requests} == {
        "french", "english", "pidgin", "camfranglais", "sms"
    }  # fmt: skip
    assert sum(request.half == "unseen" for request in requests) * 2 == len(requests)
    assert all(request.trades | request.near_trades | request.not_trades <= labels for request in requests)


def test_its_offers_are_those_of_the_sample(judged_set: JudgedSet) -> None:
    drafts = [draft for draft in sample_drafts(now().date()) if isinstance(draft, Draft)]
    assert judged_set.offers.keys() == {draft.external_id for draft in drafts}
    assert all(judged_set.offers[draft.external_id].kind == draft.kind for draft in drafts)


@pytest.mark.parametrize(
    ("request_changes", "offer_changes", "expected"),
    [
        ({}, {}, 2),
        ({}, {"trades": frozenset({"embroiderer"})}, 1),
        ({}, {"towns": frozenset({"dschang"})}, 1),
        ({"place_rule": "near"}, {"towns": frozenset({"dschang"})}, 2),
        ({"place_rule": "anywhere"}, {"towns": frozenset({"maroua"}), "region": "CM-EN"}, 2),
        ({}, {"towns": frozenset({"maroua"}), "region": "CM-EN"}, 0),
        ({}, {"towns": frozenset({"remote"}), "region": ""}, 1),
        ({}, {"trades": frozenset({"mason"})}, 0),
        ({"not_trades": frozenset({"tailor"})}, {}, -1),
        ({"not_kinds": frozenset({"loan"})}, {"kind": "agr", "conditions": {"form": "loan"}}, -1),
        ({"not_places": frozenset({"bafoussam"})}, {}, -1),
        ({"not_places": frozenset({"cm-ou"})}, {}, -1),
        ({"kinds": frozenset({"training"})}, {}, 0),
        ({}, {"kind": "training"}, 1),
        ({}, {"conditions": {"women_only": ""}}, 1),
        ({"facts": {"gender": "female"}}, {"conditions": {"women_only": ""}}, 2),
        ({"facts": {"gender": "male"}}, {"conditions": {"women_only": ""}}, -1),
        ({"facts": {"age": "56"}}, {"conditions": {"age_max": "30"}}, -1),
        ({"facts": {"birth_year": "2000"}}, {"conditions": {"age_max": "30"}}, 2),
        ({}, {"conditions": {"for": "returnee"}}, 1),
        ({"facts": {"situation": "returnee"}}, {"conditions": {"for": "returnee|displaced"}}, 2),
        ({"facts": {"situation": "refugee"}}, {"conditions": {"for": "returnee"}}, -1),
        ({"facts": {"situation": "not_returnee"}}, {"conditions": {"for": "returnee"}}, -1),
        ({"facts": {"situation": "refugee"}}, {"conditions": {"for": "returnee|host"}}, 1),
        ({"facts": {"membership": "none"}}, {"conditions": {"members_only": "mc2"}}, -1),
        ({"facts": {"membership": "mc2"}}, {"conditions": {"members_only": "mc2"}}, 2),
        ({"facts": {"licence": "B"}}, {"conditions": {"licence": "C+E"}}, -1),
        ({"facts": {"has_no_certificate": "yes"}}, {"conditions": {"diploma": "cap"}}, -1),
        ({"facts": {"schooling": "cep"}}, {"conditions": {"level": "bac"}}, -1),
        ({"facts": {"schooling": "cep"}}, {"conditions": {"level": "bepc"}}, 1),
        ({"facts": {"schooling": "probatoire"}}, {"conditions": {"level": "bac"}}, 1),
        ({"facts": {"housing": "wanted"}}, {}, 1),
        ({"facts": {"hours": "not_night"}}, {"conditions": {"hours": "night"}}, 1),
        ({"facts": {"hours": "weekend"}}, {"conditions": {"hours": "weekend_and_evening"}}, 2),
        (ANYTHING, {}, 1),
        (ANYTHING, {"conditions": {"entry": ""}}, 2),
        (ANYTHING, {"conditions": {"entry": "", "diploma": "cap"}}, 0),
        (ANYTHING, {"conditions": {"experience": "2"}}, 0),
        (ANYTHING | {"facts": {"situation": "youth"}}, {"conditions": {"entry": ""}}, 1),
        (ANYTHING | {"facts": {"situation": "youth"}}, {"conditions": {"entry": "", "age_max": "35"}}, 2),
    ],
)
def test_an_offer_is_graded(
    request_changes: dict[str, object], offer_changes: dict[str, object], expected: int
) -> None:
    assert grade(replace(REQUEST, **request_changes), replace(OFFER, **offer_changes)) == expected


WORSE = replace(OFFER, id="2", towns=frozenset({"dschang"}))
OTHER = replace(OFFER, id="3", trades=frozenset({"mason"}))
EXCLUDED = replace(OFFER, id="4", trades=frozenset({"guard"}))
ASKING = replace(REQUEST, not_trades=frozenset({"guard"}))


@pytest.mark.parametrize(
    ("answer", "judged_request", "expected"),
    [
        (ShownAnswer("123"), ASKING, Judgement.GOOD),
        (ShownAnswer("213"), ASKING, Judgement.ACCEPTABLE),
        (ShownAnswer("231"), ASKING, Judgement.ACCEPTABLE),
        (ShownAnswer("2331"), ASKING, Judgement.WRONG),
        (ShownAnswer("124"), ASKING, Judgement.WRONG),
        (ShownAnswer("1234"), ASKING, Judgement.GOOD),
        (ShownAnswer(""), ASKING, Judgement.WRONG),
        (ShownAnswer("", "greeting"), ASKING, Judgement.WRONG),
        (ShownAnswer("1", "greeting"), replace(ASKING, answer="words:greeting"), Judgement.GOOD),
        (ShownAnswer("1"), replace(ASKING, answer="words:greeting"), Judgement.WRONG),
        (ShownAnswer("", "distress"), replace(ASKING, answer="words:distress"), Judgement.GOOD),
        (ShownAnswer("1", "distress"), replace(ASKING, answer="words:distress"), Judgement.WRONG),
    ],
)
def test_an_answer_is_judged(answer: ShownAnswer, judged_request: JudgedRequest, expected: Judgement) -> None:
    judged_set = JudgedSet((judged_request,), {offer.id: offer for offer in (OFFER, WORSE, OTHER, EXCLUDED)})
    (judged,) = judge_answers(judged_set, judged_set.requests, lambda _: answer)
    assert judged.judgement is expected
    counts = count_judgements([judged])
    assert [counts[name][expected] for name in ("all", "english", "plain")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("offers.csv", None),
        ("trades.csv", b"trade\ntailor\n"),
        ("offers.csv", b"\xff\xfe"),
        ("requests/x.csv", b"id,text\n1,tailor\n"),
        ("requests/x.csv", None),
    ],
)
def test_a_set_that_cannot_be_read_names_the_file(tmp_path: Path, file: str, content: bytes | None) -> None:
    (tmp_path / "requests").mkdir()
    (tmp_path / "trades.csv").write_text("trade,near\ntailor,\n")
    (tmp_path / "offers.csv").write_text("id,kind,trades,towns,region,conditions\n")
    header = (QUALITY / "requests" / "sms.csv").read_text("utf-8").splitlines()[0]
    (tmp_path / "requests" / "x.csv").write_text(header + "\n")
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(BadInputError) as raised:
        read_judged_set(tmp_path)
    assert Path(file).parts[0] in str(raised.value.values)
