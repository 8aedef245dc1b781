"""A table of a file that is attached under a name is rebuilt where it is."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import NullPool, String, create_engine

from app.schema.dialects.rebuild import keeping

SCRIPT = """
CREATE TABLE far.item (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) COLLATE NOCASE);
CREATE INDEX far.ix ON item (lower(name));
CREATE TABLE far.log (word);
CREATE TRIGGER far.tr AFTER INSERT ON item BEGIN INSERT INTO log VALUES (NEW.name); END;
INSERT INTO far.item VALUES (7, 'a');
DELETE FROM far.log;
"""


def test_indexes_and_triggers_stay_in_their_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'near.db'}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ATTACH '{tmp_path / 'far.db'}' AS far")
        for statement in SCRIPT.replace("; END", ", END").split(";"):
            connection.exec_driver_sql(statement.replace(", END", "; END"))
        connection.commit()
        context = MigrationContext.configure(connection)
        told: list[str] = []
        op = Operations(context)
        with (
            keeping(context, told.append),
            connection.begin(),
            op.batch_alter_table("item", schema="far", recreate="always") as batch,
        ):
            batch.alter_column("name", type_=String(60))
        names = connection.exec_driver_sql("SELECT name FROM far.sqlite_master").scalars().all()
        assert {"item", "ix", "tr"} <= set(names)
        assert connection.exec_driver_sql("SELECT count(*) FROM main.sqlite_master").scalar() == 0
        connection.exec_driver_sql("INSERT INTO far.item (name) VALUES ('b')")
        assert connection.exec_driver_sql("SELECT max(id) FROM far.item").scalar() == 8
        assert connection.exec_driver_sql("SELECT word FROM far.log").scalars().all() == ["b"]
    assert told == []
