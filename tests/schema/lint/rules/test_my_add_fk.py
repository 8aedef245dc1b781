from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-add-fk"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])', "mariadb:10.11"),
        (
            'op.execute("ALTER TABLE shelf ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES account (id)")',
            "mysql:8.4",
        ),
        (
            'op.add_column("shelf", sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")))',
            "mysql:8.4",
        ),
        (
            'op.execute("ALTER TABLE shelf ADD COLUMN account_id INT REFERENCES account (id)")',
            "mariadb:10.11",
        ),
        ('op.create_foreign_key("fk", "legacy", "account", ["a"], ["id"])', "mariadb:10.11"),
        (
            (
                'with op.batch_alter_table("shelf") as batch:\n'
                '    batch.create_foreign_key("fk", "account", ["id"], ["id"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.execute("SET foreign_key_checks = 0")\n'
                'op.execute("SET foreign_key_checks = 1")\n'
                'op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_key_on_a_filled_table_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.create_foreign_key("fk", "tag", "account", ["n"], ["id"])'
            ),
            "mysql:8.4",
        ),
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
                'op.execute("SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE shelf ADD FOREIGN KEY (id) '
                'REFERENCES account (id)")'
            ),
            "mariadb:10.11",
        ),
        ('op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")', "mysql:8.4"),
        ('op.add_column("shelf", sa.Column("account_id", sa.Integer()))', "mariadb:10.11"),
        ('op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])', "postgresql:15"),
    ],
)
def test_key_that_copies_nothing_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.create_foreign_key("fk_shelf_id_account", "shelf", "account", ["id"], ["id"])',
        "mariadb:10.11",
    )
    assert finding.message == (
        "MariaDB copies the whole table shelf, and every INSERT, UPDATE and DELETE on it waits until that is "
        "done; it needs the table's size again on disk, and replicas fall behind. Writers to account wait "
        "too. One row without a parent makes all of it fail."
    )
    assert finding.instead == (
        "Add the key unchecked, which takes a moment, and look for rows without a parent behind it:\n"
        "\n"
        '    op.execute("SET SESSION foreign_key_checks = 0")\n'
        "    op.create_foreign_key('fk_shelf_id_account', 'shelf', 'account', ['id'], ['id'])\n"
        '    op.execute("SET SESSION foreign_key_checks = 1")\n'
        "    orphans = op.get_bind().scalar(sa.text(\n"
        '        "SELECT count(*) FROM shelf c LEFT JOIN account p ON p.id = c.id "\n'
        '        "WHERE c.id IS NOT NULL AND p.id IS NULL"\n'
        "    ))\n"
        "    if orphans:\n"
        '        raise RuntimeError(f"{orphans} rows of shelf have no account")'
    )


def test_key_without_a_name_is_given_one_in_what_to_write() -> None:
    finding = assert_flags(
        RULE, 'op.create_foreign_key(None, "book", "shelf", ["pages"], ["id"])', "mysql:8.4"
    )
    assert "op.create_foreign_key('fk_book_pages_shelf', 'book', 'shelf', ['pages'], ['id'])" in str(
        finding.instead
    )
