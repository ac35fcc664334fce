"""The ledger's schema through time: Alembic migrations, only ever appended."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from crosspost.errors import LedgerError

HEAD = "0001"  # the newest of versions/; a test holds it against Alembic's own opinion
_ADVISORY_LOCK = 0x6D696772617465  # any fixed number but the owner's


def upgrade(engine: Engine) -> None:
    """Bring the schema to `HEAD`. Raises `LedgerError` for a ledger that a newer crosspost has written."""
    with engine.connect().execution_options(reading=True) as connection:
        current = revision(connection)
    if current == HEAD:
        return  # Alembic is slow to import, so the usual start goes without it
    if current is not None and not (Path(__file__).parent / "versions" / f"v{current}.py").exists():
        raise LedgerError(
            f"The ledger was written by a newer crosspost (its schema is {current}, this one's {HEAD}); "
            "update crosspost."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.begin() as connection:
        _one_at_a_time(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _one_at_a_time(connection: Connection) -> None:
    """Wait while another process migrates; SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def revision(connection: Connection) -> str | None:
    """The schema's revision, None where there is no ledger yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
