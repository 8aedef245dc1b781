"""Random tables with all that Alembic does not reflect, rebuilt: the schema and the rows are what they were."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import NullPool, create_engine

from app.schema.dialects.rebuild import keeping
from app.schema.dialects.rebuild.lexer import normalized

SEEDS = 40
OTHER = "CREATE TABLE other (id INTEGER PRIMARY KEY); INSERT INTO other VALUES (7)"
CHILD = "CREATE TABLE child (item_id INTEGER REFERENCES item (id)); INSERT INTO child VALUES (1), (3)"
TYPES = ("INTEGER", "VARCHAR(9)", "TEXT", "", "NUMERIC(5, 2)", "DOUBLE PRECISION", "MONEY", "BLOB", "date")
DEFAULTS = ("DEFAULT 1", "DEFAULT -1.5", "DEFAULT 'it''s; (x'", "DEFAULT (1 + (2))", "DEFAULT CURRENT_DATE")
NAMES = ("plain", '"two words"', '"a ""b"""', "[bra]", "`tick`", "Größe", "value")


def _name(quoted: str) -> str:
    bare = quoted[1:-1] if quoted[0] in '"[`' else quoted
    return bare.replace('""', '"')


def _column(dice: random.Random, name: str) -> str:
    parts = [name, dice.choice(TYPES)]
    maybe = [
        dice.choice(DEFAULTS),
        dice.choice(("COLLATE NOCASE", "COLLATE RTRIM", "NULL")),
        dice.choice(("", "CONSTRAINT c ")) + f"CHECK ({name} IS NULL OR length({name}) < 99 /* ) */)",
        dice.choice(("UNIQUE", "UNIQUE ON CONFLICT IGNORE")),
        dice.choice(
            ("REFERENCES other", "REFERENCES other (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED")
        ),
    ]
    dice.shuffle(maybe)
    comment = dice.choice(("", "", " -- a comment, with (\n", " /* , */"))
    return " ".join([*parts, *maybe[: dice.randrange(4)]]) + comment


def _table(dice: random.Random) -> tuple[str, list[str]]:
    names = dice.sample(NAMES, dice.randrange(2, len(NAMES)))
    key = dice.choice(
        (
            "id INTEGER PRIMARY KEY AUTOINCREMENT",
            "id INTEGER NOT NULL PRIMARY KEY",
            "'id' INTEGER CONSTRAINT pk PRIMARY KEY",
            "id INTEGER",
        )
    )
    columns = [key, *(_column(dice, name) for name in names)]
    if dice.random() < 0.4:
        columns.append(f"g1 {dice.choice(('', 'INT'))} AS (id + 1)")
    if dice.random() < 0.4:
        columns.append(f"g2 INT GENERATED ALWAYS AS (length({names[0]})) STORED")
    dice.shuffle(columns)
    constraints = [
        f"UNIQUE (id, {names[0]} COLLATE NOCASE)",
        f"CHECK (id > 0 AND {names[0]} IS NOT 'no')",
        f"CONSTRAINT fk FOREIGN KEY ({names[1]}) REFERENCES item ({names[0]}) MATCH SIMPLE",
    ]
    columns += dice.sample(constraints, dice.randrange(len(constraints)))
    return f"CREATE TABLE item ({', '.join(columns)})", names


def _rest(dice: random.Random, names: list[str]) -> list[str]:
    one = dice.choice(names)
    things = [
        f"CREATE INDEX ix_e ON item (lower({one}), id DESC)",
        f"CREATE UNIQUE INDEX ix_u ON item (id, {one}) WHERE {one} IS NOT NULL",
        f"CREATE INDEX ix_c ON item ({one} COLLATE NOCASE)",
        "CREATE TRIGGER t1 AFTER INSERT ON item BEGIN INSERT INTO other (id) VALUES (NEW.id + 99); END",
        f"CREATE TRIGGER t2 BEFORE UPDATE OF {one} ON item WHEN OLD.id = 0 BEGIN DELETE FROM other; END",
        f"CREATE TRIGGER t3 AFTER DELETE ON other BEGIN UPDATE item SET {one} = NULL; END",
        f"CREATE VIEW v1 AS SELECT i.{one} AS x, other.id FROM item AS i, other",
        "CREATE VIEW v2 (a) AS SELECT count(*) FROM item",
    ]
    return [*(thing for thing in things if dice.random() < 0.6), "ANALYZE"]


def _state(driver: sqlite3.Connection) -> dict[str, object]:
    found: dict[str, object] = {}
    for kind, name, sql in driver.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
        found[name] = normalized(sql or "")
        if kind == "table" and not name.startswith("sqlite_stat"):
            found[f"rows of {name}"] = sorted(driver.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
    found["keys"] = driver.execute("PRAGMA foreign_key_list(item)").fetchall()
    found["statistics"] = sorted(driver.execute("SELECT * FROM sqlite_stat1").fetchall(), key=repr)
    found["rowids"] = driver.execute("SELECT id FROM item ORDER BY id").fetchall()
    return found


@pytest.mark.parametrize("seed", range(SEEDS))
def test_rebuild_that_changes_nothing_changes_nothing(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)  # noqa: S311  # nothing here is a secret
    table, names = _table(dice)
    engine = create_engine(f"sqlite:///{tmp_path / 'random.db'}", poolclass=NullPool)
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        rows = [f"INSERT OR IGNORE INTO item (id, {names[0]}) VALUES ({n}, 'v{n}')" for n in (1, 2, 5, 9)]
        driver.executescript(";\n".join([OTHER, CHILD, table, *rows, "DELETE FROM item WHERE id = 9"]))
        for statement in _rest(dice, names):
            driver.execute(statement)
        driver.commit()
        before = _state(driver)
        context = MigrationContext.configure(connection)
        with keeping(context, pytest.fail), Operations.context(context), connection.begin():
            op = Operations(context)
            with op.batch_alter_table("item", recreate="always") as batch:
                batch.alter_column(_name(names[0]), existing_type=sa.Text())
        assert _state(driver) == before
