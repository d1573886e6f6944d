"""Alembic's entry: migrates over the connection that ``serving.database.migration`` gives."""

from alembic import context

from serving.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
    transactional_ddl=False,  # the transaction is that of the caller: all migrations, or none
)
context.run_migrations()
