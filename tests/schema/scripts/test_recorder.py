from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import alembic.context
import alembic.op
import pytest
from alembic.operations import ops

from app.schema.core.ops import OpaqueOp, TransactionOp
from app.schema.core.server import Server
from app.schema.scripts.recorder import record

if TYPE_CHECKING:
    from pathlib import Path

    from app.schema.core.recorded import Recording

SERVERS = ["postgresql:15", "mariadb:10.11", "mysql:8.4", "sqlite:3.40"]


def recording(tmp_path: Path, body: str, server: str = "postgresql:15", top: str = "") -> Recording:
    path = tmp_path / "r1.py"
    text = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    path.write_text(
        f"from alembic import op, context\nimport sqlalchemy as sa\n{top}\n\ndef upgrade():\n{text}\n"
    )
    return record(path, "r1", Server.parse(server))


def reasons(result: Recording) -> list[str]:
    return [step.op.reason for step in result.operations if isinstance(step.op, OpaqueOp)]


@pytest.mark.parametrize("server", SERVERS)
def test_operations_are_recorded_with_table_and_line(tmp_path: Path, server: str) -> None:
    body = """
    op.add_column("book", sa.Column("a", sa.Integer()))
    op.drop_column(
        "book",
        "b",
        schema="shop",
    )
    """
    result = recording(tmp_path, body, server)
    assert [(type(step.op), step.table, step.line, step.end_line) for step in result.operations] == [
        (ops.AddColumnOp, "book", 6, 6),
        (ops.DropColumnOp, "shop.book", 7, 11),
    ]


def test_operation_in_a_helper_of_the_file_has_the_helpers_line(tmp_path: Path) -> None:
    top = "def helper():\n    op.drop_table('a')\n"
    assert [step.line for step in recording(tmp_path, "helper()", top=top).operations] == [4]


def test_autocommit_block_splits_the_transaction(tmp_path: Path) -> None:
    body = """
    op.drop_table("a")
    op.drop_table("b")
    with op.get_context().autocommit_block():
        op.drop_table("c")
        op.drop_table("d")
    op.drop_table("e")
    """
    steps = recording(tmp_path, body).operations
    assert [step.autocommit for step in steps] == [False, False, True, True, False]
    numbers = [step.transaction for step in steps]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 4


def test_every_ddl_statement_is_its_own_transaction_where_ddl_commits(tmp_path: Path) -> None:
    steps = recording(tmp_path, 'op.drop_table("a")\nop.drop_table("b")', "mariadb:10.11").operations
    assert steps[0].transaction != steps[1].transaction


@pytest.mark.parametrize(
    ("body", "recreates"),
    [
        ('batch.add_column(sa.Column("a", sa.Integer()))', False),
        ('batch.add_column(sa.Column("a", sa.Integer()))\n    batch.drop_column("b")', True),
        ('batch.create_index("ix", ["a"])', False),
    ],
)
def test_batch_block_knows_whether_it_rebuilds_the_table(tmp_path: Path, body: str, recreates: bool) -> None:
    result = recording(tmp_path, f'with op.batch_alter_table("t") as batch:\n    {body}', "sqlite:3.40")
    assert {step.batch.recreates for step in result.operations if step.batch} == {recreates}


def test_batch_block_rebuilds_nothing_on_postgresql(tmp_path: Path) -> None:
    result = recording(tmp_path, 'with op.batch_alter_table("t") as batch:\n    batch.drop_column("b")')
    assert [step.batch.recreates for step in result.operations if step.batch] == [False]


def test_script_that_reads_rows_cannot_be_told_but_the_rest_is_recorded(tmp_path: Path) -> None:
    body = """
    for row in op.get_bind().execute(sa.text("SELECT id FROM t")):
        op.execute("DELETE FROM t")
    op.drop_table("t")
    """
    result = recording(tmp_path, body)
    assert result.reads_data
    assert any(isinstance(step.op, ops.DropTableOp) for step in result.operations)
    assert reasons(result) == ["what it does depends on rows or tables that it reads from the database"]


@pytest.mark.parametrize(
    "body",
    [
        'op.get_bind().execute(sa.text("SELECT 1")).scalar()',
        'op.get_bind().execute(sa.select(sa.text("1"))).mappings().all()',
        "sa.inspect(op.get_bind()).get_table_names()",
        'assert not sa.inspect(op.get_bind()).has_table("t")',
        'op.get_bind().scalar(sa.text("SELECT 1"))',
        'sa.Table("t", sa.MetaData(), autoload_with=op.get_bind())',
        "sa.MetaData().reflect(op.get_bind())",
        "sa.MetaData().reflect(context.get_impl().connection)",
    ],
)
def test_every_way_to_read_is_noticed(tmp_path: Path, body: str) -> None:
    assert recording(tmp_path, body).reads_data


def test_missing_import_is_stubbed_and_said(tmp_path: Path) -> None:
    top = "from nowhere.types import GUID\nimport nowhere.models as models\n"
    body = 'op.add_column("t", sa.Column("a", GUID(length=16)))\nmodels.User.query.all()'
    result = recording(tmp_path, body, top=top)
    assert isinstance(result.operations[0].op, ops.AddColumnOp)
    assert "nowhere" in result.stubbed
    assert any("nowhere" in reason for reason in reasons(result))
    assert "nowhere" not in sys.modules


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ValueError('no')", "ValueError: no"),
        ("import sys\nsys.exit(3)", "SystemExit"),
        ("raise NotImplementedError('by policy')", "by policy"),
        ("op.frobnicate('t')", "op.frobnicate"),
        ("undefined_name", "NameError"),
    ],
)
def test_script_that_fails_cannot_be_told(tmp_path: Path, body: str, reason: str) -> None:
    assert reason in reasons(recording(tmp_path, body))[0]


def test_file_that_cannot_be_parsed_cannot_be_told(tmp_path: Path) -> None:
    assert "cannot be parsed" in reasons(recording(tmp_path, "op.drop_table("))[0]


def test_loop_that_waits_for_the_database_ends(tmp_path: Path) -> None:
    body = 'while op.get_bind().execute(sa.text("SELECT 1")).rowcount == 0:\n    op.get_bind()'
    assert recording(tmp_path, body).reads_data


def test_proxies_are_put_back(tmp_path: Path) -> None:
    before = dict(vars(alembic.op)), dict(vars(alembic.context))
    recording(tmp_path, "raise ValueError")
    assert (vars(alembic.op), vars(alembic.context)) == before


def test_prints_stay_off_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording(tmp_path, "print('hello')")
    assert capsys.readouterr() == ("", "")


def test_commit_by_hand_is_recorded(tmp_path: Path) -> None:
    steps = recording(tmp_path, 'op.get_bind().commit()\nop.drop_table("a")').operations
    assert isinstance(steps[0].op, TransactionOp)
    assert steps[0].transaction != steps[1].transaction


def test_functions_of_several_binds_are_all_recorded(tmp_path: Path) -> None:
    path = tmp_path / "r1.py"
    path.write_text(
        "from alembic import op\n"
        "def upgrade(engine_name):\n    globals()[f'upgrade_{engine_name}']()\n"
        "def upgrade_a():\n    op.drop_table('a')\n"
        "def upgrade_b():\n    op.drop_table('b')\n"
    )
    assert [step.table for step in record(path, "r1", Server.parse("sqlite")).operations] == ["a", "b"]


def test_op_handed_in_as_an_argument_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "r1.py"
    path.write_text("def upgrade(op, tables, tester):\n    op.drop_table('a')\n    tester.populate('b')\n")
    assert [step.table for step in record(path, "r1", Server.parse("sqlite")).operations] == ["a"]


def test_allow_is_read_from_the_file(tmp_path: Path) -> None:
    assert recording(tmp_path, "pass", top='allow = {"drop-table a": "unused"}').allow == {
        "drop-table a": "unused"
    }


def test_what_an_installed_library_can_do_without_is_not_stubbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "site-packages"
    library.mkdir()
    (library / "some_library.py").write_text(
        "try:\n    import its_option\nexcept ImportError:\n    its_option = None\n"
    )
    monkeypatch.syspath_prepend(library)
    result = recording(tmp_path, "import some_library\nassert some_library.its_option is None")
    monkeypatch.delitem(sys.modules, "some_library")
    assert result.stubbed == ()
    assert reasons(result) == []


@pytest.mark.parametrize(
    "body",
    [
        'while op.get_bind().execute(sa.text("SELECT 1")).scalar() > 0:\n    pass\nop.drop_table("t")',
        'total = op.get_bind().scalar(sa.text("SELECT 1")) / 100 * 2\nop.drop_table("t")',
        'row = op.get_bind().execute(sa.text("SELECT 1")).one()\nprint(row.id, row[0])\nop.drop_table("t")',
    ],
)
def test_what_comes_after_a_computation_with_rows_is_recorded(tmp_path: Path, body: str) -> None:
    result = recording(tmp_path, body)
    assert any(isinstance(step.op, ops.DropTableOp) for step in result.operations)
    assert result.reads_data


def test_verb_of_a_package_that_is_not_there_is_recognised(tmp_path: Path) -> None:
    body = """
    op.sync_enum_values(
        enum_schema="public", enum_name="mood", new_values=["a", "b"],
        affected_columns=[TableReference(table_schema="public", table_name="book", column_name="mood")],
    )
    """
    result = recording(tmp_path, body, top="from nowhere_enum import TableReference\n")
    first = result.operations[0].op
    assert isinstance(first, ops.AlterColumnOp)
    assert (first.table_name, first.column_name, first.modify_type.enums) == ("book", "mood", ["a", "b"])


def test_loop_over_rows_that_never_end_ends(tmp_path: Path) -> None:
    body = """
    result = op.get_bind().execute(sa.text("SELECT 1"))
    while result.fetchone() is not None:
        pass
    """
    assert recording(tmp_path, body).reads_data


def test_what_is_done_with_a_row_that_exists_is_recorded(tmp_path: Path) -> None:
    body = """
    row = op.get_bind().execute(sa.text("SELECT 1")).first()
    if row is not None:
        op.drop_table("t")
    """
    assert any(isinstance(step.op, ops.DropTableOp) for step in recording(tmp_path, body).operations)
