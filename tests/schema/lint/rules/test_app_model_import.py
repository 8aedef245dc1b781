from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "app-model-import"


@pytest.mark.parametrize(
    "body",
    [
        "from models import User\nop.execute(sa.select(User.__table__))",
        "from extensions import db",
        "import app.accounts.service",
        "from bookshop.models import Book",
        "from backend.db.base import Base",
    ],
)
def test_import_of_the_application_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        "import datetime\nimport json",
        "from sqlalchemy.dialects import postgresql\nfrom sqlalchemy.orm import Session",
        "from flask import current_app",
        "import geoalchemy2\nfrom sqlalchemy_utils import UUIDType",
        'op.add_column("account", sa.Column("models", sa.Integer()))',
    ],
)
def test_import_of_a_library_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, "from models import User\nfrom extensions import db", "sqlite:3.40")
    assert finding.message == (
        "r1 imports models and extensions: it runs with the code of the day on which a database is built, so it fails, "
        "or does something else, once that code changes."
    )
    assert finding.instead == (
        "Write down in the revision what it needs to know of a table:\n\n"
        '    account = sa.table("account", sa.column("id", sa.Integer), sa.column("email", sa.String))\n'
        '    op.execute(account.update().where(account.c.email == "").values(email=None))'
    )
    assert finding.line == 7
