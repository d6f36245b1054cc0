"""Access to a running stack from below: its settings, its database, sessions, and the files it wrote."""

import re
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from oim import bootstrap
from oim.apps.up.home import Home
from oim.apps.up.state import read_state
from oim.kit.settings import Settings


def settings_of(stack):
    """Load the settings that the processes of a stack run with."""
    return read_state(Home(stack.home)).resolve(Settings(home=stack.home))


@contextmanager
def database_of(stack):
    held = bootstrap.database(settings_of(stack))
    try:
        yield held
    finally:
        held.close()


def session_of(stack, actor):
    """Open a session for an actor and return its token."""
    return bootstrap.sign_in_services(settings_of(stack)).sessions.open(actor)


def dump(database):
    """Dump every table as text, by its name."""
    with database.read() as session:
        names = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return {
            name: "\n".join(session.scalars(text(f'SELECT t::text FROM "{name}" t')).all()) for name in names
        }


def files_with(folder, needles):
    """Find words in the files below a folder, in UTF-8, UTF-16 and hexadecimal: pairs of file and form."""
    forms = (
        re.escape(form)
        for needle in needles
        for form in (needle.encode(), needle.encode("utf-16-le"), needle.encode().hex().encode())
    )
    any_form = re.compile(b"|".join(forms))  # one pass: a home has hundreds of megabytes
    return sorted(
        {
            (str(file.relative_to(folder)), form)
            for file in filter(Path.is_file, folder.rglob("*"))
            for form in any_form.findall(file.read_bytes())
        }
    )
