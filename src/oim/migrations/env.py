"""Alembic's environment: runs migrations on the connection that `oim.kit.db.migrate` passes to it.

Then the application's role gets its rights, where that is not the role that migrates.
"""

from alembic import context

from oim.kit.db.rights import lay_rights
from oim.migrations.models import METADATA

CONNECTION, ROLE = (context.config.attributes[name] for name in ("connection", "application_role"))

context.configure(
    connection=CONNECTION,
    target_metadata=METADATA,
    compare_type=True,
    # A migration that fails leaves those before it in place, to be continued after a correction.
    transaction_per_migration=True,
)
context.run_migrations()
if ROLE:
    lay_rights(CONNECTION, ROLE, METADATA.tables.values())
