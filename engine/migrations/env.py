"""Alembic's entry: schema.py hands it the connection of the transaction it opened."""

from alembic import context

from engine.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=False,
)
context.run_migrations()
