"""The database's migrations, by Alembic; ``service.records.database`` applies them at start."""
