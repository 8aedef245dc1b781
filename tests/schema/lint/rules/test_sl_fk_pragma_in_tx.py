from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-fk-pragma-in-tx"
ON = "sqlite:3.40"
BODY = 'op.execute("PRAGMA foreign_keys=OFF")'


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("PRAGMA foreign_keys=OFF")',
        'op.execute("PRAGMA foreign_keys = 0")',
        'op.get_bind().execute(sa.text("PRAGMA foreign_keys=OFF"))',
        """
        op.execute("PRAGMA foreign_keys=OFF")
        op.execute("PRAGMA foreign_keys=ON")
        """,
    ],
)
def test_pragma_in_the_transaction_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        """,
        'op.execute("PRAGMA foreign_key_check")',
        'op.execute("PRAGMA foreign_keys")',
        'op.execute("PRAGMA defer_foreign_keys=ON")',
        'op.execute("PRAGMA legacy_alter_table=ON")',
    ],
)
def test_pragma_in_the_transaction_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "This does nothing: SQLite ignores PRAGMA foreign_keys while a transaction is open. A rebuild or "
        "DROP TABLE in this revision deletes, blanks or trips over the rows that refer to the table, as if "
        "the line were not there."
    )
    assert finding.instead == (
        "Switch it outside the transaction:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.execute('PRAGMA foreign_keys=OFF')"
    )


def test_runner_that_switches_foreign_keys_off_makes_it_superfluous() -> None:
    finding = assert_flags(RULE, BODY, ON, foreign_keys=False)
    assert finding.severity == Severity.WARNING
    assert finding.fix is not None
    assert not finding.fix.steps
