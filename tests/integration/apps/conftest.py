import shutil

import pytest
from up_tools import Supervisor

from oim.apps.up import running_services
from oim.kit.settings import Settings


@pytest.fixture(scope="session")
def first_home(tmp_path_factory):
    """A home on which PostgreSQL and Valkey have run once."""
    # initdb takes seconds, so it runs once, and every test gets a copy.
    place = tmp_path_factory.mktemp("first") / "home"
    with running_services(Settings(home=place), ["postgres", "valkey"], lambda _: None):
        return place


@pytest.fixture
def home(tmp_path, first_home):
    """A copy of that home for one test."""
    # With a space in its name, which commands and options must survive.
    place = tmp_path / "a home"
    shutil.copytree(first_home, place)
    return place


@pytest.fixture
def supervise(home):
    """Start supervisors; those that still run at the end are killed."""
    started = []

    def start(place=home, port=0, **more):
        started.append(Supervisor(place, port, **more))
        return started[-1]

    yield start
    for supervisor in started:
        supervisor.close()
