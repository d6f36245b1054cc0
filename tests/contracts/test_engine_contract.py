"""Contract of `Engine`: the one in this process, and the same one behind HTTP."""

import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import uvicorn
from embedder_factory import HashingEmbedder
from people_factory import new_vault, save_profile

from oim.adapters.engine_http import HttpEngine
from oim.adapters.qdrant_edge import EdgeIndexes
from oim.apps.up import running_services
from oim.bootstrap import migrate_database
from oim.channels.engine import create_engine_app
from oim.features.ingestion import ingest_offers
from oim.features.matching.answer import Answer, MissingInfo, WordHits
from oim.features.matching.embedding_slots import EmbeddingSlots
from oim.features.matching.index_build import reindex
from oim.features.matching.ports import Engine
from oim.features.matching.profile import Profile
from oim.features.matching.service import LocalEngine
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Draft,
    Eligibility,
    Gender,
    Kind,
    Location,
    Status,
    TrainingDetails,
    get_many,
)
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.errors import BadInputError, NotFoundError, UnavailableError
from oim.kit.settings import Settings

TOKEN = "a secret"
WEST = Location(country="CM", region="CM-OU", department="CM-OU-05", locality="Bafoussam", latitude=5.47)
DRAFTS = [
    Draft(kind=Kind.EMPLOYMENT, external_id="1", title="Couturière", language="fr", location=WEST),
    Draft(kind=Kind.EMPLOYMENT, external_id="2", title="Truck driver", language="en"),
    Draft(
        kind=Kind.TRAINING, external_id="3", title="Couture", details=TrainingDetails(), occupations=("7531",)
    ),
    Draft(
        kind=Kind.AGR,
        external_id="4",
        title="Crédit pour élever des poulets",
        published_at=now(),
        details=AgrDetails(form=AgrForm.LOAN, amount_max=500_000),
        eligibility=Eligibility(age_min=18, age_max=35, gender=Gender.FEMALE, statuses=(Status.RETURNEE,)),
    ),
    Draft(
        kind=Kind.AGR,
        external_id="5",
        title="Prêt pour les membres qui élèvent des poulets",
        organisation="MC2",
        details=AgrDetails(form=AgrForm.LOAN, amount_max=200_000, own_contribution=10.0),
        eligibility=Eligibility(membership="MC2", documents=("plan d'affaires",)),
    ),
]
PROFILES = [
    Profile(),
    Profile(text="couturière à Bafoussam", language="fr"),
    Profile(text="je veux un prêt pour élever des poulets", birth_year=2000, gender=Gender.FEMALE),
    Profile(text="prêt pour élever des poulets", memberships=(), documents=("CNI",), savings=5000),
    Profile(text="learn to sew", statuses=(Status.RETURNEE, Status.YOUTH), region="CM-OU", education=3),
    Profile(kinds=(Kind.AGR, Kind.TRAINING), occupations=("7531",), experience_years=0),
    Profile(text="🙂 \0 %(x)s \u202e « œuvre »", commune="nowhere"),
    Profile(text="x" * 4000),
    Profile(text="rien de tout cela xyzzy"),
]


Connect = Callable[..., HttpEngine]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    home = tmp_path_factory.mktemp("engine") / "home"
    with running_services(Settings(home=home), ("postgres",), lambda _, **values: None) as settings:
        migrate_database(settings)
        database = Database(settings.database_url, new_vault(tmp_path_factory.mktemp("keys")))
        ingest_offers(database, DRAFTS, source="test", origin="test", format_name="test")
        yield database
        database.close()


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> EdgeIndexes:
    return EdgeIndexes(tmp_path_factory.mktemp("indexes") / "index")


# One for all tests: they leave its index complete. Those that damage an index have an engine of their own.
@pytest.fixture(scope="module")
def local(database: Database, indexes: EdgeIndexes) -> Iterator[LocalEngine]:
    engine = LocalEngine(database, indexes, lambda _: HashingEmbedder(), HashingEmbedder.url)
    while engine.index_pending(100):
        pass
    yield engine
    engine.close()


@contextmanager
def served(engine: Engine, port: int = 0) -> Iterator[str]:
    """The URL of an engine that serves in a thread."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        config = uvicorn.Config(create_engine_app(engine, TOKEN), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def url(local: LocalEngine) -> Iterator[str]:
    with served(local) as address:
        yield address


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connects HTTP clients, and closes them at the end."""
    with ExitStack() as stack:

        def client(address: str, token: str = TOKEN) -> HttpEngine:
            engine = HttpEngine(address, token)
            stack.callback(engine.close)
            return engine

        yield client


@pytest.fixture(params=["local", "http"])
def engine(request: pytest.FixtureRequest, local: LocalEngine, url: str, connect: Connect) -> Engine:
    return local if request.param == "local" else connect(url)


@pytest.fixture
def _at_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    instant = now()
    monkeypatch.setattr("oim.features.matching.service.now", lambda: instant)


def timeless(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


@pytest.mark.usefixtures("_at_one_instant")
@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.text[:12] or "no text")
def test_an_answer_is_the_same_in_process_and_over_http(
    local: LocalEngine, url: str, connect: Connect, profile: Profile
) -> None:
    assert timeless(connect(url).recommend(profile, 10)) == timeless(local.recommend(profile, 10))


def test_an_answer_is_ranked_and_explained(engine: Engine) -> None:
    answer = engine.recommend(Profile(text="couturière à Bafoussam"), 2)
    assert [item.rank for item in answer.items] == [1, 2]
    assert answer.items[0].card.title == "Couturière"
    assert answer.items[0].reasons
    assert answer.took_ms > 0


def test_a_recommendation_names_what_would_improve_it(engine: Engine) -> None:
    assert {item.improve for item in engine.recommend(Profile(), 5).items} == {MissingInfo.TEXT}
    [near] = engine.recommend(Profile(text="couturière à Bafoussam"), 1).items
    assert near.improve is None


@pytest.mark.parametrize(
    ("profile", "limit", "field"),
    [
        (Profile(), 0, "limit"),
        (Profile(), 51, "limit"),
        (Profile(), -1, "limit"),
        (Profile(text="x" * 4001), 10, "text"),
    ],
)
def test_bad_input_names_its_field(engine: Engine, profile: Profile, limit: int, field: str) -> None:
    with pytest.raises(BadInputError) as caught:
        engine.recommend(profile, limit)
    assert caught.value.field == field
    assert str(caught.value) == caught.value.message % caught.value.values
    assert caught.value.values in ({"most": 50}, {"most": 4000})


WORDS = [
    "couturière à Bafoussam",
    "poulets",
    "learn to sew",
    "prêt",
    "rien de tout cela xyzzy",
    "🙂 \0 %(x)s",
    "",
]


@pytest.mark.parametrize("text", WORDS)
def test_a_search_finds_the_same_in_process_and_over_http(
    local: LocalEngine, url: str, connect: Connect, text: str
) -> None:
    assert connect(url).find_by_words(text, 10) == local.find_by_words(text, 10)


def test_a_search_returns_the_best_match_first(engine: Engine, database: Database) -> None:
    found, best = engine.find_by_words("couturière", 10).ids, engine.find_by_words("couturière", 1).ids
    with database.read() as session:
        titles = [offer.title for offer in get_many(session, found).values()]
        [first] = get_many(session, best).values()
    assert set(titles) == {"Couturière", "Couture"}
    assert first.title == "Couturière"


@pytest.mark.parametrize("text", ["", " ", "de la", "🙂"])
def test_a_search_of_stop_words_finds_nothing(engine: Engine, text: str) -> None:
    assert engine.find_by_words(text, 200) == WordHits((), words_only=False)


@pytest.mark.parametrize(
    ("text", "limit", "field"), [("x", 0, "limit"), ("x", 201, "limit"), ("x" * 4001, 5, "text")]
)
def test_a_search_beyond_its_limits_is_bad_input(engine: Engine, text: str, limit: int, field: str) -> None:
    with pytest.raises(BadInputError) as caught:
        engine.find_by_words(text, limit)
    assert caught.value.field == field


def test_waiting_changes_are_indexed_and_counted(
    engine: Engine, database: Database, request: pytest.FixtureRequest
) -> None:
    offer_count = engine.health().offers
    title = f"Soudeur {request.node.callspec.id}"
    new = Draft(kind=Kind.EMPLOYMENT, external_id=title, title=title)
    ingest_offers(database, [new], source=title, origin="test", format_name="test")
    assert engine.health().waiting == 1
    assert engine.index_pending(10) == 1
    assert engine.index_pending(10) == 0
    health = engine.health()
    assert (health.offers, health.waiting, health.embedder) == (offer_count + 1, 0, HashingEmbedder.url)
    assert title in [item.card.title for item in engine.recommend(Profile(text="soudeur"), 10).items]


def test_a_rebuilt_index_is_served_after_the_swap(
    engine: Engine, database: Database, indexes: EdgeIndexes
) -> None:
    before = engine.health()
    count = reindex(database, indexes, HashingEmbedder(), engine, lambda _: None)
    engine.index_pending(100)
    after = engine.health()
    assert after.index != before.index
    assert after.offers == count == before.offers
    assert engine.recommend(Profile(text="couturière"), 1).items[0].card.title == "Couturière"


@pytest.mark.usefixtures("_at_one_instant")
def test_concurrent_requests_get_their_own_answers(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda profile: engine.recommend(profile, 5), PROFILES * 4))
    assert [timeless(answer) for answer in answers] == [
        timeless(engine.recommend(profile, 5)) for profile in PROFILES * 4
    ]


@pytest.mark.usefixtures("_at_one_instant")
@pytest.mark.parametrize("profile", PROFILES[:6])
def test_a_person_gets_the_answer_of_their_stored_profile(
    engine: Engine, database: Database, profile: Profile
) -> None:
    person = uuid4()
    save_profile(database, person, profile)
    assert timeless(engine.recommend_for_person(person, 5)) == timeless(engine.recommend(profile, 5))


def test_who_gets_no_place_for_embedding_is_answered_by_words_and_told_so(
    engine: Engine, local: LocalEngine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = Profile(text="couturière avec machine " + "xyzzy" * (engine is local))  # not embedded before
    full = EmbeddingSlots(0, strangers_wait=0, known_wait=0)
    with monkeypatch.context() as tight:
        tight.setattr(local._served_index.embed_query, "_slots", full)
        answer = engine.recommend(profile, 5)
        assert answer.words_only
        assert {item.card.title for item in answer.items} >= {"Couturière", "Couture"}
        found = engine.find_by_words(f"{profile.text} mobile", 5)
        assert found.words_only
        assert found.ids
        person = uuid4()
        save_profile(database, person, replace(profile, text=f"{profile.text} fixe"))
        stored = engine.recommend_for_person(person, 5)
        assert stored.words_only
        assert stored.items
        # Nothing is there to be embedded: such a list lacks nothing.
        assert not engine.recommend(Profile(), 5).words_only
        assert not engine.find_by_words("", 5).words_only
    assert not engine.recommend(profile, 5).words_only
    assert not engine.recommend_for_person(person, 5).words_only
    with monkeypatch.context() as tight:
        tight.setattr(local._served_index.embed_query, "_slots", full)
        tight.setattr(local._served_index.embed_query, "_vectors", OrderedDict())
        # The vector is stored now, so it needs no place.
        assert not engine.recommend_for_person(person, 5).words_only


def test_who_asked_too_much_is_answered_by_words_alone(engine: Engine) -> None:
    profile = Profile(text="couturière pagne")
    answer = engine.recommend(profile, 5, words_only=True)
    found = engine.find_by_words(profile.text, 5, words_only=True)
    assert answer.words_only
    assert found.words_only
    assert "Couturière" in {item.card.title for item in answer.items}
    assert found.ids
    assert not engine.recommend(profile, 5).words_only
    assert not engine.find_by_words(profile.text, 5).words_only


def test_an_unknown_person_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="Nobody"):
        engine.recommend_for_person(uuid4(), 5)
    with pytest.raises(BadInputError):
        engine.recommend_for_person(uuid4(), 51)


def test_only_a_list_that_is_shown_has_a_list_id(engine: Engine) -> None:
    assert engine.recommend(Profile(text="couturière"), 5).list_id is None
    list_ids = [engine.recommend(Profile(text="couturière"), 5, shown=True).list_id for _ in range(2)]
    assert None not in list_ids
    assert len(set(list_ids)) == 2


@contextmanager
def in_process_or_over_http(name: str, engine: LocalEngine, connect: Connect) -> Iterator[Engine]:
    if name == "local":
        yield engine
    else:
        with served(engine) as address:
            yield connect(address)


@pytest.fixture(params=["local", "http"])
def without_database(request: pytest.FixtureRequest, tmp_path: Path, connect: Connect) -> Iterator[Engine]:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none", new_vault(tmp_path))
    indexes = EdgeIndexes(tmp_path / "index")
    name, index = indexes.create(HashingEmbedder.url, HashingEmbedder.dimension)
    index.close()
    indexes.swap(name)
    engine = LocalEngine(nowhere, indexes, lambda _: HashingEmbedder(), HashingEmbedder.url)
    with in_process_or_over_http(request.param, engine, connect) as side:
        yield side
    engine.close()


def test_an_engine_without_its_database_still_recommends(without_database: Engine) -> None:
    assert without_database.recommend(Profile(text="couturière"), 5).items == ()
    assert without_database.find_by_words("couturière", 5) == WordHits((), words_only=False)
    with pytest.raises(UnavailableError, match="database"):
        without_database.health()
    with pytest.raises(UnavailableError, match="database"):
        without_database.index_pending(10)


@pytest.fixture(params=["local", "http"])
def own_engine(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path, connect: Connect
) -> Iterator[Engine]:
    """An engine with an index of its own, which a test may damage."""
    engine = LocalEngine(
        database, EdgeIndexes(tmp_path / "index"), lambda _: HashingEmbedder(), HashingEmbedder.url
    )
    with in_process_or_over_http(request.param, engine, connect) as side:
        yield side
    engine.close()


def test_swapping_to_an_unknown_index_is_not_found(own_engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="nowhere-1234"):
        own_engine.swap("nowhere-1234", now())
    assert own_engine.health().offers == 0


def test_a_refused_swap_changes_nothing(own_engine: Engine, tmp_path: Path) -> None:
    before = EdgeIndexes(tmp_path / "index").current()
    with pytest.raises(NotFoundError):
        own_engine.swap("nowhere-1234", now())
    assert EdgeIndexes(tmp_path / "index").current() == before


@pytest.mark.parametrize("token", ["wrong", "", "a secre", "a secret too"])
def test_a_wrong_token_is_refused(url: str, token: str, connect: Connect) -> None:
    engine = connect(url, token)
    for call in (
        engine.health,
        lambda: engine.recommend(Profile(), 5),
        lambda: engine.find_by_words("couture", 5),
        lambda: engine.index_pending(5),
    ):
        with pytest.raises(UnavailableError):
            call()


def test_a_client_reconnects_to_a_restarted_engine(local: LocalEngine, connect: Connect) -> None:
    with served(local) as address:
        client = connect(address)
        assert client.health().offers
    with pytest.raises(UnavailableError):
        client.health()
    with served(local, int(address.rpartition(":")[2])):
        assert client.health().offers


def test_a_lost_index_is_created_again_and_filled(
    engine: Engine, database: Database, indexes: EdgeIndexes
) -> None:
    offer_count = engine.health().offers
    (indexes._root / "current").write_text("gone-1234")
    restarted = LocalEngine(database, indexes, lambda _: HashingEmbedder(), HashingEmbedder.url)
    assert restarted.health().waiting >= offer_count
    while restarted.index_pending(100):
        pass
    assert restarted.health().offers == offer_count
    restarted.close()
