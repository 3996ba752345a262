"""Indexes by which the newest checks of somebody or of a platform are found first, and old counts of quotas."""

from service.records.migrations import online

revision = "0020"
down_revision = "0019"
OLD_VERSION_MAY_SERVE = True

_NEWEST = ("actor", "caller", "platform")
_BEFORE = ("actor", "caller")


def upgrade() -> None:
    for column in _NEWEST:
        online.create_index(f"ix_decisions_{column}_seq", "decisions", [column, "seq"])
    online.create_index("ix_usage_minute", "usage", ["minute"])
    for column in _BEFORE:
        online.drop_index(f"ix_decisions_{column}", "decisions")


def downgrade() -> None:
    for column in _BEFORE:
        online.create_index(f"ix_decisions_{column}", "decisions", [column])
    online.drop_index("ix_usage_minute", "usage")
    for column in _NEWEST:
        online.drop_index(f"ix_decisions_{column}_seq", "decisions")
