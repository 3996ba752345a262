"""What migrations do to tables that grow: while others read and write, and again where they were interrupted.

On PostgreSQL an index is made outside of a transaction. So what stands before it in a migration is committed, and has
to stand being done twice: indexes come first, after no more than ``add_column``. On SQLite a migration is one
transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

_INVALID = sa.text(
    "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid"  # its making was interrupted
)


def create_index(name: str, table: str, columns: Sequence[str], **options: Any) -> None:
    """Make an index, unless it is there."""
    if not is_postgresql():
        op.create_index(name, table, columns, if_not_exists=True, **options)
        return
    with outside_of_transactions():
        if op.get_bind().execute(_INVALID, {"name": name}).scalar():
            op.drop_index(name, table, postgresql_concurrently=True)
        op.create_index(name, table, columns, if_not_exists=True, postgresql_concurrently=True, **options)


def drop_index(name: str, table: str) -> None:
    """Drop an index, unless it is gone."""
    if not is_postgresql():
        op.drop_index(name, table, if_exists=True)
        return
    with outside_of_transactions():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


def add_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column, unless it is there."""
    if column.name not in {one["name"] for one in sa.inspect(op.get_bind()).get_columns(table)}:
        op.add_column(table, column)


@contextmanager
def outside_of_transactions() -> Iterator[None]:
    """Commit each statement by itself on PostgreSQL; it waits for others however long, and blocks nobody by that."""
    if not is_postgresql():
        yield
        return
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            op.execute("RESET lock_timeout")


def is_postgresql() -> bool:
    """Tell whether the database is one."""
    return op.get_bind().dialect.name == "postgresql"
