"""The ledger's whole schema: its tables, and the promises that SQLite and PostgreSQL keep in words of their own."""

from __future__ import annotations

from sqlalchemy import DDL, Index, event

from crosspost.ledger.tables import attempts
from crosspost.ledger.tables import metadata as metadata

# One living claim per post.
Index(
    "one_living_claim_per_post",
    attempts.c.post_id,
    unique=True,
    sqlite_where=attempts.c.ended_at.is_(None),
    postgresql_where=attempts.c.ended_at.is_(None),
)

# Events only append.
for statement in (
    """CREATE TRIGGER events_only_append BEFORE UPDATE ON events
       BEGIN SELECT RAISE(ABORT, 'events only append'); END""",
    """CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
       BEGIN SELECT RAISE(ABORT, 'events only append'); END""",
):
    event.listen(metadata, "after_create", DDL(statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for statement in (
    """CREATE FUNCTION events_only_append() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events only append'; END $$""",
    """CREATE TRIGGER events_only_append BEFORE UPDATE OR DELETE ON events
       FOR EACH ROW EXECUTE FUNCTION events_only_append()""",
):
    event.listen(metadata, "after_create", DDL(statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
