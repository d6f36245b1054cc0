"""Chain the audit trail by shard. The entries so far become shard 0, with their numbers and marks."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit", sa.Column("shard", sa.SmallInteger(), server_default="0", nullable=False))
    op.alter_column("audit", "shard", server_default=None)
    op.drop_constraint("pk_audit", "audit")
    op.create_primary_key("pk_audit", "audit", ["shard", "seq"])
    op.drop_index("ix_audit_subject_id_seq", table_name="audit")
    op.create_index("ix_audit_subject_id_shard_seq", "audit", ["subject_id", "shard", "seq"], unique=False)


def downgrade() -> None:
    # Migrations have no keys, so they cannot make the marks of one chain, and no entry may be lost.
    if op.get_bind().scalar(sa.text("SELECT EXISTS (SELECT FROM audit WHERE shard > 0)")):
        raise RuntimeError("entries in shards cannot go back to one chain")
    op.drop_index("ix_audit_subject_id_shard_seq", table_name="audit")
    op.create_index("ix_audit_subject_id_seq", "audit", ["subject_id", "seq"], unique=False)
    op.drop_constraint("pk_audit", "audit")
    op.create_primary_key("pk_audit", "audit", ["seq"])
    op.drop_column("audit", "shard")
