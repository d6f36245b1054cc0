"""With a replica that lags behind, public lists come from it, and everybody sees what they have just done."""

from collections.abc import Iterator

import psycopg
import pytest
from fastapi.testclient import TestClient
from people_factory import add_people, person

from oim.channels.http.services import Services
from oim.channels.rest import create_app
from oim.features.opportunities.models import OpportunityRow
from oim.kit.db import Database
from oim.kit.db.migrate import migrate


@pytest.fixture(scope="module")
def empty_replica(superuser: str) -> Iterator[str]:
    """The URL of a replica that got the tables, and nothing of what is in them."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE DATABASE behind")
    url = superuser.replace("/oim?", "/behind?")
    migrate(url)
    yield url
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE behind WITH (FORCE)")


@pytest.fixture
def lagging_api(house, postgres: str, empty_replica: str) -> Iterator[TestClient]:
    database = Database(postgres, house.database.vault, replica_url=empty_replica, pool_size=1)
    app = create_app(Services(database, house.engine, house.sign_in, house.blobs))
    with TestClient(app, "https://testserver") as client:
        yield client
    database.close()


def test_lists_lag_behind_and_what_is_ones_own_does_not(house, api, lagging_api: TestClient, token) -> None:
    assert api.get("/v1/opportunities").json()["items"]
    assert lagging_api.get("/v1/opportunities").json()["items"] == []
    assert lagging_api.get("/v1/opportunities", params={"words": "couture"}).json()["items"] == []
    # What the index recommends is kept in memory until it changes, so it is not read of what lags behind.
    assert lagging_api.post("/v1/recommendations", json={"text": "couturière"}).json()["items"]
    with house.database.read() as session:
        offer = session.query(OpportunityRow.id).filter(OpportunityRow.title != "").first()[0]
    headers = token(person(add_people(house.database)[0]))
    assert lagging_api.get(f"/v1/opportunities/{offer}").status_code == 200
    assert lagging_api.put(f"/v1/me/saved/{offer}", headers=headers).status_code in {200, 201, 204}
    saved = lagging_api.get("/v1/me/saved", headers=headers).json()["items"]
    assert str(offer) in str(saved)
