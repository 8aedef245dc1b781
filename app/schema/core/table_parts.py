"""The parts of a table as the server tells them: columns, constraints, indexes, and what hangs on it.

Each says its kind, its name, how messages call it (`label`), what is to be said about it (`facts`), and all of that in
one line (`text`).
"""

from __future__ import annotations

from dataclasses import dataclass

Facts = dict[str, str]
"""What is to be said about a thing, aspect by aspect, in words; an aspect that does not apply is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    :param type: as the server calls it, such as `character varying(50)`.
    :param default: the server's default as SQL; `None` without one, and where `numbered` says all.
    :param generated: `stored: …` or `virtual: …` with the expression of a generated column.
    :param numbered: who gives out numbers: `serial`, `identity always`, `identity by default`, `autoincrement`.
    :param collation: where it differs from that of the type or the database; on MariaDB always.
    :param on_update: what MariaDB writes at each update of a row.
    """

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    numbered: str | None = None
    collation: str | None = None
    on_update: str | None = None
    comment: str | None = None

    kind = "column"

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"column {self.name}"

    @property
    def facts(self) -> Facts:
        """What is to be said about it."""
        return {
            "type": self.type,
            "nullability": "NULL" if self.nullable else "NOT NULL",
            **given("default", self.default),
            **given("generation", self.generated),
            **given("numbering", self.numbered),
            **given("collation", self.collation),
            **given("on update", self.on_update),
            **given("comment", self.comment),
        }

    @property
    def text(self) -> str:
        """The column in one line, as it would stand in `CREATE TABLE`."""
        words = [self.type]
        words += [f"COLLATE {self.collation}"] if self.collation else []
        words += [] if self.nullable else ["NOT NULL"]
        words += [f"DEFAULT {self.default}"] if self.default is not None else []
        words += [f"ON UPDATE {self.on_update}"] if self.on_update else []
        words += [self.numbered] if self.numbered else []
        words += [self.generated] if self.generated else []
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint.

    :param kind: `primary key`, `unique constraint`, `foreign key`, `check` or `exclusion constraint`.
    :param name: `None` where the engine gave it none.
    :param automatic: whether the name looks as the server makes names, so that it says nothing.
    :param columns: in order; empty for a check.
    :param references: the table that a foreign key refers to.
    :param referred: the columns there.
    :param on_delete: such as `CASCADE`; `None` for NO ACTION.
    :param deferrable: `DEFERRABLE` or `DEFERRABLE INITIALLY DEFERRED`.
    :param rest: what else its definition says: the condition of a check, `NULLS NOT DISTINCT`, `INCLUDE (b)`.
    :param valid: false if existing rows were never checked.
    """

    kind: str
    name: str | None
    automatic: bool
    columns: tuple[str, ...] = ()
    references: str | None = None
    referred: tuple[str, ...] = ()
    on_delete: str | None = None
    on_update: str | None = None
    deferrable: str | None = None
    rest: str | None = None
    valid: bool = True

    @property
    def label(self) -> str:
        """How messages call it: by its name if somebody gave it one, else by its columns."""
        if self.name and not self.automatic:
            return f"{self.kind} {self.name}"
        about = f"({', '.join(self.columns)})" if self.columns else self.rest or self.name or ""
        return f"{self.kind} {about}"

    @property
    def facts(self) -> Facts:
        """What is to be said about it."""
        return {
            **given("columns", ", ".join(self.columns) or None),
            **given("reference", self._reference),
            **given("ON DELETE", self.on_delete),
            **given("ON UPDATE", self.on_update),
            **given("deferral", self.deferrable),
            **given("condition" if self.kind == "check" else "definition", self.rest),
            "validity": "validated" if self.valid else "not validated",
        }

    @property
    def _reference(self) -> str | None:
        return f"{self.references} ({', '.join(self.referred)})" if self.references else None

    @property
    def text(self) -> str:
        """The constraint in one line, without its name."""
        words = [f"({', '.join(self.columns)})"] if self.columns else []
        words += [f"to {self._reference}"] if self._reference else []
        words += [f"ON DELETE {self.on_delete}"] if self.on_delete else []
        words += [f"ON UPDATE {self.on_update}"] if self.on_update else []
        words += [word for word in (self.deferrable, self.rest) if word]
        words += [] if self.valid else ["not validated"]
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Index:
    """One index that no constraint has made.

    :param parts: columns and expressions in order, each with what differs from ascending order.
    :param method: such as `btree`.
    :param predicate: of a partial index.
    :param include: columns that are only carried along.
    :param automatic: whether the name looks as the server makes names.
    :param valid: false if its build died or has not ended.
    """

    name: str
    automatic: bool
    parts: tuple[str, ...]
    unique: bool = False
    method: str | None = None
    predicate: str | None = None
    include: tuple[str, ...] = ()
    rest: str | None = None
    valid: bool = True

    @property
    def kind(self) -> str:
        """What it is."""
        return "index"

    @property
    def columns(self) -> tuple[str, ...]:
        """What it is on."""
        return self.parts

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"index ({', '.join(self.parts)})" if self.automatic else f"index {self.name}"

    @property
    def facts(self) -> Facts:
        """What is to be said about it."""
        return {
            "columns": ", ".join(self.parts),
            "uniqueness": "unique" if self.unique else "not unique",
            **given("method", self.method),
            **given("predicate", self.predicate),
            **given("included columns", ", ".join(self.include) or None),
            **given("definition", self.rest),
            "validity": "valid" if self.valid else "invalid",
        }

    @property
    def text(self) -> str:
        """The index in one line, without its name."""
        words = ["unique"] if self.unique else []
        words += [f"({', '.join(self.parts)})"]
        words += [f"INCLUDE ({', '.join(self.include)})"] if self.include else []
        words += [f"WHERE {self.predicate}"] if self.predicate else []
        words += [] if self.valid else ["invalid"]
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Attachment:
    """What hangs on a table and is defined by a text: `kind` is `trigger`, `policy` or `rule`."""

    kind: str
    name: str
    definition: str
    enabled: bool = True

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"{self.kind} {self.name}"

    @property
    def facts(self) -> Facts:
        """What is to be said about it."""
        return {"definition": self.definition, "state": "enabled" if self.enabled else "disabled"}

    @property
    def text(self) -> str:
        """Its definition."""
        return self.definition


def given(aspect: str, value: str | None) -> Facts:
    """Return an aspect with its value; nothing if there is none."""
    return {} if value is None else {aspect: value}
