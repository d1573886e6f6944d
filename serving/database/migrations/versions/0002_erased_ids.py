"""Ids of what was erased, and what the register of causes is still to forget; no reversible ids in the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, and blank people in the audit log whose id could be found by trying names.

    The ledger of the recovery queue still tells who was contacted, by whom and when.
    """
    op.create_table(
        "erased",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_erased")),
    )
    op.create_table(
        "known_still",
        sa.Column("feedback_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_known_still")),
    )
    op.execute("UPDATE audit SET subject = '' WHERE action LIKE 'recovery.%'")
