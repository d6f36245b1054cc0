"""Rename the table of idempotent calls and its columns; drop the HTTP status.

The status is not needed: each route has one, the same at every call.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _rename_indexes(old: str, new: str) -> None:
    for name in ("pk_%s", "ix_%s_at", "ix_%s_owner"):
        op.execute(f"ALTER INDEX {name % old} RENAME TO {name % new}")


def upgrade() -> None:
    op.rename_table("once", "idempotent_calls")
    _rename_indexes("once", "idempotent_calls")
    op.alter_column("idempotent_calls", "asked", new_column_name="fingerprint")
    op.alter_column("idempotent_calls", "answer", new_column_name="result")
    op.drop_column("idempotent_calls", "status")


def downgrade() -> None:
    op.add_column("idempotent_calls", sa.Column("status", sa.Integer(), nullable=True))
    # The old program needs a status to answer a repeated call; every call that stored a result answers 201.
    op.execute("UPDATE idempotent_calls SET status = 201")
    op.alter_column("idempotent_calls", "result", new_column_name="answer")
    op.alter_column("idempotent_calls", "fingerprint", new_column_name="asked")
    _rename_indexes("idempotent_calls", "once")
    op.rename_table("idempotent_calls", "once")
