from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-fk-checks-off"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.execute("SET foreign_key_checks = 0")\n'
                'op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])\n'
                'op.execute("SET foreign_key_checks = 1")'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("SET FOREIGN_KEY_CHECKS=OFF")\n'
                'op.execute("DELETE FROM account WHERE id = 1")\n'
                'op.execute("SET FOREIGN_KEY_CHECKS=ON")'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("SET @@session.foreign_key_checks = 0")\n'
                'op.bulk_insert(sa.table("book", sa.column("account_id")), [{"account_id": 1}])\n'
                'op.execute("SET foreign_key_checks = 1")'
            ),
            "mysql:8.4",
        ),
        (('op.execute("SET foreign_key_checks = 0")\nop.drop_table("book")'), "mariadb:10.11"),
        (
            (
                'op.execute("SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE shelf ADD FOREIGN KEY (id) '
                'REFERENCES account (id)")'
            ),
            "mariadb:10.11",
        ),
        ('op.get_bind().execute(sa.text("SET GLOBAL foreign_key_checks = 0"))', "mysql:8.4"),
        (
            (
                'op.execute("SET foreign_key_checks = 0")\n'
                'op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])\n'
                'op.execute("SET foreign_key_checks = 1")\n'
                'op.execute("SELECT count(*) FROM shelf c LEFT JOIN account p ON p.id = c.id WHERE p.id IS '
                'NULL")'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_rows_that_nobody_checks_are_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.execute("SET foreign_key_checks = 0")\n'
                'op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])\n'
                'op.execute("SET foreign_key_checks = 1")\n'
                'op.get_bind().scalar(sa.text("SELECT count(*) FROM shelf c LEFT JOIN account p ON p.id = '
                'c.id WHERE p.id IS NULL"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("SET foreign_key_checks = 0")\n'
                'op.drop_table("book")\n'
                'op.execute("SET foreign_key_checks = 1")'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("SET foreign_key_checks = 1")\n'
                'op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("SET foreign_key_checks = 0")\n'
                "op.execute(\"INSERT INTO shelf (label) VALUES ('a')\")\n"
                'op.execute("SET foreign_key_checks = 1")'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("SET foreign_key_checks = 0")\n'
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True))\n'
                'op.create_foreign_key("fk", "note", "account", ["id"], ["id"])\n'
                'op.execute("SET foreign_key_checks = 1")'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_checks_that_are_made_up_for_are_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.execute("SET foreign_key_checks = 0")\n'
            'op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])\n'
            'op.execute("SET foreign_key_checks = 1")'
        ),
        "mariadb:10.11",
    )
    assert finding.message == (
        "A foreign key of shelf in line 10 is not checked: rows without a parent stay, and switching the "
        "checks on again does not look at them."
    )
    assert finding.instead == (
        "Leave the checks on and write the rows in the right order; or query for rows without a parent behind"
        " it, and raise an error if there are any."
    )
