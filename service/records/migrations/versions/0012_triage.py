"""Who is to act on a check that named nobody: as reviewers say, and as the clearance is bound to."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    op.add_column("approvals", sa.Column("executor", sa.String(length=200), nullable=True))
    op.add_column("clearances", sa.Column("given_to", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("clearances", "given_to")
    op.drop_column("approvals", "executor")
