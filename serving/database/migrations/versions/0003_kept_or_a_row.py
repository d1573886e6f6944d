"""Whether what the register of causes is still to forget was kept, or is the row of a file."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; of what is noted already nobody knows any more, and it is forgotten as rows are, too."""
    op.add_column("known_still", sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false()))
