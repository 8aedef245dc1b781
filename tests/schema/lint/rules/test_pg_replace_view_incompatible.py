from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-replace-view-incompatible"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT page, day FROM visit",
        "SELECT day FROM visit",
        "SELECT day, page AS site FROM visit",
        "SELECT id, day, page FROM visit",
    ],
)
def test_view_that_loses_or_moves_columns_is_flagged(query: str) -> None:
    assert_flags(RULE, f'op.execute("CREATE OR REPLACE VIEW visit_page AS {query}")', "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE OR REPLACE VIEW visit_page AS SELECT day, page, id FROM visit")',
        'op.execute("CREATE OR REPLACE VIEW visit_page AS SELECT day, page FROM visit WHERE id > 1")',
        'op.execute("CREATE OR REPLACE VIEW visit_page AS SELECT * FROM visit")',
        'op.execute("CREATE OR REPLACE VIEW unknown AS SELECT id FROM visit")',
        'op.execute("DROP VIEW visit_page")\nop.execute("CREATE VIEW visit_page AS SELECT page FROM visit")',
    ],
)
def test_view_that_keeps_its_columns_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_view_over_all_columns_is_left_alone() -> None:
    before = HISTORY + 'op.execute("CREATE VIEW v AS SELECT *, 1 AS one FROM shelf")'
    assert_clean(
        RULE, 'op.execute("CREATE OR REPLACE VIEW v AS SELECT id FROM shelf")', "postgresql:15", before=before
    )


def test_message_in_full() -> None:
    body = 'op.execute("CREATE OR REPLACE VIEW visit_page AS SELECT day FROM visit")'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "The revision fails: CREATE OR REPLACE VIEW visit_page may only add columns at the end, and column page is "
        "gone."
    )
    assert finding.instead == (
        "Keep the old columns first, or make the view anew in the same transaction:\n"
        "\n"
        '    op.execute("DROP VIEW visit_page")\n'
        '    op.execute("CREATE VIEW visit_page AS SELECT day FROM visit")'
    )
