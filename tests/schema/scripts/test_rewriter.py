from __future__ import annotations

import pytest

from app.schema.scripts.rewriter import CannotRewriteError, Replacement, rewrite

NEW = "with op.get_context().autocommit_block():\n    op.create_index('i', 't', ['a'], postgresql_concurrently=True)"


def test_statement_is_replaced_and_the_rest_kept_byte_for_byte() -> None:
    source = (
        "from alembic import op\n\n\ndef upgrade():\n    x  =  1 # odd   spacing\n\n    # why\n    op.create_index(\n"
        '        "i", "t",["a"] )\n\n    op.drop_column( "t" , "b" )\n'
    )
    assert rewrite(source, Replacement(8, NEW)) == (
        "from alembic import op\n\n\ndef upgrade():\n    x  =  1 # odd   spacing\n\n    # why\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('i', 't', ['a'], postgresql_concurrently=True)\n"
        '\n    op.drop_column( "t" , "b" )\n'
    )


def test_statement_in_a_batch_block_moves_behind_it() -> None:
    source = (
        "from alembic import op\n\ndef upgrade():\n    with op.batch_alter_table('t') as b:\n"
        "        b.create_index('i', ['a'])\n        b.drop_column('b')\n"
    )
    assert rewrite(source, Replacement(5, NEW)).splitlines()[3:] == [
        "    with op.batch_alter_table('t') as b:",
        "        b.drop_column('b')",
        "    with op.get_context().autocommit_block():",
        "        op.create_index('i', 't', ['a'], postgresql_concurrently=True)",
    ]


def test_batch_block_that_becomes_empty_goes_too() -> None:
    source = (
        "from alembic import op\n\ndef upgrade():\n    with op.batch_alter_table('t') as b:\n"
        "        b.create_index('i', ['a'])\n"
    )
    assert "batch_alter_table" not in rewrite(source, Replacement(5, NEW))


def test_autocommit_block_is_not_nested_in_another() -> None:
    source = (
        "from alembic import op\n\ndef upgrade():\n    with op.get_context().autocommit_block():\n"
        "        op.create_index('i', 't', ['a'])\n"
    )
    assert rewrite(source, Replacement(5, NEW)).count("autocommit_block") == 1


def test_missing_import_is_added() -> None:
    source = "from alembic import op\n\ndef upgrade():\n    op.drop_column('t', 'b')\n"
    new = rewrite(source, Replacement(4, "op.add_column('t', sa.Column('b', sa.Integer()))"))
    assert new.splitlines()[:2] == ["from alembic import op", "import sqlalchemy as sa"]


def test_indentation_by_tabs_is_kept() -> None:
    source = "from alembic import op\n\ndef upgrade():\n\top.create_index('i', 't', ['a'])\n\tpass\n"
    assert "\twith op.get_context().autocommit_block():\n\t\top.create_index(" in rewrite(
        source, Replacement(4, NEW)
    )


@pytest.mark.parametrize("line", ["x = op.create_table('t')", "op.a(); op.b()"])
def test_statement_whose_value_is_used_is_refused(line: str) -> None:
    with pytest.raises(CannotRewriteError, match="line 4"):
        rewrite(f"from alembic import op\n\ndef upgrade():\n    {line}\n", Replacement(4, NEW))
