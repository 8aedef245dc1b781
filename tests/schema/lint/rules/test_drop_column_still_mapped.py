from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-column-still-mapped"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_column("account", "bio")', "postgresql:15"),
        (('with op.batch_alter_table("account") as batch:\n    batch.drop_column("bio")'), "sqlite:3.40"),
        ('op.execute("ALTER TABLE account DROP COLUMN bio")', "mariadb:10.11"),
    ],
)
def test_mapped_column_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server, models={"account": frozenset({"id", "bio"})})


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_column("account", "age")', "postgresql:15"),
        ('op.drop_column("shelf", "label")', "postgresql:15"),
        (
            ('op.drop_column("account", "bio")\nop.add_column("account", sa.Column("bio", sa.JSON()))'),
            "mysql:8.4",
        ),
        (
            ('op.drop_table("account")\nop.create_table("account", sa.Column("bio", sa.Text()))'),
            "postgresql:15",
        ),
    ],
)
def test_column_that_the_models_do_not_need_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server, models={"account": frozenset({"id", "bio"})})


def test_models_that_are_not_known_are_clean() -> None:
    assert_clean(RULE, 'op.drop_column("account", "bio")', "postgresql:15")


def test_column_that_a_later_revision_adds_again_is_clean() -> None:
    later = ['op.add_column("account", sa.Column("bio", sa.JSON()))']
    models = {"account": frozenset({"bio"})}
    assert_clean(RULE, 'op.drop_column("account", "bio")', "postgresql:15", models=models, later=later)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.drop_column("account", "bio")',
        "postgresql:15",
        models={"account": frozenset({"id", "bio"})},
    )
    assert finding.message == (
        "The models still map account.bio: every query of account fails as soon as this revision has run."
    )
    assert finding.instead == (
        "Remove bio from the model of account and deploy that first; drop the column in a later release."
    )
