from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.schema.core.server import Server
from app.schema.core.state import State
from app.schema.scripts.recorder import record
from app.schema.scripts.replay import replay
from tests.schema.lint.verbs import HISTORY, revision_source

if TYPE_CHECKING:
    from pathlib import Path


def state_after(tmp_path: Path, *bodies: str, server: str = "postgresql:15") -> State:
    state = State()
    for number, body in enumerate(bodies):
        path = tmp_path / f"r{number}.py"
        path.write_text(revision_source(body, f"r{number}", None))
        replay(state, record(path, f"r{number}", Server.parse(server)))
    return state


def test_history_is_known_table_by_table(tmp_path: Path) -> None:
    state = state_after(tmp_path, HISTORY)
    assert {"account", "book", "shelf", "visit"} <= set(state.tables)
    book = state.tables["book"]
    assert book.created_in == "r0"
    assert book.primary_key == ("id",)
    assert book.columns["title"].nullable is False
    assert [(c.name, c.referred_table) for c in book.of_kind("foreign key")] == [
        ("fk_book_account_id_account", "account")
    ]
    assert set(book.indexes) == {"ix_book_title", "ix_book_account_id"}
    assert state.types["book_status"].values == ("draft", "published")
    assert [table.name for table, _ in state.referencing("account")] == ["book"]


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("page", sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id")))',
        'op.execute("CREATE TABLE page (book_id integer REFERENCES book (id))")',
    ],
)
def test_foreign_key_written_at_a_column_is_known(tmp_path: Path, body: str) -> None:
    state = state_after(tmp_path, HISTORY, body)
    assert [(table.name, key.columns) for table, key in state.referencing("book")] == [("page", ("book_id",))]


@pytest.mark.parametrize(("server", "left"), [("mysql:8.4", []), ("postgresql:15", ["uq_account_email"])])
def test_unique_constraint_is_dropped_as_the_index_that_it_is(
    tmp_path: Path, server: str, left: list[str]
) -> None:
    state = state_after(tmp_path, HISTORY, 'op.drop_index("uq_account_email", "account")', server=server)
    assert [key.name for key in state.tables["account"].of_kind("unique")] == left


def test_what_a_revision_drops_is_remembered_until_the_next_one_that_drops(tmp_path: Path) -> None:
    drops = 'op.drop_column("account", "bio")\nop.drop_constraint("uq_account_email", "account")'
    state = state_after(tmp_path, HISTORY, drops, 'op.drop_table("shelf")')
    assert list(state.dropped_in("r1", "account")) == []
    assert [gone.table for gone in state.dropped] == ["shelf"]
    before = state_after(tmp_path, HISTORY, drops)
    assert [gone.name for gone in before.dropped_in("r1", "account")] == ["bio", "uq_account_email"]


def test_partitions_views_and_policies_are_known(tmp_path: Path) -> None:
    policy = 'op.execute("CREATE POLICY own ON shelf USING (label = current_user)")'
    state = state_after(tmp_path, HISTORY, policy)
    assert state.tables["visit"].partitions == ["visit_2025"]
    assert state.views["visit_page"].query == "CREATE VIEW visit_page AS SELECT day, page FROM visit"
    assert state.views["visit_page"].created_in == "r0"
    assert state.tables["shelf"].policies == {
        "own": "CREATE POLICY own ON shelf USING (label = current_user)"
    }
    dropped = state_after(tmp_path, HISTORY, policy, 'op.execute("DROP POLICY own ON shelf")')
    assert not dropped.tables["shelf"].policies


def test_generated_column_is_known_by_its_formula(tmp_path: Path) -> None:
    table = (
        'op.create_table("t", sa.Column("a", sa.Text()), sa.Column("b", sa.Text(), sa.Computed("lower(a)")))'
    )
    assert state_after(tmp_path, table).tables["t"].columns["b"].formula == "lower(a)"


def test_enum_types_are_columns_elsewhere(tmp_path: Path) -> None:
    assert not state_after(tmp_path, HISTORY, server="mariadb:10.11").types


def test_rename_is_followed_by_columns_constraints_and_indexes(tmp_path: Path) -> None:
    state = state_after(
        tmp_path,
        HISTORY,
        'op.rename_table("book", "volume")\nop.alter_column("volume", "title", new_column_name="name")',
        'op.rename_table("account", "person")',
    )
    volume = state.tables["volume"]
    assert "name" in volume.columns
    assert volume.indexes["ix_book_title"].columns == ("name",)
    assert next(volume.of_kind("foreign key")).referred_table == "person"
    assert volume.created_in == "r0"


def test_not_valid_constraint_counts_when_it_is_validated(tmp_path: Path) -> None:
    add = 'op.create_check_constraint("ck_x", "book", "pages < 9", postgresql_not_valid=True)'
    validate = 'op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_x")'
    constraint = state_after(tmp_path, HISTORY, add).tables["book"].constraint("ck_x")
    assert constraint is not None
    assert not constraint.validated
    constraint = state_after(tmp_path, HISTORY, add, validate).tables["book"].constraint("ck_x")
    assert constraint is not None
    assert constraint.validated


def test_not_null_that_is_not_valid_counts_when_it_is_validated(tmp_path: Path) -> None:
    add = 'op.execute("ALTER TABLE book ADD CONSTRAINT nn NOT NULL isbn NOT VALID")'
    validate = 'op.execute("ALTER TABLE book VALIDATE CONSTRAINT nn")'
    before = state_after(tmp_path, HISTORY, add, server="postgresql:18").tables["book"]
    assert before.columns["isbn"].nullable is True
    after = state_after(tmp_path, HISTORY, add, validate, server="postgresql:18").tables["book"]
    assert after.columns["isbn"].nullable is False


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('op.drop_column("book", "account_id")', {"ix_book_title"}),
        ('op.drop_index("ix_book_title", "book")', {"ix_book_account_id"}),
        ('op.drop_index("ix_book_title")', {"ix_book_account_id"}),
        ('op.execute("ALTER INDEX ix_book_title RENAME TO other")', {"other", "ix_book_account_id"}),
    ],
)
def test_indexes_follow(tmp_path: Path, body: str, left: set[str]) -> None:
    assert set(state_after(tmp_path, HISTORY, body).tables["book"].indexes) == left


def test_unknown_table_is_marked_as_not_known(tmp_path: Path) -> None:
    table = state_after(tmp_path, 'op.add_column("old", sa.Column("a", sa.Integer()))').tables["old"]
    assert not table.known
    assert table.created_in is None


def test_alter_column_changes_what_it_names(tmp_path: Path) -> None:
    body = 'op.alter_column("book", "isbn", type_=sa.String(20), nullable=False, server_default="x")'
    column = state_after(tmp_path, HISTORY, body).tables["book"].columns["isbn"]
    assert (str(column.type), column.nullable, column.default) == ("VARCHAR(20)", False, "'x'")


def test_many_inserted_rows_fill_a_new_table(tmp_path: Path) -> None:
    body = """
    t = op.create_table("t", sa.Column("id", sa.Integer()))
    op.bulk_insert(t, [{"id": n} for n in range(2000)])
    """
    assert state_after(tmp_path, body).tables["t"].filled


def test_renamed_type_is_followed_by_its_columns(tmp_path: Path) -> None:
    state = state_after(tmp_path, HISTORY, 'op.execute("ALTER TYPE book_status RENAME TO status")')
    assert getattr(state.tables["book"].columns["status"].type, "name", None) == "status"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("tag", sa.Column("a", sa.ForeignKey("public.account.id")), schema="public")',
        'op.execute("CREATE TABLE public.tag (a int REFERENCES public.account (id))")',
    ],
)
def test_schema_that_is_searched_anyway_makes_no_other_table(tmp_path: Path, body: str) -> None:
    tag = state_after(tmp_path, HISTORY, body).tables["tag"]
    assert [key.referred_table for key in tag.of_kind("foreign key")] == ["account"]


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE account MODIFY active INTEGER")',
        'op.alter_column("account", "active", existing_type=sa.Boolean(), type_=sa.Integer())',
    ],
)
def test_what_modify_does_not_repeat_is_gone_on_mysql(tmp_path: Path, body: str) -> None:
    column = state_after(tmp_path, HISTORY, body, server="mysql:8.4").tables["account"].columns["active"]
    assert (column.nullable, column.default) == (True, "")


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account MODIFY active INTEGER NOT NULL DEFAULT true")', "mariadb:10.11"),
        ('op.alter_column("account", "active", server_default=sa.true())', "mysql:8.4"),
        ('op.alter_column("account", "active", type_=sa.Integer())', "postgresql:15"),
    ],
)
def test_what_modify_repeats_stays(tmp_path: Path, body: str, server: str) -> None:
    column = state_after(tmp_path, HISTORY, body, server=server).tables["account"].columns["active"]
    assert (column.nullable, column.default) == (False, "true")


@pytest.mark.parametrize(
    ("part", "columns", "expression"),
    [
        ('sa.text("title DESC")', ("title",), False),
        ('sa.text("`title`(20)")', ("title",), False),
        ('sa.text("lower(title)")', ("lower(title)",), True),
    ],
)
def test_index_on_a_column_with_a_direction_is_no_expression(
    tmp_path: Path, part: str, columns: tuple[str, ...], expression: bool
) -> None:
    state = state_after(tmp_path, HISTORY, f'op.create_index("ix", "book", [{part}])', server="mysql:8.4")
    index = state.tables["book"].indexes["ix"]
    assert (index.columns, index.has_expressions) == (columns, expression)
