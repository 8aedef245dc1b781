"""Commands that are typed wrong."""

from __future__ import annotations

import pytest

from tests.schema.broken.cases import (
    TWO_HEADS,
    Case,
    Claims,
    check,
    nothing,
    runs,
    shown,
)
from tests.schema.shop import Shop

ARGUMENTS = [
    Case(
        "unknown revision",
        nothing,
        "upgrade aaaa1112",
        2,
        "There is no revision 'aaaa1112' in migrations. Did you mean 'aaaa1111'?",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "unknown revision to stamp",
        nothing,
        "stamp zzzz9999",
        2,
        "There is no revision 'zzzz9999' in migrations.",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "unknown revision to show",
        nothing,
        "show zzzz9999",
        2,
        "There is no revision 'zzzz9999' in migrations.",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "ambiguous beginning",
        nothing,
        "upgrade aaaa",
        2,
        "'aaaa' is the beginning of 2 revisions: 'aaaa1111' and 'aaaa2222'.",
        "Type more characters of the one you mean.",
    ),
    Case(
        "new id of 33 characters",
        runs("upgrade"),
        f"revision -m long --rev-id {'d' * 33}",
        2,
        f"The revision id '{'d' * 33}' has 33 characters. The version table holds 32.",
        "Give a shorter `--rev-id`, or none.",
    ),
    Case(
        "new id with a forbidden character",
        runs("upgrade"),
        "revision -m forbidden --rev-id add-author",
        2,
        "Character(s) '-' not allowed in revision identifier 'add-author'. "
        "An id is made of letters, digits and underscores.",
        "Give another `--rev-id`, or none, and type `flask db revision` again.",
    ),
    Case(
        "new id that exists",
        runs("upgrade"),
        "revision -m again --rev-id aaaa1111",
        2,
        "There is a revision 'aaaa1111' already: migrations/versions/0001_create_book.py.",
        "Give another `--rev-id`, or none.",
    ),
    Case(
        "rebuild of a table as SQL",
        runs("upgrade"),
        "downgrade --sql",
        1,
        "downgrade() of revision 'aaaa2222' (add author) failed at "
        "migrations/versions/0002_add_author.py:21: CommandError: This operation cannot proceed in --sql mode",
        "Correct the file, or run it on a database without `--sql`; then type `flask db downgrade` again.",
    ),
    Case(
        "parent that is not a head",
        nothing,
        "revision -m branch --head aaaa1111",
        1,
        "Revision aaaa1111 is not a head revision",
        "--splice",
    ),
    Case(
        "migrate as SQL",
        runs("upgrade"),
        "migrate --sql",
        2,
        "`--sql` cannot show what a new revision would hold: finding that out needs the database.",
        "Leave `--sql` out; then see its SQL with `flask db upgrade --sql`.",
    ),
    Case(
        "more steps up than there are",
        nothing,
        "upgrade +9",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "more steps down than there are",
        runs("upgrade"),
        "downgrade -- -9",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "more steps above a revision than there are",
        nothing,
        "upgrade aaaa1111+9",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "upgrade that would go down",
        runs("upgrade"),
        "upgrade -1",
        2,
        "`flask db upgrade` goes up, and a step that begins with - goes the other way.",
        "Type `flask db downgrade` with the same steps.",
    ),
    Case(
        "downgrade that would go up",
        runs("upgrade", "aaaa1111"),
        "downgrade +1",
        2,
        "`flask db downgrade` goes down, and a step that begins with + goes the other way.",
        "Type `flask db upgrade` with the same steps.",
    ),
    Case(
        "symbol with a typing error",
        nothing,
        "upgrade haed",
        2,
        "There is no revision 'haed' in migrations. Did you mean 'head'?",
        "Type `flask db history` to see all revisions.",
    ),
    Case(
        "command with a typing error",
        nothing,
        "upgrad",
        2,
        "No such command 'upgrad'. Did you mean 'upgrade'?",
        "db --help' for help.",
    ),
    Case(
        "stamp of two revisions that follow each other",
        nothing,
        "stamp aaaa2222 aaaa1111",
        2,
        "`stamp` was given 'aaaa2222' together with what it follows: 'aaaa1111'. "
        "Several revisions have to be on branches of their own.",
        "Type `flask db stamp aaaa2222`.",
    ),
    Case(
        "merge of one revision",
        nothing,
        "merge aaaa2222",
        2,
        "`merge` was given one revision: aaaa2222. Joining needs two or more.",
        "Name the others too, or none: `flask db merge` joins all heads.",
    ),
    Case(
        "downgrade of an empty database",
        nothing,
        "downgrade",
        2,
        "The history does not reach that far: there are fewer revisions than steps.",
        "Type `flask db history --indicate-current` to count them",
    ),
    Case(
        "history without a range",
        nothing,
        "history -r aaaa1111",
        2,
        "'aaaa1111' is no range of revisions.",
        "A range is [start]:[end], [start]: or :[end].",
    ),
    Case(
        "folder that does not exist",
        nothing,
        "upgrade --directory nowhere",
        2,
        "There is no migrations folder: 'nowhere'",
        "Type `flask db init` to make one, or say where it is with `--directory`.",
    ),
    Case(
        "folder that exists is made again",
        nothing,
        "init",
        1,
        "Directory migrations already exists and is not empty; nothing was changed.",
        "Give another one with `--directory`, or go on with this one: `flask db migrate`.",
    ),
]


@pytest.mark.parametrize("case", ARGUMENTS, ids=lambda case: case.name)
def test_wrong_command_is_explained_once_and_left_alone(shop: Shop, case: Case, claims: Claims) -> None:
    case.breaks(shop)
    check(shop, case)
    assert all(len(claim) == 1 for claim in claims)


@pytest.mark.parametrize("command", ["upgrade", "downgrade", "stamp", "show"])
def test_empty_revision_is_refused(shop: Shop, command: str) -> None:
    shop.succeed("upgrade", "aaaa1111")
    before = shop.state()
    result = shop.db(command, "")
    assert "The revision is empty. A shell variable in the command may have no value." in shown(result)
    assert "Type a revision, or `head` or `base`." in shown(result)
    assert result.exit_code == 2
    assert shop.state() == before


@pytest.mark.parametrize(
    "message",
    [
        'three """ quotes',
        'ends with a quote"',
        "ends with a backslash\\",
        r"a C:\new\x path",
        "100 % of %(rev)s and %s",
        "two\nlines",
        "x" * 500,
        "añadir 🎂 column",
        "${context} <%page>",
        "'; drop table book; --",
        "",
    ],
)
def test_any_message_makes_a_revision_that_works(shop: Shop, message: str) -> None:
    shop.succeed("upgrade")
    shop.succeed("revision", "-m", message, "--rev-id", "bbbb1111")
    shop.succeed("upgrade")
    shop.succeed("history", "-v")
    assert shop.sql("SELECT version_num FROM alembic_version") == [("bbbb1111",)]


def test_merge_without_arguments_joins_the_heads(shop: Shop) -> None:
    TWO_HEADS(shop)
    shop.succeed("merge", "-m", "join")
    assert len(shop.succeed("heads").stdout.split("\n")) == 2
    shop.succeed("upgrade")


def test_merge_without_arguments_and_one_head_writes_nothing(shop: Shop) -> None:
    before = shop.state()
    result = shop.db("merge")
    assert "one head" in result.output
    assert shop.state() == before
