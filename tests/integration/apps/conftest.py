import shutil

import pytest
from up_tools import Supervisor

from oim.apps.up import running_services
from oim.kit.settings import Settings


@pytest.fixture(scope="session")
def first_home(tmp_path_factory):
    """A home on which PostgreSQL and Valkey have run once."""
    place = tmp_path_factory.mktemp("first") / "home"
    with running_services(Settings(home=place), ["postgres", "valkey"], lambda _: None):
        return place


@pytest.fixture
def home(tmp_path, first_home):
    """A home of the test's own, used before."""
    place = tmp_path / "a home"
    shutil.copytree(first_home, place)
    return place


@pytest.fixture
def supervise(home):
    """Start supervisors; whatever is left of them at the end is killed."""
    started = []

    def start(place=home, port=0, **more):
        started.append(Supervisor(place, port, **more))
        return started[-1]

    yield start
    for supervisor in started:
        supervisor.close()
