"""The superuser of an embedded database: for peers that need extensions, and tests of what OIM may not do."""

from __future__ import annotations

from urllib.parse import urlsplit

from oim.apps.up.home import Home
from oim.apps.up.postgres_roles import SECRETS, SUPERUSER
from oim.kit.settings import Settings


def superuser_url(settings: Settings) -> str:
    """The URL of the database that runs in a home, as its superuser."""
    parts = urlsplit(settings.database_url)
    password = Home(settings.home).read_secret(SECRETS[SUPERUSER])
    return parts._replace(netloc=f"{SUPERUSER}:{password}@{parts.hostname}:{parts.port}").geturl()
