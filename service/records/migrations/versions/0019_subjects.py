"""Keys that stand for accounts at the provider of the sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    op.add_column("keys", sa.Column("subject", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("keys", "subject")
