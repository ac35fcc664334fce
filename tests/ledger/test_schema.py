"""The schema has one shape, whether it is made at once or grows by migrations."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from crosspost.errors import LedgerError
from crosspost.ledger import Ledger, database, migrations
from crosspost.ledger.schema import metadata


@pytest.fixture
def engine(empty_url):
    """A ledger that has grown by its migrations."""
    opened = database.connect(empty_url)
    yield opened
    opened.dispose()


def shape(engine):
    """Everything that a schema promises, in a form to compare."""
    found = inspect(engine)
    tables = {name: table_shape(found, name) for name in found.get_table_names() if name != "alembic_version"}
    with engine.connect() as connection:
        return tables, sorted(triggers(connection))


def table_shape(found, table):
    return {
        "columns": [
            (one["name"], str(one["type"]), one["nullable"], one["default"]) for one in found.get_columns(table)
        ],
        "primary key": found.get_pk_constraint(table)["constrained_columns"],
        "foreign keys": sorted(
            (one["constrained_columns"], one["referred_table"], one["referred_columns"])
            for one in found.get_foreign_keys(table)
        ),
        "unique": sorted((one["name"], one["column_names"]) for one in found.get_unique_constraints(table)),
        "checks": sorted((one["name"], one["sqltext"]) for one in found.get_check_constraints(table)),
        "indexes": sorted(
            (one["name"], one["column_names"], bool(one["unique"]), where(one)) for one in found.get_indexes(table)
        ),
    }


def where(index):
    """The condition of a partial index."""
    return [str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")]


def triggers(connection):
    statements = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": """SELECT pg_get_triggerdef(t.oid) || ' AS ' || p.prosrc
                         FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal""",
    }
    found = connection.execute(text(statements[connection.dialect.name])).scalars()
    return [" ".join(statement.split()) for statement in found]


def wipe(engine):
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        else:
            metadata.drop_all(connection)


def test_a_migrated_ledger_has_the_shape_of_one_made_at_once(engine):
    migrated = shape(engine)
    wipe(engine)
    metadata.create_all(engine)
    assert shape(engine) == migrated
    tables, found = migrated
    assert len(tables) == len(metadata.tables)
    assert found and all("events" in trigger for trigger in found)


def test_alembic_finds_nothing_to_migrate(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_the_one_that_the_code_names():
    config = Config()
    config.set_main_option("script_location", "crosspost:ledger/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_opening_a_ledger_again_changes_nothing(engine, empty_url):
    before = shape(engine)
    database.connect(empty_url).dispose()
    with engine.connect() as connection:
        assert migrations.revision(connection) == migrations.HEAD
    assert shape(engine) == before


def test_a_ledger_of_a_newer_crosspost_is_refused(engine, empty_url, clock):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerError, match=r"written by a newer crosspost \(its schema is 9999.*update crosspost"):
        Ledger(empty_url, clock)
