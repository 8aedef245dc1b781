from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-alter-type-rewrite"


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.execute("ALTER TABLE account ALTER COLUMN age TYPE bigint")',
        'op.get_bind().execute(sa.text("ALTER TABLE account ALTER age SET DATA TYPE numeric"))',
        'op.execute("ALTER TABLE book ALTER COLUMN data TYPE jsonb")',
        'op.alter_column("account", "balance", type_=sa.Numeric(12, 4), existing_type=sa.Numeric(10, 2))',
        'op.alter_column("account", "created_at", type_=sa.DateTime(timezone=True))',
        "op.execute(\"ALTER TABLE account ALTER created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC'\")",
        'op.alter_column("account", "name", type_=sa.Text(), postgresql_using="name || \'\'")',
        'op.alter_column("account", "country", type_=sa.Text(), existing_type=sa.CHAR(2))',
        'op.alter_column("ledger", "n", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.alter_column("ledger", "n", type_=sa.BigInteger())',
    ],
)
def test_change_that_rewrites_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("varchar(10)", "varchar(20)"),
        ("varchar(10)", "varchar"),
        ("varchar(10)", "text"),
        ("text", "varchar"),
        ("numeric(10, 2)", "numeric(12, 2)"),
        ("numeric(10, 2)", "numeric"),
        ("varbit(4)", "varbit(8)"),
        ("cidr", "inet"),
        ("timestamp(3)", "timestamp(6)"),
        ("timestamptz(3)", "timestamptz"),
        ("time(3)", "time"),
        ("interval(3)", "interval"),
        ("citext", "text"),
        ("citext", "varchar"),
        ("xml", "text"),
    ],
)
def test_safe_list_is_clean(old: str, new: str) -> None:
    history = f'op.execute("CREATE TABLE t (id bigint PRIMARY KEY, c {old})")'
    assert_clean(
        RULE, f'op.execute("ALTER TABLE t ALTER COLUMN c TYPE {new}")', "postgresql:15", before=history
    )


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "name", type_=sa.Text(), postgresql_using="name")',
        'op.alter_column("account", "name", type_=sa.String(90), postgresql_using="name::varchar(90)")',
        'op.alter_column("account", "age", nullable=False)',
        'op.create_table("t", sa.Column("c", sa.Integer()))\nop.alter_column("t", "c", type_=sa.BigInteger())',
        (
            "op.execute(\"SET LOCAL timezone = 'UTC'\")\n"
            'op.alter_column("account", "created_at", type_=sa.DateTime(timezone=True))'
        ),
        'op.alter_column("book", "status", type_=sa.Enum("draft", "published", "lost", name="book_status"))',
        # Other rules speak about these, and say that the table is rewritten.
        'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))',
        'op.alter_column("account", "id", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.alter_column("account", "bio", type_=sa.Integer())',
    ],
)
def test_change_that_rewrites_nothing_or_is_another_hazard_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_time_zone_that_is_not_utc_is_flagged() -> None:
    change = 'op.alter_column("account", "created_at", type_=sa.DateTime(timezone=True))'
    assert_flags(RULE, f"op.execute(\"SET LOCAL timezone = 'Europe/Paris'\")\n{change}", "postgresql:15")
    assert_flags(RULE, f"op.execute(\"SET timezone = 'UTC'\")\n{change}", "postgresql:11")


def test_message_in_full() -> None:
    body = 'op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Changing account.age from INTEGER to BIGINT writes every row and every index of account anew; nobody can "
        "read or write account until that is done."
    )
    assert finding.instead == (
        "Fill a second column of the new type beside it, then let the code use that one:\n"
        "\n"
        "    op.add_column('account', sa.Column('age_new', sa.BigInteger(), nullable=True))\n"
        "    op.execute(\"SET LOCAL lock_timeout = '2s'\")\n"
        '    op.execute("CREATE FUNCTION account_age_new() RETURNS trigger LANGUAGE plpgsql AS "\n'
        '               "$$ BEGIN NEW.age_new := NEW.age; RETURN NEW; END $$")\n'
        '    op.execute("CREATE TRIGGER account_age_new BEFORE INSERT OR UPDATE ON account "\n'
        '               "FOR EACH ROW EXECUTE FUNCTION account_age_new()")\n'
        "    # revision 2, after r1: the rows that are there\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        '            op.execute(f"UPDATE account SET age_new = age WHERE id BETWEEN {start} AND {start + 999}")\n'
        "    # revision 3, in a release whose code uses age_new: drop the trigger and age"
    )
    assert (finding.lock, finding.rewrites) == ("ACCESS EXCLUSIVE", True)


def test_type_that_only_sql_can_say_is_added_with_sql() -> None:
    body = 'op.execute("ALTER TABLE book ALTER COLUMN data TYPE shop.thing USING data::text::shop.thing")'
    instead = assert_flags(RULE, body, "postgresql:15").instead or ""
    assert 'op.execute("ALTER TABLE book ADD COLUMN data_new shop.thing")' in instead
    assert "NEW.data_new := NEW.data::text::shop.thing;" in instead
