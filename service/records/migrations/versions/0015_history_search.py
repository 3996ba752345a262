"""What the history is searched by: the protected account of a check, who reviewed it, parts of handles by time."""

import json

import sqlalchemy as sa
from alembic import op

from classifier.accounts.identity import identity_key
from service.records.migrations import online

revision = "0015"
down_revision = "0014"
OLD_VERSION_MAY_SERVE = False

# As these tables are after this migration.
_decisions = sa.table("decisions", sa.column("seq"), sa.column("record"))
_targets = sa.table("decision_targets", sa.column("entry"), sa.column("handle"))
_TOGETHER = 1_000


def upgrade() -> None:
    op.create_table(
        "decision_targets",
        sa.Column("entry", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_decision_targets")),
        if_not_exists=True,
    )
    online.create_index("ix_decisions_at", "decisions", ["at", "handle"])
    online.create_index("ix_approvals_actor", "approvals", ["actor"])
    online.create_index("ix_clearances_given_to", "clearances", ["given_to"])
    with online.outside_of_transactions():
        _note_targets(op.get_bind())
    online.create_index("ix_decision_targets_handle", "decision_targets", ["handle", "entry"])


def _note_targets(connection: sa.Connection) -> None:
    """Note of every check that was recorded before which protected account it was about, from where it was left."""
    after = connection.execute(sa.select(sa.func.coalesce(sa.func.max(_targets.c.entry), 0))).scalar_one()
    query = sa.select(_decisions).order_by(_decisions.c.seq).limit(_TOGETHER)
    while rows := connection.execute(query.where(_decisions.c.seq > after)).all():
        after = rows[-1].seq
        named = [(row.seq, json.loads(row.record).get("target")) for row in rows]
        noted = [{"entry": seq, "handle": identity_key(target["handle"])} for seq, target in named if target]
        if noted:
            connection.execute(_targets.insert(), noted)


def downgrade() -> None:
    op.drop_index(op.f("ix_clearances_given_to"), "clearances")
    op.drop_index(op.f("ix_approvals_actor"), "approvals")
    op.drop_index(op.f("ix_decisions_at"), "decisions")
    op.drop_table("decision_targets")
