"""Views, sequences, functions, triggers, schemas and other objects, by whether they are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.ops import (
    DatabaseOp,
    DmlOp,
    ExtensionOp,
    FunctionOp,
    HarmlessOp,
    OpaqueOp,
    PublicationOp,
    SchemaOp,
    SelectOp,
    SequenceOp,
    SettingOp,
    TableRuleOp,
    TransactionOp,
    TriggerOp,
    ViewOp,
)
from ...core.statement_text import cleaned
from .answer import Look, answer, presence, renamed, repeatable, unknown
from .tables import gone

if TYPE_CHECKING:
    from ...core.outcome import Verdict
    from ...core.recorded import RecordedOp

_NAME = r"(\"(?:[^\"]|\"\")+\"|`[^`]+`|[\w$]+)"
_RENAME = re.compile(rf"\bRENAME TO (?:{_NAME}\.)?{_NAME}$", re.IGNORECASE)
_OTHER = re.compile(
    r"(?P<verb>CREATE|DROP) (?:DEFINER ?= ?\S+ )?(?P<kind>TYPE|ROLE|USER|GROUP|STATISTICS|COLLATION|EVENT) "
    rf"(?:IF (?:NOT )?EXISTS )?(?:(?P<schema>{_NAME})\.)?(?P<name>{_NAME})(?P<rest>.*)",
    re.IGNORECASE,
)


def _existence(
    action: str, what: str, look: Look, kind: str, schema: str | None, name: str, table: str | None = None
) -> Verdict:
    """Answer for `CREATE` and `DROP`; what replaces can be repeated, and nothing is known of other actions."""
    if action == "replace":
        return repeatable(f"{what} can be replaced again.")
    if action not in ("create", "drop"):
        return unknown(f"Whether {what[0].lower()}{what[1:]} is changed is not looked for.")
    there = look.catalogue.exists(kind, schema, name, table)
    if there is None:
        return unknown(f"{what} is not looked for.")
    return presence(there=there, wanted=action == "create", what=what)


@answer.register(ViewOp)
def view(op: ViewOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a view; the query of one that replaces another can be given again."""
    kind = "materialized view" if op.materialized else "view"
    what = f"The {kind} '{op.name}'"
    if op.action == "refresh":
        return repeatable(f"{what} can be refreshed again.")
    if op.action == "alter":
        return _renamed_relation(op.name, op.schema, kind, look)
    if op.action == "drop":
        return gone(look, op.schema, op.name, what, kind)
    home = look.catalogue.home(op.schema)
    verdict = _existence(op.action, what, look, kind, home, op.name)
    columns = look.catalogue.columns(home, op.name) if look.server.engine != "sqlite" else {}
    known = {name.lower() for name in columns}
    missing = [name for name in op.columns if known and name.lower() not in known]
    if op.action == "create" and missing and "*" not in op.columns:
        return unknown(f"{what} is there, but has no column '{missing[0]}'.")
    return verdict


def _renamed_relation(name: str, schema: str | None, kind: str, look: Look) -> Verdict:
    """Look for the new name of `ALTER … RENAME TO`."""
    new_name = _new_name(look)
    if new_name is None:
        return unknown(f"Whether the {kind} '{name}' is changed is not looked for.")
    old, new = (look.catalogue.place(schema, known, kind) is not None for known in (name, new_name))
    return renamed(old=old, new=new, kind=f"The {kind}", names=(name, new_name))


def _new_name(look: Look) -> str | None:
    match = _RENAME.search(cleaned(look.sql, look.catalogue.dialect_name, names=True))
    return _plain(match[2], look) if match else None


def _plain(name: str, look: Look) -> str:
    if name[0] in '"`':
        return name[1:-1].replace(name[0] * 2, name[0])
    return name.lower() if look.server.engine == "postgresql" else name


@answer.register(SequenceOp)
def sequence(op: SequenceOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a sequence. One that starts anew may have been used since."""
    what = f"The sequence '{op.name}'"
    if op.action == "drop":
        return gone(look, op.schema, op.name, what, "sequence")
    if op.action != "alter":
        return _existence(op.action, what, look, "sequence", look.catalogue.home(op.schema), op.name)
    text = cleaned(look.sql, look.catalogue.dialect_name, names=False)
    if _new_name(look):
        return _renamed_relation(op.name, op.schema, "sequence", look)
    if re.search(r"\b(?:RESTART|RESET|SET SCHEMA)\b", text, re.IGNORECASE):
        return unknown(f"Whether {what[0].lower()}{what[1:]} was started anew cannot be told.")
    return repeatable(f"{what} can be changed so again.")


@answer.register(FunctionOp)
def function(op: FunctionOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a function. Where several can have one name, only its body tells which one it is."""
    what = f"The function '{op.name}'"
    schema = op.schema if op.action == "drop" else look.catalogue.home(op.schema)
    bodies = look.catalogue.bodies(schema, op.name)
    if bodies is None or op.action not in ("create", "drop"):
        return _existence(op.action, what, look, "function", schema, op.name)
    if not bodies:
        return presence(there=False, wanted=op.action == "create", what=what)
    if op.action == "create" and any(body and body in look.sql for body in bodies):
        return presence(there=True, wanted=True, what=what, more=" with this body")
    if op.action == "drop" and "(" not in cleaned(look.sql, "postgresql", names=False):
        return presence(there=True, wanted=False, what=what)
    return unknown(f"A function '{op.name}' is there; whether it is this one cannot be told.")


@answer.register(TriggerOp)
def trigger(op: TriggerOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a trigger."""
    what = f"The trigger '{op.name}'"
    if op.action == "rename":
        new_name = _new_name(look) or ""
        old, new = (
            bool(look.catalogue.exists("trigger", op.schema, known, op.table_name))
            for known in (op.name, new_name)
        )
        return renamed(old=old, new=new, kind="The trigger", names=(op.name, new_name))
    return _existence(op.action, what, look, "trigger", op.schema, op.name, op.table_name)


@answer.register(TableRuleOp)
def table_rule(op: TableRuleOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a policy or rule."""
    what = f"The {op.kind} '{op.name}' of '{op.table_name}'"
    if op.action == "alter" and _new_name(look) is None:
        return repeatable(f"{what} can be changed so again.")
    return _existence(op.action, what, look, op.kind, op.schema, op.name, op.table_name)


@answer.register(SchemaOp)
def schema_changed(op: SchemaOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a schema."""
    if op.action == "rename":
        old, new = (bool(look.catalogue.exists("schema", None, str(name))) for name in (op.name, op.new_name))
        return renamed(old=old, new=new, kind="The schema", names=(op.name, str(op.new_name)))
    return _existence(op.action, f"The schema '{op.name}'", look, "schema", None, op.name)


@answer.register(DatabaseOp)
def database(op: DatabaseOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a database."""
    return _existence(op.action, f"The database '{op.name}'", look, "database", None, op.name)


@answer.register(ExtensionOp)
def extension(op: ExtensionOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for an extension."""
    if op.action == "alter":
        return repeatable(f"The extension '{op.name}' can be changed so again.")
    return _existence(op.action, f"The extension '{op.name}'", look, "extension", None, op.name)


@answer.register(PublicationOp)
def publication(op: PublicationOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a publication."""
    return _existence(op.action, f"The publication '{op.name}'", look, "publication", None, op.name)


@answer.register(HarmlessOp)
def harmless(op: HarmlessOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for an object of which the operation does not say the name."""
    match = _OTHER.match(cleaned(look.sql, look.catalogue.dialect_name, names=True))
    if match is None:
        return unknown(f"What `{op.kind}` leaves behind is not looked for.")
    kind = match["kind"].lower()
    kind = "role" if kind in ("user", "group") else kind
    name = _plain(match["name"], look)
    schema = _plain(match["schema"], look) if match["schema"] else None
    if match["rest"].lstrip().startswith(","):
        return unknown(f"Which of several objects of the kind {kind} are there is not looked for.")
    return _existence(match["verb"].lower(), f"The {kind} '{name}'", look, kind, schema, name)


@answer.register(SelectOp)
@answer.register(SettingOp)
def no_trace(op: SelectOp | SettingOp, look: Look, step: RecordedOp) -> Verdict:
    """What is read, or set for a session, leaves nothing."""
    return repeatable("It leaves nothing behind.")


@answer.register(DmlOp)
def rows(op: DmlOp, look: Look, step: RecordedOp) -> Verdict:
    """Rows tell nothing: they may have been so before, or have been changed since."""
    return unknown(f"Whether the rows of '{op.table_name}' are changed cannot be told.")


@answer.register(TransactionOp)
def transaction(op: TransactionOp, look: Look, step: RecordedOp) -> Verdict:
    """A statement that ends a transaction itself."""
    return unknown("What stands in a transaction of its own cannot be told.")


@answer.register(OpaqueOp)
def opaque(op: OpaqueOp, look: Look, step: RecordedOp) -> Verdict:
    """A statement that is not understood."""
    return unknown(f"What it does is not known, because {op.reason}.")
