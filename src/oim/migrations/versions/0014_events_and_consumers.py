"""Events get an id, a version, details and a pseudonym, and become append-only; the outbox gets consumers.

Events recorded so far are read as version 1 of their kinds. Rows of the outbox wait for every consumer.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# The id of what happens once to an offer of a list, as `features.events.service` makes it.
SET_EVENT_ID = """UPDATE events SET event_id = encode(substr(sha256(convert_to(
    kind || '/' || list_id || '/' || opportunity_id, 'UTF8')), 1, 16), 'hex')::uuid"""
APPEND_ONLY = """
CREATE FUNCTION hold_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Each event ends with its term; whoever deletes says so in the same transaction.
    IF TG_OP = 'DELETE' AND current_setting('oim.purge_events', true) = 'on' THEN
        RETURN OLD;
    END IF;
    -- A person leaves their events: nothing else of the row changes.
    IF TG_OP = 'UPDATE' AND NEW.pseudonym IS NULL
            AND to_jsonb(NEW) - 'pseudonym' = to_jsonb(OLD) - 'pseudonym' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    _upgrade_events()
    op.add_column("outbox", sa.Column("payload", JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("outbox", sa.Column("position", sa.BigInteger(), nullable=True))
    op.drop_index("ix_outbox_topic_id", table_name="outbox")
    op.create_index(
        "ix_outbox_unnumbered", "outbox", ["topic", "id"], postgresql_where=sa.text("position IS NULL")
    )
    numbered = sa.text("position IS NOT NULL")
    op.create_index("ix_outbox_topic_position", "outbox", ["topic", "position"], postgresql_where=numbered)
    op.create_index("ix_outbox_position", "outbox", ["position"], unique=True, postgresql_where=numbered)
    op.create_table(
        "consumer_offsets",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", name=op.f("pk_consumer_offsets")),
    )


def _upgrade_events() -> None:
    for column in (
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("details", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("events", column)
    op.execute(SET_EVENT_ID)
    op.alter_column("events", "event_id", nullable=False)
    # The defaults were for the rows there are; the program names the version of each new one.
    for name in ("version", "details"):
        op.alter_column("events", name, server_default=None)
    op.alter_column("events", "list_id", nullable=True)
    op.drop_index("ix_events_list_id_opportunity_id_kind", table_name="events")
    op.create_index("ix_events_list_id_opportunity_id_kind", "events", ["list_id", "opportunity_id", "kind"])
    op.create_index("ix_events_event_id", "events", ["event_id"], unique=True)
    op.create_index(
        "ix_events_pseudonym", "events", ["pseudonym"], postgresql_where=sa.text("pseudonym IS NOT NULL")
    )
    op.execute(APPEND_ONLY)
    for name, moment in (("change", "UPDATE OR DELETE ON events FOR EACH ROW"),
                         ("truncate", "TRUNCATE ON events FOR EACH STATEMENT")):  # fmt: skip
        op.execute(f"CREATE TRIGGER events_{name} BEFORE {moment} EXECUTE FUNCTION hold_events_append_only()")


def downgrade() -> None:
    op.drop_table("consumer_offsets")
    for name in ("ix_outbox_position", "ix_outbox_topic_position", "ix_outbox_unnumbered"):
        op.drop_index(name, table_name="outbox")
    # The old program knows these topics only; it would leave others lying for ever.
    op.execute("DELETE FROM outbox WHERE topic LIKE 'event.%'")
    op.drop_column("outbox", "position")
    op.drop_column("outbox", "payload")
    op.create_index("ix_outbox_topic_id", "outbox", ["topic", "id"], unique=False)
    for name in ("truncate", "change"):
        op.execute(f"DROP TRIGGER events_{name} ON events")
    op.execute("DROP FUNCTION hold_events_append_only")
    # Acts outside a list, a second of one kind in a list and kinds it does not know are nothing to it.
    op.execute("DELETE FROM events WHERE list_id IS NULL OR kind = 'dismissed'")
    op.execute(
        "DELETE FROM events WHERE kind = 'outcome' AND COALESCE(details ->> 'answer', 'got_it') <> 'got_it'"
    )
    op.execute(
        "DELETE FROM events later USING events first WHERE later.id > first.id AND later.kind = first.kind"
        " AND later.list_id = first.list_id AND later.opportunity_id = first.opportunity_id"
    )
    for name in ("pseudonym", "event_id", "list_id_opportunity_id_kind"):
        op.drop_index(f"ix_events_{name}", table_name="events")
    for name in ("pseudonym", "details", "version", "event_id"):
        op.drop_column("events", name)
    op.alter_column("events", "list_id", nullable=False)
    op.create_index(
        "ix_events_list_id_opportunity_id_kind", "events", ["list_id", "opportunity_id", "kind"], unique=True
    )
