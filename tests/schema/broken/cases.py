"""A table of broken set-ups: one row, what breaks it, what is typed, and what a person reads.

Each case breaks a working project (`tests/projects/shop`) in one way, runs one command, and asserts the exit code,
the key sentences, that no traceback is shown, and that files and database are as they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app import schema
from tests.schema.shop import Shop

PASSWORD = "h0rse-battery"

MakeShop = Callable[..., Shop]
Break = Callable[[Shop], None]
Claims = list[list[schema.SchemaError]]


@dataclass(frozen=True)
class Case:
    """One broken set-up.

    :param breaks: what makes it so.
    :param command: what is typed after `flask db`.
    :param code: the exit code.
    :param says: sentences of the message; {folder} is the project's folder.
    :param types: the next command to type, or the next thing to do.
    """

    name: str
    breaks: Break
    command: str
    code: int
    says: str
    types: str


def does(*steps: Break) -> Break:
    """One step after the other."""

    def run(shop: Shop) -> None:
        for step in steps:
            step(shop)

    return run


def runs(*args: str) -> Break:
    return lambda shop: shop.succeed(*args) and None


def writes(name: str, content: str) -> Break:
    return lambda shop: shop.write(name, content) and None


def edits(name: str, old: str, new: str) -> Break:
    return lambda shop: shop.edit(name, old, new)


def removes(name: str) -> Break:
    return lambda shop: (shop.folder / name).unlink()


def sql(*statements: str) -> Break:
    return lambda shop: shop.sql(*statements) and None


def adds(revision: str, parent: str | None, body: str = "pass", **more: str) -> Break:
    return lambda shop: shop.revision(revision, parent, body, **more) and None


def nothing(shop: Shop) -> None:
    """The project is fine; the command is not."""


def at(url: str) -> Break:
    """Point the project to another database."""

    def change(shop: Shop) -> None:
        shop.url = url.format(folder=shop.folder)

    return change


FIRST, SECOND = "migrations/versions/0001_create_book.py", "migrations/versions/0002_add_author.py"
OTHER_APPLICATION = does(
    sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"),
    sql("INSERT INTO alembic_version VALUES ('feedbeef0123')"),
)
TWO_HEADS = does(adds("bbbb1111", "aaaa2222"), adds("cccc1111", "aaaa2222"))


def shown(result: Any) -> str:
    """What a person reads on stderr, on one line."""
    return re.sub(r"\s+", " ", result.stderr)


def check(shop: Shop, case: Case) -> None:
    before = shop.state()
    result = shop.db(*case.command.split())
    text = shown(result)
    assert "Traceback" not in result.output
    assert PASSWORD not in result.output
    assert case.says.format(folder=shop.folder) in text
    assert case.types.format(folder=shop.folder) in text
    assert result.exit_code == case.code
    assert shop.state() == before
