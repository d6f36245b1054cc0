"""Alembic's environment: runs migrations on the connection that `oim.kit.db.migrate` passes to it."""

from alembic import context

from oim.features.access import models as access
from oim.features.applications import models as applications
from oim.features.audit import models as audit
from oim.features.consents import models as consents
from oim.features.cv import models as cv
from oim.features.events import models as events
from oim.features.following import models as following
from oim.features.ingestion import models as ingestion
from oim.features.matching import models as matching
from oim.features.matching.learning import models as learning
from oim.features.messages import models as messages
from oim.features.occupations import models as occupations
from oim.features.opportunities import models as opportunities
from oim.features.people import models as people
from oim.features.staff import models as staff
from oim.features.statistics import models as statistics
from oim.features.trust import models as trust
from oim.kit.db import Base

# Importing a model registers its table with Base; without it, Alembic would take the table for dropped.
MODELS = (
    access,
    applications,
    audit,
    consents,
    cv,
    events,
    following,
    ingestion,
    learning,
    matching,
    messages,
    occupations,
    opportunities,
    people,
    staff,
    statistics,
    trust,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    # A migration that fails leaves those before it in place, to be continued after a correction.
    transaction_per_migration=True,
)
context.run_migrations()
