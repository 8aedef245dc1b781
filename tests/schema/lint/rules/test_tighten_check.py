from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "tighten-check"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.drop_constraint("ck_book_pages", "book", type_="check")\n'
                'op.create_check_constraint("ck_book_pages", "book", "pages > 10")'
            ),
            "postgresql:15",
        ),
        (
            (
                'with op.batch_alter_table("book") as batch:\n'
                '    batch.drop_constraint("ck_book_pages", type_="check")\n'
                '    batch.create_check_constraint("ck_book_pages", "pages >= 2")'
            ),
            "sqlite:3.40",
        ),
        (
            (
                'op.execute("ALTER TABLE book DROP CONSTRAINT ck_book_pages")\n'
                'op.execute("ALTER TABLE book ADD CONSTRAINT ck_book_pages CHECK (pages > 100)")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.drop_constraint("ck_book_pages", "book", type_="check")\n'
                'op.create_check_constraint("ck_new", "book", "pages > 1.5")'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_check_that_allows_less_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.drop_constraint("ck_book_pages", "book", type_="check")\n'
                'op.create_check_constraint("ck_book_pages", "book", "pages >= 0")'
            ),
            "postgresql:15",
        ),
        ('op.create_check_constraint("ck_age", "account", "age > 0")', "postgresql:15"),
        (
            (
                'with op.batch_alter_table("book") as batch:\n'
                '    batch.drop_constraint("ck_book_pages", type_="check")\n'
                '    batch.create_check_constraint("ck_book_pages", "pages >= 0")'
            ),
            "sqlite:3.40",
        ),
        ('op.drop_constraint("ck_book_pages", "book", type_="check")', "postgresql:15"),
        (
            (
                'op.drop_constraint("ck_book_pages", "book", type_="check")\n'
                'op.create_check_constraint("ck_book_isbn", "book", "length(isbn) = 13")'
            ),
            "postgresql:15",
        ),
    ],
)
def test_check_that_allows_as_much_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


LISTED = """
    op.create_table("job", sa.Column("state", sa.String(9)), sa.CheckConstraint("state IN ({})", name="ck_state"))
"""


@pytest.mark.parametrize(
    ("after", "flagged"), [("'a'", True), ("'a', 'c'", True), ("'a', 'b', 'c'", False), ("'b', 'a'", False)]
)
def test_list_of_values_is_compared(after: str, flagged: bool) -> None:
    before = LISTED.format("'a', 'b'")
    body = f"""
        op.drop_constraint("ck_state", "job", type_="check")
        op.create_check_constraint("ck_state", "job", "state IN ({after})")
    """
    if flagged:
        assert "state 'b'" in assert_flags(RULE, body, "postgresql:15", before=before).message
    else:
        assert_clean(RULE, body, "postgresql:15", before=before)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.drop_constraint("ck_book_pages", "book", type_="check")\n'
            'op.create_check_constraint("ck_book_pages", "book", "pages > 10")'
        ),
        "postgresql:15",
    )
    assert finding.message == (
        "Rows of book with pages not > 10 were allowed so far and are refused by the new ck_book_pages: the "
        "revision fails on the first one, and so does running code that still writes one."
    )
    assert finding.instead == (
        "Stop writing such values and mend the old rows in this release; tighten the CHECK in a later one."
    )
