"""No personal data is stored unencrypted: words of a planted person are searched in all stores and logs."""

import json
from contextlib import contextmanager

import httpx2
import psutil
import pytest
from application_factory import add_agent
from file_factory import document, docx, paragraphs
from journey_live import database_of, dump, files_with
from journey_person import PIN, code
from journey_stack import METRICS_TOKEN, wait_until

NUMBER, MAIL, NAME = "+237677395184", "zebulonne.canari@example.org", "Zebulonne Ngokwezi"
WISH, LETTER, WORK = "Quokkaville elevage", "Wombatoscope", "Axolotlerie"
SOUGHT, REPORTED, FILE = "Narvalerie", "Okapiphone", "curriculum-tapirus.docx"
CANARIES = (
    NUMBER.removeprefix("+237"),
    "6 77 39 51 84",
    MAIL,
    *NAME.split(),
    *WISH.split()[:1],
    LETTER,
    WORK,
    SOUGHT,
    REPORTED,
    FILE,
)
ORGANISATION = "Menagerie du Mfoundi"
OFFER = {
    "kind": "employment",
    "external_id": "canary",
    "title": "Soigneur",
    "description": "Soigner les animaux d'un parc.",
    "organisation": ORGANISATION,
}
CV = docx(
    document(paragraphs((NAME, "Expérience professionnelle", f"2015 - 2018 : {WORK}, Ménagerie, Douala")))
)


@pytest.fixture
def api(stack):
    with httpx2.Client(base_url=f"{stack.address}/v1", trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def offer(stack, tmp_path):
    """Publish an offer that can be applied to, and return its id."""
    file = tmp_path / "offers.jsonl"
    file.write_text(json.dumps(OFFER), encoding="utf-8")
    stack.run("ingest", "file", str(file), "--source", "canary")
    with database_of(stack) as database:
        add_agent(database, ORGANISATION)
    return next(one["id"] for one in stack.offers() if one["organisation"] == ORGANISATION)


def told(answer, *expected):
    """Check the status of a response against the expected ones, and return its JSON."""
    assert answer.status_code in (expected or (200, 201, 202, 204)), answer.text
    return answer.json() if answer.content else None


def ticket(api, stack, contact):
    held = {}
    said = code(
        stack, contact, lambda: held.update(told(api.post("/sign-in/codes", json={"contact": contact})))
    )
    return told(api.post("/sign-in/tickets", json={"challenge": held["challenge"], "code": said}))["ticket"]


def plant(api, stack, offer):
    """Create a person with unique words in every part of their data, and return their id."""
    newcomer = {"ticket": ticket(api, stack, NUMBER), "name": NAME, "pin": PIN}
    everything = ["matching", "messages", "sharing", "statistics"]
    person = told(api.post("/people", json={**newcomer, "consents": everything}))
    api.headers["Authorization"] = f"Bearer {person['token']}"
    told(api.post("/me/contacts", json={"ticket": ticket(api, stack, MAIL)}, headers={"OIM-PIN": PIN}))
    told(api.patch("/me/profile", json={"wish": WISH, "region": "CM-OU", "jobs": [{"title": WORK}]}))
    document_id = told(api.put("/me/cv", files={"file": (FILE, CV)}))["id"]
    assert WORK in json.dumps(told(api.get(f"/me/cv/{document_id}/proposal")))
    told(api.get("/me/recommendations"))
    told(api.put(f"/me/saved/{offer}"))
    told(api.post("/me/searches", json={"search": {"words": SOUGHT}, "alerts": True}))
    told(api.get("/opportunities", params={"words": SOUGHT}))
    letter = {"opportunity_id": offer, "letter": f"Bonjour, {LETTER}. {NAME}", "document_id": document_id}
    told(api.post("/me/applications", json=letter, headers={"Idempotency-Key": f"{NAME}-1"}))
    told(api.post(f"/opportunities/{offer}/reports", json={"reason": "other", "words": REPORTED}))
    return person["id"]


def go_wrong(api, stack):
    """Send requests that fail, with personal words in them: invalid ones, then some without a database."""
    told(api.patch("/me/profile", json={"wish": [WISH], "name": NAME}), 422)
    told(api.post("/recommendations", content=f'{{"text": "{WISH}'), 422)
    told(api.get(f"/opportunities/{NAME}"), 404, 422)
    told(api.post("/sessions", json={"ticket": "x", "name": NAME, "pin": "1"}), 401, 422)
    with without(stack, "postgres"):
        told(api.patch("/me/profile", json={"wish": WISH}), 503)
        told(api.post("/people", json={"ticket": "x", "name": NAME, "pin": PIN}), 401, 503)
    with without(stack, "valkey-server"):
        told(api.patch("/me/profile", json={"wish": WISH}), 503)
    wait_until(lambda: api.get("/me/profile").status_code == 200)


def is_named(process, program):
    """Whether a process has this name. One that has ended meanwhile has none."""
    try:
        return process.name().startswith(program)
    except psutil.NoSuchProcess:
        return False


@contextmanager
def without(stack, program):
    """Run the block while a server of the stack is dead, and the process that would restart it suspended."""
    parent = psutil.Process(stack.pid)
    parent.suspend()
    try:
        found = [one for one in parent.children(recursive=True) if is_named(one, program)]
        assert found
        for process in found:
            process.kill()
        wait_until(lambda: all(one.status() == psutil.STATUS_ZOMBIE for one in found if one.is_running()))
        yield
    finally:
        parent.resume()


def hits(api, stack):
    """Find planted words in clear text: in files, table dumps, metrics and standard error."""
    with database_of(stack) as database:
        tables = dump(database)
    open_ = [(name, word) for name, rows in tables.items() for word in CANARIES if word in rows]
    token = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    metrics = httpx2.get(f"{stack.address}/metrics", headers=token, trust_env=False).text
    assert "oim_http_requests" in metrics
    open_ += [("metrics", word) for word in CANARIES if word in metrics]
    return open_ + files_with(stack.home, CANARIES) + [word for word in CANARIES if word in stack.errors]


def test_personal_data_is_nowhere_in_clear_text_and_nothing_remains_after_erasure(api, stack, offer):
    person = plant(api, stack, offer)
    go_wrong(api, stack)
    assert told(api.get("/me/profile"))["wish"] == WISH
    assert hits(api, stack) == []

    blobs = set((stack.home / "blobs").rglob("*"))
    told(api.request("DELETE", "/me", headers={"OIM-PIN": PIN}))
    told(api.get("/me"), 401)
    assert hits(api, stack) == []
    with database_of(stack) as database:
        tables = dump(database)
    assert {name for name, rows in tables.items() if person in rows} <= {"audit"}
    gone = blobs - set((stack.home / "blobs").rglob("*"))
    assert [file.parent.name for file in gone] == ["documents"]


def test_the_search_for_planted_words_finds_every_encoding(tmp_path):
    for number, held in enumerate((WISH.encode(), WISH.encode("utf-16-le"), WISH.encode().hex().encode())):
        (tmp_path / f"{number}.bin").write_bytes(b"\0" + held + b"\0")
    assert [name for name, _ in files_with(tmp_path, CANARIES)] == ["0.bin", "1.bin", "2.bin"]
