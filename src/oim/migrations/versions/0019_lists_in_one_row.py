"""A shown list is one event, which is about no one offer. Lists recorded so far keep a row for each offer."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# One row for each offer, as version 2 says; the ids are those that version 2 made.
EXPAND = """
INSERT INTO events (event_id, at, kind, version, opportunity_id, list_id, position, features, details)
SELECT encode(substr(sha256(convert_to('shown/' || list_id || '/' || offer, 'UTF8')), 1, 16), 'hex')::uuid,
    at, kind, 2, offer::uuid, list_id, place,
    (SELECT COALESCE(jsonb_object_agg(name, series -> (place::int - 1)), '{}')
        FROM jsonb_each(features) AS feature(name, series)
        WHERE jsonb_typeof(series -> (place::int - 1)) = 'number'),
    jsonb_build_object('known', details -> 'known')
FROM events
    CROSS JOIN LATERAL jsonb_array_elements_text(details -> 'offers') WITH ORDINALITY AS shown(offer, place)
WHERE kind = 'shown' AND version = 3
"""


def upgrade() -> None:
    op.alter_column("events", "opportunity_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute(EXPAND)
    op.execute("SELECT set_config('oim.purge_events', 'on', true)")
    op.execute("DELETE FROM events WHERE opportunity_id IS NULL")
    op.execute("SELECT set_config('oim.purge_events', 'off', true)")
    op.alter_column("events", "opportunity_id", existing_type=sa.Uuid(), nullable=False)
