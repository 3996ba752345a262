"""People by all spellings of their names: person ids of keys, who got a clearance, and the names of actors."""

import sqlalchemy as sa
from alembic import op

from service.utils.person_key import person_key

revision = "0004"
down_revision = "0003"
OLD_VERSION_MAY_SERVE = False

# As these tables are after this migration.
_decisions = sa.table("decisions", sa.column("actor"))
_names = sa.table("actor_names", sa.column("name"), sa.column("key"))
_usage = sa.table("usage", sa.column("actor"), sa.column("minute"), sa.column("cleared"))
_answers = sa.table("answers", sa.column("caller"), sa.column("key"))


def upgrade() -> None:
    op.add_column("keys", sa.Column("person", sa.String(length=200), nullable=True))
    op.add_column("clearances", sa.Column("taken_by", sa.String(length=16), nullable=True))
    op.create_table(
        "actor_names",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_actor_names")),
    )
    op.create_index(op.f("ix_actor_names_key"), "actor_names", ["key"], unique=False)
    connection = op.get_bind()
    for name in connection.execute(sa.select(_decisions.c.actor).distinct()).scalars().all():
        connection.execute(_names.insert().values(name=name, key=person_key(name)))
    _count_by_key(connection)
    _answer_by_key(connection)


def _count_by_key(connection: sa.Connection) -> None:
    """Add up what was counted under several spellings of a name."""
    counts: dict[tuple[str, int], int] = {}
    for actor, minute, cleared in connection.execute(sa.select(_usage)):
        name = actor if actor == "*" else person_key(actor)
        counts[name, minute] = counts.get((name, minute), 0) + cleared
    connection.execute(_usage.delete())
    rows = [{"actor": actor, "minute": minute, "cleared": cleared} for (actor, minute), cleared in counts.items()]
    if rows:
        connection.execute(_usage.insert(), rows)


def _answer_by_key(connection: sa.Connection) -> None:
    """Put what was answered under the key of the caller's name, the first answer where there are several."""
    for caller in connection.execute(sa.select(_answers.c.caller).distinct()).scalars().all():
        name = person_key(caller)
        if name != caller:
            taken = sa.select(_answers.c.key).where(_answers.c.caller == name)
            mine = _answers.c.caller == caller
            connection.execute(_answers.update().where(mine, _answers.c.key.not_in(taken)).values(caller=name))
            connection.execute(_answers.delete().where(mine))


def downgrade() -> None:
    op.drop_table("actor_names")
    op.drop_column("clearances", "taken_by")
    op.drop_column("keys", "person")
