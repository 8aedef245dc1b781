from __future__ import annotations

from dataclasses import replace

from app.schema.core.schema_difference import compare
from app.schema.core.snapshot import Other, Snapshot, Table
from app.schema.core.table_parts import Attachment, Column, Constraint, Index

USER = Table(
    "user",
    columns=(Column("id", "integer", nullable=False), Column("email", "text")),
    constraints=(
        Constraint("unique constraint", "user_email_key", automatic=True, columns=("email",)),
        Constraint("check", "ck_email", automatic=False, rest="email <> ''"),
    ),
    indexes=(Index("ix_user_email", automatic=False, parts=("email",)),),
)
BASE = Snapshot("postgresql", {"user": USER})


def lines(expected: Snapshot, actual: Snapshot, *known: str) -> list[str]:
    return [each.line for each in compare(expected, actual, known).differences]


def with_constraints(*constraints: Constraint) -> Snapshot:
    return Snapshot("postgresql", {"user": replace(USER, constraints=constraints)})


def test_equal_schemas_have_no_differences() -> None:
    assert compare(BASE, BASE).differences == ()
    assert lines(Snapshot("sqlite"), Snapshot("sqlite")) == []


def test_names_that_the_server_made_up_may_differ() -> None:
    unique, check = USER.constraints
    assert lines(BASE, with_constraints(replace(unique, name="person_email_key1"), check)) == []


def test_name_that_somebody_gave_counts() -> None:
    unique, check = USER.constraints
    named = with_constraints(replace(unique, name="uq_email", automatic=False), check)
    assert lines(BASE, named) == ["unique constraint (email): name is uq_email, expected user_email_key"]
    assert lines(named, BASE) == ["unique constraint uq_email: name is user_email_key, expected uq_email"]


def test_things_of_one_content_are_paired_each_once() -> None:
    twice = replace(USER, indexes=tuple(Index(name, False, ("email",)) for name in ("ix_a", "ix_b")))  # noqa: FBT003
    once = replace(USER, indexes=(Index("ix_b", automatic=False, parts=("email",)),))
    expected, actual = (Snapshot("postgresql", {"user": table}) for table in (twice, once))
    assert lines(expected, actual) == ["index ix_a is missing: (email)"]
    assert lines(actual, expected) == ["index ix_a is not expected: (email)"]


def test_table_that_a_later_revision_makes_is_a_difference_and_one_that_none_makes_is_a_stranger() -> None:
    more = Snapshot("postgresql", {"book": Table("book"), "spatial": Table("spatial"), "user": USER})
    compared = compare(BASE, more, known=["book", "user"])
    assert [each.line for each in compared.differences] == ["table book is not expected: ()"]
    assert compared.strangers == ("table spatial",)
    assert compared.tables == ("book",)


def test_missing_table_is_one_difference() -> None:
    assert lines(BASE, Snapshot("postgresql")) == ["table user is missing: (id, email)"]


def test_what_hangs_on_a_table_unasked_is_a_stranger() -> None:
    audited = replace(USER, attachments=(Attachment("trigger", "audit", "AFTER UPDATE"),))
    actual = Snapshot("postgresql", {"user": audited}, {"view v": Other("view", "v", None, ())})
    compared = compare(BASE, actual)
    assert compared.differences == ()
    assert compared.strangers == ("trigger audit on table user", "view v")
    assert lines(actual, BASE) == ["trigger audit is missing: AFTER UPDATE", "view v is missing"]


def test_long_definitions_are_cut() -> None:
    view = Other("view", "v", None, (("definition", "SELECT " + "x, " * 200),))
    [line] = lines(Snapshot("postgresql", {}, {"view v": view}), Snapshot("postgresql"))
    assert line.startswith("view v is missing: SELECT x, x,")
    assert line.endswith("…")
    assert len(line) < 200
