"""Alembic's environment: runs migrations on the connection that `oim.kit.db.migrate` passes to it."""

from alembic import context

from oim.migrations.models import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    # A migration that fails leaves those before it in place, to be continued after a correction.
    transaction_per_migration=True,
)
context.run_migrations()
