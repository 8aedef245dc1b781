"""What is gathered from a live database."""

from __future__ import annotations

import pytest
from sqlalchemy import NullPool, create_engine

from app.schema.core.server import Server
from app.schema.dialects.facts import gather
from tests.databases.servers import Database
from tests.schema.dialects.waits.conftest import until


@pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
def test_age_of_a_transaction_does_not_depend_on_zones_of_time(database: Database) -> None:
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as holder, engine.connect() as reader:
        holder.exec_driver_sql("CREATE TABLE book (id INTEGER PRIMARY KEY)")
        holder.exec_driver_sql("INSERT INTO book VALUES (1)")
        reader.exec_driver_sql("SET time_zone = '+13:00'")
        server = Server.parse("mariadb:10.11")
        until(lambda: gather(reader, server).longest_transaction is not None)
        age = gather(reader, server).longest_transaction
    assert age is not None
    assert 0 <= age < 3600
