"""What kind of statement a text of SQL is, by its first words: asked before each statement that a revision sends.

Nothing is parsed, and nothing is raised: a statement that is not known counts as a change of the schema, which is the
cautious answer. A text of several statements is what the strongest of them is.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from .statement_text import cleaned, dialect_of, first_word, heads, split_commas


class StatementKind(IntEnum):
    """What a statement does, from the weakest to the strongest."""

    READ = 0
    """Reads, or asks how the server would read."""
    SESSION = 1
    """Changes settings: `SET`, `PRAGMA name = value`, `USE`, `LOCK TABLES` of MySQL."""
    TRANSACTION = 2
    """Begins or ends a transaction, or a part of one."""
    DATA = 3
    """Changes rows, or calls what may."""
    SCHEMA = 4
    """Changes what tables and other objects are, or locks them as strongly; also all that is not known."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_READ = _words(
    "SELECT SHOW EXPLAIN DESCRIBE DESC VALUES TABLE FETCH DECLARE CLOSE MOVE HELP CHECKSUM HANDLER"
)
_SESSION = _words(
    "SET RESET DISCARD USE ATTACH DETACH LISTEN UNLISTEN NOTIFY DEALLOCATE LOAD UNLOCK KILL FLUSH"
)
_TRANSACTION = _words("BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE START END ABORT XA")
_DATA = _words("INSERT UPDATE DELETE MERGE REPLACE COPY CALL EXECUTE")
_KINDS = {
    **dict.fromkeys(_READ, StatementKind.READ),
    **dict.fromkeys(_SESSION, StatementKind.SESSION),
    **dict.fromkeys(_TRANSACTION, StatementKind.TRANSACTION),
    **dict.fromkeys(_DATA, StatementKind.DATA),
    "": StatementKind.READ,
}
# The first word does not say it all.
_AMBIGUOUS = _words(
    "SELECT WITH EXPLAIN DESCRIBE DESC PRAGMA ANALYZE SET PREPARE BEGIN DO LOAD LOCK EXECUTE DECLARE"
)
_WRITES = re.compile(
    r"(?<!\bFOR )(?<!\bKEY )\b(?:INSERT (?:IGNORE )?INTO|UPDATE|DELETE FROM|MERGE INTO|REPLACE INTO)\b", re.I
)
_DEFINES = re.compile(r"\b(?:CREATE|ALTER|DROP|TRUNCATE|RENAME|REINDEX|GRANT|REVOKE|COMMENT)\b", re.I)
_READING_PRAGMA = re.compile(
    r"PRAGMA (?:\S+\.)?(?:(?:table|index)_x?info|(?:table|index|function|module|pragma|collation|database)_list"
    r"|foreign_key_(?:list|check)|(?:integrity|quick)_check|compile_options)\b|PRAGMA [^=(]*\Z",
    re.I,
)
_ACTING_PRAGMA = re.compile(
    r"PRAGMA (?:\S+\.)?(?:optimize|wal_checkpoint|incremental_vacuum|shrink_memory)\b", re.I
)
_INTO_TABLE = re.compile(r"SELECT\b(?:(?!\bFROM\b).)*?\bINTO\b(?! (?:OUTFILE|DUMPFILE|@))", re.I)
_CALL = re.compile(r"\b([a-z_]\w*)\s*\(", re.I)
# What a SELECT without FROM calls in practice: drivers, locks, and what asks for a state. Others may write.
_HARMLESS_CALL = re.compile(
    r"(?:version|now|database|schema|user|current_\w+|session_user|connection_id|last_insert_id|cast|convert|coalesce"
    r"|nullif|ifnull|exists|in|and|or|not|select|as|union|all|except|intersect|any|case|when|then|else|row|array|interval"
    r"|varchar|nvarchar|char|numeric|decimal|count|sum|min|max|lower|upper"
    r"|has_\w+_privilege|to_reg\w+|pg_(?:try_)?advisory_\w+|pg_backend_pid|pg_is_in_recovery|pg_sleep|pg_get_\w+"
    r"|pg_(?:total_)?relation_size|pg_blocking_pids|get_lock|release_lock|is_used_lock|is_free_lock|sleep|sqlite_version"
    r"|current_setting|txid_\w+|pg_current_\w+|statement_timestamp|clock_timestamp|unix_timestamp|uuid|gen_random_uuid)",
    re.I,
)
_PATIENT = re.compile(
    r"(?:CREATE (?:UNIQUE )?INDEX CONCURRENTLY|DROP INDEX CONCURRENTLY|REINDEX\b.*\bCONCURRENTLY"
    r"|REFRESH MATERIALIZED VIEW CONCURRENTLY|ANALYZE|VACUUM(?!.*\bFULL\b)"
    r"|ALTER TABLE\b.* DETACH PARTITION \S+ CONCURRENTLY)\b",
    re.I,
)
_VALIDATE = re.compile(r"VALIDATE CONSTRAINT \S+\Z", re.I)
_ALTER_TABLE = re.compile(
    r"ALTER (?:ONLINE |IGNORE )*(?:TABLE|FOREIGN TABLE) (?:IF EXISTS )?(?:ONLY )?[^\s*]+ ?\*? ?(?:WAIT \d+ |NOWAIT )?",
    re.I,
)
_STATEMENT_SETTING = re.compile(r"SET STATEMENT .*? FOR ", re.I)
# MySQL manual, "Statements That Cause an Implicit Commit", beside the changes of the schema.
_COMMITS = re.compile(
    r"(?:BEGIN(?! NOT ATOMIC)|START (?:TRANSACTION|SLAVE|REPLICA)|(?:UN)?LOCK TABLES?|FLUSH|RESET|CACHE INDEX"
    r"|CHECK TABLE|LOAD INDEX|SET (?:SESSION |@@(?:session\.)?)?autocommit|SET PASSWORD|STOP"
    r"|CHANGE (?:MASTER|REPLICATION))\b",
    re.I,
)
_TEMPORARY = re.compile(r"(?:CREATE|DROP)(?: OR REPLACE)? TEMPORARY TABLE\b", re.I)
_HEAD_TWICE = re.compile(
    r"(?:COMMENT ON|GRANT|REVOKE|ANALYZE|VACUUM|OPTIMIZE|CLUSTER|REFRESH|SECURITY LABEL|CHECK TABLE)\b"
    r"|REINDEX(?!.*\bCONCURRENTLY)\b|CREATE(?: (?!IF\b)\w+){1,4} IF NOT EXISTS\b(?!.*\bAS\b.*\bSELECT\b)"
    r"|ALTER TYPE \S+ ADD VALUE IF NOT EXISTS\b|DROP(?: (?!IF\b)\w+){1,4} IF EXISTS\b|DROP OWNED\b"
    r"|CREATE OR REPLACE(?: (?!FUNCTION|PROCEDURE|TABLE|SEQUENCE|DATABASE|ROLE|USER)\S+){0,6}"
    r" (?:VIEW|FUNCTION|PROCEDURE|TRIGGER|RULE|EVENT|AGGREGATE|LANGUAGE|TRANSFORM|PACKAGE)\b"
    r"|ALTER (?:ROLE|USER|DATABASE|SYSTEM)\b.* SET\b|ALTER\b.* OWNER TO \S+\Z"
    r"|ALTER (?!TABLE\b)\w+(?: VIEW)? IF EXISTS\b.* RENAME\b|ALTER SEQUENCE(?!.*\bRESTART\b).* OWNED BY\b",
    re.I,
)
_ACTION_TWICE = re.compile(
    r"ALTER (?:COLUMN )?\S+ (?:SET (?!EXPRESSION)|DROP DEFAULT|DROP NOT NULL|DROP \w+ IF EXISTS"
    r"|(?:SET DATA )?TYPE (?!.*\bUSING\b))"
    r"|MODIFY\b|ADD(?: \w+)? IF NOT EXISTS|DROP(?: \w+)* IF EXISTS|VALIDATE CONSTRAINT|OWNER TO|SET (?!SCHEMA\b)"
    r"|(?:ENABLE|DISABLE)\b|(?:NO )?FORCE\b|REPLICA IDENTITY|CLUSTER ON|COMMENT ?=|ENGINE ?=|CONVERT TO"
    r"|(?:DEFAULT )?(?:CHARACTER SET|CHARSET|COLLATE)\b|ROW_FORMAT|ALGORITHM ?=|LOCK ?=",
    re.I,
)
_NAME = r"(?:\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]|[\w$]+)"
_TABLE = re.compile(
    r"(?:(?:CREATE|ALTER|DROP|TRUNCATE|RENAME|LOCK|OPTIMIZE|ANALYZE|CHECK|REPAIR)\b[\w ]*?\bTABLES?"
    r"|TRUNCATE|(?:CREATE|DROP)\b.*?\bINDEX\b.*? ON|COMMENT ON TABLE|CREATE\b.*?\bTRIGGER\b.*? ON"
    r"|INSERT(?: OR \w+| IGNORE)? INTO|REPLACE INTO|UPDATE|DELETE FROM|MERGE INTO|COPY)"
    r"(?: IF(?: NOT)? EXISTS)?(?: ONLY)? (?P<name>" + _NAME + r"(?:\." + _NAME + r")*)",
    re.I,
)


def _heads(sql: str, dialect_name: str) -> tuple[str, ...]:
    # Several questions are asked about one statement; a cache of long ones would hold megabytes of rows.
    return _kept(sql, dialect_name) if len(sql) < 10_000 else _read(sql, dialect_name)


def _read(sql: str, dialect_name: str) -> tuple[str, ...]:
    found = heads(sql, dialect_name)
    return tuple(_STATEMENT_SETTING.sub("", head) for head in found) if dialect_name == "mysql" else found


_kept = lru_cache(maxsize=64)(_read)


def kind(sql: str, dialect_name: str) -> StatementKind:
    """Return what a text of SQL does.

    `LOCK TABLE` of PostgreSQL counts as SCHEMA: others queue behind it just as behind an `ALTER`. A `SELECT` that calls
    a function which may write counts as DATA.

    :param dialect_name: of SQLAlchemy, or the engine's.
    """
    name = dialect_of(dialect_name)
    word = first_word(sql, name)
    if word not in _AMBIGUOUS and ";" not in sql:
        return _KINDS.get(word, StatementKind.SCHEMA)
    return max((_kind_of(head, name, sql) for head in _heads(sql, name)), default=StatementKind.READ)


def _kind_of(head: str, name: str, sql: str) -> StatementKind:
    word = first_word(head, name)
    if word == "SELECT":
        return _select(head.lstrip("( "), name)
    if word in ("WITH", "EXPLAIN", "DESCRIBE", "DESC", "DECLARE") or (word == "ANALYZE" and name == "mysql"):
        return _analysed(head, word)
    if word == "PRAGMA":
        reads = _READING_PRAGMA.match(head) and not _ACTING_PRAGMA.match(head)
        return StatementKind.READ if reads else StatementKind.SESSION
    if word == "DO":
        return StatementKind.SCHEMA if _DEFINES.search(sql) else StatementKind.DATA
    return _by_second_word(head, word, name)


def _by_second_word(head: str, word: str, name: str) -> StatementKind:
    second = head.upper().split(" ")[1:2]
    if word == "LOCK":
        return StatementKind.SESSION if name == "mysql" else StatementKind.SCHEMA
    if word == "PREPARE":
        return StatementKind.TRANSACTION if second == ["TRANSACTION"] else StatementKind.SESSION
    if (word, *second) in (("BEGIN", "NOT"), ("LOAD", "DATA"), ("LOAD", "XML")):
        return StatementKind.DATA
    if (word, *second) == ("SET", "PASSWORD"):
        return StatementKind.SCHEMA
    return _KINDS.get(word, StatementKind.SCHEMA)


def _select(head: str, name: str) -> StatementKind:
    if name == "postgresql" and _INTO_TABLE.match(head):
        return StatementKind.SCHEMA
    calls = [match.lower() for match in _CALL.findall(head)]
    if "set_config" in calls:
        return StatementKind.SESSION
    if "setval" in calls or "nextval" in calls:
        return StatementKind.DATA
    writes = not re.search(r"\bFROM\b", head, re.I) and not all(
        _HARMLESS_CALL.fullmatch(call) for call in calls
    )
    return StatementKind.DATA if writes else StatementKind.READ


def _analysed(head: str, word: str) -> StatementKind:
    """`WITH` with a part that writes; `EXPLAIN ANALYZE`, which runs what it explains; `ANALYZE` of MariaDB."""
    if word == "ANALYZE" and re.match(r"ANALYZE (?:LOCAL |NO_WRITE_TO_BINLOG )?TABLES?\b", head, re.I):
        return StatementKind.SCHEMA
    runs = word in ("WITH", "ANALYZE") or re.match(r"\w+ ?\(?[^()]*\bANALYZE\b", head, re.I)
    if not runs:
        return StatementKind.READ
    if word != "WITH" and _DEFINES.search(head):
        return StatementKind.SCHEMA
    return StatementKind.DATA if _WRITES.search(head) else StatementKind.READ


def patient(sql: str, dialect_name: str = "postgresql") -> bool:
    """True for long work under a lock that stops no writer: it must not run under a lock timeout.

    `CREATE`, `DROP` and `REINDEX … CONCURRENTLY`, `DETACH PARTITION … CONCURRENTLY`, `VALIDATE CONSTRAINT` where it is
    all that the statement does, `VACUUM` without `FULL`, `ANALYZE`, and `REFRESH … CONCURRENTLY`, of PostgreSQL.
    """
    found = _heads(sql, "postgresql") if dialect_of(dialect_name) == dialect_name == "postgresql" else ()
    return bool(found) and all(_PATIENT.match(head) or _validates(head) for head in found)


def _validates(head: str) -> bool:
    actions = _actions(head)
    return bool(actions) and all(_VALIDATE.match(action) for action in actions)


def _actions(head: str) -> list[str]:
    """The actions of an `ALTER TABLE`; none for other statements."""
    start = _ALTER_TABLE.match(head)
    return split_commas(head[start.end() :]) if start else []


def commits_implicitly(sql: str, engine: str) -> bool:
    """True if the server ends the open transaction before or after the statement, as MySQL and MariaDB do.

    Source: MySQL manual, "Statements That Cause an Implicit Commit"; tried on MariaDB 10.11. Dropping and creating a
    temporary table does not; changing one does.
    """
    if dialect_of(engine) != "mysql":
        return False
    return any(
        bool(_COMMITS.match(head))
        or (_kind_of(head, "mysql", sql) is StatementKind.SCHEMA and not _TEMPORARY.match(head))
        for head in _heads(sql, "mysql")
    )


def idempotent(sql: str, dialect_name: str) -> bool:
    """True if doing it a second time leaves what doing it once does, as far as the text shows.

    `IF [NOT] EXISTS`, `OR REPLACE`, new values of properties, comments, rights, settings, and what only reads. A
    concurrent build is none, whatever it says: an attempt that was cut short leaves an index that `IF NOT EXISTS`
    would keep.
    """
    name = dialect_of(dialect_name)
    return all(_twice(head, name, sql) for head in _heads(sql, name))


def _twice(head: str, name: str, sql: str) -> bool:
    known = _kind_of(head, name, sql)
    if known is not StatementKind.SCHEMA:
        return known in (StatementKind.READ, StatementKind.SESSION)
    if re.match(r"(?:CREATE|REINDEX)\b.* CONCURRENTLY\b", head, re.I):
        return False
    actions = _actions(head)
    if actions:
        return all(_ACTION_TWICE.match(action) for action in actions)
    return _HEAD_TWICE.match(head) is not None


def tables(sql: str, dialect_name: str) -> tuple[str, ...]:
    """Return the tables that a statement names first, unquoted, with the schema if one stands there; often one.

    Names without quotes are in small letters on PostgreSQL, as the server keeps them.
    """
    name = dialect_of(dialect_name)
    text = _STATEMENT_SETTING.sub("", cleaned(sql, name, names=True))
    match = _TABLE.match(text)
    return (".".join(_unquoted(part, name) for part in re.findall(_NAME, match["name"])),) if match else ()


def _unquoted(part: str, name: str) -> str:
    if part[0] in '"`[':
        close = "]" if part[0] == "[" else part[0]
        return part[1:-1].replace(close * 2, close)
    return part.lower() if name == "postgresql" else part
